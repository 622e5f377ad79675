"""Whole plans, played."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.answers.result import plan_around
from schedopt.models.clock import MINUTES_PER_DAY
from schedopt.models.problem.couplings.order import step_waits
from schedopt.models.problem.couplings.time import session_minutes
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.schedule import nothing_placed, place_at
from schedopt.office import assemble
from schedopt.simulation import simulate
from schedopt.simulation.days import parts_of
from schedopt.simulation.draws import draws_of
from schedopt.simulation.state import BUSY, IDLE, LAST, OVERTIME, URGENT, URGENT_WAIT, WALK_IN_WAIT, WALK_INS
from schedopt.uncertainty.distributions import Discrete, Lognormal, constant
from schedopt.uncertainty.week import Arrivals, Uncertainty, stream
from tests.effort import examples
from tests.simulation.desk import FIRST, one_morning, spaced, two_sites
from tests.simulation.worlds import draws, one_session, plans, played, tell

LATE = Discrete((-20.0, -3.0, 0.0, 4.0, 11.0, 40.0), (0.1, 0.2, 0.2, 0.2, 0.2, 0.1))


@given(plans(fits=True))
def test_as_planned(plan: Plan) -> None:
    """Without chance all happens as planned: waits, busy, idle and overtime minutes are the plan's own."""
    week, schedule = plan.problem.week, plan.assignment
    found = simulate(plan, Uncertainty.assumed(plan, 0, 0, step_scv=0), 2)
    step, cells = step_waits(week, schedule)
    waits = np.bincount(week.steps.request[step], weights=cells, minlength=len(week.requests)) * week.calendar.grid
    assert (found.played.waits == waits[schedule.placed][:, None]).all()
    expected = session_minutes(week, schedule)
    assert (found.played.counted[:, :, OVERTIME] == expected["overtime_minutes"][:, None]).all()
    inside = expected["overtime_minutes"] == 0
    assert (found.played.counted[inside, :, IDLE] == expected["idle_minutes"][inside, None]).all()
    assert (found.played.counted[inside, :, BUSY] == expected["seen_minutes"][inside, None]).all()


def uncertain(plan: Plan) -> Uncertainty:
    """All that can be uncertain."""
    walk_ins = Arrivals(1.5, Lognormal.from_mean(9, scv=0.4))
    return Uncertainty.assumed(plan, 0.5, 0.2, LATE, walk_ins=walk_ins, urgent=Arrivals(0.7, walk_ins.service))


def in_fives(plan: Plan) -> Uncertainty:
    """All that can be uncertain, in fives of minutes and with steps that take none: much happens at one moment."""
    anything = uncertain(plan)
    step = Discrete((0.0, 5.0, 10.0, 20.0), (0.2, 0.4, 0.2, 0.2))
    late = Discrete((-5.0, 0.0, 5.0, 10.0), (0.1, 0.5, 0.2, 0.2))
    return dataclasses.replace(
        anything, steps=tuple(tuple(step for _ in steps) for steps in anything.steps), late=(late,) * len(anything.late)
    )


@given(plans(fits=False), st.sampled_from([uncertain, in_fives]), st.integers(1, 9))
@settings(max_examples=examples(48))
def test_a_plain_event_loop_agrees(plan: Plan, unknown: Callable[[Plan], Uncertainty], seed: int) -> None:
    """The compiled loop finds what a loop over lists finds, with everything uncertain, in plans good and bad."""
    week, uncertainty = plan.problem.week, unknown(plan)
    scenarios = uncertainty.sample(stream(seed, "simulation"), 2)
    parts = parts_of(plan)
    drawn = [draws_of(part, week.sessions.ids, uncertainty, scenarios) for part in parts]
    results = [played(part.day, own) for part, own in zip(parts, drawn, strict=True)]
    for r in range(2):
        come = [(v, name) for v, name in enumerate(scenarios.requests) if scenarios.came[r, v]]
        offset = scenarios.step_offset
        minutes = {name: scenarios.minutes[r, offset[v] : offset[v + 1]].tolist() for v, name in come}
        late = {name: float(scenarios.late[r, v]) for v, name in come}
        extra = [
            (int(part.sessions[own.extra_session[k]]), bool(own.extra_urgent[k]), own.extra_arrival[k],
             own.extra_service[k])
            for part, own in zip(parts, drawn, strict=True)
            for k in range(own.extra_offset[r], own.extra_offset[r + 1])
        ]  # fmt: skip
        told = tell(plan, minutes, late, extra)
        for part, (waits, counted) in zip(parts, results, strict=True):
            expected = [told.waits.get(scenarios.requests[v], np.nan) for v in part.visits]
            np.testing.assert_allclose(waits[r], expected, atol=1e-6)
            for number, session in enumerate(part.sessions.tolist()):
                own = [(urgent, wait) for where, urgent, wait in told.extra if where == session]
                row = counted[r, number]
                assert row[[WALK_INS, URGENT]].tolist() == [sum(not u for u, _ in own), sum(u for u, _ in own)]
                sums = [sum(w for u, w in own if not u), sum(w for u, w in own if u)]
                np.testing.assert_allclose(row[[WALK_IN_WAIT, URGENT_WAIT]], sums, atol=1e-6)
                start, end, later, last = part.day.hours[number]
                midnight = int(week.sessions.day[session]) * MINUTES_PER_DAY  # days are played apart
                held = told.held.get(str(int(week.sessions.provider[session])), [])
                held = [(b, e) for b, e in held if b >= midnight]
                inside = [(max(start, b), min(end, e)) for b, e in held if max(start, b) < min(end, e)]
                busy = sum(e - b for b, e in inside)
                idle = max([last, *(e for _, e in inside)]) - start - busy
                over = max(0.0, min(told.done.get(session, 0.0), later) - end)
                np.testing.assert_allclose(row[[BUSY, IDLE, OVERTIME]], [busy, idle, over], atol=1e-6)


@pytest.mark.parametrize(
    ("starts", "lengths", "previous", "late", "waits"),
    [
        ([0, 0, 0], [7, 9, 5], [-1, 0, -1], [0, 0, 0], [0, 5, 7]),  # the third has been ready longest
        ([0, 0, 0], [7, 9, 5], [-1, -1, -1], [0, 0, 0], [0, 7, 16]),  # all ready at one moment: as planned
        ([0, 5, 5], [7, 9, 5], [-1, -1, -1], [0, 2, 1], [0, 5, 1]),  # the third has been ready for one minute longer
        ([0, 5, 6], [7, 9, 5], [-1, -1, -1], [0, 2, 0], [0, 0, 10]),  # the second has the earlier appointment
        ([0, 0, 0], [0, 9, 5], [-1, 0, -1], [0, 0, 0], [0, 0, 9]),  # done at once, and so ready as long as the third
    ],
)
def test_who_is_next(
    starts: list[int], lengths: list[int], previous: list[int], late: list[int], waits: list[int]
) -> None:  # fmt: skip
    """A provider sees the earliest appointment first; of those at one time who is ready longest; else as planned."""
    day = one_session(np.array(starts, float), 60)._replace(previous=np.array(previous))
    found, _ = played(day, draws(np.array([lengths], float), np.array([late], float)))
    assert found[0].tolist() == waits


@given(plans(fits=True))
@settings(max_examples=examples(12))
def test_nobody_comes(plan: Plan) -> None:
    """If nobody comes nobody waits, and providers are idle up to the time of their last appointment."""
    found = simulate(plan, Uncertainty.assumed(plan, no_show=1), 3)
    assert np.isnan(found.played.waits).all()
    assert not found.played.counted[:, :, [BUSY, OVERTIME]].any()
    for part in parts_of(plan):
        idle = part.day.hours[:, LAST] - part.day.hours[:, 0]
        assert (found.played.counted[part.sessions, :, IDLE] == idle[:, None]).all()
    if len(found.visits):
        assert (found.visits["came"] == 0).all()
        assert found.total["waiting_minutes"].isna().all()


@pytest.mark.parametrize(
    ("closed", "waits"),
    [
        (("08:30", "08:50"), [0, 30, 25, 25]),
        (("08:35", "08:50"), [0, 10, 10, 10]),  # the second is under way when the room closes
        (("08:45", "24:00"), [0, 10, np.nan, np.nan]),
        (("08:20", "24:00"), [0, np.nan, np.nan, np.nan]),
    ],
)
def test_closures(closed: tuple[str, str], waits: list[float]) -> None:
    """A room that closes is left when done, and taken when it opens; where it does not, patients are not served."""
    plan = spaced(assemble(one_morning(4, closed), FIRST), 4)
    known = Uncertainty.assumed(plan, 0, 0)
    lengths = (constant(25), constant(10), constant(15), constant(15))
    found = simulate(plan, dataclasses.replace(known, steps=tuple((one,) for one in lengths)), 2)
    np.testing.assert_array_equal(found.played.waits[:, 0], waits)
    assert found.total["not_served"].item() == np.isnan(waits).sum()
    assert (found.visits["came"] == 1).all()


def test_one_patient_at_two_sites() -> None:
    """Who is still at one visit comes late to the next, elsewhere, and has not waited; its provider is idle."""
    problem = assemble(two_sites(), FIRST)
    week, opens = problem.week, int(problem.week.sessions.start[0])
    schedule = place_at(week, place_at(week, nothing_placed(week), 0, 0, opens), 1, 1, opens + 4)
    plan = plan_around(problem, schedule, {})
    known = dataclasses.replace(Uncertainty.assumed(plan, 0, 0), steps=((constant(50),), (constant(15),)))
    found = simulate(plan, known, 2)
    assert found.sessions["site"].tolist() == ["MAIN", "WEST"]
    assert found.visits["waiting_minutes"].tolist() == [0, 0]
    assert found.sessions["idle_minutes"].tolist() == [0, 50]


@given(plans(fits=True), st.integers(0, 100))
@settings(max_examples=examples(12))
def test_tables_add_up(plan: Plan, seed: int) -> None:
    """Tables are of the same visits: means of all are those of parts, weighted by who came; seeds repeat."""
    groups = {name: name in ("1", "3") for name in plan.problem.week.requests.patient_ids}
    found = simulate(plan, uncertain(plan), 40, seed, groups=groups)
    again = simulate(plan, uncertain(plan), 40, seed, groups=groups)
    assert found.visits.equals(again.visits)
    assert found.sessions.equals(again.sessions)
    assert found.visits["request"].tolist() == plan.schedule["request"].tolist()
    for name in ("idle_minutes", "overtime_minutes", "walk_ins", "urgent"):
        total = found.total[name].item()
        assert found.sessions[name].sum() == pytest.approx(total)
        assert found.providers[name].sum() == pytest.approx(total)
    seen = (~np.isnan(found.played.waits)).sum(axis=1)
    if seen.sum():
        place = {name: number for number, name in enumerate(found.played.requests)}
        weights = np.array([seen[place[name]] for name in found.visits["request"]])
        for column in ("waiting_minutes", "over_15_share", "over_30_share"):
            mean = np.average(found.visits[column].fillna(0), weights=weights)
            assert found.total[column].item() == pytest.approx(mean, abs=1e-5)
        pooled = np.nanquantile(found.played.waits, 0.9, method="inverted_cdf")
        assert found.total["p90_minutes"].item() == pytest.approx(pooled, abs=1e-5)
    for table in (found.visit_types, found.groups, found.sessions):
        assert table["visits"].sum() == len(found.visits)


@given(plans(fits=True))
@settings(max_examples=examples(5))
def test_what_cannot_be_played(plan: Plan) -> None:
    """Uncertainty of other visits, too few replications and patients without a group are refused."""
    empty = plan_around(plan.problem, nothing_placed(plan.problem.week), {})
    assert simulate(empty, Uncertainty.assumed(empty), 2).total["visits"].item() == 0
    with pytest.raises(ValueError, match="replications"):
        simulate(plan, Uncertainty.assumed(plan), 1)
    if len(plan.schedule):
        with pytest.raises(ValueError, match="exactly this plan"):
            simulate(plan, Uncertainty.assumed(empty), 2)
        with pytest.raises(ValueError, match="a group for every patient"):
            simulate(plan, Uncertainty.assumed(plan), 2, groups={})
    with pytest.raises(ValueError, match="sessions of the plan"):
        Uncertainty.assumed(plan, walk_ins={"nowhere": Arrivals(1, constant(5))})
