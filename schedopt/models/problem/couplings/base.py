"""What a coupling is: a rule that ties several visits together, stated once for all who have to know of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np

from schedopt.arrays import Ints
from schedopt.models.problem.schedule import Placements, Schedule
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class Breach:
    """One visit that breaks a coupling: code of the request, and what is wrong in words."""

    request: int
    detail: str


@dataclass(frozen=True)
class CostPart:
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

    def holding(self, request: int, session: int) -> Any:
        """Literal: the request is placed in the session, and holds it itself; in a group visit one request does."""

    def holding_at(self, request: int, site: int, day: int) -> Any:
        """Literal: the request holds one of its sessions itself, at the site on the day."""

    def fillings(self) -> tuple[Ints, Ints]:
        """Role and session of every way in which the roles of free requests may be filled, grouped by role."""

    def fills(self, role: int, session: int) -> Any:
        """Literal: the role is filled by the session. The two are one of :meth:`fillings`."""

    def placed(self, request: int) -> Any:
        """Literal: the request is placed."""

    def is_free(self, request: int) -> bool:
        """Whether the model decides about the request."""

    def start(self, step: int) -> Any:
        """Variable: the cell in which the step starts, where its request is placed."""

    def length(self, step: int) -> Any:
        """Number or expression: cells of the step, where its request is placed."""

    def pay(self, expression: Any, points: int) -> None:
        """Add to the cost: the expression times so many points."""


class Coupling(ABC):
    """Base of the rules that tie visits together.

    Attributes
    ----------
    name, source, reason : str
        As of a rule: its name, who states it, and what it says, for people.
    within_day : bool
        Visits of different days never bear on each other.
    local : bool
        What a visit adds to :meth:`parts` depends on the visits of the sessions that it holds alone.
    untimed : bool
        What breaks it, and its :meth:`parts`, depend on who is placed in which session, and not on when.
    """

    name: ClassVar[str]
    source: ClassVar[str]
    reason: ClassVar[str]
    within_day: ClassVar[bool] = False
    local: ClassVar[bool] = False
    untimed: ClassVar[bool] = False

    @abstractmethod
    def ties(self, week: Week, placed: Placements) -> tuple[Ints, Ints]:
        """Which of these placements it ties together.

        Whether the visits of one group are allowed beside each other never depends on visits of other groups. What a
        coupling only prices, it does not tie.

        Parameters
        ----------
        week : Week
            The columns.
        placed : Placements
            Where requests are, or may be.

        Returns
        -------
        row, group : int array
            Positions of placements, and the code of a group that each is in; a placement may be in several, or in none.
        """

    def words(self, week: Week, group: int) -> str:
        """What it asks of a group, for people."""
        return self.reason

    def only(self, week: Week, groups: Ints, *, but: bool = False) -> Coupling | None:
        """What is left of it where it holds for some groups alone; or, with `but`, for all others.

        Without prices. None where nothing is left, and where it cannot be taken apart: then only the whole holds.
        """
        return None

    @property
    def divisible(self) -> bool:
        """Whether :meth:`only` takes it apart."""
        return type(self).only is not Coupling.only

    def at(self, now: int) -> Coupling:
        """What it asks at a moment of planning, as :meth:`Calendar.instant` counts it: the same at each, mostly."""
        return self

    def needs(self) -> tuple[Ints, Ints, Ints]:
        """Requests that cannot be placed unless another one is: that one, the request, and the group of the two."""
        nobody = np.zeros(0, np.int64)
        return nobody, nobody, nobody

    @abstractmethod
    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Everything in a schedule that breaks this."""

    @abstractmethod
    def post(self, encoder: Encoder) -> None:
        """Make a model keep this, and pay for what it prices."""

    def parts(self, week: Week, schedule: Schedule) -> Sequence[CostPart]:
        """The parts of a schedule's cost that this makes: always the same ones, with points from 0 on."""
        return ()

    @property
    def priced(self) -> bool:
        """Whether it makes parts of the cost."""
        return type(self).parts is not Coupling.parts


def speak_as(value: object, rule: object, *more: str) -> None:
    """Take over what a rule or coupling says of itself; as attributes of the value, for its class speaks for many."""
    for attribute in ("name", "source", "reason", *more):
        object.__setattr__(value, attribute, getattr(rule, attribute))
