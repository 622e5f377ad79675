"""Third next available place: how long a caller waits for a choice."""

from __future__ import annotations

import pandas as pd

from schedopt.operations.measures.measure import Evidence, Measure, counted


def count(evidence: Evidence) -> pd.DataFrame:
    """A row a day of asking, provider and visit type."""
    places = evidence.places.rename(columns={"asked": "date"})
    within = (places["date"] >= pd.Timestamp(evidence.first)) & (places["date"] <= pd.Timestamp(evidence.last))
    return counted(places[within], places["days"][within])


THIRD_NEXT = Measure(
    name="third_next_available",
    title="Third next available",
    definition="Days from the day of asking to the third free place that a patient could be given, for each provider "
    "and visit type; the mean of these. The third, as a first or second place is often one that was just given up.",
    numerator="days to the third free place",
    denominator="pairs of provider and visit type asked",
    counts="Calendar days, weekends and days off included. A free place keeps every rule of the office, notice and "
    "limits included; places of one provider do not overlap. Where there are fewer than three in the days looked at, "
    "the fewest days that it can be.",
    leaves_out="Places that are held, proposed, or kept for other requests than those of the type; providers who give "
    "no such visit in the days looked at.",
    source="Institute for Healthcare Improvement, Third Next Available Appointment (measure, 2004); Murray & Berwick, "
    "JAMA 289:1035 (2003)",
    unit="days",
    better="lower",
    count=count,
)
