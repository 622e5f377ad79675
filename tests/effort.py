"""How long plans of tests are searched for."""

from __future__ import annotations

BRIEF = 0.1
"""Seconds of counted work, for a deterministic plan that need not be good: some ten thousand moves."""
