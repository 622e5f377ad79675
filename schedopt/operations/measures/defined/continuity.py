"""Continuity: whether patients see the same provider, by three indices."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from schedopt.operations.measures.measure import COUNTED, KEPT, Evidence, Measure, counted, frame

LOOKS_BACK = 365
"""Days up to the end of each week, of which visits count."""
Index = Callable[[pd.DataFrame], pd.Series]


def upc(visits: pd.DataFrame) -> pd.Series:
    """Usual provider continuity by patient: the share of visits with the provider seen most.

    Parameters
    ----------
    visits : pandas.DataFrame
        ``patient`` and ``provider``, by time.

    Returns
    -------
    pandas.Series
        By patient, 0 to 1.
    """
    with_each = visits.groupby(["patient", "provider"]).size()
    return with_each.groupby("patient").max() / with_each.groupby("patient").sum()


def coc(visits: pd.DataFrame) -> pd.Series:
    """Continuity of care by patient (Bice & Boxerman): the chance that two of the visits have one provider.

    Of visits n to each provider, and N together, (Σn² − N) / (N (N − 1)); NaN for a single visit. Parameters and
    result as of :func:`upc`.
    """
    with_each = visits.groupby(["patient", "provider"]).size().astype(float)
    visits_of = with_each.groupby("patient").sum()
    return ((with_each**2).groupby("patient").sum() - visits_of) / (visits_of * (visits_of - 1)).where(visits_of > 1)


def secon(visits: pd.DataFrame) -> pd.Series:
    """Sequential continuity by patient: the share of visits after the first with the provider of the one before.

    NaN for a single visit. Parameters and result as of :func:`upc`.
    """
    patient, provider = (pd.Series(visits[name].to_numpy()) for name in ("patient", "provider"))
    before = provider.groupby(patient).shift()
    same = (provider == before).astype(float).where(before.notna())
    return same.groupby(patient).mean()


def _count(index: Index) -> Callable[[Evidence], pd.DataFrame]:
    """A row a week and patient with two visits or more in the year up to the week's end."""

    def count(evidence: Evidence) -> pd.DataFrame:
        events = evidence.events
        kept = events[events["status"].isin(KEPT) & (events["provider"] != "")]
        kept = kept.sort_values(["starts_at", "date", "booking"], kind="stable").sort_values("date", kind="stable")
        found = [_week(kept, end, index) for end in evidence.week_ends]
        return pd.concat([frame(COUNTED), *found], ignore_index=True) if any(map(len, found)) else frame(COUNTED)

    return count


def _week(kept: pd.DataFrame, end: pd.Timestamp, index: Index) -> pd.DataFrame:
    visits = kept[(kept["date"] > end - pd.Timedelta(days=LOOKS_BACK)) & (kept["date"] <= end)]
    if visits.empty:
        return frame(COUNTED)
    often = visits.groupby("patient")["patient"].transform("size") > 1
    visits = visits[often]
    if visits.empty:
        return frame(COUNTED)
    values = index(visits)
    seen = visits.groupby(["patient", "provider"], as_index=False).size().sort_values("size", kind="stable")
    usual = seen.groupby("patient")["provider"].last()
    rows = pd.DataFrame({"patient": values.index, "provider": usual.reindex(values.index).to_numpy(), "date": end})
    return counted(rows, values.to_numpy())


def _continuity(name: str, title: str, index: Index, words: str, source: str) -> Measure:
    return Measure(
        name=name,
        title=title,
        definition=f"{words}, from 0 to 1; the mean of all patients with two visits or more in the year up to "
        "the week’s end.",
        numerator="sum of the patients’ indices",
        denominator="patients with two visits or more",
        counts="Visits that were kept, in the order of their times, with the provider who gave them. In groups by "
        "provider, a patient belongs to the one seen most.",
        leaves_out="Missed and cancelled visits; patients with a single visit, of whom the index says nothing.",
        source=source,
        unit="index",
        better="higher",
        count=_count(index),
        looks_back=True,
    )


UPC = _continuity(
    "continuity_upc", "Continuity: usual provider", upc,
    "Usual provider continuity (UPC): the share of a patient’s visits with the provider seen most",
    "Breslau & Reeb, Journal of Medical Education 50:965 (1975)",
)  # fmt: skip
COC = _continuity(
    "continuity_coc", "Continuity of care index", coc,
    "Continuity of care (COC): (Σn² − N) / (N (N − 1)) of a patient’s N visits, n of them with each provider",
    "Bice & Boxerman, Medical Care 15:347 (1977)",
)  # fmt: skip
SECON = _continuity(
    "continuity_secon", "Sequential continuity", secon,
    "Sequential continuity (SECON): the share of a patient’s visits with the same provider as the visit before",
    "Steinwachs, Medical Care 17:551 (1979)",
)  # fmt: skip
