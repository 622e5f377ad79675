"""The table of requests: days, urgency, and who may see the patient."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from schedopt.arrays import Flags, Ints
from schedopt.example.catalogue import CODE, KIND_IDS, KINDS
from schedopt.example.cells import date_cells, make_frame, pick
from schedopt.example.demand import SAME_DAY, SERIES, Demand
from schedopt.example.people import patient_ids
from schedopt.example.staff import Staff
from schedopt.models.tables import Request

_URGENCIES = np.array((1, 2, 5))
_URGENCY_SHARES = (0.6, 0.3, 0.1)
_PRIORITIES = np.array((1, 3, 10))
_PATIENCE_DAYS = np.array((10, 5, 2))
_LATEST_READY_DAY = 3


def ready_days(rng: np.random.Generator, demand: Demand) -> Ints:
    """Day on which each request may be met at the earliest, from the first one planned; many are negative."""
    days = np.floor(rng.exponential(2.0, len(demand))).astype(np.int64) - 2
    days = np.minimum(days, _LATEST_READY_DAY)
    return np.where(demand.base >= 0, days[np.maximum(demand.base, 0)], days)


def request_frame(rng: np.random.Generator, staff: Staff, demand: Demand, ready: Ints, week: dt.date) -> pd.DataFrame:
    """Table ``requests``.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where chance comes from.
    staff, demand : Staff, Demand
        Providers and what is asked of them.
    ready : ndarray of int, shape (R,)
        From :func:`ready_days`.
    week : datetime.date
        First day planned.

    Returns
    -------
    pandas.DataFrame
        One row a request.
    """
    number = len(demand)
    ids = [f"R{row}" for row in range(1, number + 1)]
    level = rng.choice(len(_URGENCIES), number, p=_URGENCY_SHARES)
    patience = _PATIENCE_DAYS[level] + rng.integers(0, 3, number)
    usual = np.array([kind.minutes for kind in KINDS])[demand.kind]
    new = demand.kind == CODE["new-patient"]
    series = demand.relation == SERIES
    at_home = len(staff.site_ids) > 1 and rng.random(number) < 0.95
    soonest = rng.integers(1, 3, number)
    columns = {
        "request": ids,
        "patient": pick(patient_ids(demand), demand.patient),
        "visit_type": pick(KIND_IDS, demand.kind),
        "ready": date_cells(week, ready, (rng.random(number) < 0.93) | (ready > 0)),
        "due": date_cells(week, np.maximum(ready, 0) + patience, (rng.random(number) < 0.9) | (level == 2)),
        "urgency": _URGENCIES[level],
        "priority": _PRIORITIES[level],
        "minutes": _where(demand.minutes != usual, demand.minutes),
        "provider": pick(staff.ids, np.where(demand.target != demand.own[demand.patient], demand.target, -1)),
        "providers": _providers(rng, staff, demand),
        "site": pick(staff.site_ids, np.where(at_home, staff.site[demand.target], -1)),
        "new": new,
        "after": pick(ids, np.where(series, demand.base, -1)),
        "after_min_days": _where(series, soonest),
        "after_max_days": _where(series, soonest + 3),
        "same_day_as": pick(ids, np.where(demand.relation == SAME_DAY, demand.base, -1)),
    }
    return make_frame(Request, columns)


def _where(shown: Flags, values: Ints) -> list[int | None]:
    return [value if there else None for value, there in zip(values.tolist(), shown.tolist(), strict=True)]


def _providers(rng: np.random.Generator, staff: Staff, demand: Demand) -> list[tuple[str, ...]]:
    """The only providers allowed: the one wished for and perhaps a colleague, the rarer the smaller the site."""
    crowd = np.bincount(staff.site, minlength=len(staff.site_ids))[staff.site[demand.target]]
    listed = rng.random(len(demand)) < np.interp(crowd, (4, 10), (0.1, 0.95))
    with_colleague = rng.random(len(demand)) < 0.5
    lists: list[tuple[str, ...]] = [()] * len(demand)
    for site in range(len(staff.site_ids)):
        here = listed & (staff.site[demand.target] == site)
        for code in np.unique(demand.kind[here]).tolist():
            able = np.flatnonzero(staff.able[:, code] & (staff.site == site))
            rows = np.flatnonzero(here & (demand.kind == code))
            others = rng.choice(able, len(rows)) if len(able) else demand.target[rows]
            for row, other in zip(rows.tolist(), others.tolist(), strict=True):
                names = (demand.target[row], other) if with_colleague[row] else (demand.target[row],)
                lists[row] = tuple(dict.fromkeys(staff.ids[p] for p in names))
    return lists
