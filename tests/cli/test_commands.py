"""From an example to a plan, its check and its explanation, as a user goes."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.cli.commands import WEEK, invoke, run, write_tiny
from tests.cli.conftest import Planned
from tests.effort import BRIEF

FILES = {
    "report.html",
    "schedule.csv",
    "left_out.csv",
    "costs.csv",
    "plan.json",
    "calendars/DR1.ics",
    "calendars/DR2.ics",
    "calendars/DR3.ics",
}


def record(plan: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((plan / "plan.json").read_text("utf-8"))
    return content


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def theirs(planned: Planned, folder: Path, **columns: str) -> Path:
    """The plan's schedule as another system would give it: few columns, other ones beside, and maybe changed."""
    ours = pd.DataFrame(rows(planned.plan / "schedule.csv"))[["request", "provider", "date", "start", "steps"]]
    file = folder / "theirs.csv"
    ours.assign(Patient="Ada Lovelace", **columns).to_csv(file, index=False)
    return file


def test_a_plan_is_written_whole(tmp_path: Path) -> None:
    """Exit status 0, the summary with the report's path, every file, and no live display in a pipe."""
    office, plan = write_tiny(tmp_path / "office"), tmp_path / "new" / "plan"
    said = run("plan", office, "--week", WEEK, "--out", plan)
    assert said.returncode == 0
    assert said.stderr == ""
    assert f"Report       {plan / 'report.html'}" in said.stdout
    assert "Cost" in said.stdout
    written = {path.relative_to(plan).as_posix() for path in plan.rglob("*") if path.is_file()}
    assert written == FILES


def test_the_own_plan_is_clean(planned: Planned) -> None:
    """Checked from its folder, a plan breaks nothing and costs what plan.json says."""
    for schedule in (planned.plan, planned.plan / "schedule.csv"):
        result = invoke("check", planned.office, schedule)
        assert result.exit_code == 0
        assert "Breaches: none" in result.stdout
        assert f"Cost: {record(planned.plan)['cost']:,} points\n" in result.stdout
        assert "as plan.json says" in result.stderr
        assert "left out" in result.stdout


def test_costs_are_listed_with_quantity_and_unit(planned: Planned) -> None:
    """Every part of costs.csv stands in the check's table with its points, quantity and unit."""
    lines = [line.split() for line in invoke("check", planned.office, planned.plan).stdout.splitlines()]
    for row in rows(planned.plan / "costs.csv"):
        assert [row["part"], f"{int(row['points']):,}", f"{int(row['quantity']):,}", row["unit"]] in lines


def test_a_planted_breach_is_named(planned: Planned, tmp_path: Path) -> None:
    """A visit put on top of another gives exit status 1, and both the table and --out name request and rule."""
    table = rows(planned.plan / "schedule.csv")
    victim, other = next(
        (one, two)
        for one in table
        for two in table
        if one["provider"] == two["provider"] and one["start"] < two["start"]
    )
    victim |= {"date": other["date"], "start": other["start"], "steps": ""}
    file, out = tmp_path / "typed.csv", tmp_path / "breaches.csv"
    pd.DataFrame(table).to_csv(file, index=False)
    result = invoke("check", planned.office, file, "--week", WEEK, "--out", out)
    assert result.exit_code == 1
    named = rows(out)
    guilty = {row["request"] for row in named if row["rule"] == "provider_time"}
    assert guilty & {victim["request"], other["request"]}
    for row in named:
        assert any(line.split()[:2] == [row["request"], row["rule"]] for line in result.stdout.splitlines())


def test_a_foreign_schedule_is_audited(planned: Planned, tmp_path: Path) -> None:
    """A file of another system, with other columns too and without --week, is checked; the week is said."""
    result = invoke("check", planned.office, theirs(planned, tmp_path))
    assert result.exit_code == 0
    assert f"Cost: {record(planned.plan)['cost']:,} points\n" in result.stdout
    assert result.stderr == "Week from Monday 30 November 2026 on, from the earliest date in theirs.csv.\n"
    assert "Ada" not in result.output


def test_four_columns_are_enough(planned: Planned, tmp_path: Path) -> None:
    """Without steps a schedule is audited too: the same visits, their other steps right beside the provider's."""
    file = tmp_path / "typed.csv"
    pd.DataFrame(rows(planned.plan / "schedule.csv"))[["start", "date", "provider", "request"]].to_csv(
        file, index=False
    )
    result = invoke("check", planned.office, file)
    assert result.exit_code == (0 if "Breaches: none" in result.stdout else 1)
    assert f"Visits: {len(rows(file)):,} of" in result.stdout


def test_session_hours_are_said_once(planned: Planned, tmp_path: Path) -> None:
    """A visit at night is one breach of session hours in the reader's words, not a second one in the rule's."""
    night = theirs(planned, tmp_path, start="03:00", steps="")
    result = invoke("check", planned.office, night, "--out", tmp_path / "out.csv")
    assert result.exit_code == 1
    table = pd.DataFrame(rows(tmp_path / "out.csv"))
    hours = table[table["rule"] == "session_hours"]
    assert hours["request"].is_unique
    assert hours["detail"].str.contains("has no session on").all()


def test_faults_of_a_schedule(planned: Planned, tmp_path: Path) -> None:
    """Unknown ids and bad cells give exit status 2, with all of them and the nearest known id on standard error."""
    bad = theirs(planned, tmp_path, provider="DR22", date="2026-11-31")
    result = invoke("check", planned.office, bad)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "theirs.csv, row 2, column date: '(hidden)': expected a date" in result.stderr
    result = invoke("check", planned.office, bad, "--week", WEEK)
    assert "theirs.csv, row 2, column provider: 'DR22': expected a provider" in result.stderr
    assert "did you mean DR2?" in result.stderr


def test_breaches_are_not_written_over_the_schedule(planned: Planned, tmp_path: Path) -> None:
    """--out must be another file, in a folder that is there."""
    file = theirs(planned, tmp_path)
    before = file.read_bytes()
    assert invoke("check", planned.office, file, "--out", file).exit_code == 2
    assert file.read_bytes() == before
    assert invoke("check", planned.office, file, "--out", tmp_path / "none" / "out.csv").exit_code == 2


def test_an_empty_schedule_needs_a_week(planned: Planned, tmp_path: Path) -> None:
    """Without a visit there is no week to guess; with --week everybody is left out."""
    file = tmp_path / "empty.csv"
    file.write_text("request,provider,date,start\n", "utf-8")
    asked = invoke("check", planned.office, file)
    assert asked.exit_code == 2
    assert "--week" in asked.stderr
    assert "Visits: 0 of" in invoke("check", planned.office, file, "--week", WEEK).stdout


def test_explanations(planned: Planned) -> None:
    """A request left out is explained in the words of left_out.csv; one that is placed, by its visit; both exit 0."""
    left_out = rows(planned.plan / "left_out.csv")[0]
    result = invoke("explain", planned.office, planned.plan, left_out["request"])
    assert result.exit_code == 0
    assert left_out["reason"] in result.stdout
    assert "What ruled sessions out:" in result.stdout
    visit = rows(planned.plan / "schedule.csv")[0]
    result = invoke("explain", planned.office, planned.plan, visit["request"])
    assert result.exit_code == 0
    assert f"Placed with {visit['provider']} on Mon 30 Nov {visit['start']}" in result.stdout


def test_the_best_alternatives_are_shown(planned: Planned) -> None:
    """Of many sessions that a visit could go to, the best eight are listed, and none is where it is now."""
    visits = rows(planned.plan / "schedule.csv")
    told = (invoke("explain", planned.office, planned.plan, visit["request"]).stdout for visit in visits)
    visit, text = next((visit, text) for visit, text in zip(visits, told, strict=True) if "the best 8 of" in text)
    lines = text.split("would break\n")[1].splitlines()[1:]
    listed = [line for line in lines if line.startswith("DR")]
    assert len(listed) == 8
    when = dt.date.fromisoformat(visit["date"])
    assert not any(
        line.startswith(f"{visit['session']}  {when:%a} {when.day} {when:%b} {visit['start']}") for line in listed
    )


def test_unknown_request(planned: Planned) -> None:
    """A request that is not there gives exit status 2 and the nearest that is."""
    known = rows(planned.plan / "schedule.csv")[0]["request"]
    result = invoke("explain", planned.office, planned.plan, f"{known}x")
    assert result.exit_code == 2
    assert f"did you mean {known}?" in result.stderr


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", '{"first_day": 5, "input_hash": ""}', '{"first_day": "soon", "input_hash": ""}']
)
def test_a_record_that_is_none(planned: Planned, tmp_path: Path, content: str) -> None:
    """A plan.json that is not ours is an error of the input that names it."""
    (tmp_path / "plan.json").write_text(content, "utf-8")
    result = invoke("explain", planned.office, tmp_path, "R1")
    assert result.exit_code == 2
    assert "plan.json: expected the record" in result.stderr
    assert invoke("explain", planned.office, tmp_path / "none", "R1").exit_code == 2


def test_changed_data_is_noticed(tmp_path: Path) -> None:
    """An explanation and a check of a plan say so where the office's data changed since."""
    office, plan = write_tiny(tmp_path / "office"), tmp_path / "plan"
    assert invoke("plan", office, "--week", WEEK, "--out", plan, "--quiet").exit_code == 0
    assert "changed" not in invoke("explain", office, plan, "R1").stderr
    file = office / "office.toml"
    file.write_text(file.read_text("utf-8").replace("idle = 2", "idle = 3"), "utf-8")
    for words in (("explain", office, plan, "R1"), ("check", office, plan)):
        result = invoke(*words)
        assert result.exit_code == 0
        assert "data has changed since" in result.stderr


def test_conflicts_of_promises(tmp_path: Path) -> None:
    """Promises that cannot be kept give exit status 1 and their reasons; the plan is written all the same."""
    office = write_tiny(tmp_path / "office", ("appointments", 2, "mark", "fixed"))
    for quiet in ((), ("--quiet",)):
        result = invoke("plan", office, "--week", WEEK, "--out", tmp_path / "plan", *quiet)
        assert result.exit_code == 1
        assert (result.stdout == "") == bool(quiet)
        assert "R3" in result.stderr
        assert "promised with DR2 on Tue 1 Dec 09:20, but the site has no room" in result.stderr
        assert record(tmp_path / "plan")["conflicts"][0]["request"] == "R3"
        assert (tmp_path / "plan" / "report.html").is_file()
    assert "was promised as fixed" in invoke("check", office, tmp_path / "plan").stdout
    told = invoke("explain", office, tmp_path / "plan", "R2")
    assert told.exit_code == 0
    assert "is 0 days after R1" in told.stdout
    assert "was promised as fixed" not in told.stdout  # broken before, whatever becomes of R2


def test_conflicts_in_words(tmp_path: Path) -> None:
    """A promise against a rule gives exit status 1 and both in words; promises that can be kept give exit status 0."""
    kept, broken = write_tiny(tmp_path / "kept"), write_tiny(tmp_path / "no", ("appointments", 2, "mark", "fixed"))
    assert invoke("conflict", kept, "--week", WEEK).exit_code == 0
    result = invoke("conflict", broken, "--week", WEEK)
    assert result.exit_code == 1
    assert "Conflict 1: these cannot all hold." in result.stdout
    assert "  - promise of R3 (DR2, Tue 1 Dec 09:20) (the one that planning gives up)" in result.stdout


def test_the_same_again(tmp_path: Path) -> None:
    """With --deterministic, two runs write the same schedule."""
    office = write_tiny(tmp_path / "office")
    for name in ("one", "two"):
        result = invoke(
            "plan", office, "--week", WEEK, "--out", tmp_path / name, "--deterministic", "--time-limit", BRIEF
        )
        assert result.exit_code == 0
    assert (tmp_path / "one" / "schedule.csv").read_bytes() == (tmp_path / "two" / "schedule.csv").read_bytes()


def test_a_week_may_begin_on_any_day(tmp_path: Path) -> None:
    """A first day that is no Monday is planned, and the plan's check knows it."""
    office, plan = write_tiny(tmp_path / "office"), tmp_path / "plan"
    assert invoke("plan", office, "--week", "2026-12-01", "--out", plan).exit_code == 0
    assert "Week from Tuesday 1 December 2026 on" in invoke("check", office, plan).stderr
