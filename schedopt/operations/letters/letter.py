"""A letter as its patient reads it: text and HTML from one template, in the patient's language."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

import jinja2

from schedopt.operations.letters.kinds import LetterKind
from schedopt.operations.letters.languages import date_words, money_words, time_words, words
from schedopt.operations.letters.matters import moment_of, visit_in
from schedopt.operations.letters.settings import LetterSettings
from schedopt.operations.letters.tables import Message
from schedopt.pages import environment

_WIDTH = 76
_WITHOUT_TAIL: tuple[LetterKind, ...] = ("confirmation", "moved", "reminder")
_ABOUT_DURATION: tuple[LetterKind, ...] = ("confirmation", "moved", "reminder", "offer")
_LISTS: tuple[LetterKind, ...] = ("confirmation", "moved", "reminder", "lacking")

_ON_PAPER = {"letter": "Letter", "A4": "A4"}


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a letter goes; read when it is rendered, and kept nowhere.

    Attributes
    ----------
    name : str
        Of the patient.
    lines : tuple of str
        Postal address.
    mail : str
        Address of electronic mail.
    guardian : bool
        Whether it goes to who has custody of the patient.
    """

    name: str = field(default="", repr=False)
    lines: tuple[str, ...] = field(default=(), repr=False)
    mail: str = field(default="", repr=False)
    guardian: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """All that a letter is made of.

    Attributes
    ----------
    message : Message
        What it says.
    rules : LetterSettings
        How the office writes.
    office, zone : str
        Name and time zone of the office.
    to : Addressee
        To whom.
    provider, site : str
        With whom and where, as patients call them.
    called, prepare : str
        What the visit is called, and how to prepare for it; empty: it is not said.
    material : tuple of str
        Titles of what is to be read or brought.
    """

    message: Message
    rules: LetterSettings
    office: str
    zone: str
    to: Addressee
    provider: str = ""
    site: str = ""
    called: str = ""
    prepare: str = ""
    material: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter in words.

    Attributes
    ----------
    subject : str
        Its heading; it names nobody.
    text, html : str
        The whole of it.
    """

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


def rendered(letter: Letter, today: dt.date) -> Rendered:
    """A letter in words.

    Parameters
    ----------
    letter : Letter
        What it is made of.
    today : datetime.date
        Its date.
    """
    said = _said(letter, today)
    return Rendered(said["subject"], _filled_in(letter, said, "txt"), _filled_in(letter, said, "html"))


def _filled_in(letter: Letter, said: Mapping[str, Any], form: Literal["txt", "html"]) -> str:
    made = _environment(form == "html")
    template = made.get_template(f"{letter.message.kind}.j2")
    text = template.render(
        **said, frame=made.get_template(f"frame.{form}.j2"), parts=made.get_template(f"parts.{form}.j2")
    )
    return text if form == "html" else _tidy(text)


def _tidy(text: str) -> str:
    """The text with one empty line at most between others."""
    kept: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip())
    return "\n".join(kept) + "\n"


@cache
def _environment(html: bool) -> jinja2.Environment:
    made = environment("schedopt.operations.letters", {"filled": _filled, "hanging": _hanging})
    return made.overlay(autoescape=html)


def _filled(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _hanging(text: str) -> str:
    return textwrap.fill(
        text, _WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )  # fmt: skip


def _said(letter: Letter, today: dt.date) -> dict[str, Any]:
    message, rules = letter.message, letter.rules
    language, kind = message.language, message.kind
    phone = rules.phone.replace(" ", "\u00a0")
    call = words(language, "call", phone=phone) if phone else words(language, "call_plain")
    tail = "change" if kind in _WITHOUT_TAIL else f"{kind}.tail"
    told = kind in _LISTS
    return {
        "language": language, "paper": _ON_PAPER[rules.paper], "office": letter.office,
        "office_lines": _lines(rules.address) + ((rules.phone,) if rules.phone else ()),
        "to": _to(letter), "today": date_words(today, language), "subject": words(language, f"{kind}.subject"),
        "greeting": _greeting(letter), "lead": _lead(letter), "rows": list(_rows(letter)),
        "prepare": [letter.prepare] if letter.prepare and told else [],
        "material": list(letter.material) if told else [],
        "label_prepare": words(language, "prepare"), "label_material": words(language, "material"),
        "tail": words(language, tail, call=call), "regards": words(language, "regards"),
        "private": words(language, "private"),
    }  # fmt: skip


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for part in text.split(";") if (line := part.strip()))


def _to(letter: Letter) -> tuple[str, ...]:
    """The lines of the address; on mail, which has an address of its own, none."""
    if letter.message.channel == "mail" or not letter.to.name:
        return ()
    first = (words(letter.message.language, "guardian"),) if letter.to.guardian else ()
    return (*first, letter.to.name, *letter.to.lines)


def _greeting(letter: Letter) -> str:
    if not letter.to.name:
        return words(letter.message.language, "greeting_nobody")
    key = "greeting_guardian" if letter.to.guardian else "greeting"
    return words(letter.message.language, key, name=letter.to.name)


def _lead(letter: Letter) -> str:
    message, language = letter.message, letter.message.language
    if message.kind == "lacking":
        return words(language, f"lacking.{message.lacks}")
    put: dict[str, object] = {}
    if message.kind == "offer":
        put["until"] = _moment_words(letter, moment_of(message.expires))
    if message.kind == "recall":
        put["date"] = "" if message.due_day is None else date_words(message.due_day, language)
    if message.kind == "balance":
        put["amount"] = money_words(message.amount or 0, letter.rules.currency, language)
    return words(language, f"{message.kind}.lead", **put)


def _moment_words(letter: Letter, moment: dt.datetime | None) -> str:
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(letter.message.zone or letter.zone))
    return _when(letter.message, local.date(), local.hour * 60 + local.minute)


def _when(message: Message, date: dt.date, minutes: int) -> str:
    return f"{date_words(date, message.language)}, {time_words(minutes, message.language, message.clock)}"


def _rows(letter: Letter) -> Any:
    """Label, text, and whether it holds no more, of what is said of the visit."""
    message, language = letter.message, letter.message.language
    visit = visit_in(message)
    if visit is None:
        return
    yield words(language, "when"), _when(message, visit.date, visit.start), message.kind in ("cancelled", "taken")
    if message.was_date is not None and message.was_start is not None:
        yield words(language, "before"), _when(message, message.was_date, message.was_start), True
    if letter.site:
        yield words(language, "where"), letter.site, False
    if letter.provider:
        yield words(language, "with"), letter.provider, False
    if letter.called:
        yield words(language, "visit"), letter.called, False
    if message.kind in _ABOUT_DURATION:
        yield words(language, "duration"), words(language, "minutes", minutes=visit.minutes), False
