"""The command and its page: in a browser, on paper, and by exit status."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Browser

from schedopt.errors import OutputError
from schedopt.operations.measures.folder import free_folder, write_measures
from schedopt.operations.measures.page import glance, measures_page
from schedopt.operations.measures.report import Measured, measure
from schedopt.operations.measures.tables import MeasureChange, Target
from tests.cli.commands import invoke
from tests.office.folders import SECRET_NAME, edited, office_files, write_files
from tests.operations.measures.histories import FIRST, history

PLANTED = "<script>document.title = 'ran'</script><img src=x onerror=\"document.title = 'ran'\">"
PAST = """\
visit,patient,provider,visit_type,new,booked,date,start,minutes,arrived,began,ended,outcome,age
V1,N1,DR1,check-up,no,2026-11-02,2026-11-23,09:00,20,08:55,09:01,09:25,kept,40
V2,N2,DR1,check-up,no,2026-11-20,2026-11-24,09:00,20,,,,no-show,41
V3,N1,DR2,imaging,yes,2026-11-23,2026-11-25,10:00,20,09:50,10:00,10:30,kept,40
V4,N2,DR2,imaging,no,2026-11-23,2026-11-25,11:00,20,,,,cancelled,41
"""
CUT = """() => [...document.querySelectorAll('body *:not(svg *, thead, thead *)')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1); }).map(one => one.textContent.slice(0, 9))"""
LABELS = """() => [...document.querySelectorAll('svg')].filter(one => one.getBoundingClientRect().width).map(svg => {
    const around = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('text')].map(text => { const box = text.getBoundingClientRect();
        return {text: text.textContent, left: box.left - around.left, right: around.right - box.right,
                high: box.height, x: box.left, y: box.top, r: box.right, b: box.bottom}; }); })"""


@pytest.fixture(scope="module")
def measured() -> Measured:
    """All measures of half a year, by provider, with ids and words that carry scripts."""
    evidence, _ = history(11, 200)
    days = pd.date_range("2025-09-01", periods=200, freq="D")
    status = ["no-show" if number % (12 if number < 120 else 3) == 0 else "fulfilled" for number in range(200)]
    booked = days - pd.to_timedelta([number % 5 for number in range(200)], unit="D")
    rows = evidence.events.assign(date=days, booked_on=booked, status=status)
    rows["provider"] = rows["provider"].where(rows["provider"] != "DR2", PLANTED)
    longer = replace(evidence, events=rows, first=days[0].date())
    targets = [Target(measure="no_show", target=8), Target(measure="access_wait", target=1000)]
    changes = [MeasureChange(measure="no_show", date=days[120].date(), what=PLANTED)]
    return measure(longer, office=PLANTED, by="provider", targets=targets, changes=changes)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits(browser: Browser, measured: Measured, tmp_path: Path, width: int) -> None:
    """No sideways scrolling, one chart of each measure, labels inside it and apart; no script, no other file."""
    write_measures(measured, tmp_path / "out")
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "out" / "measures.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    assert page.evaluate(CUT) == []
    drawn = page.evaluate(LABELS)
    assert len(drawn) == len(measured.charts) > 8
    for labels in drawn:
        assert all(label["left"] >= 0 and label["right"] >= 0 for label in labels if "script" not in label["text"])
        assert all(label["high"] >= 11 for label in labels)
        weeks = sorted((label["x"], label["r"]) for label in labels if re.search(r"20\d\d$", label["text"]))
        assert len(weeks) >= 3
        assert all(before[1] < after[0] for before, after in pairwise(weeks))
    assert "ran" not in page.title().split()
    assert len(asked) == 1
    page.emulate_media(media="print")
    assert page.evaluate("[...document.querySelectorAll('.wide')].every(one => one.offsetHeight > 0)")
    page.close()


def test_the_page_says_what_the_tables_say(measured: Measured) -> None:
    """Every measure with its definition and source, signals with their week, targets met and missed."""
    page, rows = measures_page(measured), glance(measured).set_index("measure")
    assert PLANTED not in page
    assert set(rows.index) == set(measured.summary["measure"])
    for name in rows.index:
        assert f'id="{name}"' in page
    assert (rows.loc["no_show", "met"], rows.loc["access_wait", "met"]) == ("not met", "met")
    assert rows.loc["no_show", "target"] == "8"
    fired = measured.signals.groupby("measure")["week"].nunique()
    assert rows.loc[fired.index, "signal"].str.split().str[0].astype(int).to_dict() == fired.to_dict()
    assert rows.loc["continuity_upc", "signal"] == "no limits"


def test_a_folder_of_something_else_stays(measured: Measured, tmp_path: Path) -> None:
    """Earlier measures are replaced whole; what somebody else has put there is not lost."""
    write_measures(measured, tmp_path / "out")
    write_measures(replace(measured, by=""), tmp_path / "out")
    assert not (tmp_path / "out" / "measures_by_provider.csv").exists()
    (tmp_path / "out" / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(OutputError, match=r"notes\.txt"):
        free_folder(tmp_path / "out")
    (tmp_path / "file").write_text("mine", "utf-8")
    with pytest.raises(OutputError, match="in the way"):
        free_folder(tmp_path / "file")


def test_the_command_measures_a_folder(tmp_path: Path) -> None:
    """Its history is measured, its targets judged, groups are checked, and no name is told."""
    office = office_in(tmp_path / "office", office_files())
    past = tmp_path / "past.csv"
    past.write_text(PAST, "utf-8")
    days = ("--from", "2026-11-23", "--to", "2026-11-29", "--history", past)
    found = invoke("measures", office, *days, "--by", "visit_type", "--out", tmp_path / "out")
    assert found.exit_code == 1, found.output
    table = pd.read_csv(tmp_path / "out" / "measures.csv").set_index("measure")
    assert table.loc["no_show", ["numerator", "denominator", "value", "target"]].tolist() == [1, 2 + 1, 33.333333, 9.5]
    assert table.loc["cycle_time", "value"] == (30 + 40) / 2
    assert table.loc["new_patient_wait", "value"] == 2
    assert table.loc["wait_standard_primary", "numerator"] == 2
    assert "no_show_with_late_cancellations" not in table.index
    by_type = pd.read_csv(tmp_path / "out" / "measures_by_visit_type.csv")
    assert set(by_type["group"]) == {"check-up", "imaging"}
    text = found.output + (tmp_path / "out" / "measures.html").read_text("utf-8")
    assert SECRET_NAME not in text


def office_in(folder: Path, files: Any) -> Path:
    """The folder of an office."""
    folder.mkdir()
    return write_files(folder, files)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--history FILE or --plan PLAN"),
        (("--history", "PAST", "--by", "colour"), "language"),
        (("--history", "PAST", "--ask", "2026-11-23"), "--plan"),
        (("--history", "PAST", "--to", "2026-11-01"), "--from"),
    ],
)
def test_what_cannot_be_measured_is_said(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """Exit status 2, and what was expected."""
    office = office_in(tmp_path / "office", office_files())
    past = tmp_path / "past.csv"
    past.write_text(PAST, "utf-8")
    given = [past if word == "PAST" else word for word in words]
    found = invoke("measures", office, "--from", "2026-11-23", "--to", "2026-11-29", *given)
    assert found.exit_code == 2
    assert said in found.output


def test_a_target_with_a_false_measure_is_refused(tmp_path: Path) -> None:
    """Tables of measures are checked like all others: file, row, column."""
    office = office_in(tmp_path / "office", office_files(edited(("targets", 2, "measure", "no_shows"))))
    found = invoke("measures", office, "--from", FIRST.isoformat(), "--to", FIRST.isoformat(), "--plan", tmp_path)
    assert found.exit_code == 2
    assert "targets.csv, row 2, column measure" in found.output
