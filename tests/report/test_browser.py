"""The page in a real browser: it fits, nothing is cut off or overlaps, and nothing that was planted runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from schedopt.report.page import report_html
from tests.report.plans import FIRST, TYPES, make_plan, office_plan, session, simulated, visit

WIDTHS = (1280, 820, 390)
PLANTED = "<script>document.title = 'ran'</script><img src=x onerror=\"document.title = 'ran'\">"
LONG = "Maximiliane-Theodora Oberhuber-Schmidtbauer" * 3

BLOCKS = """() => [...document.querySelectorAll('.day')].filter(day => day.offsetParent).map(day =>
    [...day.querySelectorAll('li')].map(li => {
        const box = li.getBoundingClientRect(), around = li.closest('.scale').getBoundingClientRect();
        const parts = [li, ...li.querySelectorAll('p, b, bdi, i, .in')];
        return {left: box.left, right: box.right, top: box.top, bottom: box.bottom, text: li.innerText,
                minutes: +li.style.getPropertyValue('--l'), high: li.scrollHeight - li.clientHeight,
                inside: box.top >= around.top - 1 && box.bottom <= around.bottom + 1 && box.right <= around.right + 1,
                cut: Math.max(...parts.map(part => part.scrollWidth - part.clientWidth))}; }))"""

CHARTS = """() => [...document.querySelectorAll('.waits svg')].map(svg => {
    const box = node => { const b = node.getBoundingClientRect();
        return {left: b.left, right: b.right, top: b.top, bottom: b.bottom, text: node.textContent}; };
    const boxes = found => [...svg.querySelectorAll(found)].map(box);
    return {box: box(svg), bars: boxes('g > rect'), marks: boxes('g > line'), labels: boxes(':scope > text'),
            caption: boxes('figcaption').concat([...svg.previousElementSibling.children].map(box))}; })"""


def _open(browser: Browser, html: str, folder: Path, width: int) -> tuple[Page, list[str]]:
    (folder / "report.html").write_text(html, "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto((folder / "report.html").as_uri())
    return page, requests


def _overflow(page: Page) -> int:
    wide: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wide


def _overlaps(blocks: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [
        (one["text"], other["text"])
        for place, one in enumerate(blocks)
        for other in blocks[place + 1 :]
        if min(one["right"], other["right"]) - max(one["left"], other["left"]) > 0.5
        and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 0.5
    ]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("types", [TYPES, (("shot", 5), ("check-up", 20))], ids=["10 minutes", "5 minutes"])
def test_the_week_fits(browser: Browser, tmp_path: Path, width: int, types: Any) -> None:
    """Every visit has its block, in scale, inside its day, over no other, with its text whole; the page does not scroll
    sideways.
    """
    plan = office_plan(3, types=types)
    page, _ = _open(browser, report_html(plan), tmp_path, width)
    days = page.evaluate(BLOCKS)
    blocks = [block for day in days for block in day]
    assert len(blocks) == len(plan.schedule)
    assert _overflow(page) <= 0
    assert [pair for day in days for pair in _overlaps(day)] == []
    assert [block["text"] for block in blocks if block["cut"] > 1 or block["high"] > 2] == []
    assert all(block["inside"] for block in blocks)
    heights = {round((block["bottom"] - block["top"] + 1) / block["minutes"], 1) for block in blocks}
    assert len(heights) <= 2
    assert min(block["bottom"] - block["top"] for block in blocks) >= 12


@pytest.mark.parametrize("width", WIDTHS)
def test_long_and_planted_text(browser: Browser, tmp_path: Path, width: int) -> None:
    """Names that carry scripts or never end neither run, nor load anything, nor widen the page."""
    plan = office_plan(2, office_name=PLANTED, types=(("x" * 64, 20), (PLANTED, 10)))
    patients = [*plan.schedule["patient"], *plan.left_out["patient"]]
    names = {patient: (PLANTED, LONG)[place % 2] for place, patient in enumerate(patients)}
    html = report_html(plan, names=names, played=simulated(plan, [(7, 30)]))
    page, requests = _open(browser, html, tmp_path, width)
    assert page.title().startswith("<script>")
    assert page.evaluate("document.scripts.length") == 0
    assert requests == [page.url]
    assert _overflow(page) <= 0
    days = page.evaluate(BLOCKS)
    assert sum(map(len, days)) == len(plan.schedule)
    assert [pair for day in days for pair in _overlaps(day)] == []
    assert all(block["cut"] > 1 for day in days for block in day if LONG in block["text"])


def test_promises_that_contradict_each_other(browser: Browser, tmp_path: Path) -> None:
    """Visits at the same time stand side by side, so that both can be read."""
    visits = [visit(number, "DR1", FIRST, start, 30) for number, start in enumerate(("09:00", "09:10", "09:30"))]
    page, _ = _open(browser, report_html(make_plan(visits, status="conflict")), tmp_path, 1280)
    (blocks,) = [day for day in page.evaluate(BLOCKS) if day]
    assert len(blocks) == 3
    assert _overlaps(blocks) == []
    assert [block["text"] for block in blocks if block["cut"] > 1] == []


def _charts_fit(page: Page) -> list[dict[str, Any]]:
    """The charts, after a look at each: nothing outside it, no bar or label over another."""
    charts: list[dict[str, Any]] = page.evaluate(CHARTS)
    for chart in charts:
        around = chart["box"]
        for part in (*chart["bars"], *chart["marks"], *chart["labels"]):
            assert part["left"] >= around["left"] - 1
            assert part["right"] <= around["right"] + 1
            assert around["top"] - 1 <= part["top"] <= part["bottom"] <= around["bottom"] + 1
        assert min(bar["right"] - bar["left"] for bar in chart["bars"]) >= 1
        assert [_overlaps(chart[parts]) for parts in ("bars", "labels", "caption")] == [[], [], []]
    return charts


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("types", "days"), [(TYPES, range(5)), ((("shot", 5),), range(7))], ids=["5 days", "7 days"])
def test_charts_of_waiting_fit(browser: Browser, tmp_path: Path, width: int, types: Any, days: Any) -> None:
    """Every visit has a bar that can be seen; nothing runs out of its chart or over something else, on screens and on
    paper; the page does not scroll sideways.
    """
    plan = office_plan(3, types=types, days=days)
    more = [session("DR9", FIRST, "07:30", "16:45"), session("DR9", FIRST, "17:00", "18:00")]
    visits = [visit(9000 + place, "DR9", FIRST, start, 30, session=row["session"])
              for place, (row, start) in enumerate(zip(more, ("07:00", "17:30"), strict=True))]  # fmt: skip
    plan = make_plan(plan.schedule.to_dict("records") + visits, plan.sessions.to_dict("records") + more)
    html = report_html(plan, played=simulated(plan, [(7, 30), (0, 0), (28, 31), (float("nan"), float("nan"))]))
    page, _ = _open(browser, html, tmp_path, width)
    assert sum(len(chart["bars"]) for chart in _charts_fit(page)) == len(plan.schedule)
    assert _overflow(page) <= 0
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})
    _charts_fit(page)


def test_on_paper(browser: Browser, tmp_path: Path) -> None:
    """Printed, each provider's ordinary week fits on one page, and colours are kept."""
    page, _ = _open(browser, report_html(office_plan(3)), tmp_path, 1280)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1032, "height": 700})
    heights = page.evaluate("[...document.querySelectorAll('.timetable')].map(table => table.offsetHeight)")
    assert len(heights) == 3
    assert max(heights) <= 710
    assert page.evaluate("getComputedStyle(document.querySelector('.scale li')).printColorAdjust") == "exact"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
