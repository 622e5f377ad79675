"""Days before and after one, as a store writes them."""

from __future__ import annotations

import datetime as dt


def day_before(day: str) -> str:
    """The day before."""
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()


def day_after(day: str) -> str:
    """The day after."""
    return (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()
