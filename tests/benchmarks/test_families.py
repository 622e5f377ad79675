"""The families of weeks are what their names say, and two versions are run on the same ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import schedopt
from benchmarks.families import cli, runs, tables
from benchmarks.families.best import Best, best_of, contradictions, learned, read_best, write_best
from benchmarks.families.runs import (
    Checkout,
    Effort,
    Failed,
    Outcome,
    answer_of,
    dear_left_out,
    judged,
    lay_out,
    run,
)
from benchmarks.families.variants import few_options, long_visits, many_options, short_visits
from benchmarks.families.weeks import MONDAY, ROOT, Frames, Given, Week, all_weeks
from schedopt.example import example_frames, example_settings
from schedopt.models.problem.schedule import nothing_placed
from schedopt.office.read import fingerprint
from schedopt.office.sources import HOUSE, all_tables
from schedopt.solver.search.local import first_fit

WEEKS = all_weeks()
SMALLEST = [
    next(week for week in WEEKS if week.family == family) for family in dict.fromkeys(week.family for week in WEEKS)
] + [week for week in WEEKS if week.name == "real-2025-09-01"]
PLAN = Outcome("w", "f", "abc", 10, 1, 1000, 900, 2000, 2, 500)


def given(change: Callable[[Frames], Frames] = lambda frames: frames, load: float = 1.0) -> Given:
    """A small example, changed."""
    frames = example_frames(sites=2, providers=6, load=load, seed=3, week=MONDAY)
    return Given(change(frames), example_settings().model_dump(exclude_defaults=True), MONDAY)


TINY = Week("tiny", "tiny", lambda: Given(example_frames(sites=1, providers=1, seed=2), {"time_zone": "UTC"}, MONDAY))


def options_each(problem: schedopt.Problem) -> float:
    """Options of a request, in the median of those that have any."""
    number = np.diff(problem.offset)
    return float(np.median(number[number > 0]))


@pytest.mark.parametrize("week", SMALLEST, ids=lambda week: week.name)
def test_weeks_can_be_assembled(week: Week) -> None:
    """The smallest week of each family, and the holiday's, has requests and somewhere to place them."""
    if week.missing:
        pytest.skip(f"not shipped: {week.missing}")
    problem = week.make().problem()
    assert len(problem.week.requests) > 100
    assert (np.diff(problem.offset) > 0).mean() > 0.9


def test_names_are_unique_and_families_complete() -> None:
    """No two weeks share a name, and families stay together in the order in which they are printed."""
    names, families = [week.name for week in WEEKS], [week.family for week in WEEKS]
    assert len(set(names)) == len(names)
    together = [family for number, family in enumerate(families) if families[:number][-1:] != [family]]
    assert together == list(dict.fromkeys(families))
    assert {"example-3x18-11", "real-2025-10-06", "real-2025-09-15", "office"} <= set(names)


def test_without_shared_folders_all_but_real_weeks_are_there(tmp_path: Path) -> None:
    """Without the data, real weeks say what is missing; the generator here draws weekbench's, under other names."""
    weeks = all_weeks(tmp_path)
    assert {week.family for week in weeks if week.missing} == {"real"}
    assert all(str(tmp_path) in week.missing for week in weeks if week.family == "real")
    assert [week.name for week in weeks if week.family == "weekbench"] == [f"generator-{s}-1" for s in "SML"]


def test_the_bundled_office_is_itself() -> None:
    """The office as plain tables is the office as its folder says, but for tables without rows."""
    (week,) = (week for week in WEEKS if week.family == "office")
    given, said = week.make(), schedopt.read_office(ROOT / "examples" / "office")
    office = schedopt.office_from_frames(given.frames, given.settings)
    empty = {row_class.table_name: None for row_class in all_tables(HOUSE) if said.rows(row_class) == ()}
    assert office.settings == said.settings
    assert fingerprint(office) == fingerprint(said.model_copy(update=empty))


def test_many_and_few_options() -> None:
    """A request has at least twice as many options as in the example itself, or less than half as many."""
    plain, many, few = (options_each(given(change).problem()) for change in (lambda f: f, many_options, few_options))
    assert few < plain / 2
    assert many > 2 * plain


def test_few_options_are_with_one_provider() -> None:
    """Whoever has an own provider, or wishes for one, is seen by no other."""
    week = given(few_options)
    problem = week.problem()
    own = week.frames["patients"].set_index("patient")["own_provider"]
    known = (week.frames["requests"]["patient"].map(own) != "").to_numpy()
    provider = problem.week.sessions.provider[problem.options.session]
    for request in np.flatnonzero(known).tolist():
        assert len(np.unique(provider[problem.offset[request] : problem.offset[request + 1]])) <= 1


@pytest.mark.parametrize(("change", "load", "times"), [(long_visits, 0.5, 2.0), (short_visits, 1.8, 0.5)])
def test_long_and_short_visits(change: Callable[[Frames], Frames], load: float, times: float) -> None:
    """Visits are about that many times as long, there are fewer or more of them, and the week is about as full."""
    plain, other = given().problem().week, given(change, load).problem().week
    lengths = other.requests.length.mean() / plain.requests.length.mean()
    assert lengths == pytest.approx(times, rel=0.15)
    assert len(other.requests) / len(plain.requests) == pytest.approx(1 / times, rel=0.2)
    assert other.requests.length.sum() == pytest.approx(plain.requests.length.sum(), rel=0.1)
    assert not other.requests.fixed.any()


def test_dear_requests_are_counted_if_they_could_be_placed() -> None:
    """Of an empty schedule, all with priority 10 or 4,000 points that have an option, and no others."""
    problem = given().problem()
    priority = problem.week.requests.priority
    dear = [
        request
        for request in range(len(problem.week.requests))
        if (priority[request] >= 10 or problem.left_out[request] >= 4000)
        and problem.offset[request] < problem.offset[request + 1]
    ]
    assert dear_left_out(problem, nothing_placed(problem.week)) == len(dear) > 0


def test_a_plan_is_judged_here() -> None:
    """A breach, a cost that is not the check's and a bound above it are faults; another problem's plan is none."""
    laid = lay_out(TINY)
    schedule = first_fit(laid.problem)
    answer = {
        "cost": laid.first_fit, "bound": 0, "moves_per_second": None,
        "session": schedule.session.tolist(), "step_start": schedule.step_start.tolist(),
    }  # fmt: skip
    assert judged(laid, answer, 1).faults == ()
    assert "the check" in judged(laid, answer | {"cost": 1}, 1).faults[0]
    assert "above the cost" in judged(laid, answer | {"bound": laid.first_fit + 1}, 1).faults[0]
    steps = np.where(
        schedule.step_start >= 0, schedule.step_start.min(initial=9999, where=schedule.step_start >= 0), -1
    )
    assert "broken" in judged(laid, answer | {"step_start": steps.tolist()}, 1).faults[0]
    with pytest.raises(Failed, match="another problem"):
        judged(laid, answer | {"session": [-1]}, 1)


def test_best_known_only_gets_better(tmp_path: Path) -> None:
    """Costs fall, bounds rise, plans with faults teach nothing, a changed problem begins anew; files keep it all."""
    known = learned({}, [PLAN, replace(PLAN, cost=990, bound=800), replace(PLAN, cost=1, faults=("wrong",))])
    assert known == {"w": Best("w", "abc", 990, 900)}
    write_best(known, tmp_path / "best.csv")
    assert read_best(tmp_path / "best.csv") == known
    changed = replace(PLAN, fingerprint="def", cost=5000)
    assert best_of(known, changed) is None
    assert tables.above(changed, known) is None
    assert learned(known, [changed])["w"] == Best("w", "def", 5000, 900)
    assert read_best(tmp_path / "none.csv") == {}


def test_what_is_known_contradicts_wrong_plans() -> None:
    """No cost may be below a bound that was proved, nor a bound above a cost that was reached."""
    known = learned({}, [PLAN])
    assert contradictions(known, replace(PLAN, cost=950)) == ()
    assert len(contradictions(known, replace(PLAN, cost=899, bound=0))) == 1
    assert len(contradictions(known, replace(PLAN, cost=1100, bound=1001))) == 1
    assert contradictions(known, replace(PLAN, cost=1, fingerprint="def")) == ()


def test_the_committed_table_is_of_registered_weeks() -> None:
    """Whoever is in the table of what is best known has a name of the registry, and no bound above the cost."""
    names = {week.name for week in WEEKS} | {f"{draws}-{s}-1" for draws in ("weekbench", "generator") for s in "SML"}
    known = read_best()
    assert set(known) <= names
    assert all(best.bound <= best.cost for best in known.values())


def test_tables_show_both_versions_and_how_they_differ() -> None:
    """A row a plan and a row a family; of two versions, ratios as well; columns line up."""
    then, other = replace(PLAN, cost=1250, pace=250), replace(PLAN, family="g", pace=None)
    known = {"w": Best("w", "abc", 800, 100)}
    pairs = tables.pair_rows([(then, PLAN), (other, other)], known)
    assert dict(zip(range(20), pairs[1], strict=False))[5] == "-20.0"
    assert pairs[1][-1] == "2.00"
    assert pairs[2][-1] == tables.NONE
    families = tables.family_pair_rows([(then, PLAN), (other, other)], known)
    assert [row[0] for row in families] == ["family", "f", "g", "all"]
    assert families[1][1:5] == ("1", "1", "0", "-20.0")
    rows, summary = tables.rows([PLAN, other], known), tables.family_rows([PLAN, then, other], known)
    assert rows[1][6:10] == ("10.0", "800", "25.0", "2")
    assert summary[1] == ("f", "2", "19.0", "40.6", "4", "375")
    for table in (pairs, families, rows, summary):
        assert len({len(line) for line in tables.aligned(table)}) == 1
        assert len({line.count("|") for line in tables.markdown(table)}) == 1


def test_weeks_are_chosen_by_name_and_family() -> None:
    """Families and weeks add up; an unknown name is refused, with those there are."""
    assert cli.chosen(WEEKS, [], []) == list(WEEKS)
    assert [week.name for week in cli.chosen(WEEKS, ["office"], ["example-1x4-5"])] == ["office", "example-1x4-5"]
    with pytest.raises(SystemExit, match=r"no nowhere; there are: .*office"):
        cli.chosen(WEEKS, ["nowhere"], [])


def test_two_checkouts_are_run_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same checkout as then and now: both plan the same week, tables have both, and the best is kept."""
    monkeypatch.setattr(cli, "all_weeks", lambda *_: (TINY, Week("away", "away", TINY.make, (tmp_path / "nowhere",))))
    answer = answer_of(TINY.make(), Checkout(ROOT), Effort(0.1, 1, 1))  # of both, as they are the same
    monkeypatch.setattr(runs, "answer_of", lambda *_: answer)
    files = {name: tmp_path / name for name in ("best.csv", "table.md")}
    status = cli.main([
        "--time-limit", "0.1", "--compare-with", str(ROOT), "--keep-compiled", "--record",
        "--best", str(files["best.csv"]), "--markdown", str(files["table.md"]),
    ])  # fmt: skip
    printed = capsys.readouterr()
    assert status == 0, printed.err
    assert "away: left out, as there is no" in printed.out
    assert "tiny, seed 1, then: cost" in printed.out
    assert "tiny, seed 1, now: cost" in printed.out
    assert read_best(files["best.csv"])["tiny"].fingerprint == TINY.make().problem().fingerprint
    document = files["table.md"].read_text(encoding="utf-8").splitlines()
    assert document[0].startswith("| family | week | seed | cost then | now |")
    assert sum(line.startswith("| tiny |") for line in document) == 2


def test_faults_make_the_status_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A fault of a plan, and a process without one, are printed on standard error and make the exit status 1."""
    monkeypatch.setattr(cli, "all_weeks", lambda *_: (TINY,))
    monkeypatch.setattr(cli, "answer_of", lambda *_: {})
    monkeypatch.setattr(cli, "run", lambda *_: replace(PLAN, faults=("2 rules broken",)))
    assert cli.main(["--time-limit", "1"]) == 1
    assert "tiny, seed 1: 2 rules broken" in capsys.readouterr().err

    def fail(*_: object) -> Outcome:
        raise Failed("no words")

    monkeypatch.setattr(cli, "run", fail)
    assert cli.main(["--time-limit", "1"]) == 1
    assert "tiny, seed 1: no words" in capsys.readouterr().err


def test_the_library_is_the_checkouts(tmp_path: Path) -> None:
    """A folder without the library is refused, rather than another version run in its name."""
    with pytest.raises(Failed, match=r"expected the library of|No module named"):
        run(lay_out(TINY), Checkout(tmp_path), Effort(0.5, 1, 1))
