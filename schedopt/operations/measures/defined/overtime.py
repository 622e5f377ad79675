"""Overtime: how long a day lasts beyond its last session."""

from __future__ import annotations

import pandas as pd

from schedopt.operations.measures.defined.cycle_time import LONGEST
from schedopt.operations.measures.defined.session_time import sessions_of
from schedopt.operations.measures.measure import HELD, Evidence, Measure, counted


def count(evidence: Evidence) -> pd.DataFrame:
    """A row a provider, site and day with sessions."""
    names = ["provider", "site", "date"]
    ends = sessions_of(evidence).groupby(names, as_index=False, sort=True)["ends_at"].max()
    visits = evidence.visits
    visits = visits[visits["status"].isin(HELD) & (visits["status"] != "no-show") & (visits["minutes"] > 0)]
    booked = visits["starts_at"] + pd.to_timedelta(visits["minutes"], unit="m")
    done = visits["fulfilled_at"]
    known = (done >= visits["starts_at"]) & (done - visits["starts_at"] <= pd.Timedelta(minutes=LONGEST))
    last = visits.assign(done=done.where(known, booked)).groupby(names, as_index=False)["done"].max()
    both = ends.merge(last, on=names, how="left")
    over = (both["done"] - both["ends_at"]).dt.total_seconds() / 60
    return counted(both, over.clip(lower=0).fillna(0.0))


OVERTIME = Measure(
    name="overtime",
    title="Overtime",
    definition="Minutes by which the last visit of a provider’s day ended after the last session there; the mean of "
    "all days with a session.",
    numerator="minutes after the end",
    denominator="provider’s days at a site",
    counts="Ends as they were written down within 12 hours; where there is none, as booked.",
    leaves_out="Missed and cancelled visits, and days without a session.",
    source="Cayirli & Veral, Production and Operations Management 12:519 (2003): overtime of a session",
    unit="minutes",
    better="lower",
    count=count,
)
