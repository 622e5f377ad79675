"""Letters as files: one each, as PDF, HTML, text or mail."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Literal
from zoneinfo import ZoneInfo

from schedopt.operations.letters.letter import Letter, rendered
from schedopt.operations.letters.mail import mail_of
from schedopt.operations.paper import pdf

_FEW = 40
"""So many PDFs are made sooner than another process is there to help."""


def letter_files(
    letters: Sequence[Letter], form: Literal["pdf", "html", "txt", "eml"], moment: dt.datetime
) -> dict[str, bytes]:  # fmt: skip
    """Letters as files, named after their messages.

    Parameters
    ----------
    letters : sequence of Letter
        What they are made of.
    form : {"pdf", "html", "txt", "eml"}
        The format.
    moment : datetime.datetime
        Their date, with a zone.

    Raises
    ------
    OutputError
        If the extra ``letters`` is not installed.
    """
    said = [rendered(one, moment.astimezone(ZoneInfo(one.zone)).date()) for one in letters]
    names = [f"{one.message.message}.{form}" for one in letters]
    if form == "eml":
        mails = (mail_of(one, words, moment) for one, words in zip(letters, said, strict=True))
        return dict(zip(names, map(bytes, mails), strict=True))
    if form == "pdf":
        return dict(zip(names, pdfs([words.html for words in said]), strict=True))
    return {
        name: (words.html if form == "html" else words.text).encode() for name, words in zip(names, said, strict=True)
    }


def pdfs(pages: Sequence[str], processes: int | None = None) -> list[bytes]:
    """Pages as PDF files, many of them by several processes.

    Parameters
    ----------
    pages : sequence of str
        HTML that needs nothing else.
    processes : int, optional
        How many; by default as many as there are cores.
    """
    many = processes or os.cpu_count() or 1
    if len(pages) < _FEW or many < 2 or not sys.executable:
        return [pdf(page) for page in pages]
    with ThreadPoolExecutor(many) as pool:
        parts = list(pool.map(_elsewhere, [list(pages[place::many]) for place in range(many)]))
    return [parts[place % many][place // many] for place in range(len(pages))]


def _elsewhere(pages: list[str]) -> list[bytes]:
    """Pages as PDF files by a process of its own; they go there and back by pipes alone."""
    work = [sys.executable, "-c", "from schedopt.operations.letters.files import work; work()"]
    where = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        work, input=pickle.dumps(pages), stdout=subprocess.PIPE, check=False, env={**os.environ, "PYTHONPATH": where}
    )  # fmt: skip
    if done.returncode:
        return [pdf(page) for page in pages]
    made: list[bytes] = pickle.loads(done.stdout)
    return made


def work() -> None:
    """What such a process does."""
    pages: list[str] = pickle.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(pickle.dumps([pdf(page) for page in pages]))
