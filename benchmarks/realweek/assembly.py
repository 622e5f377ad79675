"""The real week as an office's tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.realweek import bookings as kaggle
from benchmarks.realweek import roster as chinle
from benchmarks.realweek import service as hangu
from benchmarks.realweek.bookings import Bookings, read_bookings
from benchmarks.realweek.demand import Demand, draw_demand
from benchmarks.realweek.departments import DEPARTMENTS, GRID_MINUTES, SITE, TIME_ZONE
from benchmarks.realweek.notes import Note
from benchmarks.realweek.roster import Roster, read_roster
from benchmarks.realweek.service import ServiceTimes, read_service_times
from schedopt.models.office import Settings

SOURCES = (chinle.SOURCE, hangu.SOURCE, kaggle.SOURCE)


@dataclass(frozen=True)
class RealWeek:
    """A week's office and where it came from.

    Attributes
    ----------
    frames : dict of str to pandas.DataFrame
        Tables of the office by name, for ``schedopt.office.office_from_frames``.
    settings : Settings
        What would stand in office.toml.
    week : datetime.date
        First day planned.
    roster, times, bookings, demand
        The sources, and what was drawn from them.
    """

    frames: dict[str, pd.DataFrame]
    settings: Settings
    week: dt.date
    roster: Roster
    times: ServiceTimes
    bookings: Bookings
    demand: Demand

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was read, left out and odd, source by source."""
        return self.roster.notes + self.times.notes + self.bookings.notes + self.demand.notes


def real_week(data: Path, week: dt.date, seed: int, load: float = 1.05) -> RealWeek:
    """Assemble the week.

    Raises ValueError when a source is absent, the day is no Monday, or no clinic is published for it.

    Parameters
    ----------
    data : Path
        Folder of the data sets.
    week : datetime.date
        First day planned, a Monday for which Chinle published schedules.
    seed : int
        Of everything drawn.
    load : float
        Minutes asked for over minutes of the sessions.
    """
    if week.weekday() != 0:
        raise ValueError(f"expected a Monday, not {week:%A %Y-%m-%d}")
    missing = [source for source in SOURCES if not (data / source).is_dir()]
    if missing:
        raise ValueError(f"{data} lacks {', '.join(missing)}: the data sets are not shipped")
    settings = Settings(name="Chinle primary care", time_zone=TIME_ZONE, grid_minutes=GRID_MINUTES)
    rng = np.random.default_rng(seed)
    roster = read_roster(data, week, settings.days)
    times = read_service_times(data, GRID_MINUTES)
    bookings = read_bookings(data)
    demand = draw_demand(bookings, times, roster, week, load, rng)
    frames = {
        "sites": pd.DataFrame({"site": [SITE], "name": ["Chinle"]}),
        "providers": roster.providers,
        "visit_types": _visit_types(times),
        "patients": demand.patients,
        "requests": demand.requests,
        "shifts": roster.shifts,
        "leave": roster.leave,
        "closures": roster.closures,
    }
    return RealWeek(frames, settings, week, roster, times, bookings, demand)


def _visit_types(times: ServiceTimes) -> pd.DataFrame:
    """Two for each department; the length is the median, each request has its own."""
    lengths = [int(np.quantile(lengths, 0.5, method="inverted_cdf")) for lengths in (times.new, times.returning)]
    rows = [
        (visit_type, f"{department.name}, {kind}", minutes, department.min_age, department.max_age)
        for department in DEPARTMENTS
        for visit_type, kind, minutes in zip(department.visit_types, ("new", "return"), lengths, strict=True)
    ]
    columns = ["visit_type", "name", "minutes", "min_age", "max_age"]
    return pd.DataFrame(rows, columns=columns, dtype=object)
