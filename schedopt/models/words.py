"""Plain words for messages: values as they are shown, and what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

HIDDEN = "(hidden)"
_LONGEST_VALUE = 80


def shown(value: object) -> str:
    """A value as a message shows it: as it was given, and not too long."""
    if isinstance(value, int) and value.bit_length() > _LONGEST_VALUE * 4:
        return "a number of very many digits"  # Python refuses to write the longest out
    text = str(value)
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"


def meant(value: str, known: Iterable[str]) -> str:
    """``"; did you mean …?"`` with the nearest known name, or nothing where none is near."""
    near = difflib.get_close_matches(value, sorted(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""
