"""The page: everything that counts is on it, and nothing from the office is more than text."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schedopt.report.page import report_html
from tests.counted import calls
from tests.report.plans import FIRST, make_plan, office_plan, session, simulated, visit

NASTY = ("<script>planted()</script>", "\"><img src=x onerror=planted()>", "' onmouseover='planted()", "</style><b>",
         "--x:url(//x.test/a)", "{{ 7 * 7 }}", "=cmd()", "‮evil", "𝔘𝔫𝔦 ☃", "&amp;", "</title>")  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40) | st.sampled_from(NASTY)
VOID = {"meta", "link", "img", "br", "hr", "input"}


class Page(HTMLParser):
    """Reads a page: its elements with their attributes, its text, and whether every element is closed in its place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def _shape(page: Page) -> list[tuple[str, tuple[str, ...]]]:
    return [(tag, tuple(sorted(attributes))) for tag, attributes in page.elements]


def _planted(text: str) -> Page:
    row = visit(0, text, FIRST, "09:00", 20, patient=text, visit_type=text, site=text, request=text, session=text)
    held = session(text, FIRST, "08:00", "12:00", [row], site=text, session=text)
    held = session(text, FIRST, "08:00", "12:00", [row], site=text, session=text)
    elsewhere = session(text, FIRST, "13:00", "15:00")
    late = visit(1, text, FIRST, "13:00", 20, session=elsewhere["session"])
    plan = make_plan(
        [row, late], [held, elsewhere],
        office_name=text,
        left_out=[{"request": text, "patient": "P", "visit_type": text, "priority": 1, "cost": 1, "sessions": 2,
                   "sessions_left": 0, "promised": text, "cause": text, "reason": text}],
        removed=[{"request": text, "rule": text, "source": text, "sessions": 2, "reason": text}],
        conflicts=[{"request": text, "rule": text, "source": text, "detail": text}],
        costs=[{"part": text, "source": text, "points": 1, "quantity": 1, "unit": text}],
        pools=[{"pool": text, "site": text, "kind": text, "date": FIRST, "capacity": 1, "used_minutes": 1,
                "open_minutes": 2, "utilisation": 0.5}],
        record={"seed": text, "versions": {text: text}, "input_hash": text},
    )  # fmt: skip
    return Page(report_html(plan, names={"P": text}, played=simulated(plan, [(4, 9)])))


PLAIN = _shape(_planted("x"))


@given(TEXT)
@example(NASTY[0])
def test_what_the_office_says_stays_text(text: str) -> None:
    """Whatever stands in ids, names and reasons, the page has the same elements and attributes, and shows the text."""
    page = _planted(text)
    assert _shape(page) == PLAIN
    shown = "".join(page.text)
    assert shown.count(text) >= 10
    styles = [attributes["style"] for _, attributes in page.elements if attributes.get("style")]
    assert all(re.fullmatch(r"(--[a-z]+:[\d.]+;?)+", str(style)) for style in styles)


def test_the_page_needs_nothing_else() -> None:
    """No script, no other file, no address but places on the page itself; and the page forbids itself the rest."""
    plan = office_plan(4)
    html = report_html(plan, names={"N0": NASTY[0]}, played=simulated(plan, [(4, 9), (5, 90)]))
    page = Page(html)
    assert page.open == []
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "link", "img", "iframe", "object", "base", "form"})
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    places = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert {str(a["href"]) for a in page.all("a")} <= {f"#{place}" for place in places}
    assert not re.search(r"url\(|@import|https?:|//[a-z]", html)
    policies = [meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_everything_is_there() -> None:
    """Every visit is a block at its minute with its length; every request left out, session and pool is listed."""
    plan = office_plan()
    html = report_html(plan)
    page = Page(html)
    blocks = [li for li in page.all("li") if "title" in li]
    assert len(blocks) == len(plan.schedule)
    found = sorted((str(li["title"]).split(", ")[1], str(li["style"]).split(";")[:2]) for li in blocks)
    wanted = sorted(
        (row.patient, [f"--s:{_minutes(row.start)}", f"--l:{_minutes(row.end) - _minutes(row.start)}"])
        for row in plan.schedule.itertuples()
    )
    assert found == wanted
    assert html.count('class="session"') == len(plan.sessions)
    assert all(f"<bdi>{patient}</bdi>" in html for patient in plan.left_out["patient"])
    assert all(reason in html for reason in plan.left_out["reason"])
    assert all(pool in html for pool in plan.pools["pool"])
    for words in ("9f9f9f", "schedopt 0.1.0", "above the best possible", "America/New_York", plan.problem.office_name):
        assert words in html


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def test_the_page_can_be_heard() -> None:
    """Language, one main heading, no heading level skipped, a caption and header cells in every table, words for every
    chart.
    """
    plan = office_plan()
    page = Page(report_html(plan, names={}, played=simulated(plan, [(4, 9)])))
    assert page.all("html") == [{"lang": "en"}]
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))
    assert len(page.all("table")) == len(page.all("caption")) > 0
    assert all("scope" in cell for cell in page.all("th"))
    assert len(page.all("svg")) == len(plan.sessions)
    assert all(chart["role"] == "img" and chart["aria-label"] for chart in page.all("svg"))


def test_names_only_where_given() -> None:
    """A name that is given stands in place of the id, in the calendar and among those left out; others keep the id."""
    plan = office_plan(1)
    gone = plan.left_out["patient"].iloc[0]
    html = report_html(plan, names={"N0": "Ada Byron", gone: "Grace Hopper"})
    assert "<bdi>Ada Byron</bdi>" in html
    assert "<bdi>Grace Hopper</bdi>" in html
    assert "<bdi>N1</bdi>" in html
    assert "<bdi>N0</bdi>" not in html


@pytest.mark.parametrize("status", ["optimal", "feasible", "nothing found", "conflict"])
def test_nothing_to_show(status: str) -> None:
    """A plan without visits, sessions and requests is a page too, whatever its status."""
    page = Page(report_html(make_plan(cost=0, bound=0, status=status)))
    assert "No sessions on the days planned." in "".join(page.text)
    assert page.all("li") == []


def test_a_thousand_points_are_grouped_and_percentages_true() -> None:
    """Numbers are grouped, and the distance from the best is taken of the bound."""
    text = "".join(Page(report_html(make_plan(cost=12_000, bound=10_000))).text)
    assert "12,000" in text
    assert "at most 20.0 % above the best possible" in text


def test_a_large_office() -> None:
    """Sixty providers, over three thousand visits, simulated: under 3 MB, and 900 function calls a visit at most."""
    plan = office_plan(60)
    played = simulated(plan, [(4.25, 9.5), (15.125, 90.25)])
    assert len(plan.schedule) > 3000
    assert calls(lambda: report_html(plan, played=played)) < 900 * len(plan.schedule)
    assert len(report_html(plan, played=played).encode()) < 3_000_000


def test_several_weeks() -> None:
    """Each week planned has its own timetables, under its own days."""
    dates = [FIRST.replace(month=12, day=day) for day in (1, 9)]
    visits = [visit(number, "DR1", date, "09:00", 20) for number, date in enumerate(dates)]
    html = report_html(make_plan(visits, [session("DR1", date, "08:00", "12:00") for date in dates], num_days=14))
    assert html.count("<article") == 2
    assert "Tue 1 Dec to Tue 1 Dec" in html
    assert "Wed 9 Dec to Wed 9 Dec" in html


def test_whoever_loses_a_promise_is_listed_with_it() -> None:
    """Moved visits, and promised requests that were left out, stand on top with what had been promised."""
    moved = visit(0, "DR1", FIRST, "09:00", 20, promise="moved", promised="Tue 1 Dec 10:00, DR2")
    lost = {"request": "L1", "patient": "N7", "visit_type": "check-up", "priority": 1, "cost": 400, "sessions": 2,
            "sessions_left": 1, "promised": "Wed 2 Dec 11:00, DR3", "cause": "full", "reason": "full"}  # fmt: skip
    page = report_html(make_plan([moved], [session("DR1", FIRST, "08:00", "12:00", [moved])], left_out=[lost]))
    assert "was Tue 1 Dec 10:00, DR2; now Mon 30 Nov 09:00, DR1" in page
    assert "was Wed 2 Dec 11:00, DR3; left out" in page
