"""Claims that payers refused at first."""

from __future__ import annotations

import pandas as pd

from schedopt.operations.measures.measure import Evidence, Measure, counted


def count(evidence: Evidence) -> pd.DataFrame:
    """A row a claim that was decided."""
    claims = evidence.claims.rename(columns={"decided_on": "date"})
    within = (claims["date"] >= pd.Timestamp(evidence.first)) & (claims["date"] <= pd.Timestamp(evidence.last))
    return counted(claims[within], claims["denied"][within].astype(float))


DENIALS = Measure(
    name="denials",
    title="Claims denied at first",
    definition="Share of claims of which the payer’s first decision refused something that was to be paid.",
    numerator="claims with a denial in the first decision",
    denominator="claims decided for the first time",
    counts="By the day of the first check or notice that decides the claim; claims, not amounts.",
    leaves_out="Later decisions, appeals, and claims that were not taken in at all.",
    source="HFMA MAP Keys, remittance denial rate (claims denied over claims decided)",
    unit="%",
    better="lower",
    count=count,
    scale=100.0,
)
