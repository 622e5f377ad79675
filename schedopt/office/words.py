"""Plain words for what pydantic found, and for what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from pydantic_core import ErrorDetails

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


def expected(error: ErrorDetails, kind: str) -> str:
    """What should have stood where pydantic found an error.

    Parameters
    ----------
    error : ErrorDetails
        One error of a cell, a row or a key.
    kind : str
        What the column takes, from :func:`schedopt.office.columns.kinds`; empty for a row as a whole.

    Returns
    -------
    str
        Such as ``"expected a whole number from 1 to 1440"``.
    """
    if error["type"] == "missing":
        return f"expected {kind}, not an empty cell"
    if isinstance(error["input"], str) and "\0" in error["input"]:
        return "expected text without NUL bytes"
    said, full = error.get("ctx", {}).get("error"), f"expected {kind}"
    return str(said) if isinstance(said, ValueError) and not full.startswith(str(said)) else full
