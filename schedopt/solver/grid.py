"""The week as flat arrays for compiled code: what never changes, and who holds which cell."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from schedopt.models.couplings import DayGap, Limit, ProviderTime, StepOrder
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule
from schedopt.models.week import Flags, Ints

OPTIONS, HOLD, BEFORE, LEFT_OUT, FIXED, STEPS, OWN_STEP, PATIENTS, GAPS, LEAST = range(10)
"""Columns of :attr:`Fixed.request`."""
SESSION, EARLIEST, LATEST, OPENS, CLOSES, COST, GROUPS = range(7)
"""Columns of :attr:`Fixed.option`."""
LENGTH, MAX_WAIT, NEEDS = range(3)
"""Columns of :attr:`Fixed.step`."""
START, END, CLOSE, SITE, DAY, BASE = range(6)
"""Columns of :attr:`Fixed.session`."""
OTHER, LOW, HIGH, OTHER_FIRST, NEEDS_FIRST = range(5)
"""Columns of :attr:`Fixed.gap`."""
USED, LAST, ROOM = range(3)
"""Columns of :attr:`Grid.session`."""


class Fixed(NamedTuple):
    """What a search never changes: few tables, as compiled code passes each of them on with every call.

    Attributes
    ----------
    request : int array, shape (requests + 1, 10)
        First option; cells held, and those of them before the provider step; points of leaving out; whether fixed;
        first step, provider step; first entry of `patient` and of `gap`; fewest points that placing it can add. What
        belongs to a request ends where that of the next one begins.
    option : int array, shape (options + 1, 7)
        As :class:`~schedopt.models.options.Options`, and the first entry of `group`.
    step : int array, shape (steps + 1, 3)
        Cells, longest wait before it, first entry of `need`.
    session : int array, shape (sessions, 6)
        Start, end, end with overtime, site, day, and where its cells begin in :attr:`Grid.owner`.
    need : int array
        Kinds of pool.
    pool_at, turnover : int array
        As in :class:`~schedopt.models.week.Pools`.
    patient : int array
        Other requests of the same patient.
    gap : int array, shape (gaps, 5)
        A request to keep a distance in days from, fewest and most days, whether that one comes first, and whether
        the first of the two has to be placed for the second.
    group, group_most : int array
        Limits that an option counts towards, and the most visits of each limit.
    weights : int array, shape (4,)
        Points a cell: idle, overtime, office wait. Then cells a day.
    """

    request: Ints
    option: Ints
    step: Ints
    session: Ints
    need: Ints
    pool_at: Ints
    turnover: Ints
    patient: Ints
    gap: Ints
    group: Ints
    group_most: Ints
    weights: Ints


class Grid(NamedTuple):
    """Who holds what; compiled code changes these arrays in place.

    Attributes
    ----------
    row : int array, shape (requests,)
        Option that a request is placed by, or -1.
    step_start : int array, shape (steps,)
        Cell, or -1.
    owner : int array
        Request that holds a session's cell, or -1.
    session : int array, shape (sessions, 3)
        Cells held, the cell after the last one held, and the longest stretch of free cells.
    pool_free : int array, shape (pools, cells)
        Units left.
    group_count : int array
        Visits counted towards each limit.
    """

    row: Ints
    step_start: Ints
    owner: Ints
    session: Ints
    pool_free: Ints
    group_count: Ints


def _csr(key: Ints, count: int) -> tuple[Ints, Ints]:
    """Order that sorts by key, and where each key's entries begin."""
    order = np.argsort(key, kind="stable")
    return order, np.searchsorted(key[order], np.arange(count + 1))


def make_fixed(problem: Problem) -> Fixed:
    """Lay out a problem."""
    week, options = problem.week, problem.options
    requests, steps, sessions, pools = week.requests, week.steps, week.sessions, week.pools
    time, grid = problem.coupling(ProviderTime), week.calendar.grid
    needs, need_offset = _csr(steps.need_step, len(steps))
    patient_offset, patient = _patients(requests.patient)
    group_offset, group, group_most = _groups(problem)
    gap_offset, gap = _gaps(problem)
    close, wait = sessions.end + sessions.overtime, problem.coupling(StepOrder).office_wait
    base = np.concatenate([[0], np.cumsum(close - sessions.start)])
    return Fixed(
        _table(problem.offset, requests.hold, requests.buffer_before, problem.left_out, requests.fixed, steps.offset,
               steps.provider_step, patient_offset, gap_offset,
               _least(problem, options.cost, problem.left_out)),
        _table(options.session, options.earliest, options.latest, options.opens, options.closes, options.cost,
               group_offset),
        _table(steps.length, steps.max_wait, need_offset),
        _table(sessions.start, sessions.end, close, sessions.site, sessions.day, base)[:-1],
        steps.need_kind[needs], pools.at, pools.turnover, patient, gap, group, group_most,
        np.array([time.idle * grid, time.overtime * grid, wait * grid, week.calendar.cells_per_day], np.int64),
    )  # fmt: skip


def _least(problem: Problem, option: Ints, left_out: Ints) -> Ints:
    """Fewest points that placing each request can add: its cheapest option, in cells where the provider sat idle."""
    time = problem.coupling(ProviderTime)
    least = left_out.copy()
    np.minimum.at(least, problem.options.request, option)
    return least - problem.week.requests.hold * time.idle * problem.calendar.grid


def reprice(problem: Problem, fixed: Fixed, option: Ints, left_out: Ints) -> None:
    """Change the points of every option, and of leaving every request out."""
    fixed.option[: len(option), COST] = option
    fixed.request[: len(left_out), LEFT_OUT] = left_out
    fixed.request[: len(left_out), LEAST] = _least(problem, option, left_out)


def _table(*columns: Ints | Flags) -> Ints:
    """Columns side by side; one more row, for the ends of what offsets begin."""
    height = max(len(column) for column in columns)
    table = np.zeros((height, len(columns)), np.int64)
    for number, column in enumerate(columns):
        table[: len(column), number] = column
    return table


def _patients(patient: Ints) -> tuple[Ints, Ints]:
    """Other requests of each request's patient."""
    order, offset = _csr(patient, int(patient.max(initial=-1)) + 1)
    others = [order[offset[p] : offset[p + 1]] for p in patient]
    others = [same[same != r] for r, same in enumerate(others)]
    counts = np.array([len(same) for same in others], np.int64)
    return np.concatenate([[0], np.cumsum(counts)]), np.concatenate([*others, np.zeros(0, np.int64)])


def _groups(problem: Problem) -> tuple[Ints, Ints, Ints]:
    """Limits by option, and the most of each."""
    rows, groups, most, count = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0
    for limit in (c for c in problem.couplings if isinstance(c, Limit)):
        row, group = limit.groups(problem.week, problem.options.request, problem.options.session)
        names, group = np.unique(group, return_inverse=True)
        rows.append(row)
        groups.append(group + count)
        most.append(np.array([limit.most(problem.week, int(g)) for g in names], np.int64))
        count += len(names)
    row, group = np.concatenate(rows), np.concatenate(groups)
    order, offset = _csr(row, len(problem.options))
    return offset, group[order], np.concatenate(most)


def _gaps(problem: Problem) -> tuple[Ints, Ints]:
    """Distances by request, each pair seen from both sides."""
    gaps = problem.coupling(DayGap)
    request = np.concatenate([gaps.second, gaps.first])
    other = np.concatenate([gaps.first, gaps.second])
    low, high = np.tile(gaps.low, 2), np.tile(gaps.high, 2)
    first = np.repeat([True, False], len(gaps.first))
    order, offset = _csr(request, len(problem.week.requests))
    return offset, np.stack([other, low, high, first, np.tile(gaps.needs_first, 2)], axis=1)[order]


def coupled(problem: Problem, fixed: Fixed) -> Flags:
    """Requests whose place bears on others in other sessions; only one thread may move them."""
    tied = (np.diff(fixed.request[:, PATIENTS]) > 0) | (np.diff(fixed.request[:, GAPS]) > 0)
    options = problem.options
    for coupling in problem.couplings:
        if isinstance(coupling, Limit) and not coupling.within_shift:
            row, _ = coupling.groups(problem.week, options.request, options.session)
            tied[options.request[row]] = True
    return tied


def empty_grid(problem: Problem, fixed: Fixed) -> Grid:
    """A grid in which nobody is placed."""
    week = problem.week
    length = fixed.session[:, CLOSE] - fixed.session[:, START]
    return Grid(
        np.full(len(week.requests), -1, np.int64),
        np.full(len(week.steps), -1, np.int64),
        np.full(int(length.sum()), -1, np.int64),
        _table(
            np.zeros(len(week.sessions), np.int64),
            week.sessions.start,
            fixed.session[:, CLOSE] - fixed.session[:, START],
        ),
        week.pools.available(week.calendar.num_cells),
        np.zeros(len(fixed.group_most), np.int64),
    )


def to_schedule(problem: Problem, grid: Grid) -> Schedule:
    """What a grid holds."""
    session = np.full(len(grid.row), -1, np.int64)
    placed = grid.row >= 0
    session[placed] = problem.options.session[grid.row[placed]]
    return Schedule(session, grid.step_start.copy())
