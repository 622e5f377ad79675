"""How a patient is to be told: by what he or she wishes, has agreed to, and what is on file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from schedopt.models.tables.fields import parse_time
from schedopt.operations.letters.kinds import Channel, Language
from schedopt.operations.letters.matters import Reach
from schedopt.operations.letters.settings import LetterSettings
from schedopt.operations.letters.tables import ContactWish

_NAMES: dict[Language, tuple[str, ...]] = {
    "en": ("english", "eng", "anglais", "inglés", "ingles"),
    "es": ("spanish", "spa", "español", "espanol", "castellano", "castilian"),
    "ht": (
        "haitian creole", "haitian", "hat", "kreyòl", "kreyol", "kreyòl ayisyen", "kreyol ayisyen", "creole",
        "french creole", "haitian kreyol",
    ),
    "pt": ("portuguese", "por", "português", "portugues", "brazilian portuguese"),
    "vi": ("vietnamese", "vie", "tiếng việt", "tieng viet", "việt"),
}  # fmt: skip
_CODES = {name: code for code, names in _NAMES.items() for name in (code, *names)}
_TWELVE: tuple[Language, ...] = ("en", "es", "ht")
"""Languages whose speakers in the United States read hours from 1 to 12."""


@dataclass(frozen=True, slots=True)
class Given:
    """What is on file of how a patient may be told.

    Attributes
    ----------
    on_file : bool
        Whether the person is known, and not disposed of.
    consent : "yes", "no" or None
        To messages; None: nothing was said.
    confidential : bool
        Whether the person is to be reached by a confidential channel.
    has_mail : bool
        Whether an address of electronic mail is on file.
    language : str
        As the office has it.
    """

    on_file: bool = True
    consent: Literal["yes", "no"] | None = None
    confidential: bool = False
    has_mail: bool = False
    language: str = ""


def code_of(language: str) -> Language | None:
    """The code of a language by its code, with or without a region, or its name; None: no letters are in it."""
    plain = language.strip().casefold().replace("_", "-")
    return _CODES.get(plain) or _CODES.get(plain.partition("-")[0])


def reach_of(given: Given, wish: ContactWish | None, rules: LetterSettings) -> Reach:
    """How a patient is to be told.

    Who is to be reached by a confidential channel is called by somebody who has looked up by which. Mail needs consent;
    without it, or without an address, what was to be mailed goes on paper. What differs from the wish is said.
    """
    channel, reasons = _channel(given, wish)
    spoken = code_of(given.language)
    if given.language and spoken is None:
        reasons.append(f"no letters in {given.language}")
    language = spoken or rules.language
    usual: Literal["12h", "24h"] = "12h" if language in _TWELVE else "24h"
    lead, quiet_from, quiet_until = (
        None if wish is None else getattr(wish, name) for name in ("lead_hours", "quiet_from", "quiet_until")
    )
    return Reach(
        channel, "; ".join(reasons), language, (wish and wish.clock) or usual,
        rules.reminder_hours if lead is None else lead,
        parse_time(rules.quiet_from) if quiet_from is None else quiet_from,
        parse_time(rules.quiet_until) if quiet_until is None else quiet_until,
        wish.time_zone if wish else None, rules.post_days if channel == "letter" else 0,
    )  # fmt: skip


def _channel(given: Given, wish: ContactWish | None) -> tuple[Channel, list[str]]:
    wished = wish.channel if wish else None
    if not given.on_file:
        return "none", ["nobody on file"]
    if wished == "none":
        return "none", []
    if given.confidential:
        return "phone", ["confidential channel"]
    if wished in ("letter", "phone"):
        return wished, []
    reasons = list(_against_mail(given))
    return ("letter", reasons) if reasons else ("mail", [])


def _against_mail(given: Given) -> Iterator[str]:
    if given.consent != "yes":
        yield "no consent to messages" if given.consent is None else "messages refused"
    elif not given.has_mail:
        yield "no mail address"


assert set(_NAMES) == set(get_args(Language))
