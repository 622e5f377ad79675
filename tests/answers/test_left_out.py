"""What is said of requests left out: every fact holds, and nothing else is said."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from hypothesis import event, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

import schedopt
from schedopt.answers.left_out import BESIDE, CONFLICT, PROVED, SEARCHED
from schedopt.answers.result import make_plan, plan_around
from schedopt.answers.standing import DEAR, FULL, GAIN, OR, SOME, UNSOUND
from schedopt.models.problem.check import check
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule, nothing_placed
from schedopt.solver.bound.prices import Pricing
from schedopt.solver.cpsat.model import Effort, PieceModel, make_solver
from schedopt.solver.cpsat.promises import settle
from schedopt.solver.search.local import insertion
from schedopt.solver.search.track import Track
from tests.desk import crowded, everywhere, planned
from tests.effort import BRIEF, examples
from tests.offices import Case, Size, cases
from tests.planning.test_planning import HOUR, example, small
from tests.schedules import built

CROWDED = Size(requests=8, providers=1, days=2, grids=(15,), longest=60)


def placements(problem: Problem, schedule: Schedule, request: int) -> list[Schedule]:
    """The schedule with a request at every start of every option, its steps without waits."""
    options = problem.options
    rows = range(int(problem.offset[request]), int(problem.offset[request + 1]))
    return [
        options.place(problem.week, schedule, row, start)
        for row in rows
        for start in range(int(options.earliest[row]), int(options.latest[row]) + 1)
    ]


def broken(problem: Problem, schedule: Schedule) -> set[str]:
    """Rules and couplings that a schedule breaks, promises that are left out aside."""
    return {rule for _, rule, *_ in check(problem, schedule).broken} - {"promises"}


def assert_true(problem: Problem, schedule: Schedule, request: int, cause: str, text: str) -> None:
    """Look at everything that can be said of a request with options, and hold what is said against it."""
    tried = [(placed, broken(problem, placed)) for placed in placements(problem, schedule, request)]

    def _provider_step(placed: Schedule) -> Schedule:
        """Without those who take part in other steps."""
        roles, others = problem.week.roles, placed.others.copy()
        aside = [r for r in roles.of(request) if roles.step[r] != problem.week.steps.provider_step[request]]
        others[request, roles.number[aside]] = -1
        return replace(placed, others=others)

    reason = {c.name: c.reason for c in (*problem.rules, *problem.couplings)}
    tried = [(placed, rules) for placed, rules in tried if "step_order" not in rules]  # steps after midnight
    if not tried:
        assert reason["step_order"] in cause.split(OR)
        return
    free = [rules for placed, rules in tried if "provider_time" not in broken(problem, _provider_step(placed))]
    ways = [s for s in everywhere(problem, schedule, request) if not broken(problem, s)]
    now = check(problem, schedule).cost
    changes = [check(problem, placed).cost - now for placed in ways]
    if cause == FULL:
        assert not free
        assert not changes
        return
    assert free
    if cause in (DEAR, GAIN):
        amount = re.search(r"that would cost ([\d,]+)", text)
        said = int(amount[1].replace(",", "")) if amount else 0
        said = -said if " less" in text else said
        assert said in changes
        assert said == min(changes) or "fair_access" in reason or "fair_load" in reason
        assert (said > 0) == (cause == DEAR)
        return
    assert not changes
    named = set(cause.split(OR))
    assert all(free)
    assert SOME in named or all(named & {reason[name] for name in rules} for rules in free)


def check_texts(plan: Plan, prefix: str, most: int = 100) -> None:
    """Hold what is said of a plan's requests left out, the dearest first, against the schedule."""
    problem = plan.problem
    for row in plan.left_out.head(most).itertuples():
        assert row.proved == (not row.cause.startswith(prefix) and row.cause not in (GAIN, CONFLICT))
        if row.sessions_left and not row.proved and row.cause != CONFLICT:
            cause = row.cause.removeprefix(f"{prefix}: ")
            assert "no place" in row.reason.lower() or cause == GAIN
            assert_true(problem, plan.assignment, problem.week.request_code[row.request], cause, row.reason)


@settings(max_examples=examples(10))
@given(planned())
def test_what_is_said_beside_any_schedule_holds(made: tuple[Case, Plan]) -> None:
    """Full sessions are full, what is named forbids each free start, and what a place is said to cost, it costs."""
    check_texts(made[1], BESIDE)


@settings(max_examples=examples(12))
@given(crowded())
def test_what_is_said_beside_a_crowded_schedule_holds(made: tuple[Case, Plan]) -> None:
    """The same, where there is hardly room: and no place that would save points is left, for all were inserted."""
    check_texts(made[1], BESIDE)
    assert GAIN not in set(made[1].left_out["cause"])


@settings(max_examples=examples(24))
@given(cases(CROWDED).flatmap(lambda case: built(case.problem).map(lambda schedule: (case.problem, schedule))))
def test_a_schedule_that_breaks_rules_is_answered(made: tuple[Problem, Schedule]) -> None:
    """Of a schedule that breaks rules nothing is said but which sessions are full."""
    problem, schedule = made
    plan = plan_around(problem, schedule, {})
    if broken(problem, schedule):
        left = plan.left_out[~plan.left_out["proved"]]
        assert set(left["cause"]) <= {f"{BESIDE}: {FULL}", f"{BESIDE}: {UNSOUND}"}


def least_with(problem: Problem, request: int) -> int | None:
    """Points of the best schedule that places a request, by CP-SAT; None: there is none."""
    everybody, options = np.arange(len(problem.week.requests)), np.arange(len(problem.options))
    model = PieceModel(problem, nothing_placed(problem.week), options, everybody)
    model.model.add(model.placed(request) == 1)
    solver = make_solver(Effort(30.0, deterministic=True))
    status = solver.solve(model.model)
    assert status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    return check(problem, model.read(solver)).cost if status == cp_model.OPTIMAL else None


@settings(max_examples=examples(24))
@given(cases(CROWDED), st.sampled_from((1, 30, 400)))
def test_forced_bounds_hold(case: Case, steps: int) -> None:
    """No schedule that places a request costs less than is proved of it, at good prices and at bad ones."""
    problem, _, _ = settle(case.problem)
    pricing = Pricing(problem, 1)
    for number in range(steps):
        pricing.step(number / steps)
    requests = np.flatnonzero(np.diff(problem.offset))
    forced = pricing.forced(requests)
    assert (forced >= pricing.bound).all()
    for request, points in zip(requests.tolist(), forced.tolist(), strict=True):
        least = least_with(problem, request)
        event(f"forced beyond the bound: {points > pricing.bound}")
        assert least is None or points <= least


def test_prices_alone_prove_that_a_request_is_not_worth_its_place() -> None:
    """A visit that would take the place of three, of four who want it, is proved to cost more than leaving it out."""
    requests = [{"request": f"R{n}", "patient": f"N{n}", "visit_type": "v"} for n in range(5)]
    problem = small(5, HOUR, requests=[*requests[:4], {**requests[4], "minutes": 60}])
    pricing = Pricing(problem, 1)
    for number in range(200):
        pricing.step(number / 200)
    assert pricing.bound == 800
    assert 1200 < pricing.forced(np.array([4]))[0] <= 1600


@settings(max_examples=examples(8))
@given(cases(CROWDED))
def test_what_prices_prove_of_a_plan_holds(case: Case) -> None:
    """Of a plan that is not the best, whoever is said to be proved has no place that costs less, says CP-SAT too."""
    problem, promised, conflicts = settle(case.problem)
    track = Track(problem, insertion(problem, promised), 1.0)
    pricing = Pricing(problem, 1)
    for number in range(100):
        pricing.step(number / 100)
    track.prove(pricing.bound)
    track.forced = pricing.forced
    plan = make_plan(problem, track, "feasible", conflicts, {})
    check_texts(plan, SEARCHED)
    for row in plan.left_out.itertuples():
        if row.proved and row.sessions_left:
            event(f"proved by prices, not by the bound: {plan.cost > plan.bound}")
            assert row.cause.startswith(PROVED)
            least = least_with(problem, problem.week.request_code[row.request])
            assert least is None or least >= plan.cost


@settings(max_examples=examples(19))
@given(cases(CROWDED))
def test_a_plan_proved_best_proves_everybody_left_out(case: Case) -> None:
    """Where the plan is proved best, so is that nobody left out can be placed for less."""
    plan = schedopt.plan(case.problem, time_limit=1, workers=1, seed=1, progress=False)
    if plan.status == "optimal":
        assert plan.left_out["proved"].all()
        assert plan.left_out.loc[plan.left_out["sessions_left"] > 0, "cause"].str.startswith(PROVED).all()


def test_a_plan_that_ran_out_of_time_says_so() -> None:
    """Where nothing is proved, cause and reason say that none was found; no place that would save points is left."""
    plan = schedopt.plan(example(sites=1, providers=2, load=1.3), time_limit=BRIEF, progress=False, deterministic=True)
    check_texts(plan, SEARCHED, most=2)
    unproved = plan.left_out[~plan.left_out["proved"]]
    assert len(unproved)
    assert GAIN not in set(unproved["cause"])
    assert (
        unproved["reason"]
        .str.endswith("No place was found for it in the time given; that no other schedule has one is not proved.")
        .all()
    )
    told = schedopt.explain(plan, unproved["request"].iloc[0])
    assert told.sentences[0] == unproved["reason"].iloc[0]
