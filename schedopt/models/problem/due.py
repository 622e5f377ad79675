"""Requests that are not due yet: of the office, but not of the days planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

NOT_DUE = "not_due"
"""Under this name it is said of a request that its first possible day comes after the days planned."""


@dataclass(frozen=True, slots=True)
class NotDue:
    """A request whose own dates, or those of its series, allow no visit before the days planned are over.

    Such a request is none of the problem's: it is neither placed nor left out, costs nothing, and counts in no share.

    Attributes
    ----------
    request, patient, visit_type : str
        Ids.
    due_from : datetime.date
        The first day on which it may be seen.
    reason : str
        Why not sooner, in words that complete "not due yet:".
    """

    request: str
    patient: str
    visit_type: str
    due_from: dt.date
    reason: str

    @property
    def words(self) -> str:
        """From which day on it is due, and why not sooner, in a sentence without its full stop."""
        return f"not due before {date_words(self.due_from)}, after the days planned: {self.reason}"


def date_words(date: dt.date) -> str:
    """A date of any year for people, such as ``Mon 25 Jan 2027``."""
    return f"{date:%a} {date.day} {date:%b} {date.year}"


def not_due_table(requests: Sequence[NotDue]) -> pd.DataFrame:
    """One row a request, the earliest due first: see :attr:`~schedopt.models.problem.plan.Plan.not_due`."""
    rows = [(r.request, r.patient, r.visit_type, r.due_from, r.reason) for r in requests]
    table = pd.DataFrame(rows, columns=["request", "patient", "visit_type", "due_from", "reason"])
    return table.sort_values("due_from", kind="stable").reset_index(drop=True)


def not_due_of(requests: Sequence[NotDue], name: str) -> NotDue | None:
    """What is known of a request by its id; None where it is not among them."""
    return next((one for one in requests if one.request == name), None)
