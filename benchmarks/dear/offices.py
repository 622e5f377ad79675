"""Offices in tight weeks, with dear requests planted among those that are hard to place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

import numpy as np
from ortools.sat.python import cp_model

import schedopt
from benchmarks.dear.ties import tied_to
from benchmarks.families.weeks import MONDAY, Frames, Given
from schedopt.arrays import Ints
from schedopt.example import example_frames, example_settings
from schedopt.models.problem.couplings import DayGap, Limit
from schedopt.models.problem.schedule import nothing_placed
from schedopt.solver.cpsat.model import Effort, PieceModel, make_solver

DEAR_POINTS = 4_000
"""A request that costs as much to leave out is dear."""
PRIORITY = "10"
"""Of a planted request; times the usual price of leaving out, that is dear."""
MOST_PROVIDERS = 8
LOADS = (1.1, 1.2, 1.3, 1.4)


@dataclass(frozen=True)
class Size:
    """How large and how full an office is, and the seed of what is invented and planted."""

    sites: int
    providers: int
    load: float
    seed: int

    def __str__(self) -> str:
        return f"{self.sites}x{self.providers}-{self.load:g}-{self.seed}"


@dataclass(frozen=True)
class Planted:
    """An office with its problem, and the ids of the requests that were made dear."""

    size: Size
    given: Given
    problem: schedopt.Problem
    ids: tuple[str, ...]


def sizes(number: int, seed: int = 1) -> Iterator[Size]:
    """So many sizes, small to middle; the first ones are the same for any number."""
    for office in range(1, number + 1):
        rng = np.random.default_rng([seed, office])
        providers = int(rng.integers(2, MOST_PROVIDERS + 1))
        sites = int(rng.integers(1, 1 + min(3, providers // 2)))
        yield Size(sites, providers, LOADS[(office - 1) % len(LOADS)], int(rng.integers(1, 1_000)))


def plant(size: Size, number: int = 10) -> Planted:
    """Invent an office and make so many more of its requests dear, fewer only where no more have options.

    They are taken in turn from those that are hard to place for one reason and another, but not impossible: a follower
    may have options and none that go with those of whom it follows.
    """
    frames = example_frames(
        sites=size.sites, providers=size.providers, load=size.load, seed=size.seed, week=MONDAY
    )  # fmt: skip
    problem = _given(frames).problem()
    codes = islice((code for code in _hard(problem, size.seed) if possible(problem, code)), number)
    ids = [problem.week.requests.ids[code] for code in codes]
    chosen = frames["requests"]["request"].isin(ids)
    priority = frames["requests"]["priority"].mask(chosen, PRIORITY)
    given = _given(frames | {"requests": frames["requests"].assign(priority=priority)})
    return Planted(size, given, given.problem(), tuple(ids))


def is_dear(problem: schedopt.Problem) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which requests are dear and have an option."""
    return (problem.left_out >= DEAR_POINTS) & (np.diff(problem.offset) > 0)


def possible(problem: schedopt.Problem, request: int) -> bool:
    """Whether a request has a place, with those it is tied to, in a week without anybody else."""
    free = np.union1d(tied_to(problem, request), [request])
    rows = np.flatnonzero(np.isin(problem.options.request, free))
    model = PieceModel(problem, nothing_placed(problem.week), rows, free)
    model.model.add(model.placed(request) == 1)
    solver = make_solver(Effort(5.0))
    solver.parameters.stop_after_first_solution = True
    return solver.solve(model.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)


def _given(frames: Frames) -> Given:
    return Given(frames, example_settings().model_dump(exclude_defaults=True), MONDAY)


def _hard(problem: schedopt.Problem, seed: int) -> list[int]:
    """Requests with options that are not dear yet: the hardest of each kind in turn, then all others."""
    rng = np.random.default_rng(seed)
    open_to = (np.diff(problem.offset) > 0) & (problem.left_out < DEAR_POINTS) & ~problem.week.requests.fixed
    everybody = rng.permutation(np.flatnonzero(open_to))
    kinds = []
    for hardness in (*_kinds(problem), np.ones(len(open_to))):
        mine = everybody[hardness[everybody] > 0]
        kinds.append(mine[np.argsort(-hardness[mine], kind="stable")].tolist())
    in_turn = [code for codes in zip_longest(*kinds[:-1]) for code in codes if code is not None]
    return list(dict.fromkeys([*in_turn, *kinds[-1]]))


def _kinds(problem: schedopt.Problem) -> Sequence[np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """How hard each request is to place, for one reason and another; 0: not for that one."""
    requests = problem.week.requests
    few = 1.0 / np.maximum(1, np.diff(problem.offset))
    gaps = problem.coupling(DayGap)
    usual = int(np.median(problem.left_out))
    series = np.zeros(len(requests))
    series[gaps.second[gaps.needs_first & (problem.left_out[gaps.first] <= usual)]] = 1.0
    several = np.bincount(requests.patient)[requests.patient] > 1
    limits = [limit_pressure(problem, limit) for limit in problem.couplings if isinstance(limit, Limit)]
    return (few, series * few, _pool_pressure(problem), *limits, several * few, requests.hold.astype(float))


def limit_pressure(problem: schedopt.Problem, limit: Limit) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Requests that could fall into a group, over its most; of each request, in the best of its options."""
    options = problem.options
    row, group = limit.groups(problem.week, options.request, options.session)
    pressure = np.zeros(len(options))
    for one in np.unique(group).tolist():
        members = row[group == one]
        ratio = len(np.unique(options.request[members])) / max(1, limit.most(problem.week, one))
        pressure[members] = np.maximum(pressure[members], ratio)
    least = np.full(len(problem.week.requests), np.inf)
    np.minimum.at(least, options.request, pressure)
    return np.where(np.isfinite(least), least, 0.0)


def _pool_pressure(problem: schedopt.Problem) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Cells asked for of the scarcest kind of pool that each request needs, for each unit that there is."""
    steps, pools = problem.week.steps, problem.week.pools
    num_kinds = len(pools.kind_ids)
    asked = np.bincount(steps.need_kind, weights=steps.length[steps.need_step], minlength=num_kinds)
    units: Ints = np.zeros(num_kinds, np.int64)
    np.add.at(units, pools.kind, pools.capacity)
    pressure = np.zeros(len(problem.week.requests))
    np.maximum.at(pressure, steps.request[steps.need_step], (asked / np.maximum(1, units))[steps.need_kind])
    return pressure
