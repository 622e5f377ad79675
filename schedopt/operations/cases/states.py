"""The one table of what may be done about a case, and where it stands after it."""

from __future__ import annotations

from collections.abc import Mapping

from schedopt.errors import NoSuchChange
from schedopt.operations.cases.tables import CaseState, Deed

FOLLOWING: Mapping[CaseState, Mapping[Deed, CaseState]] = {
    "open": {
        "note": "open", "hand-over": "open", "acknowledge": "acknowledged", "answer": "answered", "close": "closed",
    },
    "acknowledged": {
        "note": "acknowledged", "hand-over": "acknowledged", "answer": "answered", "close": "closed",
    },
    "answered": {"note": "answered", "hand-over": "answered", "close": "closed", "reopen": "acknowledged"},
    "closed": {"reopen": "acknowledged"},
}  # fmt: skip
"""State to what may be done in it, with the state that follows. What was answered or closed counts as acknowledged."""


def state_after(case: str, state: CaseState, deed: Deed) -> CaseState:
    """Where a case stands after something was done.

    Raises
    ------
    NoSuchChange
        If that is not done in its state; with what may be.
    """
    if deed not in FOLLOWING[state]:
        raise NoSuchChange(f"case {case} is {state}: {deed} is not done then, only {', '.join(FOLLOWING[state])}")
    return FOLLOWING[state][deed]
