"""Couplings of order: the steps of a visit, and visits that follow one another by days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from schedopt.models.couplings.base import Breach, Coupling, Encoder, Part
from schedopt.models.schedule import Schedule
from schedopt.models.week import Ints, Week


@dataclass(frozen=True)
class StepOrder(Coupling):
    """The steps of a visit come in order, on its session's day, with no longer wait between them than allowed.

    Attributes
    ----------
    office_wait : int
        Points a minute of waiting between steps.
    """

    office_wait: int

    name = "step_order"
    source = "records"
    reason = "the steps of a visit follow each other without too long a wait"

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Steps without a time, before their predecessor's end, after too long a wait, or on another day."""
        steps, grid = week.steps, week.calendar.grid
        session = schedule.session[steps.request]
        placed = session >= 0
        missing = placed & (schedule.step_start < 0)
        away = placed & ~missing & (self._day(week, schedule) != np.append(week.sessions.day, -1)[session])
        step, wait = step_waits(week, schedule)
        for k in np.flatnonzero(missing | away).tolist():
            what = "has a step without a time" if missing[k] else "has a step on another day than its session"
            yield Breach(int(steps.request[k]), what)
        for k, cells in zip(step.tolist(), wait.tolist(), strict=True):
            if not 0 <= cells <= steps.max_wait[k]:
                most = int(steps.max_wait[k]) * grid
                yield Breach(int(steps.request[k]), f"waits {cells * grid} minutes between steps, at most {most}")

    @staticmethod
    def _day(week: Week, schedule: Schedule) -> Ints:
        """Day of each step, or a day that is none where it reaches past midnight."""
        cells = week.calendar.cells_per_day
        first, last = schedule.step_start // cells, (schedule.step_start + week.steps.length - 1) // cells
        return np.where(first == last, first, -1)

    def post(self, encoder: Encoder) -> None:
        """Chain the start variables of each visit with several steps."""
        steps = encoder.week.steps
        for r in encoder.free:
            for step in range(int(steps.offset[r]) + 1, int(steps.offset[r + 1])):
                wait = encoder.start(step) - encoder.start(step - 1) - int(steps.length[step - 1])
                cells = encoder.model.new_int_var(0, int(steps.max_wait[step]), "")
                encoder.model.add(cells == wait)
                encoder.pay(cells, self.office_wait * encoder.week.calendar.grid)

    def parts(self, week: Week, schedule: Schedule) -> Sequence[Part]:
        """Minutes between the steps of all visits."""
        _, wait = step_waits(week, schedule)
        minutes = int(np.maximum(0, wait).sum()) * week.calendar.grid
        return (Part("office_wait", self.source, self.office_wait * minutes, minutes, "minutes"),)


def step_waits(week: Week, schedule: Schedule) -> tuple[Ints, Ints]:
    """Steps that have one before them in the same placed visit, and the cells between the two."""
    steps = week.steps
    start = schedule.step_start
    later = np.flatnonzero((steps.request[1:] == steps.request[:-1]) & (start[1:] >= 0) & (start[:-1] >= 0)) + 1
    return later, start[later] - start[later - 1] - steps.length[later - 1]


@dataclass(frozen=True)
class DayGap(Coupling):
    """A visit comes so many days after another one of the same patient.

    Attributes
    ----------
    first, second : int array
        Codes of the two requests; one entry a pair.
    low, high : int array
        Fewest and most days from the first to the second.
    needs_first : bool array
        True (a series): the second cannot be placed unless the first is. False (wanted on the same day): either
        may be placed alone.
    """

    first: Ints
    second: Ints
    low: Ints
    high: Ints
    needs_first: Ints

    name = "day_gap"
    source = "records"
    reason = "visits of a series, or wanted on the same day, keep their distance in days"

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Pairs at a wrong distance, and followers without what they follow."""
        day = np.append(week.sessions.day, -1)[schedule.session]
        for i in range(len(self.first)):
            first, second = int(self.first[i]), int(self.second[i])
            if schedule.session[second] < 0:
                continue
            name = week.requests.ids[first]
            if schedule.session[first] < 0:
                if self.needs_first[i]:
                    yield Breach(second, f"follows {name}, which is not placed")
            elif not self.low[i] <= day[second] - day[first] <= self.high[i]:
                apart = int(day[second] - day[first])
                yield Breach(second, f"is {apart} days after {name}, not {int(self.low[i])} to {int(self.high[i])}")

    def post(self, encoder: Encoder) -> None:
        """Bind the days of the two visits where both are placed."""
        model = encoder.model
        free = np.zeros(len(encoder.week.requests), bool)
        free[list(encoder.free)] = True
        for i in np.flatnonzero(free[self.first] | free[self.second]).tolist():
            first, second = int(self.first[i]), int(self.second[i])
            first_placed, first_day = _placed_and_day(encoder, first)
            second_placed, second_day = _placed_and_day(encoder, second)
            if self.needs_first[i]:
                model.add(first_placed >= second_placed)
            known = [x for x in (first_placed, second_placed) if isinstance(x, int)]
            both = [x for x in (first_placed, second_placed) if not isinstance(x, int)]
            if 0 in known:
                continue
            model.add_linear_constraint(second_day - first_day, int(self.low[i]), int(self.high[i])).only_enforce_if(
                both
            )


def _placed_and_day(encoder: Encoder, request: int) -> tuple[Any, Any]:
    """Literal or 0/1: placed; expression or number: on which day."""
    week = encoder.week
    if not encoder.is_free(request):
        session = int(encoder.outside.session[request])
        return int(session >= 0), int(week.sessions.day[session]) if session >= 0 else 0
    days = (int(week.sessions.day[s]) * encoder.at(request, s) for s in encoder.sessions(request))
    return encoder.placed(request), sum(days)
