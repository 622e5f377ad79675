"""Tables of measures."""

from __future__ import annotations

from schedopt.models.tables.fields import Row

MEASURES_GIVEN: tuple[type[Row], ...] = ()
"""What an office brings, in a folder or in a store."""

MEASURES_KEPT: tuple[type[Row], ...] = ()
"""What a store alone keeps."""
