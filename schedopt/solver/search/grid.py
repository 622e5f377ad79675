"""The week as flat arrays for compiled code: what never changes, and who holds which cell."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from schedopt.arrays import Flags, Ints, Words
from schedopt.models.problem.couplings import Limit, ProviderTime, StepOrder, tied_requests
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule, nothing_placed
from schedopt.models.problem.week import Requests, Steps
from schedopt.solver.known import across, day_gaps
from schedopt.solver.search.bits import WIDTH
from schedopt.solver.search.days import DayTables, day_tables

OPTIONS, HOLD, BEFORE, LEFT_OUT, FIXED, STEPS, OWN_STEP, PATIENTS, GAPS, LEAST, SAVES, ALIKE = range(12)
"""Columns of :attr:`WeekTables.request`."""
SESSION, EARLIEST, LATEST, OPENS, CLOSES, COST, GROUPS = range(7)
"""Columns of :attr:`WeekTables.option`."""
LENGTH, MAX_WAIT, NEEDS = range(3)
"""Columns of :attr:`WeekTables.step`."""
START, END, CLOSE, SITE, DAY, BASE, BITS = range(7)
"""Columns of :attr:`WeekTables.session`."""
OTHER, LOW, HIGH, OTHER_FIRST, NEEDS_FIRST = range(5)
"""Columns of :attr:`WeekTables.gap`."""
PER_IDLE, PER_OVERTIME, PER_WAIT, CELLS_A_DAY = range(4)
"""Entries of :attr:`WeekTables.weights`."""
USED, LAST = range(2)
"""Columns of :attr:`Grid.session`."""
SHARED_AS, SEATS = range(2)
"""Columns of :attr:`WeekTables.shared`."""
LEADER, NEXT, TOGETHER = range(3)
"""Columns of :attr:`Grid.group`."""
LIMIT, TAKES = range(2)
"""Columns of :attr:`WeekTables.group`."""


class WeekTables(NamedTuple):
    """What a search never changes: few tables, as compiled code passes each of them on with every call.

    Attributes
    ----------
    request : int array, shape (requests + 1, 12)
        First option; cells held, and those of them before the provider step; points of leaving out; whether fixed;
        first step, provider step; first entry of `patient` and of `gap`; fewest points that placing it can add; most
        cells in which providers sit idle no more; whether two of its steps need the same kind of pool. What belongs to
        a request ends where that of the next one begins.
    option : int array, shape (options + 1, 7)
        As :class:`~schedopt.models.problem.options.Options`, and the first entry of `group`.
    ranked : int array, shape (options,)
        The options of each request, those that cost least first.
    step : int array, shape (steps + 1, 3)
        Cells, longest wait before it, first entry of `need`.
    session : int array, shape (sessions, 7)
        Start, end, end with overtime, site, day, and where its cells begin in :attr:`Grid.owner` and, as bits, in
        :attr:`Grid.free`.
    need : int array
        Kinds of pool.
    pool_at, turnover : int array
        As in :class:`~schedopt.models.problem.week.Pools`.
    patient : int array
        Other requests of the same patient.
    gap : int array, shape (gaps, 5)
        A request to keep a distance in days from, fewest and most days, whether that one comes first, and whether
        the first of the two has to be placed for the second.
    group : int array, shape (entries, 2)
        Limits that an option counts towards, and how much it takes of each.
    group_most : int array
        The most of each limit.
    others : int array, shape (options + 1, roles, 2), or None
        For each role that a request can have, the session that fills it, or -1, and the place of its step among the
        request's. None in *plain* weeks, without roles, group visits, lengths by provider and anything in `days`: what
        is compiled for them has nothing of these in it. All other weeks have all of these tables, some of them empty,
        so that what is compiled is of two kinds only.
    shared : int array, shape (requests, 2), or None
        What the visits have in common that can be one group visit, or -1, and the most of them. None in plain weeks.
    lengths : int array, shape (options + 1,), or None
        Cells of the provider step by each option. None in plain weeks.
    days : DayTables or None
        What people's days ask for. None in plain weeks.
    weights : int array, shape (4,)
        Points a cell: idle, overtime, office wait. Then cells a day.
    """

    request: Ints
    option: Ints
    ranked: Ints
    step: Ints
    session: Ints
    need: Ints
    pool_at: Ints
    turnover: Ints
    patient: Ints
    gap: Ints
    group: Ints
    group_most: Ints
    others: Ints | None
    shared: Ints | None
    lengths: Ints | None
    days: DayTables | None
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
    free : array of words
        The cells of sessions that nobody holds, as bits; cells that are none of a session's are not free.
    session : int array, shape (sessions, 2)
        Cells held, and the cell after the last one held.
    pool_free : int array, shape (pools, cells)
        Units left.
    pool_open : array of words, shape (pools, words)
        The cells in which a unit is left, as bits.
    group_count : int array
        What visits take of each limit.
    group : int array, shape (requests, 3), or (0, 3) without group visits
        Of requests placed: the visit that holds what their group visit holds, itself where it is alone; another one of
        the group that comes after it in the leader's list, or -1; and, of leaders, how many they are.
    """

    row: Ints
    step_start: Ints
    owner: Ints
    free: Words
    session: Ints
    pool_free: Ints
    pool_open: Words
    group_count: Ints
    group: Ints


def _csr(key: Ints, count: int) -> tuple[Ints, Ints]:
    """Order that sorts by key, and where each key's entries begin."""
    order = np.argsort(key, kind="stable")
    return order, np.searchsorted(key[order], np.arange(count + 1))


def make_tables(problem: Problem) -> WeekTables:
    """Lay out a problem."""
    week, options = problem.week, problem.options
    requests, steps, sessions, pools = week.requests, week.steps, week.sessions, week.pools
    time, grid, days = problem.coupling(ProviderTime), week.calendar.grid, day_tables(problem)
    needs, need_offset = _csr(steps.need_step, len(steps))
    patient_offset, patient = _patients(requests.patient)
    group_offset, group, group_most = _groups(problem)
    gap_offset, gap = _gaps(problem)
    close, wait = sessions.end + sessions.overtime, problem.coupling(StepOrder).office_wait
    base, bits = bases(close - sessions.start)
    asked = len(days.apart) or days.way.any() or len(days.rule)
    plain = not asked and not len(week.roles) and not (requests.group >= 0).any() and requests.by_provider is None
    return WeekTables(
        _table(problem.offset, requests.hold, requests.buffer_before, problem.left_out, requests.fixed, steps.offset,
               steps.provider_step, patient_offset, gap_offset,
               _least(problem, options.cost, problem.left_out), _saves(problem),
               _alike(steps, needs)),
        _table(options.session, options.earliest, options.latest, options.opens, options.closes, options.cost,
               group_offset),
        ranked(problem.offset, options.cost),
        _table(steps.length, steps.max_wait, need_offset),
        _table(sessions.start, sessions.end, close, sessions.site, sessions.day, base, bits),
        steps.need_kind[needs], pools.at, pools.turnover, patient, gap, group, group_most,
        None if plain else _others(problem), None if plain else _shared(requests),
        None if plain else np.append(week.length_of(options.request, options.session), 0),
        None if plain else days,
        np.array([time.idle * grid, time.overtime * grid, wait * grid, week.calendar.cells_per_day], np.int64),
    )  # fmt: skip


def _others(problem: Problem) -> Ints:
    """Who takes part by each option beside its own provider, and in which of the request's steps."""
    week, options, roles = problem.week, problem.options, problem.week.roles
    place = np.zeros((len(week.requests), roles.most), np.int64)
    place[roles.request, roles.number] = roles.step - week.steps.offset[roles.request]
    return np.pad(np.stack([options.others, place[options.request]], axis=2), ((0, 1), (0, 0), (0, 0)))


def _shared(requests: Requests) -> Ints:
    """Which visits can be one group visit, and how many of them."""
    return np.stack([requests.group, requests.most_together], axis=1)


def _least(problem: Problem, option: Ints, left_out: Ints) -> Ints:
    """Fewest points that placing each request can add: its cheapest option, in cells where providers sat idle."""
    least = left_out.copy()
    np.minimum.at(least, problem.options.request, option)
    return least - _saves(problem) * problem.coupling(ProviderTime).idle * problem.calendar.grid


def _saves(problem: Problem) -> Ints:
    """Cells for which all whom a request needs are held: as many in which they sit idle it can save."""
    week, options = problem.week, problem.options
    if week.requests.by_provider is None:
        return week.requests.hold + week.role_cells
    held = week.requests.hold.copy()
    np.maximum.at(held, options.request, week.hold_of(options.request, options.session))
    return held + week.role_cells


def _alike(steps: Steps, order: Ints) -> Flags:
    """Whether two steps of a request need the same kind of pool; `order` sorts needs by their steps."""
    owner = np.searchsorted(steps.offset, steps.need_step[order], side="right") - 1
    pairs, count = np.unique(np.stack([owner, steps.need_kind[order]]), axis=1, return_counts=True)
    alike = np.zeros(len(steps.offset) - 1, bool)
    alike[pairs[0, count > 1]] = True
    return alike


def reprice(problem: Problem, tables: WeekTables, option: Ints, left_out: Ints) -> None:
    """Change the points of every option, and of leaving every request out."""
    tables.option[: len(option), COST] = option
    tables.ranked[:] = ranked(problem.offset, option)
    tables.request[: len(left_out), LEFT_OUT] = left_out
    tables.request[: len(left_out), LEAST] = _least(problem, option, left_out)


def ranked(offset: Ints, cost: Ints) -> Ints:
    """Options of each request, those that cost least first; request r has those from offset[r] to offset[r + 1] - 1."""
    return np.lexsort((cost, np.repeat(np.arange(len(offset) - 1), np.diff(offset))))


def bases(length: Ints) -> tuple[Ints, Ints]:
    """Where sessions of so many cells begin in :attr:`Grid.owner` and :attr:`Grid.free`.

    Each begins a word of its own. A word without free cells follows it, into which stretches do not go on.
    """
    words = 1 - (-length // WIDTH)
    return np.cumsum(length) - length, WIDTH * (np.cumsum(words) - words)


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
    """Limits by option with what it takes of them, and the most of each."""
    rows, groups, most, count = [np.zeros(0, np.int64)], [np.zeros((0, 2), np.int64)], [np.zeros(0, np.int64)], 0
    for limit in (c for c in problem.couplings if isinstance(c, Limit)):
        row, group = limit.groups(problem.week, problem.options.request, problem.options.session)
        takes = limit.takes(problem.week, problem.options.request[row], group)
        names, group = np.unique(group, return_inverse=True)
        rows.append(row)
        groups.append(np.stack([group + count, takes], axis=1))
        most.append(np.array([limit.most(problem.week, int(g)) for g in names], np.int64))
        count += len(names)
    row, group = np.concatenate(rows), np.concatenate(groups)
    order, offset = _csr(row, len(problem.options))
    return offset, group[order], np.concatenate(most)


def _gaps(problem: Problem) -> tuple[Ints, Ints]:
    """Distances by request, each pair seen from both sides."""
    gaps = day_gaps(problem)
    request = np.concatenate([gaps.second, gaps.first])
    other = np.concatenate([gaps.first, gaps.second])
    low, high = np.tile(gaps.low, 2), np.tile(gaps.high, 2)
    first = np.repeat([True, False], len(gaps.first))
    order, offset = _csr(request, len(problem.week.requests))
    return offset, np.stack([other, low, high, first, np.tile(gaps.needs_first, 2)], axis=1)[order]


def coupled(problem: Problem) -> Flags:
    """Requests whose place bears on others at other sites or on other days; only one thread may move them."""
    tied, options, sessions = np.zeros(len(problem.week.requests), bool), problem.options, problem.week.sessions
    cell = sessions.day * max(1, len(sessions.site_ids)) + sessions.site
    tied[tied_requests(problem.week, across(problem), options.placements, cell)[0]] = True
    return tied


def empty_grid(problem: Problem, tables: WeekTables) -> Grid:
    """A grid in which nobody is placed."""
    available = problem.week.pools.available(problem.calendar.num_cells)
    return grid_without_visits(tables, len(problem.week.steps), available)


def grid_without_visits(tables: WeekTables, steps: int, available: Ints) -> Grid:
    """A grid in which nobody is placed; `available` is what pools have, in each cell, as :attr:`Grid.pool_free`."""
    length = tables.session[:, CLOSE] - tables.session[:, START]
    _, bits = bases(length)
    beyond = 3 * WIDTH  # what is read past the last session's word without free cells
    cells = np.zeros(int((bits + WIDTH * (1 - (-length // WIDTH))).max(initial=0)) + beyond, bool)
    for begin, size in zip(bits.tolist(), length.tolist(), strict=True):
        cells[begin : begin + size] = True
    further = int(tables.weights[CELLS_A_DAY]) + 3 * WIDTH
    return Grid(
        np.full(len(tables.request) - 1, -1, np.int64),
        np.full(steps, -1, np.int64),
        np.full(int(length.sum()), -1, np.int64),
        _words(cells),
        _table(np.zeros(len(length), np.int64), tables.session[:, START]),
        available.copy(),
        _words(np.pad(available > 0, ((0, 0), (0, further + -available.shape[1] % WIDTH)))),
        np.zeros(len(tables.group_most), np.int64),
        no_groups(tables),
    )


def _words(cells: Flags) -> Words:
    """Cells as bits of words, the first cell the lowest bit."""
    size = -(-cells.shape[-1] // WIDTH) * WIDTH
    padded = np.zeros((*cells.shape[:-1], size), bool)
    padded[..., : cells.shape[-1]] = cells
    return np.packbits(padded, axis=-1, bitorder="little").view("<u8").astype(np.uint64)


def no_groups(tables: WeekTables) -> Ints:
    """:attr:`Grid.group` where nobody is placed."""
    return np.full((0 if tables.shared is None else len(tables.shared), 3), -1, np.int64)


def to_schedule(problem: Problem, grid: Grid) -> Schedule:
    """What a grid holds."""
    nobody, placed = nothing_placed(problem.week), grid.row >= 0
    nobody.session[placed] = problem.options.session[grid.row[placed]]
    nobody.others[placed] = problem.options.others[grid.row[placed]]
    return Schedule(nobody.session, grid.step_start.copy(), nobody.others)
