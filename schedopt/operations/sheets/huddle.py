"""What is worth a word in the morning: risks of the day, each with its reason, sorted by time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from schedopt.models.clock import MINUTES_PER_DAY
from schedopt.models.problem.calendar import clock
from schedopt.models.problem.happened import Away, Closed
from schedopt.models.problem.uses import SessionUse
from schedopt.models.tables import PoolClosure
from schedopt.operations.sheets.lines import GivenDay, HuddlePoint, Line
from schedopt.simulation.state import OVERTIME

NO_SHOW_FROM, LATE_FROM, WAIT_FROM = 0.2, 0.25, 0.3
"""Chances from which on a patient who may not come, a session that may end late, and a long wait are told."""
_CLOSE = 1e-9
TIGHT = 15
"""Minutes below which a way between two places or visits is tight."""
LONG_RUN = 8
"""Visits with one provider without a minute between them that are told."""


def huddle(given: GivenDay, lines: Sequence[Line]) -> tuple[HuddlePoint, ...]:
    """The points of a day, by time; those of the whole day first.

    Parameters
    ----------
    given : GivenDay
        What the day's sheets are made of.
    lines : sequence of Line
        Its visits.
    """
    uses = [use for use in given.plan.session_uses if use.date == given.day]
    points = [
        *_of_visits(lines), *_double_booked(given, lines), *_late_sessions(given, uses), *_ways(given, lines),
        *_runs(lines), *_open_places(given, lines, uses), *_away(given), *_closed(given),
    ]  # fmt: skip
    return tuple(sorted(points))


def _of_visits(lines: Sequence[Line]) -> Iterator[HuddlePoint]:
    for line in lines:
        visit = line.visit
        place = visit.site, visit.provider, visit.request
        if line.no_show is not None and line.no_show >= NO_SHOW_FROM - _CLOSE:
            words = f"may not come: {_percent(line.no_show)} by the history"
            yield HuddlePoint(visit.arrive, "no-show", *place, words)
        if line.long_wait is not None and line.long_wait >= WAIT_FROM - _CLOSE:
            words = f"likely to wait: {_percent(line.long_wait)} that it is more than 30 minutes"
            yield HuddlePoint(visit.arrive, "long wait", *place, words)
        if line.new:
            yield HuddlePoint(visit.arrive, "first visit", *place, f"first visit: {line.type_name}")


def _double_booked(given: GivenDay, lines: Sequence[Line]) -> Iterator[HuddlePoint]:
    """Stretches in which a provider is with two patients who are not one group visit."""
    seats = {row.visit_type: row.seats for row in given.office.visit_types}
    for provider, held in _by_provider(lines).items():
        for place, (start, end, line) in enumerate(held):
            for begin, until, other in held[place + 1 :]:
                if begin >= end:
                    break
                group = line.visit.visit_type == other.visit.visit_type and start == begin
                if group and seats.get(line.visit.visit_type, 1) > 1:
                    continue
                stretch = f"{clock(begin)}–{clock(min(end, until), end=True)}"
                words = f"double-booked {stretch}: {line.visit.request} and {other.visit.request}"
                yield HuddlePoint(begin, "double-booked", other.visit.site, provider, other.visit.request, words)


def _by_provider(lines: Sequence[Line]) -> dict[str, list[tuple[int, int, Line]]]:
    """From when to when each provider is with a patient, also of visits that he or she takes part in."""
    held = defaultdict[str, list[tuple[int, int, Line]]](list)
    for line in lines:
        for provider in line.visit.providers:
            held[provider].append((*line.visit.with_provider(provider), line))
    for rows in held.values():
        rows.sort(key=lambda row: (row[0], row[1], row[2].visit.request))
    return held


def _late_sessions(given: GivenDay, uses: Sequence[SessionUse]) -> Iterator[HuddlePoint]:
    """Sessions that are likely to end late."""
    if given.chances is None:
        return
    ids = given.plan.problem.week.sessions.ids
    place = {name: number for number, name in enumerate(ids)}
    over = given.chances.played.played.counted[:, :, OVERTIME]
    for use in uses:
        late = float(np.mean(over[place[use.session]] >= given.late_minutes))
        if late >= LATE_FROM:
            words = (
                f"the session until {clock(use.end, end=True)} is likely to end late: {_percent(late)} that it is "
                f"{given.late_minutes} minutes or more"
            )
            yield HuddlePoint(use.end, "late session", use.site, use.provider, "", words)


def _ways(given: GivenDay, lines: Sequence[Line]) -> Iterator[HuddlePoint]:
    """Ways of providers and patients from one place, or one visit, to another that leave little time."""
    ways = {(row.site, row.other_site): row.minutes for row in given.office.travel or ()}

    def way(site: str, other: str) -> int:
        return ways.get((site, other), ways.get((other, site), 0)) if site != other else 0

    for provider, held in _by_provider(lines).items():
        for (_, end, line), (start, _, after) in pairwise(held):
            travel = way(line.visit.site, after.visit.site)
            if line.visit.site != after.visit.site and 0 <= start - end < travel + TIGHT:
                words = f"{start - end} minutes from {line.visit.site} to {after.visit.site}; the way takes {travel}"
                yield HuddlePoint(start, "tight", after.visit.site, provider, "", words)
    of_patient = defaultdict[str, list[Line]](list)
    for line in lines:
        of_patient[line.visit.patient].append(line)
    for mine in of_patient.values():
        for line, after in pairwise(mine):
            left = after.visit.arrive - line.visit.depart
            if left < way(line.visit.site, after.visit.site) + TIGHT:
                words = f"comes from another visit, which ends at {clock(line.visit.depart, end=True)}: {left} minutes"
                yield HuddlePoint(
                    after.visit.arrive, "tight", after.visit.site, after.visit.provider, after.visit.request, words
                )


def _runs(lines: Sequence[Line]) -> Iterator[HuddlePoint]:
    """Many visits in a row without a minute between them."""
    for provider, held in _by_provider(lines).items():
        first, count, until = 0, 0, -1
        for start, end, line in [*held, (2 * MINUTES_PER_DAY, 2 * MINUTES_PER_DAY, held[-1][2])]:
            if start > until:
                if count >= LONG_RUN:
                    words = f"{count} visits without a minute between them, {clock(first)}–{clock(until, end=True)}"
                    yield HuddlePoint(first, "tight", line.visit.site, provider, "", words)
                first, count = start, 0
            count, until = count + 1, max(until, end)


def _open_places(given: GivenDay, lines: Sequence[Line], uses: Sequence[SessionUse]) -> Iterator[HuddlePoint]:
    """Stretches of sessions that are free for the shortest visit that the provider gives."""
    types = {row.visit_type: row for row in given.office.visit_types}
    given_by = {row.provider: row.visit_types or tuple(types) for row in given.office.providers}
    for use in uses:
        shortest = min(
            (
                types[name].minutes + types[name].buffer_before + types[name].buffer_after
                for name in given_by[use.provider]
            ),
            default=MINUTES_PER_DAY,
        )
        taken = [(use.end, use.end)]
        for line in lines:
            if use.provider in line.visit.providers and line.visit.site == use.site:
                start, end = line.visit.with_provider(use.provider)
                own = line.visit.provider == use.provider
                kind = types[line.visit.visit_type]
                taken.append((start - own * kind.buffer_before, end + own * kind.buffer_after))
        free = use.start
        for start, end in sorted(taken):
            start = min(start, use.end)
            if start - free >= shortest:
                words = f"open {clock(free)}–{clock(start, end=True)}, {start - free} minutes{_kept(given, use, free)}"
                yield HuddlePoint(free, "open place", use.site, use.provider, "", words)
            free = max(free, end)


def _kept(given: GivenDay, use: SessionUse, start: int) -> str:
    """For whom a free place may be kept, in words."""
    for row in given.office.reserves or ():
        mine = row.provider in (None, use.provider) and row.weekday in (None, given.day.weekday())
        if mine and row.start <= start < row.end:
            return f"; kept for {row.visit_type or f'urgency {row.urgency} or more'}"
    return ""


def _away(given: GivenDay) -> Iterator[HuddlePoint]:
    """Providers who are away on the day, and sites that are closed."""
    for row in given.office.leave or ():
        if row.first_day <= given.day <= row.last_day:
            yield _absence(row.provider, row.start, row.end)
    for change in given.plan.problem.changes:
        if isinstance(change, Away) and (span := _part(given.day, change.start, change.end)):
            yield _absence(change.provider, *span)
    for shut in given.office.closures or ():
        if shut.date == given.day:
            words = f"{shut.site or 'all sites'} closed {_span(shut.start, shut.end)}{_reason(shut.reason)}"
            yield HuddlePoint(shut.start, "closed", shut.site or "", "", "", words)


def _absence(provider: str, start: int, end: int) -> HuddlePoint:
    return HuddlePoint(start, "away", "", provider, "", f"{provider} is away {_span(start, end)}")


def _closed(given: GivenDay) -> Iterator[HuddlePoint]:
    """Rooms, devices and staff that cannot be used for a while."""
    site = {row.pool: row.site for row in given.office.pools or ()}
    for row in given.office.pool_closures or ():
        if row.date == given.day:
            words = f"{_units(row)} cannot be used {_span(row.start, row.end)}{_reason(row.reason)}"
            yield HuddlePoint(row.start, "closed", site.get(row.pool, ""), "", "", words)
    for change in given.plan.problem.changes:
        if isinstance(change, Closed) and (span := _part(given.day, change.start, change.end)):
            words = f"{_units(change)} cannot be used {_span(*span)}"
            yield HuddlePoint(span[0], "closed", site.get(change.pool, ""), "", "", words)
    for pool in given.office.pools or ():
        if pool.capacity == 0:
            yield HuddlePoint(0, "closed", pool.site, "", "", f"there is nobody and nothing of {pool.pool}")


def _units(closed: PoolClosure | Closed) -> str:
    """What cannot be used: a pool, or some of its units."""
    named = f" ({closed.taken_by})" if closed.taken_by else ""
    return f"{closed.pool}{named}" if closed.units is None else f"{closed.units} of {closed.pool}{named}"


def _part(day: dt.date, start: dt.datetime, end: dt.datetime) -> tuple[int, int] | None:
    """Minutes of a day that lie in a stretch of time."""
    midnight = dt.datetime.combine(day, dt.time(), start.tzinfo)
    first, last = ((moment - midnight) // dt.timedelta(minutes=1) for moment in (start, end))
    first, last = max(0, first), min(MINUTES_PER_DAY, last)
    return (first, last) if first < last else None


def _span(start: int, end: int) -> str:
    return "all day" if (start, end) == (0, MINUTES_PER_DAY) else f"{clock(start)}–{clock(end, end=True)}"


def _reason(reason: str) -> str:
    return f": {reason}" if reason else ""


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
