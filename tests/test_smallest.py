"""What every rule and coupling is for, in offices made by hand, and how far pools reach."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from schedopt.answers.free_places import FreePlaces
from schedopt.models import tables
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import Balance, Coupling
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.rules import Confines, Forbids, Prices, PricesTimes, Rule
from schedopt.models.problem.schedule import Schedule, nothing_placed, place_at
from tests.reference import Judge
from tests.schedules import visits_of
from tests.smallest import FIRST, SECOND, SMALLEST, Smallest
from tests.whole import Kind, breaches, cells_of, everybody, fits, kinds


def test_rules_say_who_they_are() -> None:
    """Every rule and coupling has a name of its own, a source and a reason."""
    everyone = [*kinds(Rule), *kinds(Coupling)]
    assert len(everyone) >= 30
    assert [kind for kind in everyone if not kind.name or not kind.reason] == []
    assert {kind.source for kind in everyone} == {"records", "billing", "rosters", "operations"}
    assert [name for name, count in Counter(kind.name for kind in everyone).items() if count > 1] == []


@pytest.mark.parametrize("kind", [*kinds(Rule), *kinds(Coupling)], ids=lambda kind: kind.name)
def test_every_rule_bites(kind: Kind) -> None:
    """In its smallest office each rule and coupling makes, alone, the whole difference: what it forbids nothing else
    does, and what it prices is the only part of the cost that changes without it. What a coupling forbids no model
    accepts, be everybody free or one request beside others that stay.
    """
    problem, schedule, without = _smallest(kind, kind.name)
    if issubclass(kind, Forbids | Confines) or (issubclass(kind, Coupling) and not issubclass(kind, Balance)):
        assert set(check(problem, schedule).breaches["rule"]) == {kind.name}
        assert check(without, schedule).breaches.empty
    if issubclass(kind, Forbids | Confines):
        assert _places(problem) < _places(without)
    if issubclass(kind, Coupling):
        guilty = [problem.week.request_code[name] for name, _ in breaches(check(problem, schedule))]
        for some in (everybody(problem), *np.union1d(schedule.placed, guilty).astype(np.int64)[:, None]):
            assert fits(without, schedule, some)
            assert fits(problem, schedule, some) == issubclass(kind, Balance)
    for name in _prices_of(kind, problem):
        problem, schedule, without = _smallest(kind, name)
        assert check(problem, schedule).breaches.empty
        points, others = _points(problem, schedule), _points(without, schedule)
        assert {part for part in points if points[part] != others.get(part, 0)} == {name}


def _smallest(kind: Kind, name: str) -> tuple[Problem, Schedule, Problem]:
    """The smallest problem that shows what a rule or coupling forbids or prices; its schedule; and without the rule."""
    assert name in SMALLEST, f"tests/smallest.py has no office to which {name} of {kind.__name__} matters: add one"
    problem = SMALLEST[name].problem()
    rules = tuple(rule for rule in problem.rules if not isinstance(rule, kind))
    couplings = tuple(coupling for coupling in problem.couplings if not isinstance(coupling, kind))
    return problem, SMALLEST[name].schedule(problem), replace(problem, rules=rules, couplings=couplings)


def _prices_of(kind: Kind, problem: Problem) -> list[str]:
    """Names of the parts of the cost that a rule or coupling makes."""
    if issubclass(kind, Prices | PricesTimes):
        return [kind.name]
    own = (coupling for coupling in problem.couplings if isinstance(coupling, kind))
    return [part.name for coupling in own for part in coupling.parts(problem.week, nothing_placed(problem.week))]


def _points(problem: Problem, schedule: Schedule) -> dict[str, int]:
    return {part.name: part.points for part in check(problem, schedule).parts}


def _places(problem: Problem) -> set[tuple[int, int, int]]:
    """Requests, sessions and cells of all options."""
    return {(request, session, cell) for request, session, _, cell, _ in cells_of(problem.options)}


def test_every_cell_around_what_holds_a_pool() -> None:
    """Around a closure, and a visit that is cleaned up after, check, reference, model and search
    allow the same starts.
    """
    smallest = Smallest(
        {
            "visit_types": (tables.VisitType(visit_type="talk", minutes=5, pools="exam"),),
            "pools": (tables.Pool(pool="room", site="MAIN", kind="exam", capacity=1, turnover=5),),
            "pool_closures": (tables.PoolClosure(pool="room", date=FIRST, start="08:15", end="08:25"),),
        },
        (("R2", "DR2", 0, ("08:40",)),),
    )
    problem = smallest.problem()
    week, others = problem.week, smallest.schedule(problem)
    places, judge = FreePlaces(problem, others).places(0), Judge(smallest.office, FIRST)
    offered = places.start[problem.options.session[places.row] == 0].tolist()
    allowed = []
    for start in range(int(week.sessions.start[0]), int(week.sessions.end[0])):
        schedule = place_at(week, others, 0, 0, start)
        sound = check(problem, schedule).breaches.empty
        assert sound == (not judge.judge(visits_of(problem, schedule)).breaches)
        assert sound == fits(problem, schedule, np.array([0])) == fits(problem, schedule, everybody(problem))
        assert sound == (start in offered)
        allowed += [(start - int(week.sessions.start[0])) * 5] * sound
    assert allowed == [0, 5, 25, 30, 50, 55]


def test_cleaning_ends_at_midnight() -> None:
    """A room that is cleaned late in the evening is free from midnight on: by the check, the reference, the model and
    the search.
    """
    hours = ((FIRST, "23:30", "24:00"), (SECOND, "00:00", "00:30"))
    smallest = Smallest(
        {
            "visit_types": (tables.VisitType(visit_type="talk", minutes=15, pools="exam"),),
            "pools": (tables.Pool(pool="room", site="MAIN", kind="exam", capacity=1, turnover=30),),
            "shifts": tuple(
                tables.Shift(provider="DR1", site="MAIN", date=date, start=start, end=end) for date, start, end in hours
            ),
        },
        (("R1", "DR1", 0, ("23:45",)), ("R2", "DR1", 1, ("00:00",))),
    )
    problem = smallest.problem()
    schedule = smallest.schedule(problem)
    assert check(problem, schedule).breaches.empty
    assert not Judge(smallest.office, FIRST).judge(visits_of(problem, schedule)).breaches
    assert fits(problem, schedule, everybody(problem))
    alone = FreePlaces(problem, schedule.without(problem.week, np.array([1])))
    assert problem.calendar.cells_per_day in alone.places(1).start
