"""Where the bars of expected waiting stand, and how high they are."""

from __future__ import annotations

import csv
import datetime as dt
import math
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.models.clock import format_time
from schedopt.models.problem.plan import Plan
from schedopt.models.tables.fields import parse_time
from schedopt.report import report_html, write_plan
from schedopt.simulation import simulate
from schedopt.uncertainty.week import Uncertainty
from tests.effort import examples
from tests.report.plans import FIRST, make_plan, office_plan, session, simulated, visit
from tests.simulation.worlds import plans

FOOT, HIGH = 57.0, 56.0
"""Where the ground of a chart is, and how high it is, in pixels."""
NAN = float("nan")


class Charts(HTMLParser):
    """Reads the page's charts: label, elements outside bars, and for each bar its words and elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.charts: list[dict[str, Any]] = []
        self.top = 0
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        if tag == "svg":
            self.charts.append({"label": dict(attrs)["aria-label"], "ground": [], "bars": []})
        elif tag == "g":
            self.charts[-1]["bars"].append({"parts": {}})
        elif "g" in self._open:
            assert tag not in self.charts[-1]["bars"][-1]["parts"]
            self.charts[-1]["bars"][-1]["parts"][tag] = dict(attrs)
        elif "svg" in self._open:
            self.charts[-1]["ground"].append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        while self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["title"] and "g" in self._open:
            self.charts[-1]["bars"][-1]["words"] = data
        if data.startswith("every chart is "):
            self.top = int(data.split()[3].replace(",", ""))


def percent(value: str) -> float:
    """The number before the percent sign."""
    assert value.endswith("%")
    return float(value[:-1])


MINUTES = st.floats(0, 300) | st.floats(0, 3) | st.integers(0, 150).map(float)
FIGURES = st.lists(st.tuples(MINUTES, MINUTES) | st.just((NAN, NAN)), min_size=1, max_size=12)
VISITS = st.lists(st.tuples(st.integers(84, 228), st.integers(1, 12)), max_size=12)


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Any, pd.DataFrame]:
    """A plan of some sessions, with visits that may overlap and lie outside of hours, and what a simulation says."""
    sessions, visits = [], []
    for provider in ("DR1", "DR2"):
        for offset, start, end in ((0, "08:00", "11:30"), (0, "13:00", "19:00"), (8, "09:10", "10:00")):
            date = FIRST + dt.timedelta(offset)
            row = session(provider, date, start, end)
            sessions.append(row)
            visits += [
                visit(f"{provider}.{offset}.{start}.{place}", provider, date, format_time(5 * begin), 5 * cells,
                      session=row["session"])
                for place, (begin, cells) in enumerate(draw(VISITS))
            ]  # fmt: skip
    plan = make_plan(visits, sessions, num_days=14)
    return plan, simulated(plan, draw(FIGURES))


@given(weeks())
def test_every_visit_has_one_bar_in_its_place(drawn: tuple[Any, pd.DataFrame]) -> None:
    """Every simulated visit has one bar, in its session's chart, at its time, as high as its mean, with a mark at what
    nine in ten do not exceed or an arrow where that is beyond the chart; bars leave neither each other nor the chart
    too little room, and charts without a visit are not there.
    """
    plan, played = drawn
    found = Charts(report_html(plan, played=played))
    rows = {row["request"]: row for row in played.to_dict("records")}
    sessions = {row["session"]: row for row in plan.sessions.to_dict("records")}
    assert len(found.charts) == played["session"].nunique()
    seen, beyond = [], 0
    for chart in found.charts:
        bars = [rows[bar["words"].split("; request ")[1]] for bar in chart["bars"]]
        (place,) = {row["session"] for row in bars}
        own = sessions[place]
        hours = f"{own['date']:%a} {own['date'].day} {own['date']:%b}, {own['start']}–{own['end']}"
        assert chart["label"].startswith(f"{own['provider']}, {hours}, expected waiting: ")
        axis = next(attributes for tag, attributes in chart["ground"] if attributes.get("class") == "open")
        edge, previous = 0.0, -1
        for bar, row in zip(chart["bars"], bars, strict=True):
            seen.append(row["request"])
            left, width = (percent(bar["parts"]["rect"][name]) for name in ("x", "width"))
            start, end = (parse_time(own[name]) for name in ("start", "end"))
            minute = start + (left - percent(axis["x"])) / percent(axis["width"]) * (end - start)
            now = parse_time(row["start"])
            close = pytest.approx(now, abs=0.2 + 0.002 * abs(now - start))  # places are rounded to 0.01 %
            assert minute == close or (now == previous and now < minute < now + 10)
            assert left >= edge - 0.02
            assert width > 0
            edge, previous = left + width, now
            beyond += _has_its_figures(bar, row, found.top, chart["label"])
        assert edge <= 100.02
    assert sorted(seen) == sorted(rows)
    assert beyond <= 0.02 * len(rows)


def _has_its_figures(bar: dict[str, Any], row: dict[str, Any], top: int, label: str) -> bool:
    """Look at height, mark and words of a bar; whether its mark is beyond the chart."""
    mean, p90 = row["waiting_minutes"], row["p90_minutes"]
    y, high = (float(bar["parts"]["rect"][name]) for name in ("y", "height"))
    assert y + high == pytest.approx(FOOT, abs=0.02)
    if math.isnan(mean):
        assert high == 1
        assert set(bar["parts"]) == {"title", "rect"}
        assert "nobody was seen" in bar["words"]
        return False
    assert 1 <= high <= HIGH + 0.02
    assert high == pytest.approx(max(1, HIGH * mean / top), abs=0.02)
    said = f"{mean:.1f} min, 9 in 10 at most {p90:.1f}"
    assert bar["words"].startswith(f"{row['start']}, {row['patient']}, {row['visit_type']}: {said}")
    assert f"{row['start']} {said}" in label
    if p90 > top:
        assert set(bar["parts"]) == {"title", "rect", "text"}
        return True
    mark = bar["parts"]["line"]
    assert float(mark["y1"]) == float(mark["y2"]) == pytest.approx(FOOT - HIGH * p90 / top, abs=0.02)
    assert (percent(mark["x1"]), mark["x1"]) == (percent(bar["parts"]["rect"]["x"]), bar["parts"]["rect"]["x"])
    return False


@given(plans(fits=False))
@settings(max_examples=examples(8))
def test_what_a_simulation_finds_is_shown(plan: Plan) -> None:
    """The table of a real simulation is taken as it is: one bar a visit on the page, one row in ``waiting.csv``."""
    found = simulate(plan, Uncertainty.assumed(plan, 0.5), 3)
    with TemporaryDirectory() as parent:
        folder = write_plan(plan, Path(parent, "plan"), played=found.visits)
        charts = Charts((folder / "report.html").read_text("utf-8")).charts
        with (folder / "waiting.csv").open(newline="", encoding="utf-8") as file:
            written = list(csv.DictReader(file))
    bars = [bar["words"].split("; request ")[1] for chart in charts for bar in chart["bars"]]
    assert sorted(bars) == sorted(found.visits["request"])
    assert [(row["request"], row["start"]) for row in written] == list(
        zip(found.visits["request"], found.visits["start"], strict=True)
    )
    for row, mean in zip(written, found.visits["waiting_minutes"], strict=True):
        assert (float(row["waiting_minutes"] or NAN), True) == (pytest.approx(mean, abs=1e-4, nan_ok=True), True)


def test_without_a_simulation_there_is_no_word_of_it() -> None:
    """Without simulated visits the page has no section, chart or rule of style about waiting."""
    html = report_html(office_plan(2))
    assert "Expected waiting" not in html
    assert ".waits" not in html
    assert Charts(html).charts == []


def test_no_visits() -> None:
    """A plan without visits has the section, and says so."""
    plan = make_plan([], [session("DR1", FIRST, "08:00", "12:00")])
    html = report_html(plan, played=simulated(plan, [(1, 2)]))
    assert "There are no visits to wait for." in html
    assert Charts(html).charts == []


def _later(played: pd.DataFrame) -> pd.DataFrame:
    return played.assign(start=["07:55", *played["start"][1:]])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda played: played.drop(columns="p90_minutes"), "a column 'p90_minutes'"),
        (lambda played: played[1:], "exactly this plan"),
        (lambda played: pd.concat([played, played[:1]]), "exactly this plan"),
        (lambda played: played.assign(session="elsewhere"), "exactly this plan"),
        (_later, "exactly this plan"),
    ],
)
def test_another_plans_simulation_is_refused(tmp_path: Path, change: Any, words: str) -> None:
    """Visits that are missing, there twice, elsewhere or at other times are refused before anything is written."""
    plan = office_plan(1)
    with pytest.raises(ValueError, match=words):
        write_plan(plan, tmp_path / "plan", played=change(simulated(plan, [(1, 2)])))
    assert list(tmp_path.iterdir()) == []
