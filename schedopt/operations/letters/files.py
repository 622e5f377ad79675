"""Letters as files: one each, as PDF, HTML, text or mail."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
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
    if len(pages) < _FEW or many < 2:
        return [pdf(page) for page in pages]
    with ProcessPoolExecutor(many, mp_context=get_context("spawn")) as pool:
        return list(pool.map(pdf, pages, chunksize=8))
