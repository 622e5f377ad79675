"""Panels: how many patients belong to whom, and who belongs to nobody."""

from __future__ import annotations

import pandas as pd

from schedopt.operations.measures.measure import COUNTED, KEPT, Evidence, Measure, counted, frame

LOOKS_BACK = 548
"""Days: who has been seen in the last eighteen months is a patient of the office."""


def _active(evidence: Evidence, end: pd.Timestamp) -> pd.DataFrame:
    """Patients seen in the time up to a day, with ``own``: the provider they belong to, or nobody."""
    events = evidence.events
    kept = events[events["status"].isin(KEPT) & (events["patient"] != "")]
    kept = kept[(kept["date"] > end - pd.Timedelta(days=LOOKS_BACK)) & (kept["date"] <= end)]
    own = evidence.patients.drop_duplicates("patient").set_index("patient")["own_provider"]
    patients = pd.Series(kept["patient"].unique(), dtype="str")
    return pd.DataFrame({"patient": patients, "provider": patients.map(own).fillna(""), "date": end})


def size(evidence: Evidence) -> pd.DataFrame:
    """A row a week and provider."""
    found = [frame(COUNTED)]
    for end in evidence.week_ends if len(evidence.patients) else []:
        mine = _active(evidence, end)
        mine = mine[mine["provider"] != ""].groupby("provider", as_index=False).agg(patients=("patient", "size"))
        found.append(counted(mine.assign(date=end), mine["patients"]))
    return pd.concat(found, ignore_index=True)


def unattached(evidence: Evidence) -> pd.DataFrame:
    """A row a week and patient."""
    found = [frame(COUNTED)]
    for end in evidence.week_ends if len(evidence.patients) else []:
        active = _active(evidence, end)
        found.append(counted(active.drop(columns="provider"), (active["provider"] == "").astype(float)))
    return pd.concat(found, ignore_index=True)


_SOURCE = "Murray, Davies & Boushon, Panel size, Family Practice Management 14(4):44 (2007)"
_COUNTS = (
    "Patients with a visit kept in the 18 months up to the week’s end; whom they belong to is what table patients says "
    "now (own_provider)."
)
PANEL_SIZE = Measure(
    name="panel_size",
    title="Panel size",
    definition="Patients of the office who belong to a provider; the mean of all providers who have any.",
    numerator="patients who belong to somebody",
    denominator="providers with a panel",
    counts=_COUNTS,
    leaves_out="Patients who were not seen in that time, and those who belong to nobody.",
    source=_SOURCE,
    unit="patients",
    better="",
    count=size,
    looks_back=True,
)
UNATTACHED = Measure(
    name="unattached",
    title="Patients without a provider of their own",
    definition="Share of the office’s patients who belong to no provider.",
    numerator="patients who belong to nobody",
    denominator="patients of the office",
    counts=_COUNTS,
    leaves_out="Patients who were not seen in that time.",
    source=_SOURCE,
    unit="%",
    better="lower",
    count=unattached,
    scale=100.0,
    looks_back=True,
)
