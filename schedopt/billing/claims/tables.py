"""Tables of claims that a store keeps beside the office's."""

from __future__ import annotations

from schedopt.models.tables.fields import Row

CLAIM_GIVEN: tuple[type[Row], ...] = ()
"""What an office brings as files."""

CLAIM_MADE: tuple[type[Row], ...] = ()
"""What commands write."""
