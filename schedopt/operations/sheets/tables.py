"""Tables of sheets."""

from __future__ import annotations

from schedopt.models.tables.fields import Row

SHEETS_GIVEN: tuple[type[Row], ...] = ()
"""What an office brings, in a folder or in a store."""

SHEETS_KEPT: tuple[type[Row], ...] = ()
"""What a store alone keeps."""
