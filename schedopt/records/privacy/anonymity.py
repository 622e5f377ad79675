"""How many people look alike: k-anonymity, and leaving out those who look like too few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd


def _sizes(frame: pd.DataFrame, quasi_identifiers: Sequence[str]) -> pd.Series[Any]:
    """For each row, how many look like it; empty cells look like each other."""
    if missing := set(quasi_identifiers) - set(frame.columns):
        raise ValueError(f"expected columns of the table, not {', '.join(sorted(missing))}")
    if not quasi_identifiers or not len(frame):
        return pd.Series(len(frame), frame.index)
    keys = [frame[name].astype("str").fillna("") for name in quasi_identifiers]
    return pd.Series(1, frame.index).groupby(keys).transform("size")


def k_anonymity(frame: pd.DataFrame, quasi_identifiers: Sequence[str], k: int = 5) -> pd.DataFrame:
    """How many rows look alike in some columns.

    Parameters
    ----------
    frame : DataFrame
        One row a person.
    quasi_identifiers : sequence of str
        Columns that others may know of somebody.
    k : int
        As how many each is to look.

    Returns
    -------
    pandas.DataFrame
        One row a size of classes, the smallest first: its ``size`` (the first one is the k that the frame has),
        ``classes`` and ``rows`` of that size, ``share`` of all rows, ``share_so_far`` of this size and smaller ones,
        ``is_below`` k. The last share that is below is the share of rows below k.
    """
    _expect_k(k)
    size = _sizes(frame, quasi_identifiers)
    rows = size.value_counts().sort_index()
    table = pd.DataFrame({"size": rows.index.astype("int64"), "rows": rows.to_numpy("int64")})
    table.insert(1, "classes", table["rows"] // table["size"].clip(lower=1))
    table["share"] = table["rows"] / max(1, len(frame))
    table["share_so_far"] = table["rows"].cumsum() / max(1, len(frame))
    table["is_below"] = table["size"] < k
    return table


def is_below(frame: pd.DataFrame, quasi_identifiers: Sequence[str], k: int) -> pd.Series[Any]:
    """Which rows look like fewer than k, themselves included."""
    _expect_k(k)
    return _sizes(frame, quasi_identifiers) < k


def suppressed(frame: pd.DataFrame, quasi_identifiers: Sequence[str], k: int) -> pd.DataFrame:
    """The rows that look like k at least; what is left is k-anonymous, as whole classes are left out."""
    return frame[~is_below(frame, quasi_identifiers, k)].reset_index(drop=True)


def _expect_k(k: int) -> None:
    if k < 1:
        raise ValueError(f"expected k of at least 1, not {k}")
