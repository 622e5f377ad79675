"""What a store is asked of sheets."""

from __future__ import annotations

from schedopt.registry.asked import Asked


class Sheets(Asked):
    """What a store is asked of sheets."""
