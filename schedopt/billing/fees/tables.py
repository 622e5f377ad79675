"""Tables of fees and contracts that a store keeps beside the office's."""

from __future__ import annotations

from schedopt.models.tables.fields import Row

FEE_GIVEN: tuple[type[Row], ...] = ()
"""What an office brings as files."""

FEE_MADE: tuple[type[Row], ...] = ()
"""What commands write."""
