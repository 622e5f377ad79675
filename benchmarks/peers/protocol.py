"""What a peer is: it takes a weekbench instance and answers with visits, and says what it cannot express."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from benchmarks.instances import Instance

Visits = list[dict[str, Any]]


class Absent(Exception):
    """A peer cannot run here; the message says what is missing."""


@dataclass(frozen=True)
class Task:
    """What every peer is given.

    Attributes
    ----------
    time_limit : float
        Seconds of search. Reading, building a model and starting a process come on top, and are reported.
    workers : int
        Threads.
    seed : int
        Of random choices, where the peer makes any.
    """

    time_limit: float
    workers: int = 2
    seed: int = 1


@dataclass(frozen=True)
class Answer:
    """What a peer hands back; nothing in it is believed before it has been judged.

    Attributes
    ----------
    visits : list of dict, or None
        Visits of a weekbench solution: ``request``, ``session``, ``start``, ``before_start``, minutes after midnight.
        None where the peer found no schedule.
    bound : float or None
        Points that no schedule costs less than, if the peer proves any of the whole problem.
    notes : tuple of str
        What is worth knowing about this run, in words.
    claimed : int or None
        Points that the peer itself counts, if it counts all of them; a difference from the verdict is a fault.
    """

    visits: Visits | None
    bound: float | None = None
    notes: tuple[str, ...] = ()
    claimed: int | None = None


class Peer(Protocol):
    """One way to plan a week."""

    @property
    def name(self) -> str:
        """What its row is called."""

    @property
    def cannot_say(self) -> tuple[str, ...]:
        """What the format states and this peer's model cannot, with what is done instead."""

    def solve(self, instance: Instance, task: Task) -> Answer:
        """Plan the week.

        Raises
        ------
        Absent
            If what the peer is made of is not installed.
        """


def answer_from(values: Mapping[str, Any]) -> Answer:
    """An answer out of the JSON values that a peer in a process of its own wrote."""
    return Answer(values["visits"], values.get("bound"), tuple(values.get("notes", ())))
