"""How long plans of tests are searched for, and how many cases of Hypothesis's tests try."""

from __future__ import annotations

from hypothesis import settings

BRIEF = 0.1
"""Seconds of counted work, for a deterministic plan that need not be good: some ten thousand moves."""
CASES = 24
"""What a test tries by default that does not say how many."""


def examples(usual: int) -> int:
    """How many cases a test tries, of which the profile that is loaded may ask for more.

    Parameters
    ----------
    usual : int
        How many it tries by default.
    """
    return usual * settings().max_examples // CASES
