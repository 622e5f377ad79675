"""Letters in a real browser and as PDF: all of it is there, nothing is cut off, in five languages."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from schedopt.operations.letters.files import pdfs
from schedopt.operations.letters.kinds import Language, LetterKind
from schedopt.operations.letters.letter import rendered
from tests.operations.letters.test_letter import LANGUAGES, TODAY, letter

READER = shutil.which("pdftotext")
SOME = LANGUAGES[::2]
CUT = """() => [...document.querySelectorAll('p, td, th, h1, h2, li, address')].filter(one =>
    one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > window.innerWidth).length"""


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


def inside(made: bytes) -> bytes:
    """What a PDF says of its pages, unpacked."""
    streams = re.findall(rb"/Type /ObjStm.*?stream\r?\n(.*?)\r?\nendstream", made, re.S)
    return b"".join(map(zlib.decompress, streams)) or made


def test_letters_on_paper() -> None:
    """A letter with all that a letter can say is one page of the office's paper, as a PDF in its language."""
    for made, language in zip(pdfs([page_of("moved", one) for one in SOME]), SOME, strict=True):
        said = inside(made)
        assert re.findall(rb"/Type /Pages\b.*?/Count (\d+)", said, re.S) == [b"1"]
        assert re.findall(rb"/MediaBox \[0 0 (\d+) (\d+)\]", said) == [(b"612", b"792")]
        assert f"/Lang ({language})".encode() in said


@pytest.mark.skipif(READER is None, reason="there is no pdftotext to read PDFs with")
def test_letters_on_paper_are_text(tmp_path: Path) -> None:
    """All that a letter says can be taken out of its PDF again, in each language's letters."""
    for made, language in zip(pdfs([page_of("moved", language) for language in LANGUAGES]), LANGUAGES, strict=True):
        (tmp_path / "letter.pdf").write_bytes(made)
        done = subprocess.run([str(READER), str(tmp_path / "letter.pdf"), "-"], capture_output=True, check=True)
        found = plain(done.stdout.decode())
        said = rendered(letter("moved", language), TODAY).text.replace("\n--\n", "\n")
        for part in re.split(r"\n- |\n\n|: |:?\n", said):
            assert plain(part) in found, (language, part)


def page_of(kind: LetterKind, language: Language) -> str:
    """A letter's page."""
    return rendered(letter(kind, language), TODAY).html


def plain(text: str) -> str:
    """A text without its spaces and hyphens, at which lines are broken."""
    return re.sub(r"[\s\u00a0\u202f-]+", "", unicodedata.normalize("NFC", text))
