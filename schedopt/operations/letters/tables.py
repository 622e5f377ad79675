"""Tables of letters."""

from __future__ import annotations

from schedopt.models.tables.fields import Row

LETTERS_GIVEN: tuple[type[Row], ...] = ()
"""What an office brings, in a folder or in a store."""

LETTERS_KEPT: tuple[type[Row], ...] = ()
"""What a store alone keeps."""
