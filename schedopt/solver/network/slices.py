"""One part of a week cut out of the compiled arrays, small enough to be sent to another process, and planned there."""

from __future__ import annotations

import pickle
import time
import zlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from schedopt.arrays import Flags, Floats, Ints
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.network.parts import Part
from schedopt.solver.params import DEFAULTS, AnnealingParams
from schedopt.solver.search.days import days_of_part
from schedopt.solver.search.grid import (
    BASE,
    BITS,
    CLOSE,
    COST,
    GAPS,
    GROUPS,
    LIMIT,
    NEEDS,
    OPTIONS,
    OTHER,
    OWN_STEP,
    PATIENTS,
    SESSION,
    SITE,
    START,
    STEPS,
    TAKES,
    Grid,
    WeekTables,
    bases,
    grid_without_visits,
    make_tables,
    ranked,
)
from schedopt.solver.search.local import insertion_order, option_rows, running_weights, temperature_at, weights_of
from schedopt.solver.search.moves import insert_all, place_all
from schedopt.solver.search.rounds import AnnealingState, Rounds
from schedopt.solver.search.scale import usual_price


class Slice(NamedTuple):
    """A part of a week with codes of its own: positions in the part's sites, sessions, requests and rows.

    Attributes
    ----------
    tables : WeekTables
        Compiled arrays.
    row, step_start : int array
        What is placed: the option, or -1, by request, and the cell by step.
    available : int array, shape (pools, cells)
        Units of each pool.
    order : int array
        Requests, first those to insert first.
    movable : bool array
        Who may be moved.
    weight : float array
        How often to try each option.
    usual : float
        The usual price of leaving a request of the week out, in points.
    params : AnnealingParams
        How it is annealed.
    """

    tables: WeekTables
    row: Ints
    step_start: Ints
    available: Ints
    order: Ints
    movable: Flags
    weight: Floats
    usual: float
    params: AnnealingParams


class Found(NamedTuple):
    """A part planned: the option by which each of its requests is placed, or -1, and the cell of each of its steps.

    `moves` says how many were made for it.
    """

    row: Ints
    step_start: Ints
    moves: int


class Slicer:
    """Cuts parts out of a week.

    Parameters
    ----------
    problem : Problem
        The week.
    excess : float array, shape (options,)
        Points, 0 or more, that an option seems to cost above the best of its request.
    start : Schedule
        What is placed already.
    params : AnnealingParams
        How parts are annealed.
    """

    def __init__(
        self, problem: Problem, excess: Floats, start: Schedule, params: AnnealingParams = DEFAULTS.annealing
    ) -> None:  # fmt: skip
        week, self._params = problem.week, params
        self._tables, self._start = make_tables(problem), start.step_start
        self._row = option_rows(problem, start)
        self._movable = ~week.requests.fixed & (np.diff(problem.offset) > 0)
        self._usual = usual_price(problem)
        self._weight = weights_of(excess, self._usual, params)
        self._available = week.pools.available(week.calendar.num_cells)
        self._rank = np.argsort(insertion_order(problem))

    def cut(self, part: Part) -> Slice:
        """One part, in codes of its own."""
        tables, requests = self._tables, part.requests
        code = _codes(requests, len(tables.request) - 1)
        pools = np.unique(tables.pool_at[part.sites])
        pools = pools[pools >= 0]
        steps, _ = _entries(tables.request[:, STEPS], requests)
        part_tables = _tables_of(tables, part, code, pools, steps)
        movable = self._movable[requests] & (np.diff(part_tables.request[:, OPTIONS]) > 0)
        movable[code[part.held]] = False
        row = self._row[requests]
        placed = row >= 0
        row[placed] = np.searchsorted(part.rows, row[placed])
        return Slice(
            part_tables, row, self._start[steps], self._available[pools],
            np.argsort(self._rank[requests], kind="stable"), movable, self._weight[part.rows], self._usual,
            self._params,
        )  # fmt: skip


def _owner(tables: WeekTables, rows: Ints) -> Ints:
    """Requests of options."""
    return np.searchsorted(tables.request[:, OPTIONS], rows, side="right") - 1


def _codes(chosen: Ints, count: int) -> Ints:
    """Position among those chosen, or -1, of each of so many; and of -1 itself, which is none of them."""
    code = np.full(count + 1, -1)
    code[chosen] = np.arange(len(chosen))
    return code


def _entries(begins: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """Entries of those chosen, where each one's run from where they begin to where the next one's do; and offsets."""
    first, count = begins[chosen], begins[chosen + 1] - begins[chosen]
    offset = np.concatenate([[0], np.cumsum(count)])
    return np.arange(offset[-1]) + np.repeat(first - offset[:-1], count), offset


def _kept(begins: Ints, chosen: Ints, value: Ints) -> tuple[Ints, Ints]:
    """As :func:`_entries`, without the entries whose value is -1."""
    entries, offset = _entries(begins, chosen)
    keep = value[entries] >= 0
    return entries[keep], np.concatenate([[0], np.cumsum(keep)])[offset]


def _tables_of(tables: WeekTables, part: Part, code: Ints, pools: Ints, steps: Ints) -> WeekTables:
    """The tables of a part."""
    requests, rows = part.requests, part.rows
    patients, patient_offset = _kept(tables.request[:, PATIENTS], requests, code[tables.patient])
    gaps, gap_offset = _kept(tables.request[:, GAPS], requests, code[tables.gap[:, OTHER]])
    groups, group_offset = _entries(tables.option[:, GROUPS], rows)
    needs, need_offset = _entries(tables.step[:, NEEDS], steps)
    names, limit = np.unique(tables.group[groups, LIMIT], return_inverse=True)
    group = np.stack([limit, tables.group[groups, TAKES]], axis=1)
    _, step_offset = _entries(tables.request[:, STEPS], requests)
    request = _with_end(tables.request[requests])
    request[:-1, OWN_STEP] += step_offset[:-1] - tables.request[requests, STEPS]
    request[:, OPTIONS] = np.searchsorted(code[_owner(tables, rows)], np.arange(len(requests) + 1))
    request[:, STEPS], request[:, PATIENTS], request[:, GAPS] = step_offset, patient_offset, gap_offset
    option = _with_end(tables.option[rows])
    sessions = _codes(part.sessions, len(tables.session))
    option[:-1, SESSION] = sessions[tables.option[rows, SESSION]]
    option[:, GROUPS] = group_offset
    others = None
    if tables.others is not None:
        others = np.pad(tables.others[rows], ((0, 1), (0, 0), (0, 0)))
        others[:-1, :, 0] = sessions[others[:-1, :, 0]]
    step = _with_end(tables.step[steps])
    step[:, NEEDS] = need_offset
    session = tables.session[part.sessions]
    session[:, SITE] = np.searchsorted(part.sites, session[:, SITE])
    length = session[:, CLOSE] - session[:, START]
    session[:, BASE], session[:, BITS] = bases(length)
    gap = tables.gap[gaps]
    gap[:, OTHER] = code[gap[:, OTHER]]
    return WeekTables(
        request, option, ranked(request[:, OPTIONS], option[:-1, COST]), step, session, tables.need[needs],
        _codes(pools, len(tables.turnover))[tables.pool_at[part.sites]], tables.turnover[pools],
        code[tables.patient[patients]], gap, group, tables.group_most[names], others,
        None if tables.shared is None else tables.shared[part.requests],
        None if tables.lengths is None else np.append(tables.lengths[rows], 0),
        days_of_part(tables.days, part.sites, part.sessions, requests), tables.weights,
    )  # fmt: skip


def _with_end(table: Ints) -> Ints:
    """A table with one more row, for the ends of what offsets begin."""
    return np.concatenate([table, np.zeros((1, table.shape[1]), np.int64)])


def pack(piece: Slice) -> bytes:
    """A slice as few bytes."""
    return zlib.compress(pickle.dumps(piece, pickle.HIGHEST_PROTOCOL), 1)


def improve_part(
    packed: bytes, seed: tuple[int, ...], heat: tuple[float, float], seconds: float, rounds: int | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Found:  # fmt: skip
    """Insert who is left out of a part, and anneal it, on one thread.

    With `rounds`, a pure function of its arguments: whoever calls it, wherever, gets the same.

    Parameters
    ----------
    packed : bytes
        From :func:`pack`.
    seed : tuple of int
        Of the random generator.
    heat : tuple of float
        The first and the last temperature, as shares of the usual price of leaving out.
    seconds : float
        How long, where no rounds are given.
    rounds : int, optional
        How many rounds of moves.
    stopped : callable, optional
        Whether to end at once.

    Returns
    -------
    Found
    """
    began = time.monotonic()
    part: Slice = pickle.loads(zlib.decompress(packed))
    state = AnnealingState(
        part.tables, _inserted(part), part.movable, np.zeros(len(part.movable), bool),
        running_weights(part.tables.request[:, OPTIONS], part.weight), part.usual, part.params,
    )  # fmt: skip
    rounds_, number = Rounds(state, 1, seed), 0
    while part.movable.any() and (stopped is None or not stopped()):
        done = number / rounds if rounds is not None else (time.monotonic() - began) / max(1e-9, seconds)
        if done >= 1:
            break
        rounds_.round(map, temperature_at(part.usual, done, *heat))
        number += 1
    return Found(*rounds_.best, rounds_.moves)


def _inserted(part: Slice) -> Grid:
    """A grid that holds what is placed, and then those left out where they add least."""
    tables = part.tables
    grid = grid_without_visits(tables, len(part.step_start), part.available)
    placed = np.flatnonzero(part.row >= 0)
    place_all(tables, grid, placed, part.row[placed], part.step_start)
    order = part.order[(part.row[part.order] < 0)]
    insert_all(tables, grid, order, int(np.diff(tables.request[:, STEPS]).max(initial=1)))
    return grid
