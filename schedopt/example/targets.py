"""What an invented office wants of itself: targets of measures, and kinds of care."""

from __future__ import annotations

import pandas as pd

_TARGETS = (
    ("third_next_available", "5"), ("new_patient_wait", "14"), ("no_show", "8"), ("cancellations_refilled", "50"),
    ("cycle_time", "45"), ("fill", "90"), ("utilisation", "80"), ("overtime", "15"), ("continuity_upc", "0.7"),
    ("unattached", "5"), ("denials", "8"), ("days_receivable", "40"),
)  # fmt: skip
_CARE = {"counselling": "behavioral", "ultrasound": "specialty", "procedure": "specialty"}
_OTHERS = "primary"


def target_frames(visit_types: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables of measures, without chance.

    Parameters
    ----------
    visit_types : pandas.DataFrame
        The table of visit types.
    """
    kinds = visit_types["visit_type"].tolist()
    targets = pd.DataFrame(
        [(name, "", target) for name, target in _TARGETS], columns=["measure", "first_day", "target"]
    )
    care = pd.DataFrame({"visit_type": kinds, "care": [_CARE.get(kind, _OTHERS) for kind in kinds]})
    return {"targets": targets.astype("str"), "care_kinds": care.astype("str")}
