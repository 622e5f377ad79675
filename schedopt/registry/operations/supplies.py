"""What a store is asked of supplies."""

from __future__ import annotations

from schedopt.registry.asked import Asked


class Supplies(Asked):
    """What a store is asked of supplies."""
