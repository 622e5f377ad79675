"""Days to the first visit of a new patient."""

from __future__ import annotations

import pandas as pd

from schedopt.operations.measures.defined.waits import waited
from schedopt.operations.measures.measure import Evidence, Measure, counted


def count(evidence: Evidence) -> pd.DataFrame:
    """A row a visit of a new patient."""
    visits = waited(evidence)
    visits = visits[visits["new"].astype(bool)]  # of no visits the column has no type
    return counted(visits, (visits["date"] - visits["since"]).dt.days)


NEW_PATIENT_WAIT = Measure(
    name="new_patient_wait",
    title="Days to a new patient’s visit",
    definition="Days from the day on which a new patient asked, or could come first where that is later, to the visit; "
    "the mean of all visits of new patients.",
    numerator="days waited",
    denominator="visits of new patients",
    counts="Calendar days, by the day of the visit; requests that say the patient is new. A request that was booked "
    "again waits since its first booking.",
    leaves_out="Cancelled bookings, and those of which the day of booking is not known.",
    source="Veterans Health Administration, new patient wait from the date of request (38 CFR 17.4040 names the days); "
    "AMN Healthcare/Merritt Hawkins, Survey of Physician Appointment Wait Times (2022)",
    unit="days",
    better="lower",
    count=count,
)
