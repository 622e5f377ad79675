"""Tables of supplies."""

from __future__ import annotations

from schedopt.models.tables.fields import Row

SUPPLIES_GIVEN: tuple[type[Row], ...] = ()
"""What an office brings, in a folder or in a store."""

SUPPLIES_KEPT: tuple[type[Row], ...] = ()
"""What a store alone keeps."""
