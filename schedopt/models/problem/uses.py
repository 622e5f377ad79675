"""How sessions and pools are used by a schedule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.models.problem.calendar import clock
from schedopt.models.problem.couplings.pools import pool_usage
from schedopt.models.problem.couplings.time import session_minutes
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.visits import text_column


@dataclass(frozen=True, slots=True)
class SessionUse:
    """A session, and what a schedule makes of it.

    Attributes
    ----------
    session, provider, site : str
        Ids.
    date : datetime.date
        The day.
    start, end : int
        Minutes from midnight, without overtime.
    visits : int
        Number of visits.
    seen_minutes, idle_minutes, overtime_minutes : int
        With patients, between them, and past the end.
    """

    session: str
    provider: str
    site: str
    date: dt.date
    start: int
    end: int
    visits: int
    seen_minutes: int
    idle_minutes: int
    overtime_minutes: int

    @property
    def regular_minutes(self) -> int:
        """From start to end."""
        return self.end - self.start

    @property
    def utilisation(self) -> float:
        """Minutes with patients over regular minutes."""
        return self.seen_minutes / self.regular_minutes


def session_uses(problem: Problem, schedule: Schedule) -> tuple[SessionUse, ...]:
    """What a schedule makes of each session, in the week's order."""
    sessions, calendar = problem.week.sessions, problem.calendar
    minutes = session_minutes(problem.week, schedule)
    names = ("visits", "seen_minutes", "idle_minutes", "overtime_minutes")
    midnight = sessions.day * calendar.cells_per_day
    columns = (
        sessions.provider, sessions.site, sessions.day, (sessions.start - midnight) * calendar.grid,
        (sessions.end - midnight) * calendar.grid, *(minutes[name] for name in names),
    )  # fmt: skip
    return tuple(
        SessionUse(name, sessions.provider_ids[provider], sessions.site_ids[site], calendar.date(day), *rest)
        for name, provider, site, day, *rest in zip(sessions.ids, *(c.tolist() for c in columns), strict=True)
    )


def sessions_table(uses: Sequence[SessionUse]) -> pd.DataFrame:
    """Sessions as a table; columns as in :attr:`~schedopt.models.problem.plan.Plan.sessions`."""
    numbers = ("visits", "seen_minutes", "idle_minutes", "overtime_minutes")
    return pd.DataFrame(
        {
            **{name: text_column(getattr(use, name) for use in uses) for name in ("session", "provider", "site")},
            "date": [use.date for use in uses],
            "start": text_column(clock(use.start) for use in uses),
            "end": text_column(clock(use.end, end=True) for use in uses),
            **{name: np.array([getattr(use, name) for use in uses], np.int64) for name in numbers},
            "utilisation": np.array([use.utilisation for use in uses], float),
        }
    )


def pools_table(problem: Problem, schedule: Schedule) -> pd.DataFrame:
    """Use of each pool on each day on which its site has sessions, against what it has in their hours."""
    week, calendar = problem.week, problem.calendar
    cells = calendar.cells_per_day
    used = pool_usage(week, schedule).reshape(len(week.pools), calendar.num_days, cells).sum(axis=2)
    there = week.pools.available(calendar.num_cells)
    open_cells = np.zeros((len(week.sessions.site_ids), calendar.num_cells), bool)
    columns = (week.sessions.site, week.sessions.start, week.sessions.end)
    for site, start, end in zip(*(column.tolist() for column in columns), strict=True):
        open_cells[site, start:end] = True
    rows = []
    for pool in range(len(week.pools)):
        mask = open_cells[week.pools.site[pool]]
        for day in range(calendar.num_days):
            hours = mask[day * cells : (day + 1) * cells]
            if hours.any():
                room = int(there[pool, day * cells : (day + 1) * cells][hours].sum()) * calendar.grid
                busy = int(used[pool, day]) * calendar.grid
                rows.append(
                    (*_pool_names(problem, pool), calendar.date(day), int(week.pools.capacity[pool]), busy, room)
                )
    names = ["pool", "site", "kind", "date", "capacity", "used_minutes", "open_minutes"]
    table = pd.DataFrame(rows, columns=names)
    minutes = table["open_minutes"].to_numpy(float)
    share = np.divide(table["used_minutes"].to_numpy(float), minutes, out=np.zeros(len(table)), where=minutes > 0)
    return table.assign(utilisation=share)


def _pool_names(problem: Problem, pool: int) -> tuple[str, str, str]:
    pools, sessions = problem.week.pools, problem.week.sessions
    return pools.ids[pool], sessions.site_ids[int(pools.site[pool])], pools.kind_ids[int(pools.kind[pool])]
