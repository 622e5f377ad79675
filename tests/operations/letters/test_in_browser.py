"""Letters in a real browser and as PDF: all of it is there, nothing is cut off, in five languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from schedopt.operations.letters.files import pdfs
from schedopt.operations.letters.letter import rendered
from tests.operations.letters.test_letter import LANGUAGES, TODAY, letter

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
CUT = """() => [...document.querySelectorAll('p, td, th, h1, h2, li, address')].filter(one =>
    one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > window.innerWidth).length"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield made
        made.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_letters_fit(browser: Browser, tmp_path: Path, width: int) -> None:
    """In each language nothing is cut off, the page does not scroll sideways, runs nothing, and loads nothing."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for place, language in enumerate(LANGUAGES):
        file = tmp_path / f"{language}.html"
        file.write_text(rendered(letter(("moved", "offer")[place % 2], language), TODAY).html, "utf-8")
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert page.evaluate(CUT) == 0
        assert page.evaluate("document.scripts.length") == 0
        assert page.evaluate("document.documentElement.lang") == language
    assert len(asked) == len(LANGUAGES)
    page.close()


def test_letters_on_paper() -> None:
    """A letter is one page, as a PDF."""
    for made in pdfs([rendered(letter("moved", language), TODAY).html for language in LANGUAGES[1::2]]):
        assert made.startswith(b"%PDF-")
        assert made.count(b"/Type /Page\n") + made.count(b"/Type /Page/") + made.count(b"/Type /Page ") in (0, 1)
