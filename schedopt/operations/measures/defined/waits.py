"""From when to when a patient waits for a visit: what several measures share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from schedopt.operations.measures.measure import HELD, Evidence


def waited(evidence: Evidence) -> pd.DataFrame:
    """Visits that were not given up, of which is known since when the patient waits, with ``since``.

    That is the first day on which any booking of the request was made, or the first day on which the visit was allowed
    where that is later: nobody waits who has asked for a visit in half a year.
    """
    events = evidence.events
    own = events["request"].where(events["request"] != "", "booking " + events["booking"])
    since = events["booked_on"].groupby(own).transform("min")
    since = since.where(~(events["ready"] > since), events["ready"])
    visits = evidence.visits.assign(since=since)
    return visits[visits["status"].isin(HELD) & visits["since"].notna() & (visits["since"] <= visits["date"])]


def business_days(visits: pd.DataFrame, evidence: Evidence) -> np.ndarray:
    """Business days after the day since which each patient waits, up to the visit's own."""
    begin, end = (visits[name].to_numpy().astype("datetime64[D]") + 1 for name in ("since", "date"))
    return np.busday_count(begin, end, holidays=evidence.holidays)
