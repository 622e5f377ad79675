"""Take a schedule from one problem to another: from last week's data to today's, by ids and times."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.models.check import check
from schedopt.models.couplings import Promises
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule, nothing_placed
from schedopt.models.week import Flags, Ints, Week

COLUMNS = ["request", "rule", "source", "detail"]


@dataclass(frozen=True)
class Carried:
    """What of a schedule fits another problem.

    Attributes
    ----------
    schedule : Schedule
        Of the other problem; it breaks no rule, but for fixed promises that are left out.
    dropped : pandas.DataFrame
        Visits that no longer fit and are left out, one row each: ``request`` (id), ``rule``, ``source``, ``detail``
        (words). Visits whose request the other problem does not have are not listed.
    """

    schedule: Schedule
    dropped: pd.DataFrame


def carry(schedule: Schedule, before: Problem, after: Problem) -> Carried:
    """Take over every visit that still fits, at its time, with its provider.

    Visits that break a rule by themselves go first; of those that only break one together, the cheapest to leave out
    that is not promised as fixed goes, until nothing is broken.

    Parameters
    ----------
    schedule : Schedule
        Of the problem `before`.
    before, after : Problem
        Requests, providers and times of the two are matched by id and date; days and grid may differ.
    """
    week = after.week
    moved = transfer(schedule, before.week, week)
    gone = [
        (name, "session_hours", "rosters", "its provider has no session then")
        for name in (before.week.requests.ids[code] for code in schedule.placed.tolist())
        if name in week.request_code and moved.session[week.request_code[name]] < 0
    ]
    alone = {rule.name for rule in after.rules}
    while True:
        breaches = check(after, moved).breaches
        breaches = breaches[breaches["rule"] != Promises.name]
        if breaches.empty:
            return Carried(moved, pd.DataFrame(gone, columns=COLUMNS))
        own = breaches[breaches["rule"].isin(alone)]
        guilty = _guilty(after, own if len(own) else breaches, one=own.empty)
        told = breaches.drop_duplicates("request").set_index("request")
        names = [week.requests.ids[code] for code in guilty.tolist()]
        gone += [(name, *told.loc[name, ["rule", "source", "detail"]].tolist()) for name in names]
        moved = moved.without(week, guilty)


def _guilty(problem: Problem, breaches: pd.DataFrame, *, one: bool) -> Ints:
    """Codes of the requests that break something; or the one of them that is best left out."""
    codes = np.array(sorted({problem.week.request_code[name] for name in breaches["request"]}), np.int64)
    if not one:
        return codes
    order = np.lexsort((problem.left_out[codes], problem.week.requests.fixed[codes]))
    return codes[order[:1]]


def transfer(schedule: Schedule, before: Week, after: Week) -> Schedule:
    """The same visits in another week, nothing judged; left out where the week has no such request or session.

    A visit goes to the session of its provider that its provider step starts in, overtime included. Visits whose steps
    are not as many as before, or whose times lie between the cells of the other grid, are left out.
    """
    moved = nothing_placed(after)
    find = _Sessions(after)
    starts, fits = _cells(schedule.step_start, before, after)
    for code in schedule.placed.tolist():
        other = after.request_code.get(before.requests.ids[code])
        if other is None:
            continue
        here, there = _steps(before, code), _steps(after, other)
        if here.stop - here.start != there.stop - there.start or not fits[here].all():
            continue
        own = here.start + int(after.steps.provider_step[other]) - there.start
        provider = before.sessions.provider_ids[int(before.sessions.provider[schedule.session[code]])]
        session = find.at(provider, int(starts[own]))
        if session >= 0:
            moved.session[other] = session
            moved.step_start[there] = starts[here]
    return moved


def _steps(week: Week, request: int) -> slice:
    return slice(int(week.steps.offset[request]), int(week.steps.offset[request + 1]))


def _cells(cells: Ints, before: Week, after: Week) -> tuple[Ints, Flags]:
    """Cells of one calendar in another, and whether each is one there."""
    days = (before.calendar.first - after.calendar.first).days
    minutes = cells * before.calendar.grid + days * before.calendar.cells_per_day * before.calendar.grid
    return minutes // after.calendar.grid, minutes % after.calendar.grid == 0


class _Sessions:
    """Finds the session of a provider that a cell lies in."""

    def __init__(self, week: Week) -> None:
        sessions = week.sessions
        self._by_provider: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        columns = (sessions.provider, sessions.start, sessions.end + sessions.overtime)
        for code, (provider, start, close) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
            self._by_provider[sessions.provider_ids[provider]].append((start, close, code))
        for mine in self._by_provider.values():
            mine.sort()

    def at(self, provider: str, cell: int) -> int:
        """Code of the session, or -1."""
        mine = self._by_provider.get(provider, [])
        place = bisect_right(mine, (cell, 2**60, 0)) - 1
        return mine[place][2] if place >= 0 and cell < mine[place][1] else -1
