"""Dates, times and amounts as people read them, in the languages of letters."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from schedopt.errors import OutputError
from schedopt.operations.letters.kinds import Language
from schedopt.operations.letters.words import WORDS

_LOCALES: dict[Language, str] = {"en": "en_US", "es": "es_US", "ht": "ht_HT", "pt": "pt_BR", "vi": "vi_VN"}
_DAYS_HT = ("lendi", "madi", "mèkredi", "jedi", "vandredi", "samdi", "dimanch")
_MONTHS_HT = (
    "janvye", "fevriye", "mas", "avril", "me", "jen", "jiyè", "out", "septanm", "oktòb", "novanm", "desanm",
)  # fmt: skip
"""Days and months of Haitian Creole: the locale data that babel has of it gives ``2026 M02 3, Tue``."""


def date_words(date: dt.date, language: Language) -> str:
    """A date in full, such as ``Tuesday, February 3, 2026`` or ``madi 3 fevriye 2026``."""
    if language == "ht":
        return f"{_DAYS_HT[date.weekday()]} {date.day} {_MONTHS_HT[date.month - 1]} {date.year}"
    return str(_babel().dates.format_date(date, "full", locale=_LOCALES[language]))


def time_words(minutes: int, language: Language, clock: Literal["12h", "24h"]) -> str:
    """A time of day, such as ``2:05 PM`` or ``14:05``.

    Parameters
    ----------
    minutes : int
        From midnight.
    language : str
        In which language.
    clock : {"12h", "24h"}
        Whether hours go to 12 or to 24.
    """
    time = dt.time(minutes // 60 % 24, minutes % 60)
    if clock == "24h":
        return f"{time:%H:%M}"
    if language == "ht":
        return f"{(time.hour - 1) % 12 + 1}:{time:%M} {'AM' if time.hour < 12 else 'PM'}"
    return str(_babel().dates.format_time(time, "h:mm a", locale=_LOCALES[language])).replace("\u202f", "\u00a0")


def money_words(cents: int, currency: str, language: Language) -> str:
    """An amount of money, such as ``$95.00``."""
    locale = "en_US" if language == "ht" else _LOCALES[language]
    whole = _babel().numbers.format_currency(cents / 100, currency, locale=locale)
    return str(whole)


def words(language: Language, key: str, **put: object) -> str:
    """What a letter says, with what is put in."""
    return WORDS[language][key].format(**put)


def _babel() -> Any:
    try:
        import babel.dates
        import babel.numbers
    except ModuleNotFoundError as error:
        raise OutputError(f"letters need more than is installed: pip install 'schedopt[letters]' ({error})") from None
    return babel
