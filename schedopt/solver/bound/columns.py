"""The week laid out for pricing: shapes of visits, options by session, limits and distances."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from schedopt.arrays import Flags, Floats, Ints
from schedopt.models.problem.couplings import Limit, ProviderTime, StepOrder
from schedopt.models.problem.options import Options
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.week import Week
from schedopt.solver.bound.entries import Entries
from schedopt.solver.bound.shapes import Shapes
from schedopt.solver.known import day_gaps


def make_shapes(problem: Problem) -> tuple[Shapes, Ints]:
    """The shapes of visits, and the shape of every option."""
    week, options = problem.week, problem.options
    steps, pools, grid = week.steps, week.pools, week.calendar.grid
    kinds: dict[tuple[object, ...], int] = {}
    lengths, waits, needs = steps.length.tolist(), steps.max_wait.tolist(), steps.needs
    edges, own = steps.offset.tolist(), steps.provider_step.tolist()
    own_length = week.length_of(options.request, options.session)
    most = int(own_length.max(initial=0)) + 1
    variants, variant = np.unique(options.request * most + own_length, return_inverse=True)
    kind = np.zeros(len(variants), np.int64)
    example: list[tuple[int, int]] = []
    for number, (r, cells) in enumerate(zip((variants // most).tolist(), (variants % most).tolist(), strict=True)):
        span, place = slice(edges[r], edges[r + 1]), own[r] - edges[r]
        several = [*lengths[span]]
        several[place] = cells
        if own[r] == edges[r + 1] - 1 and not needs[own[r]]:  # how long it lasts bears on no price
            several[place] = 1
        kind[number] = kinds.setdefault((place, tuple(several), tuple(waits[span]), needs[span]), len(kinds))
        if kind[number] == len(example):
            example.append((r, several[place]))
    num_kinds = max(1, len(example))
    pair = week.sessions.site[options.session] * num_kinds + kind[variant]
    names, shape = np.unique(pair, return_inverse=True)
    first, need = [0], [0]
    length, wait, pool, provider = list[int](), list[int](), list[int](), list[int]()
    for name in names.tolist():
        site, (r, cells) = name // num_kinds, example[name % num_kinds]
        provider.append(first[-1] + own[r] - edges[r])
        for step in range(edges[r], edges[r + 1]):
            length.append(cells if step == own[r] else lengths[step])
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
    rest = week.length_of(options.request, options.session) + (week.lag + slack)[options.request]
    key = shape * days + week.sessions.day[options.session]
    low, high = np.full(num_shapes * days, week.calendar.num_cells), np.zeros(num_shapes * days, np.int64)
    lead = (week.lead + slack)[options.request]
    np.minimum.at(low, key, np.maximum(options.opens, options.earliest - lead))
    np.maximum.at(high, key, np.minimum(options.closes, options.latest + rest))
    return np.stack([np.minimum(low, high), high], axis=1).reshape(num_shapes, days, 2)


def priced_of(shapes: Shapes) -> Flags:
    """Shapes that have several steps or use pools; the others cost nothing at any prices."""
    several = np.diff(shapes.first) > 1
    return several | (np.diff(shapes.need)[shapes.own] > 0)


def least_costs(problem: Problem) -> Ints:
    r"""Points that each option adds at least, where a session's idle time is counted from its own visits alone.

    A provider who takes part in a visit of another session can sit idle for so much less in their own. So option
    :math:`o` of request :math:`r` is taken to cost

    .. math:: c_o - i \sum_{q \in Q_r} l_q

    with :math:`Q_r` the request's roles, :math:`l_q` the cells of the step that role :math:`q` takes part in, and
    :math:`i` the points of an idle cell. A session's true idle time and overtime are at least those of its own visits
    less what is taken off here, because holding its provider for more can only make its last end later.
    """
    saved = problem.week.role_cells * problem.coupling(ProviderTime).idle * problem.calendar.grid
    return problem.options.cost - saved[problem.options.request]


def make_entries(problem: Problem, by_session: Ints, shape: Ints) -> Entries:
    """Options in an order that puts those of a session together, and the shape of each."""
    week, options = problem.week, problem.options.take(by_session)
    sessions, requests, time = week.sessions, week.requests, problem.coupling(ProviderTime)
    before = requests.buffer_before[options.request]
    begin = sessions.start[options.session] + before
    table = np.stack(
        [options.request, options.earliest - begin, options.latest - begin,
         week.hold_of(options.request, options.session), before, shape[by_session]], axis=1,
    )  # fmt: skip
    edge = np.searchsorted(options.session, np.arange(len(sessions) + 1))
    length = sessions.end - sessions.start
    rows = np.stack([sessions.start, length + sessions.overtime, length, sessions.day], axis=1)
    grid = week.calendar.grid
    return Entries(table, edge, rows, time.idle * grid, time.overtime * grid, _shared(week, options))


def _shared(week: Week, options: Options) -> Ints | None:
    """Which options can be in one group visit, and how many of them."""
    group = week.requests.group[options.request]
    if not (group >= 0).any():
        return None
    length = week.length_of(options.request, options.session)
    kind = np.where(group < 0, -1, group * (int(length.max()) + 1) + length)
    return np.stack([kind, week.requests.most_together[options.request]], axis=1)


class Rows(NamedTuple):
    r"""Linear inequalities between visits: :math:`\sum_o a_{ko} x_o \le b_k` for each row :math:`k`.

    :math:`x_o` is 1 if option :math:`o` is used and 0 if not.

    Attributes
    ----------
    row, entry : int array
        One entry for each coefficient that is not 0: the row, and the position of the option.
    coefficient : float array
        The coefficient.
    most : float array, shape (rows,)
        Right-hand sides b.
    """

    row: Ints
    entry: Ints
    coefficient: Floats
    most: Floats


def rows_of(problem: Problem, by_session: Ints) -> Rows:
    """Rows of limits and of distances between visits; options are counted in the order of `by_session`."""
    options = problem.options.take(by_session)
    parts = [_limit_rows(problem, options), _gap_rows(problem, options)]
    first = np.cumsum([0] + [len(part.most) for part in parts])
    row = np.concatenate([part.row + k for part, k in zip(parts, first.tolist(), strict=False)])
    return Rows(row, *(np.concatenate(columns) for columns in zip(*(part[1:] for part in parts), strict=True)))


def _limit_rows(problem: Problem, options: Options) -> Rows:
    """A row for each group of each limit."""
    rows, entries, most, count = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)], 0
    coefficients = [np.zeros(0)]
    for limit in (c for c in problem.couplings if isinstance(c, Limit)):
        entry, group = limit.groups(problem.week, options.request, options.session)
        coefficients.append(limit.takes(problem.week, options.request[entry], group).astype(float))
        names, group = np.unique(group, return_inverse=True)
        rows.append(group + count)
        entries.append(entry)
        most.append(np.array([limit.most(problem.week, int(g)) for g in names], float))
        count += len(names)
    return Rows(np.concatenate(rows), np.concatenate(entries), np.concatenate(coefficients), np.concatenate(most))


def _gap_rows(problem: Problem, options: Options) -> Rows:
    r"""Rows for each distance :math:`l` to :math:`h` between a first and a second visit, and each day :math:`d`.

    With :math:`a_d` and :math:`b_d` 1 where the first and the second visit are on day :math:`d`, else 0: where the
    second needs the first,
    :math:`\sum_{e \le d} b_e \le \sum_{e \le d - l} a_e` and :math:`\sum_{e \ge d} b_e \le \sum_{e \ge d - h} a_e`.
    Where each may be alone, :math:`\sum_{e \le d} b_e + \sum_{e > d - l} a_e \le 1` and
    :math:`\sum_{e \ge d} b_e + \sum_{e < d - h} a_e \le 1`.
    """
    gaps, day = day_gaps(problem), problem.week.sessions.day[options.session]
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
