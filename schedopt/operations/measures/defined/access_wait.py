"""Days to a visit, for everybody: what groups of patients are compared by."""

from __future__ import annotations

import pandas as pd

from schedopt.operations.measures.defined.waits import waited
from schedopt.operations.measures.measure import Evidence, Measure, counted


def count(evidence: Evidence) -> pd.DataFrame:
    """A row a visit."""
    visits = waited(evidence)
    return counted(visits, (visits["date"] - visits["since"]).dt.days)


ACCESS_WAIT = Measure(
    name="access_wait",
    title="Days to the visit",
    definition="Days from the day on which a patient asked for a visit, or could have it first where that is later, to "
    "the visit; the mean of all visits.",
    numerator="days waited",
    denominator="visits",
    counts="Calendar days, by the day of the visit; visits to come as well as those that were kept or missed. A "
    "request that was booked again waits since its first booking.",
    leaves_out="Cancelled bookings, and those of which the day of booking is not known.",
    source="As schedopt's equity of plans counts it; IHI/Murray & Berwick (as for third next available) on delay",
    unit="days",
    better="lower",
    count=count,
)
