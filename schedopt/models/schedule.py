"""A schedule as arrays: where each request is placed, and when each of its steps starts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schedopt.models.week import Ints, Week


@dataclass(frozen=True)
class Schedule:
    """Immutable; one entry a request, or a step.

    Attributes
    ----------
    session : int array, shape (requests,)
        Code of the session, or -1: left out.
    step_start : int array, shape (steps,)
        Cell in which each step starts; -1 for the steps of requests left out.
    """

    session: Ints
    step_start: Ints

    @property
    def placed(self) -> Ints:
        """Codes of the requests that are placed."""
        return np.flatnonzero(self.session >= 0)

    def start(self, week: Week) -> Ints:
        """Cell in which each request's provider step starts, or -1."""
        return self.step_start[week.steps.provider_step]

    def span(self, week: Week) -> tuple[Ints, Ints]:
        """First cell of each request's first step and cell after its last step; meaningless where left out."""
        steps = week.steps
        if not len(self.session):
            return self.session, self.session
        first = self.step_start[steps.offset[:-1]]
        last = self.step_start[steps.offset[1:] - 1] + steps.length[steps.offset[1:] - 1]
        return first, last

    def without(self, week: Week, requests: Ints) -> Schedule:
        """The same schedule with these requests left out."""
        session, step_start = self.session.copy(), self.step_start.copy()
        session[requests] = -1
        gone = np.zeros(len(session), bool)
        gone[requests] = True
        step_start[gone[week.steps.request]] = -1
        return Schedule(session, step_start)


def nothing_placed(week: Week) -> Schedule:
    """The schedule that leaves everybody out."""
    return Schedule(np.full(len(week.requests), -1, np.int64), np.full(len(week.steps), -1, np.int64))


def place_at(week: Week, schedule: Schedule, request: int, session: int, start: int) -> Schedule:
    """A schedule with one more visit, its provider step at a cell, its other steps without waits around it."""
    steps = week.steps
    head, tail = int(steps.offset[request]), int(steps.offset[request + 1])
    where, starts = schedule.session.copy(), schedule.step_start.copy()
    where[request] = session
    before = np.cumsum(steps.length[head:tail]) - steps.length[head:tail]
    starts[head:tail] = start + before - before[int(steps.provider_step[request]) - head]
    return Schedule(where, starts)
