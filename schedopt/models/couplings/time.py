"""Couplings of time: nobody is in two places at once, and no room holds more than it can."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from schedopt.models.couplings.base import Breach, Coupling, Encoder, Part
from schedopt.models.schedule import Schedule
from schedopt.models.week import Ints, Week


def _overlaps(group: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Positions of stretches that overlap an earlier one of their group, and of that earlier one."""
    order = np.lexsort((end, start, group))
    group, start, end = group[order], start[order], end[order]
    big = int(end.max(initial=0)) - int(start.min(initial=0)) + 1
    latest = np.maximum.accumulate(end + group * big) if len(end) else end
    holder = np.maximum.accumulate(np.where(end + group * big == latest, np.arange(len(end)), 0)) if len(end) else end
    late = np.flatnonzero((group[1:] == group[:-1]) & (start[1:] + group[1:] * big < latest[:-1])) + 1
    return order[late], order[holder[late - 1]]


@dataclass(frozen=True)
class ProviderTime(Coupling):
    r"""A provider is with one patient at a time; minutes spent waiting inside a session, and past its end, cost.

    For session :math:`s` with visits :math:`V_s`, held from :math:`b_i` to :math:`e_i`, that starts at :math:`S_s`
    and ends at :math:`E_s`: :math:`\text{idle} = \max_i e_i - S_s - \sum_i (e_i - b_i)` and
    :math:`\text{overtime} = \max(0, \max_i e_i - E_s)`.

    Attributes
    ----------
    idle, overtime : int
        Points a minute.
    """

    idle: int
    overtime: int

    name = "provider_time"
    source = "rosters"
    reason = "a provider sees one patient at a time"

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Visits that start while their provider is still held by another."""
        placed, start, end = _holds(week, schedule)
        sessions = week.sessions
        late, holder = _overlaps(sessions.provider[schedule.session[placed]], start, end)
        for one, other in zip(placed[late].tolist(), placed[holder].tolist(), strict=True):
            provider = sessions.provider_ids[sessions.provider[schedule.session[one]]]
            yield Breach(one, f"{provider} is still with {week.requests.ids[other]}")

    def post(self, encoder: Encoder) -> None:
        """No overlap in a session; its last end is pushed up by every visit and pulled down by the cost.

        Visits of others, which stay, are walls that count as held.
        """
        week, model = encoder.week, encoder.model
        grid, requests, hold = week.calendar.grid, week.requests, week.requests.hold
        by_session = defaultdict(list)
        for request, session in zip(*(column.tolist() for column in encoder.pairs()), strict=True):
            by_session[session].append(request)
        walls = _walls(week, encoder.outside, by_session)
        for session, members in by_session.items():
            first, end = int(week.sessions.start[session]), int(week.sessions.end[session])
            overtime = int(week.sessions.overtime[session])
            through = max((stop for _, stop in walls[session]), default=first)
            last = model.new_int_var(through, end + overtime, "")
            held: list[Any] = [stop - begin for begin, stop in walls[session]]
            intervals = [model.new_fixed_size_interval_var(begin, stop - begin, "") for begin, stop in walls[session]]
            for r in members:
                literal, size = encoder.at(r, session), int(hold[r])
                begin = encoder.start(int(week.steps.provider_step[r])) - int(requests.buffer_before[r])
                intervals.append(model.new_optional_fixed_size_interval_var(begin, size, literal, ""))
                model.add(last >= begin + size).only_enforce_if(literal)
                held.append(size * literal)
            model.add_no_overlap(intervals)
            model.add(last - first >= sum(held))
            encoder.pay(last - first - sum(held), self.idle * grid)
            if overtime:
                over = model.new_int_var(0, overtime, "")
                model.add(over >= last - end)
                encoder.pay(over, self.overtime * grid)

    def parts(self, week: Week, schedule: Schedule) -> Sequence[Part]:
        """Idle and overtime minutes of the whole schedule."""
        minutes = session_minutes(week, schedule)
        idle, overtime = int(minutes["idle_minutes"].sum()), int(minutes["overtime_minutes"].sum())
        return (
            Part("idle", self.source, self.idle * idle, idle, "minutes"),
            Part("overtime", self.source, self.overtime * overtime, overtime, "minutes"),
        )


def _holds(week: Week, schedule: Schedule) -> tuple[Ints, Ints, Ints]:
    """Placed requests, and from which cell to before which their provider is held."""
    placed = schedule.placed
    start = schedule.start(week)[placed] - week.requests.buffer_before[placed]
    return placed, start, start + week.requests.hold[placed]


def session_minutes(week: Week, schedule: Schedule) -> dict[str, Ints]:
    """Visits, and seen, idle and overtime minutes, by session (seen: buffers and provider steps)."""
    placed, _, end = _holds(week, schedule)
    session, grid, count = schedule.session[placed], week.calendar.grid, len(week.sessions)
    last = week.sessions.start.copy()
    np.maximum.at(last, session, end)
    seen = np.bincount(session, weights=week.requests.hold[placed], minlength=count).astype(np.int64)
    return {
        "visits": np.bincount(session, minlength=count),
        "seen_minutes": grid * seen,
        "idle_minutes": grid * (last - week.sessions.start - seen),
        "overtime_minutes": grid * np.maximum(0, last - week.sessions.end),
    }


def _walls(week: Week, outside: Schedule, sessions: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """By session, the stretches for which visits that stay hold its provider."""
    walls: dict[int, list[tuple[int, int]]] = {session: [] for session in sessions}
    placed, begin, end = _holds(week, outside)
    where = outside.session[placed]
    inside = np.isin(where, list(walls))
    for session, start, stop in zip(*(column[inside].tolist() for column in (where, begin, end)), strict=True):
        walls[session].append((start, stop))
    return walls


@dataclass(frozen=True)
class PatientTime(Coupling):
    """The visits of one patient, from first step to last, never overlap."""

    name = "patient_time"
    source = "records"
    reason = "a patient cannot be at two visits at once"

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Visits that begin before another visit of the same patient is over."""
        placed = schedule.placed
        first, last = (column[placed] for column in schedule.span(week))
        late, holder = _overlaps(week.requests.patient[placed], first, last)
        for one, other in zip(placed[late].tolist(), placed[holder].tolist(), strict=True):
            yield Breach(one, f"the same patient is still at {week.requests.ids[other]}")

    def post(self, encoder: Encoder) -> None:
        """No overlap of the visits of each patient who has several."""
        patient = encoder.week.requests.patient
        counts = np.bincount(patient)
        for person in {int(patient[r]) for r in encoder.free if counts[patient[r]] > 1}:
            members = np.flatnonzero(patient == person).tolist()
            intervals = [self._interval(encoder, r) for r in members]
            encoder.model.add_no_overlap([i for i in intervals if i is not None])

    @staticmethod
    def _interval(encoder: Encoder, request: int) -> Any:
        week, model = encoder.week, encoder.model
        steps = week.steps
        head, tail = int(steps.offset[request]), int(steps.offset[request + 1]) - 1
        if not encoder.is_free(request):
            if encoder.outside.session[request] < 0:
                return None
            first, last = (int(column[request]) for column in encoder.outside.span(week))
            return model.new_fixed_size_interval_var(first, last - first, "")
        if head == tail:
            return model.new_optional_fixed_size_interval_var(
                encoder.start(head), int(steps.length[head]), encoder.placed(request), ""
            )
        size = model.new_int_var(0, week.calendar.cells_per_day, "")
        end = encoder.start(tail) + int(steps.length[tail])
        return model.new_optional_interval_var(encoder.start(head), size, end, encoder.placed(request), "")


@dataclass(frozen=True)
class PoolCapacity(Coupling):
    """Never more units of a pool in use, cleaning after use included, than there are and are not closed.

    Cleaning ends at midnight at the latest: it never bears on the next day.
    """

    name = "pool_capacity"
    source = "rosters"
    reason = "a room, device or helper is needed that is in use or closed"

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """For every pool and moment that is overfull, the visits that use it then; each visit once."""
        step, pool, start, end = pool_uses(week, schedule)
        used, there = pool_usage(week, schedule), week.pools.available(week.calendar.num_cells)
        over = used > there
        for i in range(len(step)):
            cells = np.flatnonzero(over[pool[i], start[i] : end[i]])
            if len(cells):
                cell = int(start[i] + cells[0])
                name, free = week.pools.ids[pool[i]], int(there[pool[i], cell])
                at = week.calendar.words(cell)
                detail = f"pool {name}: {int(used[pool[i], cell])} units in use, {free} available on {at}"
                yield Breach(int(week.steps.request[step[i]]), detail)

    def post(self, encoder: Encoder) -> None:
        """One cumulative a pool and day; what others use of it stands as fixed intervals."""
        week, model = encoder.week, encoder.model
        uses: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for r in encoder.free:
            places = sorted({(int(week.sessions.site[s]), int(week.sessions.day[s])) for s in encoder.sessions(r)})
            for step in range(int(week.steps.offset[r]), int(week.steps.offset[r + 1])):
                for kind in week.steps.needs[step]:
                    for site, day in places:
                        pool = int(week.pools.at[site, kind])
                        if pool < 0:  # another rule judges that the site has none
                            continue
                        size = int(week.steps.length[step] + week.pools.turnover[pool])
                        literal = encoder.at_site(r, site, day)
                        interval = model.new_optional_fixed_size_interval_var(encoder.start(step), size, literal, "")
                        uses[pool, day].append(interval)
        if not uses:
            return
        free = week.pools.available(week.calendar.num_cells) - pool_usage(week, encoder.outside)
        for (pool, day), intervals in sorted(uses.items()):
            capacity = int(week.pools.capacity[pool])
            taken = [
                (start, end, capacity - level)
                for start, end, level in _runs(free[pool], day, week.calendar.cells_per_day)
                if level < capacity
            ]
            walls = [model.new_fixed_size_interval_var(start, end - start, "") for start, end, _ in taken]
            demands = [1] * len(intervals) + [demand for _, _, demand in taken]
            model.add_cumulative(intervals + walls, demands, capacity)


def _runs(level: Ints, day: int, cells_per_day: int) -> Iterator[tuple[int, int, int]]:
    """Stretches of equal level within a day: first cell, cell after the last, level (not below 0)."""
    part = np.maximum(level[day * cells_per_day : (day + 1) * cells_per_day], 0)
    edges = np.concatenate([[0], np.flatnonzero(np.diff(part)) + 1, [len(part)]])
    for start, end in itertools.pairwise(edges.tolist()):
        yield day * cells_per_day + start, day * cells_per_day + end, int(part[start])


def pool_uses(week: Week, schedule: Schedule) -> tuple[Ints, Ints, Ints, Ints]:
    """Uses of pools by a schedule: step, pool, first cell, cell after the last (cleaning included).

    Cleaning ends at midnight. Uses outside the days planned, and of kinds that the site does not have, are left out:
    other rules judge those.
    """
    steps, pools = week.steps, week.pools
    session = schedule.session[steps.request[steps.need_step]]
    site = np.append(week.sessions.site, 0)[session]
    pool = pools.at[site, steps.need_kind] if pools.at.size else np.full(len(site), -1)
    start = schedule.step_start[steps.need_step]
    kept = (session >= 0) & (pool >= 0) & (start >= 0) & (start < week.calendar.num_cells)
    step, pool, start = steps.need_step[kept], pool[kept], start[kept]
    end = start + steps.length[step] + pools.turnover[pool]
    cells = week.calendar.cells_per_day
    return step, pool, start, np.minimum(end, (start // cells + 1) * cells)


def pool_usage(week: Week, schedule: Schedule) -> Ints:
    """Units of each pool in use in each cell; shape (pools, cells)."""
    _, pool, start, end = pool_uses(week, schedule)
    change = np.zeros((len(week.pools), week.calendar.num_cells + 1), np.int64)
    np.add.at(change, (pool, start), 1)
    np.add.at(change, (pool, end), -1)
    return np.cumsum(change, axis=1)[:, :-1]
