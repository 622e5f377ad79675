"""Couplings of order: the steps of a visit, and visits that follow one another by days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from schedopt.arrays import Ints
from schedopt.models.problem.couplings.base import Breach, CostPart, Coupling, Encoder
from schedopt.models.problem.holds import role_starts
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.schedule import Placements, Schedule
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class StepOrder(Coupling):
    """The steps of a visit come in order, on its session's day, with no longer wait between them than allowed.

    Attributes
    ----------
    office_wait : int
        Points a minute of waiting between steps.
    astride : frozenset of int
        Codes of requests whose steps may also lie on other days.
    """

    office_wait: int
    astride: frozenset[int] = frozenset()

    local = True
    name = "step_order"
    source = "records"
    reason = "the steps of a visit follow each other without too long a wait"

    def ties(self, week: Week, placed: Placements) -> tuple[Ints, Ints]:
        """A visit of several steps, with nobody else."""
        several = np.flatnonzero((np.diff(week.steps.offset) > 1)[placed.request] & (placed.session >= 0))
        return several, placed.request[several]

    def words(self, week: Week, group: int) -> str:
        """Whose steps."""
        return f"{week.requests.ids[group]}: {self.reason}"

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Steps without a time, before their predecessor's end, after too long a wait, or on another day."""
        steps, grid = week.steps, week.calendar.grid
        session = schedule.session[steps.request]
        placed = (session >= 0) & ~np.isin(steps.request, list(self.astride))
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
        length = week.with_sessions(schedule.session).steps.length
        first, last = schedule.step_start // cells, (schedule.step_start + length - 1) // cells
        return np.where(first == last, first, -1)

    def post(self, encoder: Encoder) -> None:
        """Chain the start variables of each visit with several steps.

        Where lengths depend on the provider, one that is left out has none, and its chain holds nothing.
        """
        steps, varies = encoder.week.steps, encoder.week.requests.by_provider is not None
        for r in encoder.free:
            for step in range(int(steps.offset[r]) + 1, int(steps.offset[r + 1])):
                wait = encoder.start(step) - encoder.start(step - 1) - encoder.length(step - 1)
                cells = encoder.model.new_int_var(0, int(steps.max_wait[step]), "")
                chain = encoder.model.add(cells == wait)
                if varies:
                    chain.only_enforce_if(encoder.placed(r))
                encoder.pay(cells, self.office_wait * encoder.week.calendar.grid)

    def parts(self, week: Week, schedule: Schedule) -> Sequence[CostPart]:
        """Minutes between the steps of all visits."""
        _, wait = step_waits(week, schedule)
        minutes = int(np.maximum(0, wait).sum()) * week.calendar.grid
        return (CostPart("office_wait", self.source, self.office_wait * minutes, minutes, "minutes"),)


def step_waits(week: Week, schedule: Schedule) -> tuple[Ints, Ints]:
    """Steps that have one before them in the same placed visit, and the cells between the two."""
    steps = week.steps
    start = schedule.step_start
    later = np.flatnonzero((steps.request[1:] == steps.request[:-1]) & (start[1:] >= 0) & (start[:-1] >= 0)) + 1
    length = week.with_sessions(schedule.session).steps.length
    return later, start[later] - start[later - 1] - length[later - 1]


@dataclass(frozen=True)
class TakingPart(Coupling):
    """Who takes part in a step is there for all of it."""

    local = True
    name = "taking_part"
    source = "rosters"
    reason = "somebody who takes part in a step is not there for all of it"

    def ties(self, week: Week, placed: Placements) -> tuple[Ints, Ints]:
        """Nothing: each visit stands alone."""
        return placed.request[:0], placed.request[:0]

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Steps outside somebody's hours; provider steps are judged as part of the whole visit, by a rule."""
        row, role, first, end = role_starts(week, schedule.placements)
        step, ids = week.roles.step[role], week.sessions.ids
        start = schedule.step_start[step]
        wrong = (step != week.steps.provider_step[row]) & ((start < first) | (start >= end))
        for request, k in zip(row[wrong].tolist(), role[wrong].tolist(), strict=True):
            session = int(schedule.others[request, week.roles.number[k]])
            yield Breach(request, f"a step lies outside session {ids[session]} of who takes part")

    def post(self, encoder: Encoder) -> None:
        """Bound the starts of steps but provider steps by whom their roles are filled with."""
        week, (role, session) = encoder.week, encoder.fillings()
        aside = week.roles.step[role] != week.steps.provider_step[week.roles.request[role]]
        role, session = role[aside], session[aside]
        others = np.full((len(role), week.roles.most), -1)
        others[np.arange(len(role)), week.roles.number[role]] = session
        placed = Placements(week.roles.request[role], session, others)
        _, _, first, end = role_starts(week, placed)
        for k, where, low, high in zip(*(column.tolist() for column in (role, session, first, end)), strict=True):
            start = encoder.start(int(week.roles.step[k]))
            encoder.model.add_linear_constraint(start, low, high - 1).only_enforce_if(encoder.fills(k, where))


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

    untimed = True
    name = "day_gap"
    source = "records"
    reason = "visits of a series, or wanted on the same day, keep their distance in days"

    def ties(self, week: Week, placed: Placements) -> tuple[Ints, Ints]:
        """A group is a pair; who is left out is in it too."""
        of = Lists.by_key(np.concatenate([self.first, self.second]), len(week.requests))
        row, side = of.joined(placed.request)
        return row, side % max(1, len(self.first))

    def words(self, week: Week, group: int) -> str:
        """Who follows whom, by how many days."""
        ids, low, high = week.requests.ids, int(self.low[group]), int(self.high[group])
        first, second = ids[int(self.first[group])], ids[int(self.second[group])]
        if not self.needs_first[group]:
            return f"{second} and {first} are wanted on the same day"
        if high >= week.calendar.num_days:
            return f"{second} follows {first} by at least {low} day{'' if low == 1 else 's'}"
        days = f"{low} day{'' if low == 1 else 's'}" if low == high else f"{low} to {high} days"
        return f"{second} follows {first} by {days}"

    def only(self, week: Week, groups: Ints, *, but: bool = False) -> DayGap:
        """Some of the pairs."""
        kept = np.isin(np.arange(len(self.first)), groups) != but
        columns = (self.first, self.second, self.low, self.high, self.needs_first)
        return DayGap(*(column[kept] for column in columns))

    def needs(self) -> tuple[Ints, Ints, Ints]:
        """The pairs of a series."""
        pair = np.flatnonzero(self.needs_first)
        return self.first[pair], self.second[pair], pair

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
                    yield Breach(second, f"follows {name}, which is left out")
            elif not self.low[i] <= day[second] - day[first] <= self.high[i]:
                apart = int(day[second] - day[first])
                days = f"{abs(apart)} days {'before' if apart < 0 else 'after'}"
                yield Breach(second, f"is {days} {name}; {self.words(week, i)}")

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
