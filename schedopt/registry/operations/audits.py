"""What a store is asked of audits."""

from __future__ import annotations

from schedopt.registry.asked import Asked


class Audits(Asked):
    """What a store is asked of audits."""
