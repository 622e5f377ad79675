"""Days in accounts receivable."""

from __future__ import annotations

import pandas as pd

from schedopt.operations.measures.measure import Evidence, Measure, counted

LOOKS_BACK = 90
"""Days whose charges say what a day brings."""


def count(evidence: Evidence) -> pd.DataFrame:
    """A row a week's end."""
    rows = evidence.receivables
    within = (rows["date"] >= pd.Timestamp(evidence.first)) & (rows["date"] <= pd.Timestamp(evidence.last))
    rows = rows[within & (rows["charged"] > 0)]
    return counted(rows, rows["receivable"], rows["charged"] / rows["days"])


RECEIVABLES = Measure(
    name="days_receivable",
    title="Days in accounts receivable",
    definition="What insurers and patients owe at the week’s end, over the charges of an average day: so many days’ "
    "charges are still to be paid.",
    numerator="owed at the week’s end",
    denominator="charges of a day, on average of the 90 days up to it",
    counts="The journal, by its days: what is charged, and what was paid, agreed or let go by then.",
    leaves_out="Weeks before which nothing was charged for 90 days.",
    source="HFMA MAP Keys, net days in accounts receivable; here over charges, as MGMA asks it",
    unit="days",
    better="lower",
    count=count,
    looks_back=True,
)
