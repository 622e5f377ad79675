"""What messages of a store show of what they were given."""

from __future__ import annotations

import re

from schedopt.models.words import HIDDEN

_ID = re.compile(r"[A-Za-z]{0,2}[0-9a-f]{20}|[A-Za-z]{0,3}-?[0-9]{1,4}")


def told(value: object) -> str:
    """A value that looks like an id, in quotes; whatever else stands in an id's place may be somebody's."""
    return repr(value) if isinstance(value, str) and _ID.fullmatch(value) else HIDDEN
