"""Cancelled places that somebody else got."""

from __future__ import annotations

import numpy as np
import pandas as pd

from schedopt.operations.measures.measure import HELD, Evidence, Measure, counted


def count(evidence: Evidence) -> pd.DataFrame:
    """A row a cancelled place: how many of its minutes others got, of how many."""
    visits = evidence.visits
    gone = visits[(visits["status"] == "cancelled") & (visits["cancelled_at"] < visits["starts_at"])]
    gone = gone[gone["minutes"] > 0].reset_index(drop=True)
    events = evidence.events
    others = events[events["status"].isin(HELD) & (events["minutes"] > 0) & events["placed_at"].notna()]
    return counted(gone, _taken(gone, others), gone["minutes"])


def _taken(gone: pd.DataFrame, others: pd.DataFrame) -> np.ndarray:
    """Minutes of each place that visits have which were booked there afterwards; none twice."""
    names = ["provider", "date"]
    left = gone[[*names, "starts_at", "minutes", "cancelled_at"]].assign(place=np.arange(len(gone)))
    pairs = left.merge(others[[*names, "starts_at", "minutes", "placed_at"]], on=names, suffixes=("", "_other"))
    pairs = pairs[pairs["placed_at"] >= pairs["cancelled_at"]]
    begin = (pairs["starts_at_other"] - pairs["starts_at"]).dt.total_seconds() / 60
    pairs = pairs.assign(begin=begin.clip(lower=0), end=(begin + pairs["minutes_other"]).clip(upper=pairs["minutes"]))
    pairs = pairs[pairs["begin"] < pairs["end"]].sort_values(["place", "begin", "end"])
    reached = pairs.groupby("place")["end"].cummax().groupby(pairs["place"]).shift(fill_value=0.0)
    new = (pairs["end"] - np.maximum(pairs["begin"], reached)).clip(lower=0)
    return np.bincount(pairs["place"].to_numpy(), weights=new.to_numpy(), minlength=len(gone))


REFILLED = Measure(
    name="cancellations_refilled",
    title="Cancelled time refilled",
    definition="Share of the minutes that cancellations freed which somebody else got: booked, or moved there, after "
    "the cancellation.",
    numerator="minutes booked anew",
    denominator="minutes freed by cancellations before the visit",
    counts="By the day of the place; no minute twice, whoever shares it. Visits missed afterwards count as refilled.",
    leaves_out="Cancellations after the start; places that were moved away from; folders, which do not know when.",
    source="Own definition in minutes; slots filled over slots cancelled, as backfill rate in practice management",
    unit="%",
    better="higher",
    count=count,
    scale=100.0,
)
