"""Cycle time: how long a patient is in the office."""

from __future__ import annotations

import pandas as pd

from schedopt.operations.measures.measure import KEPT, Evidence, Measure, counted

LONGEST = 12 * 60.0
"""Minutes; more means that the end was written down on another day."""


def count(evidence: Evidence) -> pd.DataFrame:
    """A row a visit of which both moments are known."""
    visits = evidence.visits
    begun = visits["checked_in_at"].where(visits["checked_in_at"].notna(), visits["arrived_at"])
    minutes = (visits["fulfilled_at"] - begun).dt.total_seconds() / 60
    fine = visits["status"].isin(KEPT) & (minutes >= 0) & (minutes <= LONGEST)
    return counted(visits[fine], minutes[fine])


CYCLE_TIME = Measure(
    name="cycle_time",
    title="Cycle time",
    definition="Minutes from a patient’s check-in to the end of the visit; the mean of all visits.",
    numerator="minutes in the office",
    denominator="visits",
    counts="From check-in, or from arrival where nobody was checked in, to the moment at which the visit was said to "
    "have taken place.",
    leaves_out="Visits without one of the moments, and those of more than 12 hours, whose end was written down later.",
    source="Institute for Healthcare Improvement, Office Visit Cycle Time (measure)",
    unit="minutes",
    better="lower",
    count=count,
)
