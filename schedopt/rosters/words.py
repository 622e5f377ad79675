"""Words of the rosters that are said in more than one place."""

from __future__ import annotations


def one_zone_words(row: int, zone: str) -> str:
    """What was expected of a shift in another time zone than the provider's shift of the same day in a row."""
    return f"expected a site in {zone}, as in row {row}: a provider is in one time zone on a day"
