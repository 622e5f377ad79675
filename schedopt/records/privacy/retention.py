"""How long what a store holds is kept: what may be disposed of, what must stay, and what a legal hold keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

DOCUMENTATION_YEARS = 6
"""From when it was made or was last in effect: 45 CFR 164.316(b)(2)(i) and 164.530(j)(2)."""
COLUMNS = ("about", "kind", "last", "until", "status")


@dataclass(frozen=True)
class Kept:
    """Something that is kept.

    Attributes
    ----------
    about : str
        Opaque id, of a person or a document.
    kind : str
        ``documentation``: policies, consents, entries of the audit trail and the like; ``patient``: a person's records.
    last : date
        When the document was last in effect, or the person's records were last added to.
    held : bool
        A legal hold keeps it whatever its age.
    not_before : date or None
        It stays until this day at least, such as until some years after a minor comes of age.
    """

    about: str
    kind: Literal["documentation", "patient"]
    last: dt.date
    held: bool = False
    not_before: dt.date | None = None


def retention(rows: Iterable[Kept], today: dt.date, years: int) -> pd.DataFrame:
    """What may be disposed of today, by dates alone.

    Parameters
    ----------
    rows : iterable of Kept
        What there is.
    today : date
        The day.
    years : int
        How long patients' records are kept after the last of them, as the office sets and its state asks.

    Returns
    -------
    pandas.DataFrame
        ``about``, ``kind``, ``last``, ``until`` (first day on which it may be disposed of), ``status``: ``may go``,
        ``stays`` or ``legal hold``; what may go longest first, then what stays, then what is held.
    """
    if years < 0:
        raise ValueError("expected years from 0 on")
    found = []
    for row in rows:
        until = years_after(row.last, DOCUMENTATION_YEARS if row.kind == "documentation" else years)
        until = max(until, row.not_before or until)
        status = "legal hold" if row.held else "may go" if until <= today else "stays"
        found.append((row.about, row.kind, row.last, until, status))
    order = {"may go": 0, "stays": 1, "legal hold": 2}
    found.sort(key=lambda one: (order[one[4]], one[3], one[0]))
    table = pd.DataFrame(found, columns=list(COLUMNS))
    return table.astype({"last": "datetime64[s]", "until": "datetime64[s]"})


def years_after(date: dt.date, years: int) -> dt.date:
    """The day so many years later; 1 March where a leap day has none, so that nothing goes too early."""
    year = min(date.year + years, dt.MAXYEAR)
    try:
        return date.replace(year=year)
    except ValueError:
        return dt.date(year, 3, 1)
