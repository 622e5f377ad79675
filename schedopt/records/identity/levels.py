"""What comparing two people can come to, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that two people are compared by.

    Attributes
    ----------
    name : str
        Its name.
    levels : tuple of str
        What comparing it can come to. Level 0 is "missing": on one side or both nothing is known, and nothing follows.
    by_frequency : str
        The text whose frequency says how much it means to agree; empty: all values mean the same.
    place : bool
        Whether it says where somebody lives.
    """

    name: str
    levels: tuple[str, ...]
    by_frequency: str = ""
    place: bool = False

    @property
    def exact(self) -> tuple[int, ...]:
        """The levels at which the text that is counted agrees."""
        return tuple(number for number, level in enumerate(self.levels) if level.startswith("exact"))


_THREE = ("exact", "close", "different")
_PAIRS = [f"{suburb} suburb, {code} postcode" for suburb, code in product(("missing", *_THREE), repeat=2)]
LOCALITY = ("missing", *_PAIRS[1:])
"""Suburb and postcode together: whoever lives in one town has both."""

FIELDS = (
    Field("given_name", ("missing", "exact", "nickname", "close", "initial", "similar", "different"), "given"),
    Field("surname", ("missing", "exact", "part", "close", "similar", "different", "swapped", "crossed"), "surname"),
    Field("date_of_birth", ("missing", "exact", "swapped", "near", "parts", "different"), "birth"),
    Field("soc_sec_id", ("missing", "exact", "close", "similar", "different"), "social"),
    Field("phone", ("missing", *_THREE), "phone"),
    Field("sex", ("missing", "same", "different")),
    Field("suffix", ("missing", "same", "one", "different")),
    Field("street_number", ("missing", *_THREE), "", True),
    Field("address_1", ("missing", "exact", "close", "similar", "different"), "street", True),
    Field("address_2", ("missing", *_THREE), "", True),
    Field("locality", LOCALITY, "suburb", True),
    Field("state", ("missing", "same", "different"), "", True),
)
"""All fields; a pair's levels stand in this order."""
NAMES = tuple(field.name for field in FIELDS)
AT = {field.name: place for place, field in enumerate(FIELDS)}
"""Where a field stands among ``FIELDS``."""


def level(field: str, name: str) -> int:
    """The number of a field's level."""
    return FIELDS[AT[field]].levels.index(name)
