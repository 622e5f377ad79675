"""Whether a plan is fair: what patients get, group by group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from schedopt.arrays import Ints
from schedopt.models.groups import group_codes
from schedopt.models.office import GROUP_COLUMNS, Office
from schedopt.models.problem.couplings.fairness import access_days
from schedopt.models.problem.couplings.order import step_waits
from schedopt.models.problem.plan import Plan
from schedopt.models.tables import Patient

_SHOWN = 5
"""Ids that a message lists."""


def equity(
    plan: Plan, patients: pd.DataFrame | pd.Series | Mapping[str, object] | Office, column: str = "group"
) -> pd.DataFrame:
    """What the patients of each group get in a plan.

    Who belongs to which group is looked up here, after planning; a plan knows nothing of it.

    Parameters
    ----------
    plan : Plan
        A plan.
    patients : pandas.DataFrame, Office, pandas.Series or mapping
        The patients table, with columns ``patient`` and `column` (a table may have columns that patients.csv does not
        know); the office, whose table is then taken; or the group of each patient, by id.
    column : str
        The column that says to which group a patient belongs. Capitals do not matter in it, and empty cells are a
        group. Not looked at where groups are given by id.

    Returns
    -------
    pandas.DataFrame
        One row a group, by name: ``group``; ``requests``, ``visits``, ``left_out`` (numbers); ``share_left_out`` (of
        the requests, 0 to 1); ``access_wait_days`` (mean of the visits, from ready day to visit, days before the first
        one planned included); ``access_wait_all_days`` (mean of all requests; who is left out waits through the last
        day planned); ``office_wait_minutes`` (mean of the visits, between steps). Means of nothing are NaN.

    Raises
    ------
    ValueError
        If the table has no such column, the column tells one patient from another (such as ``name`` or
        ``birth_date``), or the table lists a patient twice or does not know a patient who asks for a visit.
    """
    known = _groups(patients, column)
    requests = plan.problem.week.requests
    asking = [requests.patient_ids[p] for p in requests.patient.tolist()]
    strangers = sorted({name for name in asking if name not in known})
    if strangers:
        more = ", …" if len(strangers) > _SHOWN else ""
        raise ValueError(f"expected a group for every patient, not found: {', '.join(strangers[:_SHOWN])}{more}")
    group, names = group_codes(known[name] for name in asking)
    return _table(plan, group, names)


def _groups(patients: pd.DataFrame | pd.Series | Mapping[str, object] | Office, column: str) -> dict[str, object]:
    """Group by patient."""
    own = Patient.model_fields if isinstance(patients, pd.DataFrame) else {column}
    if isinstance(patients, (pd.DataFrame, Office)) and column in own and column not in GROUP_COLUMNS:
        raise ValueError(f"expected a column of patients.csv that puts patients into groups, not {column!r}")
    if isinstance(patients, Office):
        return {row.patient: getattr(row, column) for row in patients.patients}
    if isinstance(patients, pd.DataFrame):
        missing = [name for name in ("patient", column) if name not in patients.columns]
        if missing:
            raise ValueError(f"expected a column {missing[0]!r} in the table of patients")
        return _once(patients["patient"], patients[column])
    return _once(patients.keys(), patients.values() if isinstance(patients, Mapping) else patients)


def _once(ids: Iterable[object], groups: Iterable[object]) -> dict[str, object]:
    """Group by id, as text; no id twice."""
    found: dict[str, object] = {}
    for number, (patient, group) in enumerate(zip(ids, groups, strict=True), start=1):
        name = str(patient).strip()
        if name in found:
            raise ValueError(f"expected each patient once, found one again in row {number} of the table")
        found[name] = group
    return found


def _table(plan: Plan, group: Ints, names: tuple[str, ...]) -> pd.DataFrame:
    week, schedule = plan.problem.week, plan.assignment
    placed = schedule.session >= 0
    days = access_days(week, np.arange(len(placed)), schedule.session)
    step, cells = step_waits(week, schedule)
    minutes = np.bincount(week.steps.request[step], weights=cells, minlength=len(placed)) * week.calendar.grid

    def total(amount: NDArray[Any]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(group, weights=amount, minlength=len(names)), float)

    requests, visits = (total(count).astype(np.int64) for count in (np.ones(len(placed)), placed))
    with np.errstate(invalid="ignore"):  # the mean of no visits is NaN
        return pd.DataFrame(
            {
                "group": pd.array(list(names), dtype="str"),
                "requests": requests,
                "visits": visits,
                "left_out": requests - visits,
                "share_left_out": (requests - visits) / requests,
                "access_wait_days": total(days * placed) / visits,
                "access_wait_all_days": total(days) / requests,
                "office_wait_minutes": total(minutes * placed) / visits,
            }
        )
