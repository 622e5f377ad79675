"""What a store is asked of measures."""

from __future__ import annotations

from schedopt.registry.asked import Asked


class Measures(Asked):
    """What a store is asked of measures."""
