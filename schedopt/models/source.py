"""A source: somebody who knows a part of what an office has, and states rules about it, in one value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from schedopt.errors import Fault
from schedopt.models.office import Office, Section
from schedopt.models.problem.calendar import Calendar
from schedopt.models.problem.couplings import Coupling
from schedopt.models.problem.roles import Roles
from schedopt.models.problem.rules import Rule
from schedopt.models.problem.sessions import Closures, Sessions
from schedopt.models.problem.week import Pools, Requests, Steps, Week
from schedopt.models.reading import Reading
from schedopt.models.tables import Row

Check = Callable[[Reading], Iterator[Fault]]
"""What must hold whatever the week; its docstring is the sentence of docs/tables.md."""


def _no_rules(_office: Office, _week: Week) -> Iterable[Rule]:
    return ()


def _no_couplings(_office: Office, _week: Week) -> Iterable[Coupling]:
    return ()


@dataclass(frozen=True)
class Supply:
    """How an office's tables become the columns of who and what there is.

    Attributes
    ----------
    sessions : callable
        Office and calendar to the sessions, what sites' closures take from them, and what is wrong with these days.
    pools : callable
        Office and calendar to the pools.
    roles : callable
        Office, requests and their steps to the further providers that visits need.
    """

    sessions: Callable[[Office, Calendar], tuple[Sessions, Closures, list[Fault]]]
    pools: Callable[[Office, Calendar], Pools]
    roles: Callable[[Office, Requests, Steps], Roles]


@dataclass(frozen=True)
class Demand:
    """How an office's tables become the columns of what is asked for.

    Attributes
    ----------
    requests : callable
        Office and calendar to the requests.
    steps : callable
        Office, requests, kinds of pools and minutes of a cell to the steps of all requests.
    """

    requests: Callable[[Office, Calendar], Requests]
    steps: Callable[[Office, Requests, Sequence[str], int], Steps]


@dataclass(frozen=True)
class Source:
    """All that a source says.

    Attributes
    ----------
    name : str
        What its rules and couplings give as their ``source``.
    about : str
        What it knows, for people, such as ``"who pays"``.
    room : str
        Module or package where its rules and couplings are written, for docs/rules.md.
    row_classes : tuple of type of Row
        Its tables, in the order in which they are documented.
    sections : tuple of type of Section
        Its sections of office.toml.
    checks : tuple of callable
        What must hold of what was read, beside what its columns say of themselves.
    doubts : tuple of callable
        The same of what may be meant, though it is odd: it is read, with a warning.
    rules : callable
        Office and week to its rules, in the order in which a coordinator would ask.
    couplings : callable
        Office and week to its couplings.
    asked : int
        Rules of sources with a lower number are asked first; those of equal number in the order of sources.
    supply : Supply or None
        The columns of sessions and pools; exactly one source has it.
    demand : Demand or None
        The columns of requests and steps; exactly one source has it.
    """

    name: str
    about: str
    room: str
    row_classes: tuple[type[Row], ...] = ()
    sections: tuple[type[Section], ...] = ()
    checks: tuple[Check, ...] = ()
    doubts: tuple[Check, ...] = ()
    rules: Callable[[Office, Week], Iterable[Rule]] = _no_rules
    couplings: Callable[[Office, Week], Iterable[Coupling]] = _no_couplings
    asked: int = 1
    supply: Supply | None = None
    demand: Demand | None = None
