"""Schedules built in one pass: the baseline that books first come first served, and a start guided by prices."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from schedopt.models.couplings import DayGap
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule
from schedopt.models.week import Ints
from schedopt.solver.occupancy import Occupancy
from schedopt.solver.relaxation import Relaxation


def first_fit(problem: Problem) -> Schedule:
    """What a booking system does: the dearest to leave out first, each at the earliest time that is free.

    Fixed promises go before everything.
    """
    occupancy = Occupancy(problem)
    left_out, options = problem.left_out, problem.options
    for request in _in_order(problem, -left_out):
        rows = np.arange(problem.offset[request], problem.offset[request + 1])
        for row in rows[np.lexsort((options.cost[rows], options.earliest[rows]))].tolist():
            if (placement := occupancy.first(request, row)) is not None:
                occupancy.place(request, placement.session, placement.starts)
                break
    return occupancy.schedule()


def guided(problem: Problem, relaxation: Relaxation, *, deadline: Iterable[bool] = ()) -> Schedule:
    """Insert request after request where the relaxation's prices say that it is worth most.

    Requests that the relaxation places are inserted before those that it leaves out, and among them those with
    few places to go and many steps first.
    """
    occupancy = Occupancy(problem)
    options = problem.options
    num_sessions = max(1, len(problem.week.sessions))
    pair = np.searchsorted(
        relaxation.request * num_sessions + relaxation.session, options.request * num_sessions + options.session
    )
    pressure = relaxation.price[pair] - (options.cost - problem.left_out[options.request])
    worth = np.round(pressure + np.where(relaxation.share[pair] > 0.5, 0, 5)).astype(int).tolist()
    gain = np.zeros(len(problem.week.requests))
    np.minimum.at(gain, relaxation.request, relaxation.price)
    wanted = np.bincount(relaxation.request, weights=relaxation.share, minlength=len(gain))
    room = np.bincount(options.request, weights=options.latest - options.earliest + 1.0, minlength=len(gain))
    steps = np.diff(problem.week.steps.offset)
    key = np.lexsort((gain, room / np.maximum(1, steps) ** 2, -np.round(wanted)))
    rank = np.empty(len(key), np.int64)
    rank[key] = np.arange(len(key))
    for request in _in_order(problem, rank):
        placement = occupancy.best(request, worth)
        if placement is not None and placement.points < problem.left_out[request]:
            occupancy.place(request, placement.session, placement.starts)
    return occupancy.schedule()


def _in_order(problem: Problem, key: Ints) -> list[int]:
    """Requests by rising key, but fixed promises first, and none before those that it follows."""
    order = np.lexsort((key, ~problem.week.requests.fixed)).tolist()
    gaps = problem.coupling(DayGap)
    follows: dict[int, list[int]] = {}
    for first, second in zip(gaps.first.tolist(), gaps.second.tolist(), strict=True):
        follows.setdefault(second, []).append(first)
    done: set[int] = set()
    result: list[int] = []

    def visit(request: int) -> None:
        if request in done:
            return
        done.add(request)
        for earlier in follows.get(request, ()):
            visit(earlier)
        result.append(request)

    for request in order:
        visit(request)
    return result
