"""Utilisation: how much of the open time went into visits."""

from __future__ import annotations

import pandas as pd

from schedopt.operations.measures.defined.session_time import share_of_time
from schedopt.operations.measures.measure import CAME, Evidence, Measure


def count(evidence: Evidence) -> pd.DataFrame:
    """A row a provider, site and day on which something has become of visits."""
    visits = evidence.visits
    past = visits.loc[visits["status"].isin([*CAME, "no-show"]), "date"].max()
    found = share_of_time(evidence, CAME)
    done: pd.Series = found["date"] <= past
    return found[done]


UTILISATION = Measure(
    name="utilisation",
    title="Utilisation",
    definition="Share of the minutes of sessions in which patients came who were booked for them.",
    numerator="booked minutes of visits to which the patient came",
    denominator="minutes of sessions, without breaks and overtime",
    counts="Provider steps as booked; days up to the last one of which is known what became of visits.",
    leaves_out="Missed and cancelled visits, buffers, and days without a session.",
    source="Own definition; busy over available time, as in Cayirli & Veral, Production and Operations Management "
    "12:519 (2003)",
    unit="%",
    better="higher",
    count=count,
    scale=100.0,
)
