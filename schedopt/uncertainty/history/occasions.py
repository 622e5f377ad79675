"""What is known of a visit before it begins that says how long it may take: its place in a day, and the patient's past.

A day here is one provider's visits of one date.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from schedopt.arrays import Floats, Ints

OCCASION: Final = (
    "log load", "load", "place", "left", "last", "last three", "begins", "new share", "earlier", "latest",
    "log earlier visits", "no earlier visit", "log days since", "first seen", "age", "age²", "age not known",
)  # fmt: skip
"""Everything that a length is predicted from beside visit type, provider and whether the patient is new. To which group
a patient belongs is not among it."""

_PRIOR_VISITS = 2.0
"""Visits of usual length that a patient's own past starts from."""
_FAR_DAYS = 1000.0
"""Since the last visit, where there was none."""


def occasions(visits: pd.DataFrame, past: pd.DataFrame) -> Floats:
    """What is known of visits when their times are set, as numbers.

    Parameters
    ----------
    visits : pandas.DataFrame
        Whole days: all visits of a provider on a date, in any order. Columns ``patient``, ``provider``, ``new``,
        ``date``, ``start`` (minutes after midnight, when the visit begins or is to begin), ``age`` (years; NaN).
    past : pandas.DataFrame
        Visits that were measured: ``patient``, ``date``, and ``longer``, by how much the log of their minutes was above
        the usual one. Those of earlier days than the visit's count.

    Returns
    -------
    float array, shape (visits, len(OCCASION))
        ``load`` (visits of the day), ``place`` (from 0 at the day's start to 1), ``left`` (visits after), ``begins``
        (hours from midnight to the day's first visit), ``new share`` (of the day's patients), ``earlier`` (mean of
        ``longer`` of the patient's earlier visits, starting from two of usual length), ``latest`` (of the last one),
        ``first seen`` (1 where the patient is not new, yet no earlier visit was measured), ``age`` in decades from 50;
        the others as they are called.
    """
    rows = visits.reset_index(drop=True)
    day = rows.groupby(["provider", "date"])
    load = day["start"].transform("size").to_numpy(float)
    place = day["start"].rank(method="first").to_numpy(float)
    left = load - place
    begins = day["start"].transform("min").to_numpy(float) / 60
    share = rows["new"].astype(float).groupby([rows["provider"], rows["date"]]).transform("mean").to_numpy(float)
    number, total, latest, since = _earlier(rows, past)
    new, unseen = rows["new"].to_numpy(float), number == 0
    age = rows["age"].to_numpy(float)
    decades = np.where(np.isnan(age), 0.0, (age - 50) / 10)
    return np.column_stack(
        [
            np.log(load), load, (place - 0.5) / load, left, left == 0, left < 3, begins, share,
            total / (number + _PRIOR_VISITS), latest, np.log1p(number), unseen, np.log1p(since),
            unseen * (1 - new), decades, decades**2, np.isnan(age),
        ]
    )  # fmt: skip


def day_codes(visits: pd.DataFrame) -> Ints:
    """Which day each visit is of, from 0; shape (visits,)."""
    return np.asarray(visits.groupby(["provider", "date"]).ngroup(), np.int64)


def _earlier(rows: pd.DataFrame, past: pd.DataFrame) -> tuple[Floats, Floats, Floats, Floats]:
    """Visits of each patient on earlier days: number, sum and last of ``longer``, days since; shape (visits,) each."""
    known = past.sort_values("date", kind="stable").reset_index(drop=True)
    own = known.groupby("patient")["longer"]
    known = known.assign(number=own.cumcount() + 1.0, total=own.cumsum(), seen=known["date"])
    known = known[["patient", "date", "seen", "number", "total", "longer"]].astype({"patient": object})
    asked = rows[["patient", "date"]].astype({"patient": object}).assign(row=np.arange(len(rows)))
    asked, known = (table.astype({"date": "datetime64[ns]"}) for table in (asked, known))
    found = pd.merge_asof(
        asked.sort_values("date", kind="stable"), known, on="date", by="patient", allow_exact_matches=False
    ).sort_values("row")  # fmt: skip
    number, total, latest = (np.asarray(found[name].fillna(0.0), float) for name in ("number", "total", "longer"))
    days = (found["date"] - found["seen"].astype("datetime64[ns]")).dt.days
    since = np.asarray(days.fillna(_FAR_DAYS), float)
    return number, total, latest, since
