"""``schedopt simulate``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

import schedopt
from tests.cli.commands import WEEK, invoke, write_tiny
from tests.cli.conftest import Planned
from tests.office.folders import SECRET_NAME, SECRET_YEAR
from tests.uncertainty.pasts import attended, served

TABLES = {"visits", "sessions", "providers", "visit_types", "groups", "total"}


def test_a_plan_is_simulated(planned: Planned, tmp_path: Path) -> None:
    """All tables are written, of every visit once; the same command gives the same files; assumptions are said."""
    out, again = tmp_path / "new" / "out", tmp_path / "again"
    for folder in (out, again, out):
        words = ("--replications", 60, "--groups", "language", "--out", folder)
        result = invoke("simulate", planned.office, planned.plan, *words)
        assert result.exit_code == 0
    assert {path.name for path in out.iterdir()} == {*(f"{name}.csv" for name in TABLES), "simulation.json"}
    assert all(path.read_bytes() == (again / path.name).read_bytes() for path in out.iterdir())
    visits = pd.read_csv(out / "visits.csv")
    assert visits["request"].tolist() == pd.read_csv(planned.plan / "schedule.csv")["request"].tolist()
    assert json.loads((out / "simulation.json").read_text())["replications"] == 60
    assert "played 60 times" in result.stdout
    assert "assumed: 10 % do not come" in result.stdout
    assert "(empty)" in result.stdout
    assert f"{pd.read_csv(out / 'total.csv')['waiting_minutes'].item():.1f} ±" in result.stdout


def test_history_is_learned_from(planned: Planned, tmp_path: Path) -> None:
    """With --history it is said what was learned; a bad cell is named with its place, and nothing is written."""
    past = attended(400, 1)
    past.to_csv(tmp_path / "past.csv", index=False)
    words = ("--replications", 5, "--history", tmp_path / "past.csv")
    result = invoke("simulate", planned.office, planned.plan, *words)
    assert result.exit_code == 0
    assert "no-show: learned from" in result.stdout
    past.assign(age=past["age"].where(past.index != 3, 999)).to_csv(tmp_path / "past.csv", index=False)
    result = invoke("simulate", planned.office, planned.plan, *words, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "past.csv, row 5, column age" in result.stderr
    assert "999" not in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--groups", "languages"), "--groups: 'languages': expected a column of patients.csv"),
        (("--groups", "name"), "expected a column of patients.csv that groups patients"),
        (("--history", "nowhere.csv"), "nowhere.csv"),
        (("--replications", "1"), "Invalid value for '--replications'"),
        (("--seed", "-1"), "Invalid value for '--seed'"),
    ],
)
def test_words_that_make_no_sense(planned: Planned, words: tuple[str, ...], said: str) -> None:
    """A bad option gives exit status 2 and is named."""
    result = invoke("simulate", planned.office, planned.plan, *words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_where_tables_may_not_go(planned: Planned, tmp_path: Path) -> None:
    """A folder with something else in it, a plan's or a file in the way stays as it is."""
    (tmp_path / "file").write_text("mine", "utf-8")
    plan = Path(shutil.copytree(planned.plan, tmp_path / "plan"))
    before = sorted(path.name for path in plan.iterdir())
    for out in (tmp_path, plan, tmp_path / "file", tmp_path / "file" / "below"):
        result = invoke("simulate", planned.office, planned.plan, "--replications", 2, "--out", out)
        assert result.exit_code == 2
        assert result.stderr.startswith("cannot write the simulation to")
    assert sorted(path.name for path in plan.iterdir()) == before
    assert (tmp_path / "file").read_text("utf-8") == "mine"


def test_ids_alone(tmp_path: Path) -> None:
    """Neither names nor birth dates are printed or written."""
    office, plan, out = write_tiny(tmp_path / "office"), tmp_path / "plan", tmp_path / "out"
    assert invoke("plan", office, "--week", WEEK, "--out", plan, "--names").exit_code == 0
    result = invoke("simulate", office, plan, "--replications", 3, "--out", out)
    assert result.exit_code == 0
    text = result.output + "".join(path.read_text("utf-8") for path in out.iterdir())
    assert "N1" in text
    assert SECRET_NAME not in text
    assert f"{SECRET_YEAR}-07" not in text


def test_help_tells_units_and_exit_status() -> None:
    """The help says what is counted in what, and what the exit status means."""
    text = " ".join(invoke("simulate", "--help").stdout.split())
    assert all(words in text for words in ("Exit status: 0", "; 2 the", "Minutes are means", "weeks to play"))


@pytest.fixture
def few_weeks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times are chosen and judged on few weeks."""
    monkeypatch.setattr("schedopt.cli.timed._SCENARIOS", 40)
    monkeypatch.setattr("schedopt.cli.timed._REPLICATIONS", 80)


@pytest.mark.usefixtures("few_weeks")
def test_a_plan_is_timed(planned: Planned, tmp_path: Path) -> None:
    """With --timing the plan says what new times change, and the check accepts it with its shorter appointments."""
    out = tmp_path / "timed"
    result = invoke("plan", planned.office, "--week", WEEK, "--out", out, "--time-limit", 0.5, "--timing")
    assert result.exit_code == 0
    for word in ("Start times", "Waiting", "Idle", "Overtime", "before", "after"):
        assert word in result.stdout
    record = json.loads((out / "plan.json").read_text())
    assert record["lengths"]["booked"]
    checked = invoke("check", planned.office, out)
    assert checked.exit_code == 0, checked.stdout
    repaired = tmp_path / "repaired"
    away = ("--away", f"DR1@{WEEK}", "--out", repaired)
    assert invoke("replan", planned.office, out, *away).exit_code in (0, 1)
    checked = invoke("check", planned.office, repaired)
    assert set(checked.stdout.split()) & {"provider_time"} == set()
    (out / "plan.json").write_text(json.dumps(record | {"lengths": {}}))
    assert invoke("check", planned.office, out).exit_code == 1
    assert invoke("plan", planned.office, "--week", WEEK, "--out", out, "--history", out).exit_code == 2


@pytest.mark.usefixtures("few_weeks")
def test_a_plan_is_rearranged(planned: Planned, tmp_path: Path) -> None:
    """With --order the plan says what points and minutes come to, and the check accepts it; options need each other."""
    out = tmp_path / "ordered"
    words = ("plan", planned.office, "--week", WEEK, "--out", out, "--time-limit", 0.5, "--workers", 1)
    result = invoke(*words, "--timing", "--order", "--overbook")
    assert result.exit_code == 0
    assert "Points and these minutes together" in result.stdout
    assert json.loads((out / "plan.json").read_text())["timing"]["guard"]
    assert invoke("check", planned.office, out).exit_code == 0
    assert invoke(*words, "--order").exit_code == invoke(*words, "--timing", "--overbook").exit_code == 2


@pytest.mark.usefixtures("few_weeks")
def test_lengths_are_learned(planned: Planned, tmp_path: Path) -> None:
    """With --timing and --history visits are planned as long as past ones took, and the check knows it."""
    office = schedopt.read_office(planned.office)
    kinds = [row.visit_type for row in office.visit_types]
    history = served({(kind, "DR1"): 35.0 for kind in kinds}, {(kind, "DR1"): 60 for kind in kinds}, log_sd=0.1).visits
    clock = {name: history[name].map(lambda minutes: f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}")
             for name in ("began", "ended")}  # fmt: skip
    columns = ["visit", "patient", "provider", "visit_type", "date", "began", "ended", "outcome"]
    history.assign(**clock, date=history["date"].dt.date)[columns].to_csv(tmp_path / "past.csv", index=False)
    words = ("--time-limit", 0.5, "--timing", "--history", tmp_path / "past.csv")
    assert invoke("plan", planned.office, "--week", WEEK, "--out", tmp_path / "out", *words).exit_code == 0
    lengths = json.loads((tmp_path / "out" / "plan.json").read_text())["lengths"]
    fixed = {row.request for row in office.appointments or () if row.mark == "fixed"}
    assert {minutes for name, minutes in lengths["expected"].items() if name not in fixed} == {35}
    checked = invoke("check", planned.office, tmp_path / "out")
    assert checked.exit_code == 0, checked.stdout
