"""The visit types of an invented office: family medicine with a little of what is beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from schedopt.example.cells import frame_of
from schedopt.models.tables import Step, VisitType

ULTRASOUND = "ultrasound"
MINOR_SURGERY = "minor-surgery"
CREDENTIALS = (ULTRASOUND, MINOR_SURGERY)

CHILD, ADULT, SENIOR = 0, 1, 2
"""Age groups: below 18, below 65, from 65."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A visit type, and how often it is asked for.

    Attributes
    ----------
    id, name : str
        As in the table.
    minutes : int
        Usual length of the provider step.
    fee : int
        In the office's currency.
    shares : tuple of three floats
        Weight among the requests of children, adults and seniors.
    long_minutes : int
        Length of the fifth of its requests that need longer; 0: none do.
    buffer_before, buffer_after : int
        Minutes of the provider's preparation and notes.
    pools : tuple of str
        Kinds of pool held during the provider step.
    credential : str or None
        What the provider must hold.
    min_age, max_age : int or None
        In years.
    steps : tuple of (order, minutes, kind of pool, max_wait)
        Further steps.
    """

    id: str
    name: str
    minutes: int
    fee: int
    shares: tuple[float, float, float]
    long_minutes: int = 0
    buffer_before: int = 0
    buffer_after: int = 0
    pools: tuple[str, ...] = ()
    credential: str | None = None
    min_age: int | None = None
    max_age: int | None = None
    steps: tuple[tuple[int, int, str, int], ...] = field(default=())

    @property
    def is_simple(self) -> bool:
        """Whether the visit is one step that needs the provider only."""
        return not (self.steps or self.pools or self.credential)


_TRIAGE = (-1, 10, "nurse", 20)
_BLOOD_DRAW = (1, 10, "nurse", 30)

KINDS = (
    Kind("follow-up", "Follow-up", 15, 85, (34, 40, 38), long_minutes=20),
    Kind("check-up", "Check-up", 20, 140, (4, 19, 8), long_minutes=30, steps=(_TRIAGE,)),
    Kind("new-patient", "First visit", 40, 210, (5, 6, 3), buffer_before=5, steps=(_TRIAGE,)),
    Kind("well-child", "Well-child visit", 20, 130, (30, 0, 0), long_minutes=25, max_age=17, steps=(_TRIAGE,)),
    Kind("annual-wellness", "Annual wellness visit", 30, 175, (0, 0, 17), min_age=65, steps=(_TRIAGE, _BLOOD_DRAW)),
    Kind("long-term", "Long-term condition review", 20, 120, (3, 8, 16), steps=(_BLOOD_DRAW,)),
    Kind("vaccination", "Vaccination", 10, 40, (14, 5, 7), steps=((1, 10, "nurse", 20),)),
    Kind(
        "injury", "Injury", 20, 190, (8, 6, 3), long_minutes=30, steps=((-2, 10, "nurse", 20), (-1, 15, "imaging", 60))
    ),
    Kind("ultrasound", "Ultrasound", 20, 260, (0, 5, 4), pools=("imaging",), credential=ULTRASOUND),
    Kind(
        "procedure", "Minor procedure", 30, 320, (0, 5, 3), long_minutes=40, buffer_after=5, pools=("procedure",),
        credential=MINOR_SURGERY, steps=(_TRIAGE,),
    ),
    Kind("counselling", "Counselling", 50, 150, (2, 6, 1), long_minutes=60, buffer_after=5),
)  # fmt: skip

CODE = {kind.id: code for code, kind in enumerate(KINDS)}
KIND_IDS = tuple(kind.id for kind in KINDS)


def catalogue_frames() -> dict[str, pd.DataFrame]:
    """Tables ``visit_types`` and ``steps``."""
    columns = (
        "name", "minutes", "pools", "buffer_before", "buffer_after", "credential", "min_age", "max_age", "fee",
    )  # fmt: skip
    types = [{"visit_type": kind.id} | {name: getattr(kind, name) for name in columns} for kind in KINDS]
    steps = [
        {"visit_type": kind.id, "order": order, "minutes": minutes, "pools": pool, "max_wait": max_wait}
        for kind in KINDS
        for order, minutes, pool, max_wait in kind.steps
    ]
    return {"visit_types": frame_of(VisitType, types), "steps": frame_of(Step, steps)}
