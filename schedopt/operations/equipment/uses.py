"""How often pools have been used, are planned to be, and will be if weeks go on as they are."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.arrays import Floats
from schedopt.models.office import Office
from schedopt.models.problem.couplings.pools import pool_uses
from schedopt.models.problem.plan import Plan

USUAL_WEEKS = 8
"""Weeks before today that say what is usual, where nothing is planned."""
_DAY = dt.timedelta(days=1)


def visits_before(office: Office, day: dt.date) -> pd.DataFrame:
    """Visits on days before one, as the office's appointments say: ``date`` (datetime.date), ``site``, ``visit_type``.

    The site is that of the provider's shift on that day; a visit without one is left out.
    """
    types = {row.request: row.visit_type for row in office.requests}
    gone = {row.request for row in office.cancellations or ()}
    rows = []
    for visit in office.appointments or ():
        if visit.date >= day or visit.request in gone or visit.request not in types:
            continue
        shifts = [s for s in office.shifts if s.provider == visit.provider and s.falls_on(visit.date)]
        here = [s for s in shifts if s.start <= visit.start < s.end] or shifts
        if here:
            rows.append((visit.date, here[0].site, types[visit.request]))
    return pd.DataFrame(rows, columns=["date", "site", "visit_type"])


@dataclass(frozen=True)
class Uses:
    """Uses of pools by day.

    Attributes
    ----------
    known : dict of str to dict of datetime.date to int
        By pool and day, past and planned.
    planned : (datetime.date, datetime.date) or None
        First and last day planned.
    usual : dict of str to float array, shape (7,)
        By pool and weekday, Monday first: uses on a usual day.
    since : datetime.date or None
        First day of which anything is known.
    today : datetime.date
        Where nothing is planned, all days before it are known.
    """

    known: dict[str, dict[dt.date, int]]
    planned: tuple[dt.date, dt.date] | None
    usual: dict[str, Floats]
    since: dt.date | None
    today: dt.date

    def daily(self, pool: str, first: dt.date, days: int) -> Floats:
        """Uses of a pool on so many days from one on; after what is known, as usual."""
        known, usual = self.known.get(pool, {}), self.usual.get(pool, np.zeros(7))
        last = self.planned[1] if self.planned else self.today - _DAY
        dates = [first + number * _DAY for number in range(days)]
        return np.array([known.get(date, 0) if date <= last else usual[date.weekday()] for date in dates], float)


def uses_of(office: Office, day: dt.date, plan: Plan | None, history: pd.DataFrame | None = None) -> Uses:
    """Uses of every pool.

    Parameters
    ----------
    office : Office
        Its visit types and steps say what a visit needs.
    day : datetime.date
        Today.
    plan : Plan, optional
        What is planned; its days say what a usual week is.
    history : pandas.DataFrame, optional
        Visits held: ``date``, ``site``, ``visit_type``; without it the office's appointments before the planned days.
    """
    first = plan.problem.calendar.first if plan is not None else day
    past = visits_before(office, first) if history is None else history[history["date"] < first]
    needs, pools = _needs(office), {(pool.site, pool.kind): pool.pool for pool in office.pools or ()}
    known: dict[str, dict[dt.date, int]] = defaultdict(lambda: defaultdict(int))
    for date, site, visit_type in past[["date", "site", "visit_type"]].itertuples(index=False):
        for kind in needs.get(visit_type, ()):
            if (site, kind) in pools:
                known[pools[site, kind]][date] += 1
    since = min(past["date"], default=None)
    if plan is None:
        before = [day - number * _DAY for number in range(1, 7 * USUAL_WEEKS + 1)]
        return Uses(known, None, _usual(known, before), since, day)
    calendar, week = plan.problem.calendar, plan.problem.week
    _, pool, start, _ = pool_uses(week, plan.assignment)
    for code, cell in zip(pool.tolist(), start.tolist(), strict=True):
        known[week.pools.ids[code]][calendar.date(calendar.day_of(cell))] += 1
    days = calendar.dates
    return Uses(known, (days[0], days[-1]), _usual(known, days), days[0] if since is None else since, day)


def _needs(office: Office) -> dict[str, list[str]]:
    """By visit type, the kinds of pools that its steps use."""
    found = {row.visit_type: list(row.pools) for row in office.visit_types}
    for step in office.steps or ():
        found.setdefault(step.visit_type, []).extend(step.pools)
    return found


def _usual(known: dict[str, dict[dt.date, int]], days: list[dt.date] | tuple[dt.date, ...]) -> dict[str, Floats]:
    """By pool and weekday, the mean of some days."""
    found = {}
    for pool, uses in known.items():
        total, count = np.zeros(7), np.zeros(7)
        for date in days:
            total[date.weekday()] += uses.get(date, 0)
            count[date.weekday()] += 1
        found[pool] = np.divide(total, count, out=np.zeros(7), where=count > 0)
    return found
