"""Invented histories."""

from __future__ import annotations

import numpy as np
import pandas as pd

from schedopt.models.history import History
from schedopt.office.history import read_history


def clock(minutes: float) -> str:
    """``HH:MM:SS`` of minutes after midnight."""
    seconds = round(minutes * 60)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def attended(num: int, seed: int, *, patients: int = 300) -> pd.DataFrame:
    """Visits of which more are missed the longer they were booked ahead, and by patients who missed some before."""
    rng = np.random.default_rng(seed)
    patient = rng.integers(0, patients, num)
    careless = rng.normal(0, 1, patients)
    day, lead = np.sort(rng.integers(0, 200, num)), rng.integers(0, 60, num)
    risk = 1 / (1 + np.exp(-(-2.5 + 0.04 * lead + careless[patient])))
    outcome = np.where(rng.random(num) < risk, "no-show", np.where(rng.random(num) < 0.1, "cancelled", "kept"))
    date = pd.Timestamp("2026-01-01") + pd.to_timedelta(day, unit="D")
    return pd.DataFrame(
        {
            "visit": [f"V{n}" for n in range(num)],
            "patient": [f"P{p}" for p in patient],
            "provider": "DR1",
            "visit_type": np.where(rng.random(num) < 0.5, "check-up", "follow-up"),
            "new": rng.random(num) < 0.2,
            "booked": (date - pd.to_timedelta(lead, unit="D")).date,
            "date": date.date,
            "outcome": outcome,
            "age": rng.integers(0, 95, num),
        }
    )


def served(
    means: dict[tuple[str, str], float], counts: dict[tuple[str, str], int], *, log_sd: float = 0.4, seed: int = 1
) -> History:
    """Kept visits with lognormal lengths; mean minutes by visit type and provider."""
    rng = np.random.default_rng(seed)
    rows = []
    for (kind, provider), mean in means.items():
        for minutes in rng.lognormal(np.log(mean) - log_sd**2 / 2, log_sd, counts[kind, provider]):
            rows.append((kind, provider, clock(540), clock(540 + minutes)))
    frame = pd.DataFrame(rows, columns=["visit_type", "provider", "began", "ended"])
    frame["visit"] = [f"V{n}" for n in range(len(frame))]
    return read_history(frame.assign(patient="P1", date="2026-03-02", outcome="kept"))


def told_apart(
    days: int, seed: int, *, patient_sd: float = 0.0, slower_last: float = 0.0, log_sd: float = 0.3, visits: int = 12
) -> pd.DataFrame:
    """Days of one provider: every patient has a pace of their own, and the last three visits of a day take longer.

    Parameters
    ----------
    days, visits : int
        How many, and visits of each.
    patient_sd, slower_last, log_sd : float
        Of log minutes: spread of patients' paces, what the last three visits take more, and what nobody can know.
    """
    rng = np.random.default_rng(seed)
    pace = rng.normal(0, patient_sd, 3 * visits)
    rows = []
    for day in range(days):
        at = 480.0
        for place, patient in enumerate(rng.choice(len(pace), visits, replace=False).tolist()):
            known = np.log(15) + pace[patient] + slower_last * (place >= visits - 3)
            minutes = float(np.exp(known + log_sd * rng.normal()))
            rows.append((f"N{patient}", day, clock(at), clock(at + minutes), known))
            at += minutes
    frame = pd.DataFrame(rows, columns=["patient", "day", "began", "ended", "known"])
    date = (pd.Timestamp("2026-01-01") + pd.to_timedelta(frame["day"], unit="D")).dt.date
    return frame.drop(columns="day").assign(
        visit=[f"V{number}" for number in range(len(frame))], provider="DR1", visit_type="talk", date=date,
        outcome="kept",
    )  # fmt: skip
