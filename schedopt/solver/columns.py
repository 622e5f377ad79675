"""The week laid out for pricing: shapes of visits, options by session, limits and distances."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from schedopt.models.couplings import DayGap, Limit, ProviderTime, StepOrder
from schedopt.models.options import Options
from schedopt.models.problem import Problem
from schedopt.models.week import Flags, Ints
from schedopt.solver.patterns import Entries
from schedopt.solver.shapes import Floats, Shapes


def make_shapes(problem: Problem) -> tuple[Shapes, Ints]:
    """The shapes of visits, and the shape of every option."""
    week, options = problem.week, problem.options
    steps, pools, grid = week.steps, week.pools, week.calendar.grid
    kinds: dict[tuple[object, ...], int] = {}
    lengths, waits, needs = steps.length.tolist(), steps.max_wait.tolist(), steps.needs
    edges, own = steps.offset.tolist(), steps.provider_step.tolist()
    kind = np.zeros(len(week.requests), np.int64)
    example: list[int] = []
    for r in range(len(week.requests)):
        span = slice(edges[r], edges[r + 1])
        key = own[r] - edges[r], tuple(lengths[span]), tuple(waits[span]), needs[span]
        if own[r] == edges[r + 1] - 1 and not needs[own[r]]:  # how long it lasts bears on no price
            key = key[0], (*key[1][:-1], 1), key[2], key[3]
        kind[r] = kinds.setdefault(key, len(kinds))
        if kind[r] == len(example):
            example.append(r)
    num_kinds = max(1, len(example))
    pair = week.sessions.site[options.session] * num_kinds + kind[options.request]
    names, shape = np.unique(pair, return_inverse=True)
    first, need = [0], [0]
    length, wait, pool, provider = list[int](), list[int](), list[int](), list[int]()
    for name in names.tolist():
        site, r = name // num_kinds, example[name % num_kinds]
        provider.append(first[-1] + own[r] - edges[r])
        for step in range(edges[r], edges[r + 1]):
            alone = step == own[r] and step == edges[r + 1] - 1 and not needs[step]
            length.append(1 if alone else lengths[step])
            wait.append(waits[step])
            pool.extend(int(pools.at[site, k]) for k in needs[step])
            need.append(len(pool))
        first.append(len(length))
    points = problem.coupling(StepOrder).office_wait * grid
    reach = _reach(problem, shape, len(provider))
    return Shapes(
        np.array(first, np.int64), np.array(provider, np.int64), np.array([*length, 0], np.int64),
        np.array([*wait, 0], np.int64), np.array(need, np.int64), np.array(pool, np.int64), pools.turnover, reach,
        week.calendar.cells_per_day, points,
    ), shape  # fmt: skip


def _reach(problem: Problem, shape: Ints, num_shapes: int) -> Ints:
    """First cell, and cell after the last, that visits of each shape can touch on each day."""
    week, options = problem.week, problem.options
    steps, days = week.steps, week.calendar.num_days
    slack = np.bincount(steps.request, weights=steps.max_wait, minlength=len(week.requests)).astype(np.int64)
    rest = week.requests.length + week.lag + slack
    key = shape * days + week.sessions.day[options.session]
    low, high = np.full(num_shapes * days, week.calendar.num_cells), np.zeros(num_shapes * days, np.int64)
    lead = (week.lead + slack)[options.request]
    np.minimum.at(low, key, np.maximum(options.opens, options.earliest - lead))
    np.maximum.at(high, key, np.minimum(options.closes, options.latest + rest[options.request]))
    return np.stack([np.minimum(low, high), high], axis=1).reshape(num_shapes, days, 2)


def priced_of(shapes: Shapes) -> Flags:
    """Shapes whose steps use pools or can wait; the others cost nothing at any prices."""
    several = np.diff(shapes.first) > 1
    return several | (np.diff(shapes.need)[shapes.own] > 0)


def make_entries(problem: Problem, by_session: Ints, shape: Ints) -> Entries:
    """Options in an order that puts those of a session together, and the shape of each."""
    week, options = problem.week, problem.options.take(by_session)
    sessions, requests, time = week.sessions, week.requests, problem.coupling(ProviderTime)
    before = requests.buffer_before[options.request]
    begin = sessions.start[options.session] + before
    table = np.stack(
        [options.request, options.earliest - begin, options.latest - begin, requests.hold[options.request], before,
         shape[by_session]], axis=1,
    )  # fmt: skip
    edge = np.searchsorted(options.session, np.arange(len(sessions) + 1))
    length = sessions.end - sessions.start
    rows = np.stack([sessions.start, length + sessions.overtime, length, sessions.day], axis=1)
    grid = week.calendar.grid
    return Entries(table, edge, rows, time.idle * grid, time.overtime * grid)


class Rows(NamedTuple):
    """Linear inequalities between visits: for each row, coefficients times visits are at most so many.

    Attributes
    ----------
    row, entry : int array
        One entry a coefficient that is not 0: the row, and the position of the option.
    coefficient : float array
        The coefficient.
    most : float array, shape (rows,)
        Right-hand sides.
    """

    row: Ints
    entry: Ints
    coefficient: Floats
    most: Floats


def rows_of(problem: Problem, by_session: Ints) -> Rows:
    """What limits and distances between visits say about options, these counted in the order of `by_session`."""
    options = problem.options.take(by_session)
    parts = [_limit_rows(problem, options), _gap_rows(problem, options)]
    first = np.cumsum([0] + [len(part.most) for part in parts])
    row = np.concatenate([part.row + k for part, k in zip(parts, first.tolist(), strict=False)])
    return Rows(row, *(np.concatenate(columns) for columns in zip(*(part[1:] for part in parts), strict=True)))


def _limit_rows(problem: Problem, options: Options) -> Rows:
    """A row for each group of each limit."""
    rows, entries, most, count = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)], 0
    for limit in (c for c in problem.couplings if isinstance(c, Limit)):
        entry, group = limit.groups(problem.week, options.request, options.session)
        names, group = np.unique(group, return_inverse=True)
        rows.append(group + count)
        entries.append(entry)
        most.append(np.array([limit.most(problem.week, int(g)) for g in names], float))
        count += len(names)
    row = np.concatenate(rows)
    return Rows(row, np.concatenate(entries), np.ones(len(row)), np.concatenate(most))


def _gap_rows(problem: Problem, options: Options) -> Rows:
    r"""Rows for each distance :math:`l` to :math:`h` between a first and a second visit, and each day :math:`d`.

    With :math:`a_d` and :math:`b_d` for the first and the second visit on a day: where the second needs the first,
    :math:`\sum_{e \le d} b_e \le \sum_{e \le d - l} a_e` and :math:`\sum_{e \ge d} b_e \le \sum_{e \ge d - h} a_e`.
    Where each may be alone, :math:`\sum_{e \le d} b_e + \sum_{e > d - l} a_e \le 1` and
    :math:`\sum_{e \ge d} b_e + \sum_{e < d - h} a_e \le 1`.
    """
    gaps, day = problem.coupling(DayGap), problem.week.sessions.day[options.session]
    order = np.argsort(options.request, kind="stable")
    edge = np.searchsorted(options.request[order], np.arange(len(problem.week.requests) + 1))
    rows, entries, coefficients, most = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)], list[float]()
    columns = (gaps.first, gaps.second, gaps.low, gaps.high, gaps.needs_first)
    for first, second, low, high, needs in zip(*(column.tolist() for column in columns), strict=True):
        one, other = order[edge[first] : edge[first + 1]], order[edge[second] : edge[second + 1]]
        for last in np.unique(day[other]).tolist():
            early, late = day[one] <= last - low, day[one] >= last - high
            for mine, theirs in ((day[other] <= last, early), (day[other] >= last, late)):
                before = one[theirs] if needs else one[~theirs]
                rows.append(np.full(int(mine.sum()) + len(before), len(most)))
                entries += [other[mine], before]
                coefficients += [np.ones(int(mine.sum())), np.full(len(before), -1.0 if needs else 1.0)]
                most.append(0.0 if needs else 1.0)
    return Rows(np.concatenate(rows), np.concatenate(entries), np.concatenate(coefficients), np.array(most))
