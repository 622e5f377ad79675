"""When an office has sessions, and which of its days are no business days: what measures of past weeks need."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from schedopt.models.closed import public_holidays
from schedopt.models.office import Holidays, Office
from schedopt.models.problem.calendar import Calendar
from schedopt.office.sources import sources, supply_of

_WEEK = 7
_DEFAULT = "US"


def sessions_between(office: Office, first: dt.date, last: dt.date) -> pd.DataFrame:
    """The sessions of some days, by what the office's tables say now.

    Parameters
    ----------
    office : Office
        Of which shifts and what takes from them are looked at.
    first, last : datetime.date
        The days.

    Returns
    -------
    pandas.DataFrame
        One row a session: ``provider``, ``site`` (ids), ``date`` (datetime64), ``open_minutes`` (without overtime),
        ``ends_at`` (UTC).
    """
    rows = list[tuple[str, str, pd.Timestamp, float, pd.Timestamp]]()
    said = office.settings
    for begin in range(0, (last - first).days + 1, _WEEK):
        start = first + dt.timedelta(days=begin)
        calendar = Calendar(start, min(_WEEK, (last - start).days + 1), said.grid_minutes, said.zone, office.zones)
        sessions, _, _ = supply_of(sources()).sessions(office, calendar)
        columns = (sessions.provider, sessions.site, sessions.day, sessions.start, sessions.end)
        for provider, site, day, begins, ends in zip(*(column.tolist() for column in columns), strict=True):
            place = sessions.site_ids[site]
            ends_at = pd.Timestamp(calendar.instant_of(ends, place), unit="m", tz="UTC")
            minutes = float((ends - begins) * calendar.grid)
            rows.append((sessions.provider_ids[provider], place, pd.Timestamp(calendar.date(day)), minutes, ends_at))
    kinds = {"provider": "str", "site": "str", "date": "datetime64[us]", "open_minutes": "float64"}
    frame = pd.DataFrame(rows, columns=[*kinds, "ends_at"])
    return frame.astype({**kinds, "ends_at": "datetime64[us, UTC]"})


def holidays_between(office: Office, first: dt.date, last: dt.date) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    """The public holidays of some days: of the country that office.toml names, or of the United States.

    Parameters
    ----------
    office : Office
        Of whose settings they are.
    first, last : datetime.date
        The days.
    """
    where = office.settings.holidays or Holidays(country=_DEFAULT, subdivision=None)
    days = [day for day in public_holidays(where, range(first.year, last.year + 1)) if first <= day <= last]
    return np.array(days, "datetime64[D]")
