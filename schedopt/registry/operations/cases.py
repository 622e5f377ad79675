"""What a store is asked of cases."""

from __future__ import annotations

from schedopt.registry.asked import Asked


class Cases(Asked):
    """What a store is asked of cases."""
