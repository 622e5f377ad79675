"""Plain words for what pydantic found."""

from __future__ import annotations

from pydantic_core import ErrorDetails


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
