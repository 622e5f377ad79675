"""The coupling of pools: no room, device or support staff is used more than it can be."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from schedopt.arrays import Ints
from schedopt.models.problem.couplings.base import Breach, Coupling, Encoder
from schedopt.models.problem.holds import sharing
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.schedule import Placements, Schedule
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class PoolCapacity(Coupling):
    """Never more units of a pool in use, cleaning after use included, than there are and are not closed.

    Cleaning ends at midnight at the latest: it never bears on the next day.
    """

    within_day = True
    name = "pool_capacity"
    source = "rosters"
    reason = "a room, device or support staff is needed that is in use or closed"

    def ties(self, week: Week, placed: Placements) -> tuple[Ints, Ints]:
        """A group is a pool."""
        steps, pools = week.steps, week.pools
        there = np.flatnonzero(placed.session >= 0)
        if not len(there) or not pools.at.size:
            return there[:0], there[:0]
        of = Lists.by_key(steps.request[steps.need_step], len(week.requests))
        row, need = of.joined(placed.request[there])
        row = there[row]
        pool = pools.at[week.sessions.site[placed.session[row]], steps.need_kind[need]]
        return row[pool >= 0], pool[pool >= 0]

    def words(self, week: Week, group: int) -> str:
        """How many units it has."""
        units = int(week.pools.capacity[group])
        return f"pool {week.pools.ids[group]} has {units} unit{'' if units == 1 else 's'}"

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
            for step in range(int(week.steps.offset[r]), int(week.steps.offset[r + 1])):
                for kind in week.steps.needs[step]:
                    for site, day, length, literal in self._places(encoder, r, step):
                        pool = int(week.pools.at[site, kind])
                        if pool < 0:  # another rule judges that the site has none
                            continue
                        size = length + int(week.pools.turnover[pool])
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

    @staticmethod
    def _places(encoder: Encoder, request: int, step: int) -> Iterator[tuple[int, int, int, Any]]:
        """Site, day, cells and literal of every way in which a step may need pools."""
        week = encoder.week
        if week.requests.by_provider is not None and step == week.steps.provider_step[request]:
            for s in encoder.sessions(request):
                length = int(week.length_of(request, s))
                yield int(week.sessions.site[s]), int(week.sessions.day[s]), length, encoder.holding(request, s)
            return
        places = {(int(week.sessions.site[s]), int(week.sessions.day[s])) for s in encoder.sessions(request)}
        for site, day in sorted(places):
            yield site, day, int(week.steps.length[step]), encoder.holding_at(request, site, day)


def _runs(level: Ints, day: int, cells_per_day: int) -> Iterator[tuple[int, int, int]]:
    """Stretches of equal level within a day: first cell, cell after the last, level (not below 0)."""
    part = np.maximum(level[day * cells_per_day : (day + 1) * cells_per_day], 0)
    edges = np.concatenate([[0], np.flatnonzero(np.diff(part)) + 1, [len(part)]])
    for start, end in itertools.pairwise(edges.tolist()):
        yield day * cells_per_day + start, day * cells_per_day + end, int(part[start])


def pool_uses(week: Week, schedule: Schedule) -> tuple[Ints, Ints, Ints, Ints]:
    """Uses of pools by a schedule: step, pool, first cell, cell after the last (cleaning included).

    Cleaning ends at midnight. A group visit uses what its provider step needs once. Uses outside the days planned, and
    of kinds that the site does not have, are left out: other rules judge those.
    """
    steps, pools = week.steps, week.pools
    session = schedule.session[steps.request[steps.need_step]]
    site = np.append(week.sessions.site, 0)[session]
    pool = pools.at[site, steps.need_kind] if pools.at.size else np.full(len(site), -1)
    start = schedule.step_start[steps.need_step]
    kept = (session >= 0) & (pool >= 0) & (start >= 0) & (start < week.calendar.num_cells)
    kept &= ~sharing(week, schedule)[steps.request[steps.need_step]]
    step, pool, start = steps.need_step[kept], pool[kept], start[kept]
    length = week.with_sessions(schedule.session).steps.length
    end = start + length[step] + pools.turnover[pool]
    cells = week.calendar.cells_per_day
    return step, pool, start, np.minimum(end, (start // cells + 1) * cells)


def pool_usage(week: Week, schedule: Schedule) -> Ints:
    """Units of each pool in use in each cell; shape (pools, cells)."""
    _, pool, start, end = pool_uses(week, schedule)
    change = np.zeros((len(week.pools), week.calendar.num_cells + 1), np.int64)
    np.add.at(change, (pool, start), 1)
    np.add.at(change, (pool, end), -1)
    return np.cumsum(change, axis=1)[:, :-1]
