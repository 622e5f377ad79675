"""What a store is asked of letters."""

from __future__ import annotations

from schedopt.registry.asked import Asked


class Letters(Asked):
    """What a store is asked of letters."""
