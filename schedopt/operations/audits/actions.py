"""Corrective actions: from open to done to verified, and which of them are due first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import pandas as pd

from schedopt.errors import NoSuchChange, StoreError
from schedopt.operations.audits.tables import ActionState, CorrectiveAction

FOLLOWING: Mapping[ActionState, frozenset[ActionState]] = {
    "open": frozenset({"done", "dropped"}),
    "done": frozenset({"verified", "open"}),
    "verified": frozenset(),
    "dropped": frozenset(),
}
"""State to those that may follow: what is done is verified, or goes back."""
COLUMNS = ("action", "audit", "item", "owner", "opened_on", "due", "days_left", "state", "done_by")


def moved(
    row: CorrectiveAction, state: ActionState, actor: str, today: dt.date, evidence: str = ""
) -> CorrectiveAction:
    """An action in another state.

    Parameters
    ----------
    row : CorrectiveAction
        As it stands.
    state : {"open", "done", "verified", "dropped"}
        What it becomes.
    actor : str
        Who says so. Who has said that it is done does not verify it.
    today : datetime.date
        The day.
    evidence : str
        Where it can be seen that it is done, or why it is dropped.

    Raises
    ------
    NoSuchChange
        If that state does not follow.
    StoreError
        If there is no evidence, or who has done it would verify it.
    """
    if state not in FOLLOWING[row.state]:
        words = ", ".join(sorted(FOLLOWING[row.state])) or "nothing"
        raise NoSuchChange(f"action {row.action} is {row.state}: {words} follows, not {state}")
    said = evidence.strip()
    if state in ("done", "dropped") and not said:
        raise StoreError("expected evidence: where it can be seen, or why it is dropped")
    if state == "verified":
        if actor == row.done_by:
            raise StoreError(f"expected somebody else to verify what {actor} has done")
        return row.model_copy(update={"state": state, "verified_by": actor, "verified_on": today})
    back = state == "open"
    return row.model_copy(
        update={
            "state": state, "evidence": said or row.evidence, "done_by": None if back else actor,
            "done_on": None if back else today,
        }
    )  # fmt: skip


def work_list(rows: Iterable[CorrectiveAction], today: dt.date, *, owner: str | None = None) -> pd.DataFrame:
    """Actions that are open, or done and not verified yet: what is due first comes first.

    Returns
    -------
    pandas.DataFrame
        ``action``, ``audit``, ``item``, ``owner``, ``opened_on``, ``due`` (datetime64), ``days_left`` (below 0:
        overdue), ``state``, ``done_by``.
    """
    listed = sorted(
        (row for row in rows if row.state in ("open", "done") and owner in (None, row.owner)),
        key=lambda row: (row.due, row.action),
    )
    table = pd.DataFrame(
        [
            (row.action, row.audit, row.item or "", row.owner, row.opened_on, row.due, (row.due - today).days,
             row.state, row.done_by or "")
            for row in listed
        ],
        columns=list(COLUMNS),
    )  # fmt: skip
    return table.astype({"opened_on": "datetime64[s]", "due": "datetime64[s]", "days_left": "int64"})
