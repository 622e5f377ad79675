"""What the desk of the invented office has: what visits need, what is there, what patients are given, rules of cases.

Nobody wrote these texts, and the files that they name are not there.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

_NEEDS = (
    ("need", "visit_type", "kind", "name", "new_only", "whose", "holds_days"),
    ("registration", "", "form", "Registration form", "yes", "desk", ""),
    ("history", "new-patient", "form", "Medical history", "no", "nurse", ""),
    ("procedure-consent", "procedure", "consent", "Consent to the procedure", "no", "provider", ""),
    ("blood-count", "procedure", "result", "Blood count", "no", "nurse", "30"),
    ("blood-sugar", "long-term", "result", "Blood sugar (HbA1c)", "no", "nurse", "90"),
)
_MATERIAL = (
    ("material", "language", "level", "title", "kind", "visit_types", "valid_from", "valid_until", "place",
     "needs_signature"),
    ("privacy", "English", "8", "How we use your records", "policy", "new-patient", "2026-01-01", "",
     "material/privacy-en.pdf", "yes"),
    ("privacy", "Spanish", "8", "Cómo usamos su expediente", "policy", "new-patient", "2026-01-01", "",
     "material/privacy-es.pdf", "yes"),
    ("procedure", "English", "5", "Before your procedure", "preparation", "procedure", "", "",
     "material/procedure-en.pdf", "no"),
    ("procedure", "Spanish", "5", "Antes de su procedimiento", "preparation", "procedure", "", "",
     "material/procedure-es.pdf", "no"),
    ("procedure", "Haitian Creole", "5", "Anvan pwosedi ou a", "preparation", "procedure", "", "",
     "material/procedure-ht.pdf", "no"),
    ("vaccines", "English", "6", "After your vaccination", "education", "vaccination; well-child", "", "",
     "material/vaccines-en.pdf", "no"),
    ("vaccines", "Spanish", "6", "Después de su vacuna", "education", "vaccination; well-child", "", "",
     "material/vaccines-es.pdf", "no"),
)  # fmt: skip
_RULES = (
    ("kind", "subject", "acknowledge_within", "close_within", "counted", "escalate_to"),
    ("complaint", "", "2", "10", "business", ""),
    ("complaint", "privacy", "1", "5", "business", ""),
    ("concern", "", "2", "7", "calendar", ""),
    ("inquiry", "", "1", "3", "business", ""),
)
_SHARE = 0.8
"""Of what is needed that is there."""


def desk_frames(requests: pd.DataFrame, seed: int, week: dt.date) -> dict[str, pd.DataFrame]:
    """The tables of the desk, for some requests; random numbers of their own, so that no other table changes.

    Parameters
    ----------
    requests : pandas.DataFrame
        The table of requests.
    seed : int
        Of the office.
    week : datetime.date
        First day planned; things were received in the days before.
    """
    chance = np.random.default_rng([seed, 20])
    frames = {name: _frame(rows) for name, rows in (("needs", _NEEDS), ("material", _MATERIAL), ("case_rules", _RULES))}
    rows = []
    for request in requests.itertuples():
        for need, visit_type, _, _, new_only, _, _ in _NEEDS[1:]:
            mine = visit_type in ("", request.visit_type) and (new_only == "no" or request.new == "yes")
            ago, there = int(chance.integers(1, 15)), chance.random() < _SHARE
            if mine and there:
                rows.append((request.patient, need, request.request, (week - dt.timedelta(days=ago)).isoformat()))
    frames["received"] = pd.DataFrame(rows, columns=["patient", "need", "request", "on"], dtype="str")
    return frames


def _frame(rows: tuple[tuple[str, ...], ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows[1:]), columns=list(rows[0]), dtype="str")
