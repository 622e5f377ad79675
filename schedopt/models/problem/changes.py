"""What can happen to a week that is planned already, and the problem that is left of it then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import TypeVar

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.clock import DAYS_WORDS, is_known_day
from schedopt.models.problem.couplings import Promises
from schedopt.models.problem.due import not_due_of
from schedopt.models.problem.happened import Away, Cancelled, Change, Closed, Happened, Loosened, Released, Urgent
from schedopt.models.problem.lengths import with_known_lengths
from schedopt.models.problem.options import Options
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.rules import Forbids, Prices
from schedopt.models.problem.sessions import Sessions
from schedopt.models.problem.spans import minus
from schedopt.models.problem.week import Pools, Week

__all__ = [
    "Away", "Cancelled", "Change", "Closed", "Happened", "Loosened", "Released", "Urgent", "again",
    "cancelled_codes", "changed", "check_changes", "compiled", "faults_of", "promise_of", "span_of", "taken_up",
]  # fmt: skip


C = TypeVar("C", bound=Happened)


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


def changed(problem: Problem, changes: Sequence[Happened]) -> Problem:
    """The problem after changes, which it keeps; requests keep their codes, sessions may not.

    A provider's absence is taken out of the sessions, as leave in the office's tables would be. A fixed promise binds
    as before, also where it can no longer be kept, but not for a visit that is cancelled, nor where it is loosened.

    Parameters
    ----------
    problem : Problem
        The week as it was planned.
    changes : sequence of Away, Closed, Cancelled, Urgent, Loosened or Released
        What has happened. That a request is urgent changes nothing of the problem itself.

    Raises
    ------
    ValueError
        If :func:`faults_of` finds anything wrong with them; all of it.
    """
    check_changes(problem, changes)
    return _after(problem, changes)


def again(problem: Problem, changes: Sequence[Happened]) -> Problem:
    """Another version of a week, or the next one, after what has happened to an earlier one.

    Parameters
    ----------
    problem : Problem
        As assembled.
    changes : sequence
        Those of the earlier one's ``Problem.changes``. What is about other days, or names what this problem does not
        have, is passed over.
    """
    return _after(problem, [change for change in changes if not any(_misfits(problem, change))])


def taken_up(
    problem: Problem, lengths: tuple[Mapping[str, int], Mapping[str, int]], changes: Sequence[Happened]
) -> Problem:
    """Another version of a week, or the same anew, with what a plan knows that the office's tables do not say.

    Parameters
    ----------
    problem : Problem
        As assembled.
    lengths : (mapping, mapping)
        Minutes booked and expected, as :func:`~schedopt.models.problem.lengths.lengths_of` gives them for the plan's
        problem.
    changes : sequence
        The plan's problem's, as for :func:`again`.
    """
    after = again(with_known_lengths(problem, *lengths), changes)
    return after if after is problem else compiled(after)


def _after(problem: Problem, changes: Sequence[Happened]) -> Problem:
    if not changes:
        return problem
    week = problem.week
    sessions = reduce(lambda rest, away: _without(week, rest, away), _of(changes, Away), week.sessions)
    closures = reduce(lambda rest, away: rest.without(*_absence(week, away)), _of(changes, Away), week.closures)
    pools = reduce(lambda rest, closed: _closing(week, rest, closed), _of(changes, Closed), week.pools)
    gone = [change.request for change in _of(changes, Cancelled)]
    known = tuple(dict.fromkeys((*problem.changes, *changes)))
    week = replace(week, sessions=sessions, pools=pools, closures=closures)
    after = replace(problem, week=week, changes=known)
    after = replace(after, rules=tuple(rule.for_week(after.week) for rule in after.rules))
    after = _loosening(after, changes)
    return _cancelling(after, gone) if gone else after


def compiled(problem: Problem) -> Problem:
    """The same problem, with its options worked out."""
    fresh = replace(problem)
    _ = fresh.offset, fresh.left_out
    return fresh


def span_of(week: Week, change: Away | Closed) -> tuple[int, int]:
    """First cell, and cell after the last, that a change touches."""
    calendar = week.calendar
    day = [calendar.day(moment.date()) for moment in (change.start, change.end)]
    first, last = (moment.hour * 60 + moment.minute for moment in (change.start, change.end))
    return calendar.cell(day[0], first), calendar.cell(day[1], last, up=True)


def check_changes(problem: Problem, changes: Sequence[Happened]) -> None:
    """Refuse changes that make no sense, with a ValueError that says all that is wrong with them."""
    if found := faults_of(problem, changes):
        raise ValueError("; ".join(found))


def faults_of(problem: Problem, changes: Sequence[Happened]) -> list[str]:
    """What is wrong with changes to a problem, in words; empty where nothing is.

    That is a change that names what the problem does not have, ends before it starts, carries a time zone or is about
    other days, and changes that contradict each other, or what has happened before.
    """
    found = [words for change in changes for words in _misfits(problem, change)]
    cancelled = {change.request for change in _of(changes, Cancelled)}
    before = {change.request for change in _of(problem.changes, Cancelled)}
    for name in dict.fromkeys(change.request for change in _of(changes, Urgent)):
        if name in cancelled | before:
            when = "too" if name in cancelled else "before"
            found.append(f"expected {name!r} to be urgent or cancelled, not both: it is cancelled {when}")
    return found


def _misfits(problem: Problem, change: Happened) -> Iterator[str]:
    """What is wrong with one change by itself."""
    week = problem.week
    known = {
        Away: ("provider", week.sessions.provider_ids), Closed: ("pool", week.pools.ids),
        **dict.fromkeys((Urgent, Loosened, Released), ("request", week.requests.ids)),
        Cancelled: ("request", (*week.requests.ids, *(later.request for later in week.requests.not_due))),
    }  # fmt: skip
    if type(change) not in known:
        yield f"expected Away, Closed, Cancelled or Urgent, not {change!r}"
        return
    kind, ids = known[type(change)]
    name = getattr(change, kind)
    later = not_due_of(week.requests.not_due, name) if kind == "request" and name not in ids else None
    if later is not None:
        yield f"expected a request that is due in the days planned; {name!r} is {later.words}"
    elif name not in ids:
        yield f"expected the id of a {kind} of the plan's problem, not {name!r}"
    if not isinstance(change, (Away, Closed)):
        return
    when = f"{name!r} from {change.start} to {change.end}"
    if isinstance(change, Closed) and change.units is not None and change.units < 1:
        yield f"expected 1 unit or more, or none given for all of them: {change.units} of {name!r}"
    if change.start.tzinfo or change.end.tzinfo:
        yield f"expected times as the site's clocks show them, without a zone: {when}"
    elif not (is_known_day(change.start) and is_known_day(change.end)):
        yield f"expected a time {DAYS_WORDS}: {when}"
    elif change.start >= change.end:
        yield f"expected an end after the start: {when}"
    else:
        first, last = span_of(week, change)
        if last <= 0 or first >= week.calendar.num_cells:
            days = f"{week.calendar.first} to {week.calendar.date(week.calendar.num_days - 1)}"
            yield f"expected a time in the days planned, {days}, of {name!r}: {change.start} to {change.end}"


def promise_of(week: Week, request: int) -> tuple[str, str, dt.datetime]:
    """Whose promise, with which provider, and when, as :class:`Loosened` and :class:`Released` name it."""
    requests, calendar = week.requests, week.calendar
    start = int(requests.promised_start[request])
    midnight = dt.datetime.combine(calendar.date(calendar.day_of(start)), dt.time())
    provider = week.sessions.provider_ids[int(requests.promised_provider[request])]
    return requests.ids[request], provider, midnight + dt.timedelta(minutes=calendar.minutes(start))


def _of(changes: Sequence[Happened], kind: type[C]) -> list[C]:
    return [change for change in changes if isinstance(change, kind)]


def _absence(week: Week, away: Away) -> tuple[int, int, int]:
    """Code of who is away, first cell, and cell after the last."""
    return week.sessions.provider_ids.index(away.provider), *span_of(week, away)


def _without(week: Week, sessions: Sessions, away: Away) -> Sessions:
    """Sessions with a provider's absence taken out; overtime stays only with the end of a session, and ends there."""
    provider, first, last = _absence(week, away)
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
    return pools.with_closed(closed.pool, span_of(week, closed), closed.units, closed.taken_by)


def _loosening(problem: Problem, changes: Sequence[Happened]) -> Problem:
    """The problem with promises loosened or released, where they are still those that were meant."""
    loose, free = _promised(problem.week, _of(changes, Loosened)), _promised(problem.week, _of(changes, Released))
    requests = problem.week.requests
    fixed = requests.fixed.copy()
    fixed[loose] = False
    released = frozenset(code for code in free if fixed[code])
    couplings = tuple(Promises(c.released | released) if isinstance(c, Promises) else c for c in problem.couplings)
    week = replace(problem.week, requests=replace(requests, fixed=fixed))
    return replace(problem, week=week, couplings=couplings)


def _promised(week: Week, changes: Sequence[Loosened] | Sequence[Released]) -> list[int]:
    """Codes of the requests whose fixed promises are those named."""
    named = [(week.request_code[change.request], change) for change in changes]
    return [
        code for code, change in named
        if week.requests.fixed[code]
        and promise_of(week, code) == (change.request, change.provider, change.start)
    ]  # fmt: skip


def cancelled_codes(week: Week, changes: Sequence[Happened]) -> Ints:
    """Codes of the requests that changes cancel; one that is not due in the days planned has none."""
    names = [change.request for change in _of(changes, Cancelled)]
    return np.array([week.request_code[name] for name in names if name in week.request_code], np.int64)


def _cancelling(problem: Problem, gone: Sequence[str]) -> Problem:
    """The problem without a wish for these requests; earlier cancellations stand."""
    requests = problem.week.requests
    cancelled = np.isin(np.array(requests.ids, object), gone)
    for rule in problem.rules:
        if isinstance(rule, NotCancelled):
            cancelled |= rule.cancelled
    promised = np.where(cancelled, -1, requests.promised_start)
    week = replace(
        problem.week,
        requests=replace(
            requests, fixed=requests.fixed & ~cancelled, promised_start=promised,
            promised_provider=np.where(cancelled, -1, requests.promised_provider),
            not_due=tuple(later for later in requests.not_due if later.request not in gone),
        ),
    )  # fmt: skip
    rules = tuple(rule for rule in problem.rules if not isinstance(rule, (NotCancelled, NotMissed)))
    charged = sum((rule.left_out(week) for rule in rules), np.zeros(len(requests), np.int64))
    return replace(
        problem, week=week, rules=(*rules, NotCancelled(cancelled), NotMissed(np.where(cancelled, charged, 0)))
    )
