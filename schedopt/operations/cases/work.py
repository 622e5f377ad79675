"""The work list of cases: what is to be done by when, what is overdue first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pandas as pd

from schedopt.operations.cases.acting import Handling
from schedopt.operations.cases.deadlines import rule_for
from schedopt.operations.cases.tables import Case

WORK_COLUMNS = (
    "case", "kind", "subject", "site", "patient", "request", "state", "owner", "received", "step", "by", "days_left",
    "overdue", "escalate_to",
)  # fmt: skip
"""Of the work list: ``step`` is what is to be done next, acknowledge or close, ``by`` its last day; ``days_left`` is
business days from today to it, below 0 those that it is late; ``escalate_to`` is who takes over what is overdue."""


def work_list(cases: Iterable[Case], handling: Handling) -> pd.DataFrame:
    """Cases that are not closed, by the day by which something is to be done: so what is overdue comes first.

    Parameters
    ----------
    cases : iterable of Case
        All, or some.
    handling : Handling
        By what the office handles them, and the day.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`WORK_COLUMNS`; ids and days, no words.
    """
    rows = [_row(case, handling) for case in cases if case.state != "closed"]
    rows.sort(key=lambda row: (row[10], row[8], row[0]))
    return pd.DataFrame(rows, columns=list(WORK_COLUMNS))


def next_step(case: Case) -> tuple[str, dt.date]:
    """What is to be done next about a case that is not closed, and its last day."""
    if case.state == "open" and case.acknowledge_by <= case.due:
        return "acknowledge", case.acknowledge_by
    return "close", case.due


def _row(case: Case, handling: Handling) -> tuple[object, ...]:
    step, by = next_step(case)
    late = by < handling.today
    rule = rule_for(handling.rules, case.kind, case.subject)
    return (
        case.case, case.kind, case.subject, case.site or "", case.patient or "", case.request or "", case.state,
        case.owner or "", case.received, step, by, handling.days.between(handling.today, by), late,
        (rule.escalate_to or "") if late else "",
    )  # fmt: skip
