"""Dear requests that are left out by accident are found out, and so are reasons that do not hold."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import schedopt
from benchmarks.dear import cli
from benchmarks.dear.around import Around, Found
from benchmarks.dear.claims import Told, told, untrue
from benchmarks.dear.judging import Effort, Outcome, judged
from benchmarks.dear.offices import DEAR_POINTS, Planted, Size, is_dear, limit_pressure, plant, possible, sizes
from benchmarks.dear.ties import tied_to
from benchmarks.families.weeks import MONDAY, Given
from schedopt.answers.result import plan_around
from schedopt.example import example_frames
from schedopt.models.problem.couplings import DayGap, Limit
from schedopt.solver.search.local import first_fit, insertion

SIZE = Size(1, 1, 1.3, 4)
EFFORT = Effort(time_limit=0.5, around=1.5, others=1, briefly=0.5)


@cache
def office() -> Planted:
    """A small office in a tight week."""
    return plant(SIZE)


def dear_and_placed(schedule: schedopt.Schedule) -> int:
    """A dear request that is placed, and that nobody is tied to."""
    problem = office().problem
    placed = np.flatnonzero(is_dear(problem) & (schedule.session >= 0) & ~problem.week.requests.fixed)
    return next(code for code in placed.tolist() if not len(tied_to(problem, code)))


def without_one() -> tuple[schedopt.Schedule, int]:
    """A schedule with one dear request removed."""
    schedule = first_fit(office().problem)
    request = dear_and_placed(schedule)
    return schedule.without(office().problem.week, np.array([request])), request


def test_ten_more_requests_are_dear() -> None:
    """Planting makes exactly ten requests dear that have options and were not dear before, and changes nothing else."""
    planted, plain = office(), plant(SIZE, 0)
    dear, before = is_dear(planted.problem), is_dear(plain.problem)
    names = planted.problem.week.requests.ids
    assert {names[code] for code in np.flatnonzero(dear & ~before)} == set(planted.ids)
    assert len(set(planted.ids)) == 10
    assert (dear | ~before).all()
    assert (planted.problem.options.session == plain.problem.options.session).all()


def test_planted_requests_are_hard_in_several_ways() -> None:
    """Among them are followers in a series, requests that need a pool, and requests that a limit may keep out."""
    planted = plant(Size(2, 4, 1.2, 3))
    problem = planted.problem
    codes = np.array([problem.week.request_code[name] for name in planted.ids])
    steps = problem.week.steps
    assert np.isin(codes, problem.coupling(DayGap).second).any()
    assert np.isin(steps.request[steps.need_step], codes).any()
    limits = [limit_pressure(problem, limit)[codes] for limit in problem.couplings if isinstance(limit, Limit)]
    assert np.max(limits) > 0
    assert (np.diff(problem.offset)[codes] > 0).all()
    assert (problem.left_out[codes] >= DEAR_POINTS).all()
    assert all(possible(problem, code) for code in codes.tolist())


def test_offices_repeat() -> None:
    """The same number gives the same office, however many there are; they differ, and are small to middle and tight."""
    several = list(sizes(20))
    assert several[:5] == list(sizes(5))
    assert len(set(several)) == 20
    assert all(2 <= size.providers <= 8 and size.sites <= size.providers for size in several)
    assert {size.load for size in several} == {1.1, 1.2, 1.3, 1.4}
    assert plant(SIZE).ids == office().ids


def test_a_dear_request_removed_by_hand_is_found_out() -> None:
    """CP-SAT places it at a gain without moving anybody; the plan has a fault and a line that says how."""
    schedule, request = without_one()
    problem = office().problem
    found = Around(problem, schedule).alone(request)
    assert found.gain > 0
    assert found.schedule is not None
    audit = schedopt.check(problem, found.schedule)
    assert audit.breaches.empty
    assert audit.cost == found.cost == schedopt.check(problem, schedule).cost - found.gain
    outcome = judged("by hand", plan_around(problem, schedule, {}), replace(EFFORT, around=0.5, others=0))
    assert outcome.gained >= 1
    assert any(problem.week.requests.ids[request] in fault for fault in outcome.faults)


def test_a_dear_request_that_others_keep_out_is_found_out() -> None:
    """Where cheap visits took its place, CP-SAT frees them and places it at a gain."""
    schedule, request = without_one()
    problem = office().problem
    waiting = np.flatnonzero(schedule.session < 0)
    filled = insertion(problem, schedule, waiting[waiting != request])
    around = Around(problem, filled)
    if around.alone(request).gain <= 0:
        assert around.alone(request).closed == 1
    found = around.search(request, 10)
    assert found.gain > 0
    assert not found.wrong
    assert "at a gain" in found.words


def test_of_the_best_schedule_nobody_is_placed_at_a_gain() -> None:
    """Of a plan that is proved best, CP-SAT proves every request left out to be dearer placed."""
    frames = example_frames(providers=1, requests=30, seed=4, week=MONDAY)
    frames |= {"shifts": frames["shifts"].iloc[:1], "appointments": frames["appointments"].iloc[:0]}
    problem = Given(frames, {"time_zone": "UTC"}, MONDAY).problem()
    plan = schedopt.plan(problem, 10, progress=False)
    assert plan.status == "optimal"
    around = Around(problem, plan.assignment)
    left_out = np.flatnonzero((plan.assignment.session < 0) & (np.diff(problem.offset) > 0))
    assert len(left_out)
    for request in left_out.tolist():
        found = around.search(request, 5)
        assert found.gain <= 0
        assert found.whole


def test_what_a_plan_says_holds() -> None:
    """Nothing that a plan says of those left out is found untrue while nothing better is known."""
    problem = office().problem
    plan = schedopt.plan(problem, 1.5, progress=False)
    around = Around(problem, plan.assignment)
    assert told(plan)
    for one in told(plan):
        assert not list(untrue(plan, one, replace(around.alone(one.request), gain=0)))


@pytest.mark.parametrize(
    ("text", "proved", "words"),
    [
        ("With time left: 3, but it would cost more than leaving it out.", None, "no better schedule"),
        ("", True, "no better schedule"),
        ("Proved: every schedule that places it costs 99,999,999 points at least; this one costs 1.", True, "at least"),
        ("Proved: every schedule that places it breaks a rule; this one costs 1.", True, "break a rule"),
        ("With time left but no place: 1, as a room is closed.", False, "there is one"),
        (
            "It would fit into 1 session; on Monday that would cost 1 point more.",
            False,
            "+1 points",
        ),
        ("0 of 1 sessions would do.", False, "would"),
        ("Full at the times possible: 999.", False, "full"),
    ],
)
def test_what_is_not_so_is_found_out(text: str, proved: bool | None, words: str) -> None:
    """Of a request that has a place at a gain, none of these can be said."""
    schedule, request = without_one()
    plan = plan_around(office().problem, schedule, {})
    alone = Around(plan.problem, schedule).alone(request)
    assert words in " ".join(untrue(plan, Told(request, text, proved), alone))


def test_a_proof_need_not_say_what_is_full() -> None:
    """Where no session has time left, that is no fault of a text that does not speak of the others' places."""
    problem = office().problem
    plan = plan_around(problem, first_fit(problem), {})
    one = next(one for one in told(plan) if "With time left" not in one.text and "It would fit" not in one.text)
    proof = replace(one, text="Proved: every schedule that places it costs 9 points at least; this one costs 8.")
    assert not list(untrue(plan, proof, Found(one.request)))
    assert list(
        untrue(plan, replace(one, text="With time left but no place: 1, as a room is closed."), Found(one.request))
    )


def test_proofs_are_read_where_a_plan_has_them() -> None:
    """A plan that says what is proved is taken at that; of one that does not, the words count."""
    schedule, _ = without_one()
    plan = plan_around(office().problem, schedule, {})
    sure = replace(plan, told=lambda: (plan.left_out.assign(proved=True), plan.removed))
    unsure = replace(plan, told=lambda: (plan.left_out.assign(proved=False), plan.removed))
    assert all(one.final for one in told(sure))
    assert not any(one.final for one in told(unsure))
    assert not Told(0, "would cost more than leaving it out", proved=False).final


def test_who_is_tied_to_whom() -> None:
    """Those of a series are tied to each other, both ways."""
    problem = plant(Size(2, 4, 1.2, 3)).problem
    gaps = problem.coupling(DayGap)
    first, second = int(gaps.first[0]), int(gaps.second[0])
    assert second in tied_to(problem, first)
    assert first in tied_to(problem, second)
    assert first not in tied_to(problem, first)


def test_the_command_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It plans an office, and prints and writes a row for it and the sums."""
    monkeypatch.setattr(cli, "sizes", lambda *_: [SIZE])
    file = tmp_path / "table.md"
    arguments = "--offices 1 --time-limit 0.5 --around 0.5 --others 0 --markdown"
    status = cli.main([*arguments.split(), str(file)])
    printed = capsys.readouterr()
    assert status == bool(printed.err)
    assert str(SIZE) in printed.out
    assert printed.out.splitlines()[-1].startswith("sum")
    assert file.read_text(encoding="utf-8").count(str(SIZE)) == 1


def test_faults_make_the_status_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A fault of any office is printed on standard error and makes the exit status 1; the sums are of all."""
    outcome = Outcome("o", 100, 12, 2, 1, 3, 5_000, 4_000, 9, 4, ("R1: placed",), ("R1 left out by accident",))
    monkeypatch.setattr(cli, "run", lambda *_: outcome)
    monkeypatch.setattr(cli, "plant", lambda *_: office())
    assert cli.main(["--offices", "2"]) == 1
    printed = capsys.readouterr()
    assert "R1 left out by accident" in printed.err
    assert printed.out.splitlines()[-1].split() == ["sum", "200", "24", "4", "2", "6", "10,000", "8,000"]
    monkeypatch.setattr(cli, "run", lambda *_: replace(outcome, faults=()))
    assert cli.main(["--offices", "1"]) == 0


def test_the_model_agrees_with_the_check() -> None:
    """Whomever CP-SAT places alone, the check finds the points that it counts, and no rule broken."""
    problem = office().problem
    schedule = first_fit(problem).without(problem.week, np.flatnonzero(is_dear(problem) & ~problem.week.requests.fixed))
    around = Around(problem, schedule)
    for request in np.flatnonzero((schedule.session < 0) & (np.diff(problem.offset) > 0))[:10].tolist():
        assert not around.alone(request).wrong
