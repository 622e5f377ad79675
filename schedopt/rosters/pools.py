"""From the tables of pools and their closures to columns."""

from __future__ import annotations

import numpy as np

from schedopt.models.closed import site_ids
from schedopt.models.office import Office
from schedopt.models.problem.calendar import Calendar
from schedopt.models.problem.week import ALL_UNITS, Pools


def make_pools(office: Office, calendar: Calendar) -> Pools:
    """The office's pools; kinds that are asked for but exist nowhere have a code and no pool."""
    rows = office.pools or ()
    asked = [*(kind for v in office.visit_types for kind in v.pools), *(k for s in office.steps or () for k in s.pools)]
    kinds = tuple(dict.fromkeys([*(pool.kind for pool in rows), *asked]))
    sites = site_ids(office)
    kind_code = {name: code for code, name in enumerate(kinds)}
    site_code = {name: code for code, name in enumerate(sites)}
    rows = tuple(pool for pool in rows if pool.site in site_code)
    pool_code = {pool.pool: code for code, pool in enumerate(rows)}
    at = np.full((len(sites), len(kinds)), -1, np.int64)
    for code, pool in enumerate(rows):
        at[site_code[pool.site], kind_code[pool.kind]] = code
    takers = tuple(dict.fromkeys(closure.taken_by for closure in office.pool_closures or ()))
    closed = [
        (
            pool_code[closure.pool],
            calendar.cell(day := calendar.day(closure.date), closure.start),
            calendar.cell(day, closure.end, up=True),
            ALL_UNITS if closure.units is None else closure.units,
            takers.index(closure.taken_by),
        )
        for closure in office.pool_closures or ()
        if calendar.covers(closure.date) and closure.pool in pool_code
    ]
    return Pools(
        ids=tuple(pool.pool for pool in rows),
        site=np.array([site_code[pool.site] for pool in rows], np.int64),
        kind=np.array([kind_code[pool.kind] for pool in rows], np.int64),
        capacity=np.array([pool.capacity for pool in rows], np.int64),
        turnover=np.array([pool.turnover // calendar.grid for pool in rows], np.int64),
        closed=np.array(closed, np.int64).reshape(-1, 5),
        kind_ids=kinds,
        at=at,
        takers=takers,
    )
