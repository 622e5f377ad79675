"""The source of what the office around the schedule has: supplies, devices, and what staff can do."""

from __future__ import annotations

from schedopt.models.source import Source
from schedopt.operations.tables import GIVEN

OPERATIONS = Source(
    name="operations",
    about="supplies, devices, and what staff can do",
    room="schedopt.operations",
    row_classes=GIVEN,
)
