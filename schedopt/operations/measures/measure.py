"""What a measure is, and from what it is taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from schedopt.operations.measures.events import events

HELD = ("booked", "arrived", "checked-in", "fulfilled", "no-show")
"""Statuses of visits that were booked and not given up before their time."""
CAME = ("arrived", "checked-in", "fulfilled")
"""Statuses of visits to which the patient came."""
KEPT = ("fulfilled",)
"""Statuses of visits that have taken place."""

GROUPS = ("provider", "site", "visit_type", "patient")
"""Columns of what is counted by which it can be grouped; patients' groups are looked up by patient."""
COUNTED: Mapping[str, str] = {
    "date": "datetime64[us]", **dict.fromkeys(GROUPS, "str"), "numerator": "float64", "denominator": "float64",
}  # fmt: skip
"""Columns of what a measure counts: the day to which it belongs, ids, and the two sums to which it adds."""

SESSIONS: Mapping[str, str] = {
    "provider": "str", "site": "str", "date": "datetime64[us]", "open_minutes": "float64",
    "ends_at": "datetime64[us, UTC]",
}  # fmt: skip
PLACES: Mapping[str, str] = {
    "asked": "datetime64[us]", "provider": "str", "visit_type": "str", "days": "float64", "beyond": "bool",
}  # fmt: skip
PATIENTS: Mapping[str, str] = {"patient": "str", "own_provider": "str"}
CLAIMS: Mapping[str, str] = {"claim": "str", "provider": "str", "decided_on": "datetime64[us]", "denied": "bool"}
RECEIVABLES: Mapping[str, str] = {
    "date": "datetime64[us]", "receivable": "float64", "charged": "float64", "days": "float64",
}  # fmt: skip


def frame(
    kinds: Mapping[str, str], columns: Mapping[str, Any] | None = None, length: int | None = None
) -> pd.DataFrame:
    """A frame with these columns and types; without `columns`, with no rows.

    Parameters
    ----------
    kinds : mapping of str to str
        Name to type.
    columns : mapping, optional
        Name to values.
    length : int, optional
        Rows, where all columns are single values.
    """
    given = columns or {}
    rows = range(length or 0) if length is not None or not given else None
    return pd.DataFrame({name: pd.Series(given.get(name), index=rows, dtype=kind) for name, kind in kinds.items()})


@dataclass(frozen=True)
class Evidence:
    """All from which measures are taken. What an office does not know is an empty frame, and is not measured.

    Attributes
    ----------
    events : pandas.DataFrame
        One row a booking, as :mod:`~schedopt.operations.measures.events` documents it; also of the year before, for
        measures that look back.
    first, last : datetime.date
        The days measured.
    sessions : pandas.DataFrame
        One row a session: ``provider``, ``site`` (ids), ``date``, ``open_minutes``, ``ends_at`` (UTC).
    places : pandas.DataFrame
        One row a day of asking, provider and visit type: ``asked`` (day), ``provider``, ``visit_type`` (ids), ``days``
        (to the third next available place), ``beyond`` (bool: it is not within the days looked at, and ``days`` is the
        fewest that it can be).
    patients : pandas.DataFrame
        One row a patient: ``patient``, ``own_provider`` (ids; empty: none).
    claims : pandas.DataFrame
        One row a claim that a payer has decided: ``claim``, ``provider`` (ids), ``decided_on`` (day of the first
        decision), ``denied`` (bool: it paid nothing of it then, and that is not as agreed).
    receivables : pandas.DataFrame
        One row a day asked: ``date``, ``receivable`` (owed to the office at its end), ``charged`` (in the ``days``
        up to it), ``days``.
    care : mapping of str to str
        Visit type to the kind of care that wait standards speak of.
    holidays : array of datetime64[D]
        Weekdays that are no business days.
    """

    events: pd.DataFrame = field(repr=False)
    first: dt.date
    last: dt.date
    sessions: pd.DataFrame = field(default_factory=lambda: frame(SESSIONS), repr=False)
    places: pd.DataFrame = field(default_factory=lambda: frame(PLACES), repr=False)
    patients: pd.DataFrame = field(default_factory=lambda: frame(PATIENTS), repr=False)
    claims: pd.DataFrame = field(default_factory=lambda: frame(CLAIMS), repr=False)
    receivables: pd.DataFrame = field(default_factory=lambda: frame(RECEIVABLES), repr=False)
    care: Mapping[str, str] = field(default_factory=dict)
    holidays: np.ndarray[Any, np.dtype[np.datetime64]] = field(
        default_factory=lambda: np.array([], "datetime64[D]"), repr=False
    )

    @property
    def visits(self) -> pd.DataFrame:
        """The events of the days measured, without those on the waiting list or entered in error."""
        day = self.events["date"]
        within = (day >= pd.Timestamp(self.first)) & (day <= pd.Timestamp(self.last))
        return self.events[within & ~self.events["status"].isin(["waitlist", "entered-in-error"])]

    @property
    def week_ends(self) -> list[pd.Timestamp]:
        """The last day of each week that ends within the days measured, and the last day."""
        sundays = pd.date_range(self.first, self.last, freq="W-SUN").to_list()
        end = pd.Timestamp(self.last)
        return sundays if sundays and sundays[-1] == end else [*sundays, end]


def no_events() -> pd.DataFrame:
    """Events of an office of which none are known."""
    return events({}, 0)


@dataclass(frozen=True)
class Measure:
    """How an office does in one respect.

    Attributes
    ----------
    name, title : str
        Short, as in tables; and for people.
    definition : str
        What is measured, in words.
    numerator, denominator : str
        What is added up, and by what that is divided.
    counts, leaves_out : str
        What counts, and what does not.
    source : str
        Where the definition comes from.
    unit : str
        Of the value.
    better : {"lower", "higher", ""}
        Which way is better; empty: neither by itself.
    count : callable
        Evidence to a frame with the columns of :data:`COUNTED`.
    scale : float
        By which numerator over denominator is multiplied; 100 for a share in percent.
    target : float or None
        What is asked of everybody; None: an office sets its own.
    looks_back : bool
        Each week's figure looks back beyond it, so that the last one stands for all.
    """

    name: str
    title: str
    definition: str
    numerator: str
    denominator: str
    counts: str
    leaves_out: str
    source: str
    unit: str
    better: Literal["lower", "higher", ""]
    count: Callable[[Evidence], pd.DataFrame] = field(repr=False)
    scale: float = 1.0
    target: float | None = None
    looks_back: bool = False


def counted(rows: pd.DataFrame, numerator: Any, denominator: Any = 1.0) -> pd.DataFrame:
    """What is counted of rows of events, or of a frame with some of the same columns.

    Parameters
    ----------
    rows : pandas.DataFrame
        With ``date``, and ids as far as they are known.
    numerator, denominator : array or float
        What each row adds to the two sums.
    """
    ids = {name: rows[name].to_numpy() if name in rows else "" for name in GROUPS}
    sums = {"numerator": numerator, "denominator": denominator}
    values = {name: value.to_numpy() if isinstance(value, pd.Series) else value for name, value in sums.items()}
    return frame(COUNTED, {"date": rows["date"].to_numpy(), **ids, **values}, len(rows))
