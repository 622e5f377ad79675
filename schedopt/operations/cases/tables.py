"""Tables of cases."""

from __future__ import annotations

from schedopt.models.tables.fields import Row

CASES_GIVEN: tuple[type[Row], ...] = ()
"""What an office brings, in a folder or in a store."""

CASES_KEPT: tuple[type[Row], ...] = ()
"""What a store alone keeps."""
