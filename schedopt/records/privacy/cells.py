"""Cells made coarser: years, ages, postal codes, and ids that say nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

SPARSE_2000 = frozenset(
    {
        "036", "059", "063", "102", "203", "556", "692", "790", "821", "823", "830", "831", "878", "879", "884", "890",
        "893",
    }
)  # fmt: skip
"""First three digits of postal codes in which 20,000 people or fewer live, by the census of 2000: the list in the
guidance of the Department of Health and Human Services on de-identification, 26 November 2012."""

SPARSE = SPARSE_2000 | {"205", "369"}
"""The same, and those that the census of 2010 adds, so that what either calls sparse is not shown."""

OLDEST_SHOWN = 89
"""Years; above it, an age is ``90+``."""
_ZIP = re.compile(r"([0-9]{3})[0-9]{2}(?:[- ]?[0-9]{4})?")
_STATE = re.compile(r"[A-Za-z]{2,3}")


def filled(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Cells as objects; those that are empty, in whatever way, are None."""
    objects = cells.astype(object)
    return objects.where(objects.notna() & (objects != ""), None)


def dates(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Days of cells that hold dates or ISO texts; what is none is no day."""
    days: pd.Series[Any] = pd.to_datetime(filled(cells).astype("str"), errors="coerce", format="ISO8601")
    found: pd.Series[Any] = days.dt.normalize().astype("datetime64[s]")
    return found


def years(days: pd.Series[Any]) -> pd.Series[Any]:
    """The years of days, as whole numbers with empty ones."""
    return pd.Series(days.dt.year, dtype="Int64")


def ages(born: pd.Series[Any], today: dt.date) -> pd.Series[Any]:
    """Whole years since some days; none where they are to come."""
    early = born.dt.month * 100 + born.dt.day <= today.month * 100 + today.day
    age = today.year - years(born) - (~early).astype("Int64")
    return pd.Series(age.where(age >= 0))


def shown_ages(age: pd.Series[Any], band: int = 1) -> pd.Series[Any]:
    """Ages as text, in bands of some years; those over 89 are ``90+``."""
    low = age // band * band
    high = (low + band - 1).clip(upper=OLDEST_SHOWN)
    text = low.astype("str") + ("-" + high.astype("str")).where(high > low, "")
    return text.where(age <= OLDEST_SHOWN, "90+").where(age.notna(), None).astype(object)


def ages_now(age: pd.Series[Any], then: pd.Series[Any], today: dt.date) -> pd.Series[Any]:
    """The most that people who were of an age on some days can be by the end of this year; none where either is not."""
    return age + (today.year - years(then)).clip(lower=0)


def birth_years(born: pd.Series[Any], today: dt.date) -> pd.Series[Any]:
    """Years of birth, of those who are not to be born yet."""
    return years(born).where(born <= pd.Timestamp(today))


def postcodes(cells: pd.Series[Any], sparse: Iterable[str], digits: int = 3) -> pd.Series[Any]:
    """The first digits of postal codes, 000 where few people live; what is not five digits, or nine, is empty."""
    hidden = frozenset(sparse)
    found = [_ZIP.fullmatch(str(cell)) for cell in cells]
    shown = [None if match is None else "000" if match[1] in hidden else match[1] for match in found]
    return pd.Series([text and text[:digits] for text in shown], cells.index, dtype=object)


def states(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Cells that are the letters of a state."""
    return cells.where(cells.map(lambda cell: cell is not None and _STATE.fullmatch(str(cell)) is not None), None)


def shared(cells: pd.Series[Any], least: int) -> pd.Series[Any]:
    """Cells that at least so many rows have."""
    return cells.where(cells.map(cells.value_counts()).fillna(0) >= least, None)


class NewIds:
    """Random ids in place of others: drawn, never worked out from what they stand for.

    Parameters
    ----------
    random : numpy.random.Generator
        What they are drawn from.
    """

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._known: dict[str, dict[str, str]] = {}
        self._drawn: set[str] = set()

    def of(self, what: str, cells: pd.Series[Any]) -> pd.Series[Any]:
        """Other ids; lists of ids become lists, and the same one the same one in whatever table."""
        known = self._known.setdefault(what, {})
        return cells.map(lambda cell: self._cell(known, cell))

    def _cell(self, known: dict[str, str], cell: Any) -> str | None:
        if cell is None or (pd.api.types.is_scalar(cell) and pd.isna(cell)):
            return None
        items = cell if isinstance(cell, (list, tuple)) else str(cell).split(";")
        return "; ".join(known.get(item) or self._draw(known, item) for item in (str(part).strip() for part in items))

    def _draw(self, known: dict[str, str], item: str) -> str:
        while (new := self._random.bytes(8).hex()) in self._drawn:
            pass
        self._drawn.add(new)
        known[item] = new
        return new
