"""What a store's or a folder's rows say to measures."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from schedopt.operations.measures.defined.receivables import LOOKS_BACK
from schedopt.operations.measures.measure import PLACES, RECEIVABLES, frame
from schedopt.operations.measures.tables import Measurement

THIRD = "third_next_available"


def with_sites(events: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """Events whose site is not known, at the site of the provider's first session of the day."""
    first = sessions.drop_duplicates(["provider", "date"])[["provider", "date", "site"]]
    found = events[["provider", "date"]].merge(first, on=["provider", "date"], how="left")["site"].fillna("")
    return events.assign(site=events["site"].where(events["site"] != "", found.set_axis(events.index)).astype("str"))


def places_of(rows: Sequence[Measurement]) -> pd.DataFrame:
    """Third next available places that were kept."""
    mine = [row for row in rows if row.measure == THIRD]
    columns = {
        "asked": [pd.Timestamp(row.day) for row in mine], "provider": [row.provider for row in mine],
        "visit_type": [row.visit_type for row in mine], "days": [row.value for row in mine],
        "beyond": [row.beyond == "yes" for row in mine],
    }  # fmt: skip
    return frame(PLACES, columns) if mine else frame(PLACES)


def measurements_of(places: pd.DataFrame) -> list[Measurement]:
    """The same as rows to be kept."""
    return [
        Measurement(
            measure=THIRD, day=row["asked"].date(), provider=row["provider"], visit_type=row["visit_type"],
            value=row["days"], beyond="yes" if row["beyond"] else "no",
        )
        for row in places.to_dict("records")
    ]  # fmt: skip


def receivables_of(moves: pd.DataFrame, ends: Sequence[pd.Timestamp]) -> pd.DataFrame:
    """What is owed at the end of some days, and what was charged before.

    Parameters
    ----------
    moves : pandas.DataFrame
        ``date``, ``owed`` and ``charged``: by how much each grew that day.
    ends : sequence of pandas.Timestamp
        The days.
    """
    columns: dict[str, list[object]] = {name: [] for name in RECEIVABLES}
    for end in ends:
        before = moves[moves["date"] <= end]
        recent = before[before["date"] > end - pd.Timedelta(days=LOOKS_BACK)]
        row = (end, before["owed"].sum(), recent["charged"].sum(), float(LOOKS_BACK))
        for name, value in zip(RECEIVABLES, row, strict=True):
            columns[name].append(value)
    return frame(RECEIVABLES, columns) if len(moves) else frame(RECEIVABLES)
