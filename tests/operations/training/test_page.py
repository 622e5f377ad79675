"""The page of training in a browser, and the command on a folder."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser

from schedopt.office import office_from_frames
from schedopt.operations.training.page import training_page
from tests.cli.commands import invoke
from tests.office.folders import grid_frame, office_files, office_grids, write_files
from tests.operations.training.offices import MONDAY

pytestmark = pytest.mark.filterwarnings("ignore::schedopt.errors.InputWarning")
SETTINGS = {"time_zone": "America/New_York", "grid_minutes": 5, "holidays": {"country": "US", "subdivision": "NY"}}
ASKED = ("training", "--on", "2026-11-24")


@pytest.fixture(scope="module")
def page_text() -> str:
    frames = {name: grid_frame(grid) for name, grid in office_grids().items()}
    return training_page(office_from_frames(frames, SETTINGS), MONDAY, 60)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits(width: int, browser: Browser, page_text: str, tmp_path: Path) -> None:
    """Nothing is wider than the window, nothing is loaded, and the ids, states and dates are readable."""
    (tmp_path / "training.html").write_text(page_text, "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "training.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert len(asked) == 1
    text = page.inner_text("main")
    for words in ("Basic life support", "2026-12-31", "too few hours", "S2", "08:00-10:00"):
        assert words in text
    sizes = page.evaluate("[...document.querySelectorAll('main td')].map(td => td.scrollWidth - td.clientWidth)")
    assert max(sizes) <= 1
    page.close()


def test_no_name_stands_on_the_page(page_text: str) -> None:
    """No provider's or patient's name, and no number of a certificate, is told."""
    assert not any(words in page_text for words in ("Chen", "Roe", "Zebedee", "card 4711"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_files(tmp_path_factory.mktemp("office"), office_files())


@pytest.mark.parametrize(("show", "words"), [
    ("matrix", "ultrasound"), ("expiries", "BLS; film"), ("onboarding", "too few hours"), ("supervision", "nobody"),
])  # fmt: skip
def test_the_command_shows_what_is_to_be_seen_to(show: str, words: str, folder: Path) -> None:
    """Each table is shown with exit status 1, as there is something in it to look at; the evidence is not."""
    done = invoke(ASKED[0], folder, *ASKED[1:], "--show", show)
    assert done.exit_code == 1
    assert words in done.output
    assert "card 4711" not in done.output


def test_files_are_written(folder: Path, tmp_path: Path) -> None:
    """--out writes the whole table, --page the page."""
    out, page = tmp_path / "m.csv", tmp_path / "p.html"
    done = invoke(ASKED[0], folder, *ASKED[1:], "--out", out, "--page", page)
    assert done.exit_code == 1
    assert set(pd.read_csv(out)["state"]) == {"ok", "expires"}
    assert page.read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("words", [
    ("--show", "courses"), ("--show", "booked"), ("--done", "MA1:keys@2026-11-24"), ("--cancel", "h1"),
])  # fmt: skip
def test_what_cannot_be_is_said(words: tuple[str, ...], folder: Path) -> None:
    """Courses without a plan, and what a store alone keeps, are refused for a folder, in words."""
    done = invoke(ASKED[0], folder, *ASKED[1:], *words)
    assert done.exit_code == 2
    assert "expected a" in done.output


def test_nothing_to_see_to(folder: Path) -> None:
    """A day on which all is held for long has exit status 0."""
    done = invoke("training", folder, "--on", "2026-11-24", "--within", "5")
    assert (done.exit_code, done.output.strip().splitlines()[-1]) == (0, "All is in order.")
