"""What a coupling is: a rule that ties several visits together, stated once for the solver and for the check."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from schedopt.models.rules import Source
from schedopt.models.schedule import Schedule
from schedopt.models.week import Ints, Week


@dataclass(frozen=True)
class Breach:
    """One visit that breaks a coupling: code of the request, and what is wrong in words."""

    request: int
    detail: str


@dataclass(frozen=True)
class Part:
    """A part of the cost.

    Attributes
    ----------
    name, source : str
        Name of the rule or coupling that makes it, and who states that.
    points : int
        What it costs.
    quantity : int
        What was counted, in `unit`.
    unit : str
        Such as ``"minutes"``.
    """

    name: str
    source: str
    points: int
    quantity: int
    unit: str


class Encoder(Protocol):
    """What a coupling needs of a model under construction.

    Some requests are free: the model decides where they go. All others stay as `outside` has them.

    Attributes
    ----------
    model : ortools.sat.python.cp_model.CpModel
        The model. Passed in, so that this room needs no solver.
    week : Week
        The columns.
    free : sequence of int
        Codes of the free requests.
    outside : Schedule
        The schedule of all other requests; free ones are left out in it.
    """

    model: Any
    week: Week
    free: Sequence[int]
    outside: Schedule

    def pairs(self) -> tuple[Ints, Ints]:
        """Request and session of every way the free requests may go, grouped by request."""

    def at(self, request: int, session: int) -> Any:
        """Literal: the request is placed in the session. The pair is one of :meth:`pairs`."""

    def sessions(self, request: int) -> Sequence[int]:
        """Sessions that a free request may go to."""

    def at_site(self, request: int, site: int, day: int) -> Any:
        """Literal: the request is placed at the site on the day, where one of its sessions is."""

    def placed(self, request: int) -> Any:
        """Literal: the request is placed."""

    def is_free(self, request: int) -> bool:
        """Whether the model decides about the request."""

    def start(self, step: int) -> Any:
        """Variable: the cell in which the step starts, where its request is placed."""

    def pay(self, expression: Any, points: int) -> None:
        """Add to the cost: the expression times so many points."""


class Coupling(ABC):
    """Base of the rules that tie visits together."""

    name: ClassVar[str]
    source: ClassVar[Source]
    reason: ClassVar[str]

    @abstractmethod
    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Everything in a schedule that breaks this."""

    @abstractmethod
    def post(self, encoder: Encoder) -> None:
        """Make a model keep this, and pay for what it prices."""

    def parts(self, week: Week, schedule: Schedule) -> Sequence[Part]:
        """The parts of a schedule's cost that this makes."""
        return ()
