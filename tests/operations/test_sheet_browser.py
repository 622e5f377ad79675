"""Sheets in a real browser: they fit screens, phones and paper, and nothing that was planted runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from schedopt.operations.paper import pdf
from schedopt.operations.sheets.lines import GivenDay, Noted
from schedopt.operations.sheets.making import day_sheets
from schedopt.operations.sheets.page import sheet_html
from tests.operations.day_offices import chances, given_day, plan

PLANTED = "<script>document.title = 'ran'</script><img src=x onerror=\"document.title = 'ran'\">"
LONG = "Maximiliane-Theodora Oberhuber-Schmidtbauer" * 3
CUT = """() => [...document.querySelectorAll('body *')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1
        || (one.scrollWidth - one.clientWidth > 1 && getComputedStyle(one).overflowX !== 'visible')); })
    .map(one => one.tagName + ' ' + one.textContent.slice(0, 40))"""


def full_day() -> GivenDay:
    """A day with all that a sheet can say, and names that carry scripts or never end."""
    patients = [visit.patient for visit in plan().visits]
    names = {patient: (PLANTED, LONG)[place % 2] for place, patient in enumerate(patients)}
    risky = {visit.request: 0.4 + 0.001 * place for place, visit in enumerate(plan().visits)}
    noted = Noted(dict.fromkeys(patients, (LONG,)), dict.fromkeys(patients, ("c" + "f" * 20,)),
                  dict.fromkeys(patients, 99_999_900), names, ("balances of all",))  # fmt: skip
    return given_day(noted=noted, chances=chances(plan(), risky, risky, {}))


@pytest.mark.parametrize("width", [1280, 390])
def test_sheets_fit(browser: Browser, tmp_path: Path, width: int) -> None:
    """No sideways scrolling, nothing beyond the edge or cut, no script, no other file; every visit can be seen."""
    day = full_day()
    sheets = day_sheets(day)
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for sheet in sheets.sheets:
        asked.clear()
        place = tmp_path / "sheet.html"
        place.write_text(sheet_html(sheet, day), "utf-8")
        page.goto(place.as_uri())
        assert asked == [page.url]
        assert page.title() != "ran"
        assert page.evaluate("document.scripts.length") == 0
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert page.evaluate(CUT) == []
        rows = page.evaluate(
            "[...document.querySelectorAll('.visits tbody tr')].filter(r => r.offsetHeight > 10).length"
        )
        assert rows >= len(sheet.lines)


def test_on_paper(browser: Browser, tmp_path: Path) -> None:
    """On A4 nothing is wider than the page, no row is torn apart; boxes to tick and words say all, not colours."""
    day = full_day()
    sheet = next(one for one in day_sheets(day).sheets if one.role == "desk" and one.lines)
    page = browser.new_page(viewport={"width": 718, "height": 1000})
    place = tmp_path / "sheet.html"
    place.write_text(sheet_html(sheet, day), "utf-8")
    page.goto(place.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.evaluate("getComputedStyle(document.querySelector('.visits tr')).breakInside") == "avoid"
    assert page.evaluate("document.querySelectorAll('.visits th .box').length") == len(sheet.lines)
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_as_pdf() -> None:
    """A sheet becomes a PDF file; of one provider's, nothing of another's is in it."""
    day = given_day()
    sheets = [one for one in day_sheets(day).sheets if one.role == "provider" and one.lines]
    bare = replace(day, noted=Noted())
    content = pdf(sheet_html(sheets[0], bare))
    assert content.startswith(b"%PDF")
    assert len(content) > 1000
