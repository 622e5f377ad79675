"""What becomes of sessions' minutes: what several measures share."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from schedopt.operations.measures.measure import Evidence, counted


def sessions_of(evidence: Evidence) -> pd.DataFrame:
    """The sessions of the days measured."""
    day = evidence.sessions["date"]
    return evidence.sessions[(day >= pd.Timestamp(evidence.first)) & (day <= pd.Timestamp(evidence.last))]


def share_of_time(evidence: Evidence, statuses: Sequence[str]) -> pd.DataFrame:
    """A row a provider, site and day with sessions: minutes of visits in some statuses, of those open."""
    names = ["provider", "site", "date"]
    there = sessions_of(evidence).groupby(names, as_index=False, sort=True)["open_minutes"].sum()
    visits = evidence.visits
    had = visits[visits["status"].isin(statuses)].groupby(names, as_index=False)["minutes"].sum()
    both = there.merge(had, on=names, how="left")
    return counted(both, both["minutes"].fillna(0.0), both["open_minutes"])
