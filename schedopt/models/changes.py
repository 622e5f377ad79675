"""What can happen to a week that is planned already, and the problem that is left of it then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import TypeVar

import numpy as np

from schedopt.models.options import Options
from schedopt.models.problem import Problem, compile_problem
from schedopt.models.rules import Forbids, Prices
from schedopt.models.spans import minus
from schedopt.models.week import Flags, Ints, Pools, Sessions, Week


@dataclass(frozen=True, slots=True)
class Away:
    """A provider is not there.

    Attributes
    ----------
    provider : str
        Id.
    start, end : datetime.datetime
        From when until when, as the office's clocks show it.
    """

    provider: str
    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing of a pool of rooms, devices or helpers can be used.

    Attributes
    ----------
    pool : str
        Id.
    start, end : datetime.datetime
        From when until when, as the office's clocks show it.
    """

    pool: str
    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A patient does not want a visit any more.

    Attributes
    ----------
    request : str
        Id.
    """

    request: str


@dataclass(frozen=True, slots=True)
class Urgent:
    """A request of the problem that was left out has to be placed, if it can be.

    Attributes
    ----------
    request : str
        Id.
    """

    request: str


Change = Away | Closed | Cancelled | Urgent
C = TypeVar("C", bound=Change)


@dataclass(frozen=True)
class NotCancelled(Forbids):
    """A visit that the patient has cancelled is not held.

    Attributes
    ----------
    cancelled : bool array, shape (requests,)
    """

    cancelled: Flags

    name = "cancelled"
    source = "records"
    reason = "the patient has cancelled"

    def allows(self, options: Options, week: Week) -> Flags:
        """Look up the request."""
        allowed: Flags = ~self.cancelled[options.request]
        return allowed


@dataclass(frozen=True)
class NotMissed(Prices):
    """What a cancelled visit would cost as left out is given back: nobody misses it.

    Attributes
    ----------
    points : int array, shape (requests,)
        What other rules charge for leaving a cancelled request out; 0 for all others.
    """

    points: Ints

    name = "not_missed"
    source = "records"
    reason = "left out because the patient has cancelled"
    unit = "requests"

    def price(self, options: Options, week: Week) -> Ints:
        """Nothing, where placed."""
        return np.zeros(len(options), np.int64)

    def left_out(self, week: Week) -> Ints:
        """The same points, given back."""
        return -self.points

    def quantity_left_out(self, price: Ints) -> int:
        """Cancelled requests."""
        return int((price < 0).sum())


def changed(problem: Problem, changes: Sequence[Change]) -> Problem:
    """The problem after changes; requests keep their codes, sessions may not.

    A provider's absence is taken out of the sessions, as leave in the office's tables would be. A fixed promise binds
    as before, also where it can no longer be kept, but not for a visit that is cancelled.

    Parameters
    ----------
    problem : Problem
        The week as it was planned.
    changes : sequence of Away, Closed, Cancelled or Urgent
        What has happened. That a request is urgent changes nothing of the problem itself.

    Raises
    ------
    ValueError
        If a change names an id that the problem does not have, ends before it starts, or carries a time zone.
    """
    check_changes(problem, changes)
    week = problem.week
    sessions = reduce(lambda rest, away: _without(week, rest, away), _of(changes, Away), week.sessions)
    pools = reduce(lambda rest, closed: _closing(week, rest, closed), _of(changes, Closed), week.pools)
    gone = [week.request_code[change.request] for change in _of(changes, Cancelled)]
    after = replace(problem, week=replace(week, sessions=sessions, pools=pools))
    after = replace(after, rules=tuple(rule.for_week(after.week) for rule in after.rules))
    return _cancelling(after, np.array(gone, np.int64)) if gone else after


def compiled(problem: Problem) -> Problem:
    """The same problem, with its options worked out."""
    fresh = compile_problem(
        problem.week, problem.rules, problem.couplings, office_name=problem.office_name, weights=problem.weights,
        fingerprint=problem.fingerprint,
    )  # fmt: skip
    return replace(fresh, barred=problem.barred) if problem.barred else fresh


def span_of(week: Week, change: Away | Closed) -> tuple[int, int]:
    """First cell, and cell after the last, that a change touches."""
    calendar = week.calendar
    day = [calendar.day(moment.date()) for moment in (change.start, change.end)]
    first, last = (moment.hour * 60 + moment.minute for moment in (change.start, change.end))
    return calendar.cell(day[0], first), calendar.cell(day[1], last, up=True)


def check_changes(problem: Problem, changes: Sequence[Change]) -> None:
    """Refuse changes that name what the problem does not have, with a ValueError."""
    known = {
        Away: ("provider", problem.week.sessions.provider_ids), Closed: ("pool", problem.week.pools.ids),
        Cancelled: ("request", problem.week.requests.ids), Urgent: ("request", problem.week.requests.ids),
    }  # fmt: skip
    for change in changes:
        if type(change) not in known:
            raise ValueError(f"expected Away, Closed, Cancelled or Urgent, not {change!r}")
        kind, ids = known[type(change)]
        name = getattr(change, kind)
        if name not in ids:
            raise ValueError(f"expected the id of a {kind} of the plan's problem, not {name!r}")
        if isinstance(change, (Away, Closed)):
            if change.start.tzinfo or change.end.tzinfo:
                raise ValueError(f"expected times as the office's clocks show them, without a zone: {change}")
            if change.start >= change.end:
                raise ValueError(f"expected an end after the start: {change}")


def _of(changes: Sequence[Change], kind: type[C]) -> list[C]:
    return [change for change in changes if isinstance(change, kind)]


def _without(week: Week, sessions: Sessions, away: Away) -> Sessions:
    """Sessions with a provider's absence taken out; overtime stays only with the end of a session, and ends there."""
    first, last = span_of(week, away)
    provider = sessions.provider_ids.index(away.provider)
    close = sessions.end + sessions.overtime
    meets = (sessions.provider == provider) & (sessions.start < last) & (first < close)
    rows: list[int] = []
    spans: list[tuple[int, int, int]] = []
    for row, touched in enumerate(meets.tolist()):
        start, end, over = int(sessions.start[row]), int(sessions.end[row]), int(sessions.overtime[row])
        for begin, stop in minus((start, end), [(first, last)]) if touched else [(start, end)]:
            if begin < stop:
                room = first - stop if touched and first >= stop else over
                rows.append(row)
                spans.append((begin, stop, min(over, room) if stop == end else 0))
    starts, ends, overtime = np.array(spans, np.int64).reshape(-1, 3).T
    kept = np.array(rows, np.int64)
    return Sessions(
        tuple(_id(week, sessions, row, begin) for row, (begin, _, _) in zip(rows, spans, strict=True)),
        sessions.provider[kept], sessions.site[kept], sessions.shift[kept], sessions.day[kept], starts, ends, overtime,
        sessions.provider_ids, sessions.site_ids,
    )  # fmt: skip


def _id(week: Week, sessions: Sessions, row: int, start: int) -> str:
    if start == sessions.start[row]:
        return sessions.ids[row]
    provider, date = sessions.provider_ids[int(sessions.provider[row])], week.calendar.date(int(sessions.day[row]))
    return f"{provider} {date} {week.calendar.clock(start)}"


def _closing(week: Week, pools: Pools, closed: Closed) -> Pools:
    row = np.array([[pools.ids.index(closed.pool), *span_of(week, closed)]], np.int64)
    return replace(pools, closed=np.concatenate([pools.closed, row]))


def _cancelling(problem: Problem, gone: Ints) -> Problem:
    """The problem without a wish for these requests; earlier cancellations stand."""
    requests = problem.week.requests
    cancelled = np.zeros(len(requests), bool)
    cancelled[gone] = True
    for rule in problem.rules:
        if isinstance(rule, NotCancelled):
            cancelled |= rule.cancelled
    promised = np.where(cancelled, -1, requests.promised_start)
    week = replace(
        problem.week,
        requests=replace(
            requests, fixed=requests.fixed & ~cancelled, promised_start=promised,
            promised_provider=np.where(cancelled, -1, requests.promised_provider),
        ),
    )  # fmt: skip
    rules = tuple(rule for rule in problem.rules if not isinstance(rule, (NotCancelled, NotMissed)))
    charged = sum((rule.left_out(week) for rule in rules), np.zeros(len(requests), np.int64))
    return replace(
        problem, week=week, rules=(*rules, NotCancelled(cancelled), NotMissed(np.where(cancelled, charged, 0)))
    )
