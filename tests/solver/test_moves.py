"""Moves that bring along, or make way for, what a request depends on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

import schedopt
from schedopt.models.problem.check import check
from schedopt.models.problem.schedule import Schedule, nothing_placed, place_at
from schedopt.solver.cpsat.neighbourhoods import Neighbourhoods
from schedopt.solver.cpsat.pieces import PieceSearch
from schedopt.solver.search.local import Annealing
from schedopt.solver.search.track import Track

MONDAY = dt.date(2026, 11, 30)
HOURS = [f"2026-{month}-{day}" for month, day in (("11", "30"), ("12", "01"))]


def full(wishes: list[dict[str, Any]], minutes: list[int]) -> tuple[schedopt.Problem, Schedule]:
    """Two hours on two days, full of visits F0 to F5 of 20 minutes; the wishes, left out, have these lengths."""
    fillers = [{"request": f"F{n}", "patient": f"N{n}", "visit_type": "v"} for n in range(6)]
    wished = [{"patient": "P", "visit_type": "v", "minutes": m} | wish for wish, m in zip(wishes, minutes, strict=True)]
    frames = {
        "providers": pd.DataFrame({"provider": ["D"]}),
        "visit_types": pd.DataFrame({"visit_type": ["v"], "minutes": [20]}),
        "patients": pd.DataFrame({"patient": ["P", *(f"N{n}" for n in range(6))]}),
        "requests": pd.DataFrame([*fillers, *wished]),
        "shifts": pd.DataFrame(
            [{"provider": "D", "site": "S", "date": date, "start": "08:00", "end": "09:00"} for date in HOURS]
        ),
    }
    problem = schedopt.assemble(schedopt.office_from_frames(frames, {"days": 3}), MONDAY)
    schedule = nothing_placed(problem.week)
    for n in range(6):
        start = int(problem.week.sessions.start[n // 3]) + (n % 3) * 4
        schedule = place_at(problem.week, schedule, problem.week.request_code[f"F{n}"], n // 3, start)
    assert check(problem, schedule).breaches.empty
    return problem, schedule


FOLLOWED = [
    {"request": "A", "priority": 1},
    {"request": "B", "priority": 10, "after": "A", "after_min_days": 1, "after_max_days": 1},
]
"""A cheap visit, and a dear one that has to come the day after it."""


def annealed(problem: schedopt.Problem, start: Schedule, rounds: int) -> Schedule:
    """The best schedule after so many rounds of moves."""
    search = Annealing(problem, start, 1, 1, np.zeros(len(problem.options)))
    search.run(Track(problem, start, 60.0), 1.0, rounds=rounds, quiet=True)
    return search.best[1]


def test_a_dear_visit_brings_the_one_it_follows() -> None:
    """Where a week is full, a dear request whose cheap first visit is left out is placed together with that."""
    problem, start = full(FOLLOWED, [20, 20])
    found = annealed(problem, start, 2)
    codes = [problem.week.request_code[name] for name in "AB"]
    assert (found.session[codes] >= 0).all()
    assert check(problem, found).breaches.empty


def test_a_first_visit_on_the_wrong_day_makes_way() -> None:
    """A dear follower for which the first visit is a day late is placed: the first one moves."""
    problem, start = full(FOLLOWED, [20, 20])
    first = problem.week.request_code["A"]
    out = problem.week.request_code["F5"]
    start = start.without(problem.week, np.array([out]))
    start = place_at(problem.week, start, first, 1, int(problem.week.sessions.start[1]) + 8)
    assert check(problem, start).breaches.empty
    found = annealed(problem, start, 2)
    assert (found.session[[first, problem.week.request_code["B"]]] >= 0).all()
    assert check(problem, found).breaches.empty


def test_two_short_visits_take_the_place_of_a_long_one() -> None:
    """Two visits that are left out replace one that is as long as both, though the first alone gains nothing."""
    shorts = [{"request": f"S{n}", "patient": "P"} for n in range(2)]
    problem, start = full(shorts, [10, 10])
    found = annealed(problem, start, 1)
    assert (found.session < 0).sum() == 1
    assert check(problem, found).breaches.empty


@pytest.mark.parametrize("deterministic", [True, False])
def test_pieces_of_ones_own_place_the_dear(deterministic: bool) -> None:
    """Pieces around a dear request that is left out, with what it follows, place it without any moves."""
    problem, start = full(FOLLOWED, [20, 20])
    track = Track(problem, start, 20.0, deterministic=deterministic)
    PieceSearch(problem, track, 1, 1, deterministic, np.zeros(len(problem.options))).run(3, final=True)
    assert track.best.session[problem.week.request_code["B"]] >= 0


def test_the_dearest_comes_first_and_all_get_a_turn() -> None:
    """Pieces around those left out begin with the dearest; with time for nothing else everybody gets one."""
    wishes = [{"request": name, "priority": priority} for name, priority in (("A", 1), ("B", 10), ("C", 3))]
    problem, start = full(wishes, [20, 20, 20])
    choose, turns = Neighbourhoods(problem, 1, np.zeros(len(problem.options))), list[str]()
    busy, taken = np.zeros(len(problem.week.sessions), bool), np.zeros(len(problem.week.requests), bool)
    for _ in range(20):
        before = choose.turns.copy()
        piece = choose.choose_for_one(start, 30, busy, taken, last=True)
        assert piece is not None
        request = int(np.flatnonzero(choose.turns > before)[0])
        assert request in piece.free
        turns.append(problem.week.requests.ids[request])
    assert turns[0] == "B"
    assert set(turns) == {"A", "B", "C"}
