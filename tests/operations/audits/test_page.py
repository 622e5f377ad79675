"""The calendar's page in a real browser, and the commands of audits, as people use them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser

from schedopt.models.office import Office
from schedopt.operations.audits.calendars import calendar_page
from schedopt.operations.audits.due import Due, compliance_calendar
from tests.cli.commands import invoke, write_tiny

FIRST = dt.date(2026, 11, 30)


def test_the_page_fits(browser: Browser, tmp_path: Path) -> None:
    """On a screen and on a phone it does not scroll sideways, nothing runs, and nothing else is asked for."""
    more = [Due(FIRST - dt.timedelta(days=9), "competence", "x" * 64, "Renew " + "x" * 64, "<script>1</script>")]
    table = compliance_calendar(Office(), FIRST, FIRST + dt.timedelta(days=400), more=more)
    file = tmp_path / "page.html"
    file.write_text(calendar_page(table, "Dune Clinic", FIRST, FIRST + dt.timedelta(days=400)), "utf-8")
    for width in (1280, 390):
        page = browser.new_page(viewport={"width": width, "height": 900})
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(file.as_uri())
        assert asked == [page.url]
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert page.evaluate("document.scripts.length") == 0
        assert page.locator("tbody tr").count() == len(table)
        assert "9 days late" in page.inner_text("main")
        page.close()


def test_sizes_are_said() -> None:
    """By the table without options, and by what the options are for; what makes no sense is refused."""
    for words, items in (
        (("1000",), "278"), (("--tolerable", "5%"), "59"), (("--tolerable", "0.02", "--allowed", 1), "236"),
        (("--by", "share"), "385"), (("--book", 500_000, "--too-much", 10_000), "150"),
    ):  # fmt: skip
        result = invoke("audit", "size", *words)
        assert result.exit_code == 0, result.output
        assert result.output.splitlines()[0] == items
    for words in (("--by", "attribute"), ("5", "--tolerable", "1%", "--allowed", 1), ("--tolerable", "5")):
        assert invoke("audit", "size", *words).exit_code == 2


def test_a_file_is_sampled_filled_in_and_evaluated(tmp_path: Path) -> None:
    """The sheet that a sample writes is what findings read; the exit status says whether few deviate."""
    frame, sheet = tmp_path / "frame.csv", tmp_path / "sheet.csv"
    pd.DataFrame({"chart": range(100), "who": ["a", "b"] * 50}).to_csv(frame, index=False)
    words = ("audit", "sample", frame, "--items", 60, "--seed", "s", "--item", "chart", "--by", "who", "--out", sheet)
    first = invoke(*words)
    assert first.exit_code == 0, first.output
    before = sheet.read_bytes()
    assert invoke(*words).exit_code == 0
    assert sheet.read_bytes() == before
    assert invoke("audit", "findings", sheet).exit_code == 2  # nothing was looked at
    filled = pd.read_csv(sheet, dtype=str, keep_default_na=False).assign(result="ok")
    filled.to_csv(sheet, index=False)
    within = invoke("audit", "findings", sheet, "--tolerable", "20%")
    assert within.exit_code == 0, within.output
    assert "within the tolerable 20 %" in within.output
    filled.assign(result=["deviates"] * 40 + ["ok"] * 20).to_csv(sheet, index=False)
    assert invoke("audit", "findings", sheet, "--tolerable", "20%").exit_code == 1
    filled.assign(result="Ann Smith").to_csv(sheet, index=False)
    refused = invoke("audit", "findings", sheet)
    assert refused.exit_code == 2
    assert "Ann" not in refused.output


def test_an_office_in_a_folder_has_a_calendar(tmp_path: Path) -> None:
    """Of what offices usually owe, and of its own table; overdue is exit status 1; as a page and a calendar too."""
    office, span = write_tiny(tmp_path / "office"), ("--from", "2026-11-30", "--to", "2027-02-28")
    usual = invoke("audit", "calendar", office, *span)
    assert usual.exit_code == 1, usual.output
    assert "45 CFR 164.308(a)(1)(ii)(A)" in usual.output
    usually = tmp_path / "usual.csv"
    assert invoke("audit", "calendar", office, "--defaults", "--out", usually).exit_code == 0
    table = pd.read_csv(usually, dtype=str, keep_default_na=False).assign(last_done="2026-11-29")
    table.to_csv(office / "obligations.csv", index=False)
    page, ics = tmp_path / "page.html", tmp_path / "due.ics"
    done = invoke("audit", "calendar", office, *span, "--page", page, "--ics", ics)
    assert done.exit_code == 0, done.output
    assert "2026-12-29" in done.output
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert ics.read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert invoke("audit", "calendar", office, "--from", "2026-11-30", "--to", "2026-01-01").exit_code == 2
