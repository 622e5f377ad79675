"""What a store is asked of training."""

from __future__ import annotations

from schedopt.registry.asked import Asked


class Training(Asked):
    """What a store is asked of training."""
