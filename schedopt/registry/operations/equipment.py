"""What a store is asked of equipment."""

from __future__ import annotations

from schedopt.registry.asked import Asked


class Equipment(Asked):
    """What a store is asked of equipment."""
