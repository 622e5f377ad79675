"""Birth dates in the many ways in which they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_FIRST_YEAR, _LAST_YEAR = 1850, 2150
_PIVOT = 30
"""A year of two digits up to this one is of this century."""
_PARTS = re.compile(r"\d+|[a-z]+")
_TIME = re.compile(r"(?<=\d)[t ]\d{1,2}:\d\d.*$")
_ZEROS = re.compile(r"^(\d+)\.0+$")
_DEFAULTS = frozenset(
    {"19000101", "19000100", "18000101", "17530101", "16010101", "18991230", "18991231", "19010101", "11111111",
     "99991231", "99999999", "00010101", "00000000", "19111111", "12345678", "01010101"}
)  # fmt: skip
"""Dates that systems write where nobody knows the date. 1 January 1970 is one too, and many people's birthday: how
often a date occurs decides there."""


def _year(text: str) -> int:
    number = int(text)
    if len(text) > 2:
        return number
    return number + (2000 if number <= _PIVOT else 1900)


def _is_year(text: str) -> bool:
    return len(text) == 4 and _FIRST_YEAR <= int(text) <= _LAST_YEAR


def _of_eight(text: str, day_first: bool) -> tuple[int, int, int]:
    """Year, month and day of eight digits without anything between."""
    if not _is_year(text[:4]) and _is_year(text[4:]):
        first, second = int(text[:2]), int(text[2:4])
        return (int(text[4:]), second, first) if day_first else (int(text[4:]), first, second)
    return int(text[:4]), int(text[4:6]), int(text[6:])


def _of_parts(parts: list[str], day_first: bool) -> tuple[int, int, int] | None:
    """Year, month and day of three parts."""
    named = [place for place, part in enumerate(parts) if part[:3] in _MONTHS]
    if named:
        month = _MONTHS[parts[named[0]][:3]]
        rest = [part for place, part in enumerate(parts) if place != named[0]]
        if not all(part.isdigit() for part in rest):
            return None
        day, year = (rest[1], rest[0]) if _is_year(rest[0]) else (rest[0], rest[1])
        return _year(year), month, int(day)
    if not all(part.isdigit() for part in parts):
        return None
    if len(parts[0]) == 4:
        return int(parts[0]), int(parts[1]), int(parts[2])
    first, second = int(parts[0]), int(parts[1])
    if (first > 12) or (day_first and second <= 12):
        first, second = second, first
    return _year(parts[2]), first, second


def _read(text: str, day_first: bool) -> tuple[int, int, int] | None:
    text = _TIME.sub("", _ZEROS.sub(r"\1", text.strip().lower()))
    parts = [part for part in _PARTS.findall(text) if part not in {"th", "st", "nd", "rd", "of"}]
    if len(parts) == 1 and parts[0].isdigit():
        found = {5: "0", 6: "", 7: "0", 8: ""}.get(len(parts[0]))
        if found is None:
            return None
        run = found + parts[0]
        return _of_eight(run, day_first) if len(run) == 8 else _of_parts([run[:2], run[2:4], run[4:]], day_first)
    run = "".join(parts)
    if len(parts) == 2 and len(run) == 8 and run.isdigit():  # a stroke was left out
        return _of_eight(run, day_first)
    return _of_parts(parts, day_first) if len(parts) == 3 else None


def birth_date(value: str, *, day_first: bool = False) -> str:
    """Eight digits, year, month and day, for a date however written; empty where none can be read.

    A date that cannot be (month 0, 31 February) keeps its digits: a fault in one digit is still close to the truth.

    Parameters
    ----------
    value : str
        Such as 1964-12-05, 19641205, 12/05/1964, 5 Dec 1964, 12051964.
    day_first : bool
        Whether 12/05/1964 is in May; 25/12/1964 is in December either way.
    """
    if not value.isascii():
        return ""
    found = _read(value, day_first)
    if found is None:
        return ""
    year, month, day = found
    text = f"{year:04d}{month:02d}{day:02d}"
    if len(text) != 8 or text in _DEFAULTS or not _FIRST_YEAR - 100 <= year <= _LAST_YEAR:
        return ""
    return text


def day_comes_first(values: Iterable[str]) -> bool:
    """Whether a column's dates with slashes are written with the day before the month.

    They are if more of them can only be read so than only the other way round.
    """
    balance = 0
    for value in values:
        parts = value.replace("-", "/").replace(".", "/").split("/")
        if len(parts) == 3 and all(part.strip().isdigit() for part in parts[:2]) and len(parts[0].strip()) <= 2:
            balance += (int(parts[0]) > 12) - (int(parts[1]) > 12)
    return balance > 0
