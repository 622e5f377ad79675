"""Whether a value is of the kind and length that the dictionary asks for."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

_REAL = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:E-?\d{1,2})?")
_WHOLE = re.compile(r"-?\d+")
_TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d\d{0,2})?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NAMES = {
    "AN": "text",
    "ID": "a code",
    "DT": "a date",
    "TM": "a time of day",
    "N0": "a whole number",
    "R": "a number",
}


def fault(value: str, kind: str, least: int, most: int) -> str | None:
    """What should have been there, in words; None where the value is as it should be.

    Parameters
    ----------
    value : str
        Not empty.
    kind : {"AN", "ID", "DT", "TM", "N0", "R"}
        As in the dictionary.
    least, most : int
        Characters. Signs and the decimal point of a number do not count.
    """
    if not _is(value, kind):
        return f"expected {_NAMES[kind]}"
    size = sum(map(str.isdigit, value.partition("E")[0])) if kind in ("R", "N0") else len(value)
    if not least <= size <= most:
        much = f"{least}" if least == most else f"{least} to {most}"
        return f"expected {much} {'digits' if kind in ('R', 'N0') else 'characters'}, not {size}"
    return None


def _is(value: str, kind: str) -> bool:
    if kind == "R":
        return _REAL.fullmatch(value) is not None and value.isascii()
    if kind == "N0":
        return _WHOLE.fullmatch(value) is not None and value.isascii()
    if kind == "DT":
        return is_date(value)
    if kind == "TM":
        return _TIME.fullmatch(value) is not None and value.isascii()
    return _CONTROL.search(value) is None and (kind == "AN" or value.isprintable())


@lru_cache(maxsize=4096)
def is_date(value: str) -> bool:
    """Whether it is a day, as CCYYMMDD or, in an interchange's header, YYMMDD."""
    if not (value.isascii() and value.isdigit() and len(value) in (6, 8)):
        return False
    year = int(value[:4]) if len(value) == 8 else 2000 + int(value[:2])
    try:
        dt.date(year, int(value[-4:-2]), int(value[-2:]))
    except ValueError:
        return False
    return True


def period_fault(value: str, form: str) -> str | None:
    """What a date's qualifier asks for and the value is not; None where it is, or the qualifier asks for nothing known.

    Parameters
    ----------
    value : str
        The date or period.
    form : str
        Such as D8, RD8, DT or TM.
    """
    if form == "D8" and not (len(value) == 8 and is_date(value)):
        return "expected a date, CCYYMMDD"
    if form == "RD8":
        days = value.split("-")
        if len(days) != 2 or not all(len(day) == 8 and is_date(day) for day in days):
            return "expected two dates, CCYYMMDD-CCYYMMDD"
    if form == "DT" and not (len(value) in (12, 14) and is_date(value[:8]) and _is(value[8:], "TM")):
        return "expected a date and time, CCYYMMDDHHMM"
    return None
