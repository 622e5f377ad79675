"""A schedule as arrays: where each request is placed, who takes part, and when each of its steps starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.week import Week


class Placements(NamedTuple):
    """Where requests are placed, or may be; one entry a placement.

    Attributes
    ----------
    request, session : int array
        Codes; session -1 is left out.
    others : int array, shape (placements, most roles of a request)
        Sessions of those who fill the request's roles, or -1.
    """

    request: Ints
    session: Ints
    others: Ints

    def take(self, rows: Ints | Flags) -> Placements:
        """The placements at these rows."""
        return Placements(self.request[rows], self.session[rows], self.others[rows])


def _nobody() -> Ints:
    return np.zeros((0, 0), np.int64)


@dataclass(frozen=True)
class Schedule:
    """Immutable; one entry a request, or a step.

    Attributes
    ----------
    session : int array, shape (requests,)
        Code of the session of the visit's own provider, or -1: left out.
    step_start : int array, shape (steps,)
        Cell in which each step starts; -1 for the steps of requests left out.
    others : int array, shape (requests, most roles of a request), optional
        Sessions of those who fill each request's roles, or -1; may be left away where nobody has a role.
    """

    session: Ints
    step_start: Ints
    others: Ints = field(default_factory=_nobody)

    def __post_init__(self) -> None:
        if not self.others.size:
            object.__setattr__(self, "others", np.zeros((len(self.session), self.others.shape[1]), np.int64))

    @property
    def placed(self) -> Ints:
        """Codes of the requests that are placed."""
        return np.flatnonzero(self.session >= 0)

    @property
    def placements(self) -> Placements:
        """Where each request is, left out or not; one entry a request."""
        return Placements(np.arange(len(self.session)), self.session, self.others)

    def start(self, week: Week) -> Ints:
        """Cell in which each request's provider step starts, or -1."""
        return self.step_start[week.steps.provider_step]

    def span(self, week: Week) -> tuple[Ints, Ints]:
        """First cell of each request's first step and cell after its last step; meaningless where left out."""
        steps = week.with_sessions(self.session).steps
        if not len(self.session):
            return self.session, self.session
        first = self.step_start[steps.offset[:-1]]
        last = self.step_start[steps.offset[1:] - 1] + steps.length[steps.offset[1:] - 1]
        return first, last

    def without(self, week: Week, requests: Ints) -> Schedule:
        """The same schedule with these requests left out."""
        nobody = nothing_placed(week)
        return self.taking(week, requests, nobody)

    def taking(self, week: Week, requests: Ints, other: Schedule) -> Schedule:
        """The same schedule, with these requests as another one has them."""
        session, step_start, others = self.session.copy(), self.step_start.copy(), self.others.copy()
        session[requests], others[requests] = other.session[requests], other.others[requests]
        theirs = np.zeros(len(session), bool)
        theirs[requests] = True
        theirs = theirs[week.steps.request]
        step_start[theirs] = other.step_start[theirs]
        return Schedule(session, step_start, others)


def nothing_placed(week: Week) -> Schedule:
    """The schedule that leaves everybody out."""
    requests = len(week.requests)
    return Schedule(
        np.full(requests, -1, np.int64), np.full(len(week.steps), -1, np.int64),
        np.full((requests, week.roles.most), -1, np.int64),
    )  # fmt: skip


def place_at(
    week: Week, schedule: Schedule, request: int, session: int, start: int, others: Ints | int = -1
) -> Schedule:  # fmt: skip
    """A schedule with one more visit, its provider step at a cell, its other steps without waits around it."""
    steps = week.steps
    head, tail = int(steps.offset[request]), int(steps.offset[request + 1])
    length = week.step_lengths(request, session)
    where, starts, taking_part = schedule.session.copy(), schedule.step_start.copy(), schedule.others.copy()
    where[request], taking_part[request] = session, others
    before = np.cumsum(length) - length
    starts[head:tail] = start + before - before[int(steps.provider_step[request]) - head]
    return Schedule(where, starts, taking_part)
