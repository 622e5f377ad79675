"""Changes to a plan that hold on: in every command on its folder, and in the office once it is published."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

import schedopt
from tests.cli.commands import WEEK, invoke
from tests.conversation import write_office

PATIENTS = "patient\nP1\nP2\nP3\nP4\nP5\n"
ONE = {
    "visit_types": "visit_type,minutes\nv,30\n",
    "patients": PATIENTS,
    "steps": "",
    "pools": "",
}
WAITING = ONE | {
    "requests": "request,patient,visit_type,priority\nR1,P1,v,5\nR2,P2,v,5\nR3,P3,v,2\nR4,P4,v,1\n",
    "appointments": "request,provider,date,start,mark\nR1,DR1,2026-11-30,09:00,fixed\nR2,DR1,2026-11-30,09:30,fixed\n",
    "providers": "provider\nDR1\n",
    "shifts": "provider,site,weekday,start,end\nDR1,A,Monday,09:00,10:00\n",
}
"""One physician's full hour, and two who wait for a place in it."""
ILL = ONE | {
    "requests": "request,patient,visit_type,providers\nR1,P1,v,DR1\nR2,P2,v,DR1\nR3,P3,v,\nR4,P4,v,DR1\n",
    "appointments": "request,provider,date,start,mark\nR1,DR1,2026-11-30,09:00,fixed\n"
    "R2,DR1,2026-11-30,09:30,fixed\nR3,DR1,2026-11-30,10:00,fixed\n",
    "providers": "provider\nDR1\nDR2\n",
    "shifts": "provider,site,weekday,start,end\nDR1,A,Monday,09:00,12:00\nDR2,A,Monday,09:00,12:00\n"
    "DR1,A,Tuesday,09:00,11:00\n",
}
"""Two physicians; the first falls ill on Monday and has a session on Tuesday."""


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def planned(folder: Path, tables: dict[str, str]) -> tuple[Path, Path]:
    """An office and its plan."""
    office, plan = write_office(folder / "office", **tables), folder / "plan"
    assert invoke("plan", office, "--week", WEEK, "--out", plan, "--time-limit", 0.5, "--quiet").exit_code == 0
    return office, plan


def again(office: Path, out: Path, *words: str | Path) -> list[str]:
    """Plan the same days again; who is in the plan."""
    said = invoke("plan", office, "--week", WEEK, "--out", out, "--time-limit", 0.5, "--quiet", *words)
    assert said.exit_code == 0, said.output
    return [row["request"] for row in rows(out / "schedule.csv")]


def test_who_cancelled_is_not_offered_nor_promised(tmp_path: Path) -> None:
    """After a cancellation the slot is offered to those who wait, and publishing promises the cancelled visit no more,
    neither now nor when the days are planned again, from the plan or from the office.
    """
    office, plan = planned(tmp_path, WAITING)
    assert invoke("replan", office, plan, "--cancelled", "R2", "--out", plan).exit_code == 0
    words = (office, plan, "DR1", f"{WEEK}T09:30", f"{WEEK}T10:00")
    offered = invoke("fill", *words)
    assert [line.split()[0] for line in offered.stdout.splitlines()[2:]] == ["R3", "R4"]
    assert invoke("recommend", office, plan, "R2").exit_code == 1
    assert "the patient has cancelled" in invoke("explain", office, plan, "R2").stdout
    assert again(office, tmp_path / "second", "--start", plan) == ["R1", "R3"]
    assert invoke("fill", *words, "--accept", "R4", "--out", plan).exit_code == 0
    published = invoke("publish", office, plan, "--through", WEEK)
    assert published.exit_code == 0
    assert "cancellations.csv" in published.stdout
    assert [row["request"] for row in rows(office / "appointments.csv")] == ["R1", "R4"]
    assert [row["request"] for row in rows(office / "cancellations.csv")] == ["R2"]
    assert again(office, tmp_path / "third") == ["R1", "R4"]


def test_who_is_away_stays_away(tmp_path: Path) -> None:
    """After an absence the repaired plan is asked, published and planned again without a word of the absent physician's
    sessions, and all that could be moved is placed.
    """
    office, plan = planned(tmp_path, ILL)
    assert invoke("replan", office, plan, "--away", f"DR1@{WEEK}", "--out", plan).exit_code == 0
    slots = invoke("recommend", office, plan, "R4").stdout.split("What ruled")[0]
    assert f"DR1       A     {WEEK}" not in slots
    assert invoke("fill", office, plan, "DR1", f"{WEEK}T09:00", f"{WEEK}T12:00").exit_code == 2
    assert "Breaches: none" in invoke("check", office, plan).stdout
    for out, start in (("second", ("--start", plan)), ("third", ())):
        if not start:
            assert invoke("publish", office, plan, "--through", WEEK).exit_code == 0
        assert sorted(again(office, tmp_path / out, *start)) == ["R1", "R2", "R3", "R4"]
        assert all(row["provider"] != "DR1" or row["date"] != WEEK for row in rows(tmp_path / out / "schedule.csv"))
    assert [row["provider"] for row in rows(office / "leave.csv")] == ["DR1"]
    assert all(row["mark"] == "fixed" for row in rows(office / "appointments.csv") if row["request"] != "R4")


def test_changes_that_make_no_sense_are_all_told(tmp_path: Path) -> None:
    """Times outside the days planned, unknown ids and contradictions are told together; nothing is written."""
    office, plan = planned(tmp_path, WAITING)
    words = ("--away", "DR1@2026-12-09", "--cancelled", "R3", "--urgent", "R3", "--urgent", "R9")
    result = invoke("replan", office, plan, *words, "--out", tmp_path / "new")
    assert result.exit_code == 2
    said = " ".join(result.stderr.split())
    assert "3 errors" in said
    assert "expected a time in the days planned, 2026-11-30 to 2026-12-06, of 'DR1'" in said
    assert "expected 'R3' to be urgent or cancelled, not both" in said
    assert "'R9'" in said
    assert not (tmp_path / "new").exists()
    assert invoke("replan", office, plan, "--cancelled", "R3", "--out", plan).exit_code == 0
    late = invoke("replan", office, plan, "--urgent", "R3", "--out", plan)
    assert late.exit_code == 2
    assert "it is cancelled before" in late.stderr


@pytest.mark.parametrize("command", ["recommend", "explain", "replan", "fill", "publish", "simulate", "book", "admit"])
def test_an_edited_schedule_is_refused(tmp_path: Path, command: str) -> None:
    """A schedule that was cut is used by no command; the error names the file and who is missing."""
    office, plan = planned(tmp_path, WAITING)
    before = (office / "appointments.csv").read_bytes()
    file = plan / "schedule.csv"
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))
    out = ("--out", plan)
    words: dict[str, tuple[object, ...]] = {
        "recommend": ("R1",), "explain": ("R1",), "replan": ("--cancelled", "R1", *out), "simulate": (), "admit": out,
        "fill": ("DR1", f"{WEEK}T09:00", f"{WEEK}T10:00"), "publish": ("--through", WEEK),
        "book": ("R3", "DR1", f"{WEEK}T09:30", *out),
    }  # fmt: skip
    result = invoke(command, office, plan, *map(str, words[command]))
    assert result.exit_code == 2
    said = " ".join(result.stderr.split())
    assert "2 errors" in said
    assert "schedule.csv: expected the visits that were written with this plan" in said
    assert "schedule.csv, column request: 'R2': expected in row 3; the row is missing" in said
    assert (office / "appointments.csv").read_bytes() == before


def test_an_edited_schedule_is_adopted_on_purpose(tmp_path: Path) -> None:
    """One that keeps the rules is checked with a note and adopted, after which all commands use it; one that breaks
    rules is told and not adopted.
    """
    office, plan = planned(tmp_path, WAITING | {"appointments": "request,provider,date,start\n"})
    file = plan / "schedule.csv"
    table = pd.read_csv(file)
    names = sorted(table["request"])
    number = table["request"].tolist().index(names[1]) + 2
    table["request"] = table["request"].replace({names[1]: "R4"})
    table.to_csv(file, index=False)
    checked = invoke("check", office, plan)
    assert checked.exit_code == 0
    assert "Note: the schedule is not what was written." in checked.stderr
    assert f"schedule.csv, row {number}, column request: 'R4': expected {names[1]}" in checked.stderr
    assert invoke("adopt", office, plan, "--out", plan).exit_code == 0
    assert invoke("check", office, plan).stderr.count("not what was written") == 0
    assert {row["request"] for row in rows(file)} == {names[0], "R4"}
    table.assign(start="09:00", steps="").to_csv(file, index=False)
    kept = (plan / "plan.json").read_bytes()
    refused = invoke("adopt", office, plan, "--out", plan)
    assert refused.exit_code == 1
    assert "provider_time" in refused.stderr
    assert (plan / "plan.json").read_bytes() == kept


def test_a_new_caller_is_admitted_and_booked(tmp_path: Path) -> None:
    """A request that has come into requests.csv is left out once admitted, and placed where it is booked; a slot that
    is taken is not.
    """
    office, plan = planned(tmp_path, ILL)
    with (office / "requests.csv").open("a") as text:
        text.write("R9,P5,v,DR2\n")
    assert invoke("recommend", office, plan, "R9").exit_code == 0
    assert invoke("admit", office, plan, "--out", plan).exit_code == 0
    assert "R9" in [row["request"] for row in rows(plan / "left_out.csv")]
    place = next(line.split() for line in invoke("recommend", office, plan, "R9").stdout.splitlines() if "DR2" in line)
    words = ("DR2", f"{place[2]}T{place[4]}", "--out", plan)
    assert invoke("book", office, plan, "R9", *words).exit_code == 0
    assert [row["start"] for row in rows(plan / "schedule.csv") if row["request"] == "R9"] == [place[4]]
    taken = invoke("book", office, plan, "R3", *words)
    assert taken.exit_code == 2
    assert "expected a slot that is free for R3" in taken.stderr
    other = schedopt.read_office(office)
    assert schedopt.read_plan(plan, other).record["booked"] == {
        "request": "R9", "provider": "DR2", "start": f"{place[2]}T{place[4]}"
    }  # fmt: skip


def test_what_does_not_fit_newer_data_is_told(tmp_path: Path) -> None:
    """Admitted to data in which a provider, a request or an hour is gone, visits that remain stay and others are named;
    exit status 1.
    """
    office, plan = planned(tmp_path, ILL)
    held = {row["request"]: (row["date"], row["start"]) for row in rows(plan / "schedule.csv")}
    (office / "requests.csv").write_text("request,patient,visit_type,providers\nR1,P1,v,DR1\nR2,P2,v,DR1\n")
    (office / "appointments.csv").write_text("request,provider,date,start\n")
    (office / "shifts.csv").write_text("provider,site,weekday,start,end\nDR1,A,Monday,09:30,12:00\n")
    result = invoke("admit", office, plan, "--out", plan)
    assert result.exit_code == 1
    assert "R1" in result.stderr
    assert "R3" not in result.stderr
    assert {row["request"]: (row["date"], row["start"]) for row in rows(plan / "schedule.csv")} == {"R2": held["R2"]}
