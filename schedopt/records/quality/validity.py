"""Whether what has a first and a last day holds on the day of a visit, and if not, why."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import numpy as np
import pandas as pd

from schedopt.records.quality.frames import moment

Standing = Literal["holds", "missing", "ended", "ending", "not_begun"]
"""On the day of a visit: it holds; there is none; it has ended already; it holds now and ends before; it begins later.

Where one has ended and the next begins only after the visit, what counts is the end.
"""


def standings(needs: pd.DataFrame, rows: pd.DataFrame, by: list[str], today: dt.date) -> pd.DataFrame:
    """How each need stands.

    Parameters
    ----------
    needs : DataFrame
        ``date`` and the columns of `by`.
    rows : DataFrame
        ``first``, ``last``, ``place`` and the columns of `by`.
    by : list of str
        Columns in which a row says for which needs it is.
    today : date
        Until when an end is past.

    Returns
    -------
    pandas.DataFrame
        In the order of `needs`: ``standing``; ``place``, the place of the first row that holds, or -1; ``until``, the
        last day of what ends before the visit, or none.
    """
    asked = needs[["date", *by]].assign(need=np.arange(len(needs)))
    pairs = asked.merge(rows[["first", "last", "place", *by]], on=by)
    ended = pairs["last"] < pairs["date"]
    holds = ~ended & (pairs["first"] <= pairs["date"])
    place = pairs[holds].groupby("need")["place"].min().reindex(asked["need"]).to_numpy()
    until = pairs[ended].groupby("need")["last"].max().reindex(asked["need"])
    some = asked["need"].isin(pairs["need"]).to_numpy()
    over = until.to_numpy()
    conditions = [~np.isnan(place), ~some, over < moment(today).to_datetime64(), ~np.isnat(over)]
    standing = np.select(conditions, ["holds", "missing", "ended", "ending"], "not_begun")
    places = np.where(np.isnan(place), -1, place).astype(np.int64)
    return pd.DataFrame({"standing": standing, "place": places, "until": over})
