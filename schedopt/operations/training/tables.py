"""Tables of training."""

from __future__ import annotations

from schedopt.models.tables.fields import Row

TRAINING_GIVEN: tuple[type[Row], ...] = ()
"""What an office brings, in a folder or in a store."""

TRAINING_KEPT: tuple[type[Row], ...] = ()
"""What a store alone keeps."""
