"""From which measures of an office's folder are taken: its history, a plan, and its tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

import schedopt
from schedopt.models.office import GROUP_COLUMNS

if TYPE_CHECKING:
    from schedopt.operations.measures.measure import Evidence


def folder_evidence(
    office: schedopt.Office, days: tuple[dt.date, dt.date], history: schedopt.History | None, plan: schedopt.Plan | None
) -> Evidence:  # fmt: skip
    """What a folder says to measures.

    Parameters
    ----------
    office : Office
        Its tables.
    days : (datetime.date, datetime.date)
        First and last day measured.
    history : History or None
        Past visits.
    plan : Plan or None
        Visits of days on which the history has none, and what is free.
    """
    from schedopt.office.opening import holidays_between, sessions_between
    from schedopt.operations.measures.events import events_of_history, events_of_plan
    from schedopt.operations.measures.known import with_sites
    from schedopt.operations.measures.measure import PATIENTS, PLACES, Evidence, frame, no_events
    from schedopt.operations.measures.tables import CareKind

    first, last = days
    sessions = sessions_between(office, first, last)
    events = no_events() if history is None else events_of_history(history, office.settings.zone)
    if plan is not None:
        planned = events_of_plan(plan)
        events = pd.concat([events, planned[~planned["date"].isin(events["date"])]], ignore_index=True)
    patients = {
        "patient": [row.patient for row in office.patients],
        "own_provider": [row.own_provider or "" for row in office.patients],
    }
    return Evidence(
        with_sites(events, sessions), first, last, sessions, frame(PLACES) if plan is None else _places(office, plan),
        frame(PATIENTS, patients), care={row.visit_type: row.care for row in office.rows(CareKind) or ()},
        holidays=holidays_between(office, first - dt.timedelta(days=366), last + dt.timedelta(days=1)),
    )  # fmt: skip


def _places(office: schedopt.Office, plan: schedopt.Plan) -> pd.DataFrame:
    """Third next available places in a plan, asked on its first day."""
    from schedopt.office.callers import with_callers
    from schedopt.operations.measures.third_next import CALLERS, next_places, third_next

    calendar = plan.problem.calendar
    longer, callers = with_callers(office, CALLERS)
    found = next_places(schedopt.admit(plan, schedopt.assemble(longer, calendar.first)), callers)
    last = calendar.first + dt.timedelta(days=calendar.num_days - 1)
    return third_next(pd.Timestamp(calendar.first), pd.Timestamp(last), [found])


def groups_of(office: schedopt.Office, column: str) -> Mapping[str, str]:
    """The group of each patient by a column of patients.csv.

    Raises
    ------
    ValueError
        If it is no column that makes groups.
    """
    if column not in GROUP_COLUMNS:
        expected = f"provider, site, visit_type, or one of {', '.join(sorted(GROUP_COLUMNS))}"
        raise ValueError(f"expected {expected}, not {column!r}")
    values = {row.patient: getattr(row, column) for row in office.patients}
    return {patient: "" if value is None else str(value) for patient, value in values.items()}
