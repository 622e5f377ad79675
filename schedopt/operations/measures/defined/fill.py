"""Fill: how much of the open time is booked."""

from __future__ import annotations

import pandas as pd

from schedopt.operations.measures.defined.session_time import share_of_time
from schedopt.operations.measures.measure import HELD, Evidence, Measure


def count(evidence: Evidence) -> pd.DataFrame:
    """A row a provider, site and day."""
    return share_of_time(evidence, HELD)


FILL = Measure(
    name="fill",
    title="Fill",
    definition="Share of the minutes of sessions that are booked.",
    numerator="minutes booked",
    denominator="minutes of sessions, without breaks and overtime",
    counts="Provider steps of visits that were not given up before their time, those missed included. Overbooked days "
    "may have more than 100 %.",
    leaves_out="Cancelled bookings, those held or proposed, buffers, and days without a session.",
    source="Own definition in minutes; slots booked over slots available, as fill rate in practice management",
    unit="%",
    better="higher",
    count=count,
    scale=100.0,
)
