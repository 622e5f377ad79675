"""What became of visits, one row a booking: the frame from which measures are taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from schedopt.models.history import History
from schedopt.models.problem.calendar import clock
from schedopt.models.problem.plan import Plan

_TEXT = "str"
_DAY = "datetime64[us]"
_MOMENT = "datetime64[us, UTC]"
COLUMNS: Mapping[str, str] = {
    "booking": _TEXT, "request": _TEXT, "patient": _TEXT, "provider": _TEXT, "site": _TEXT, "visit_type": _TEXT,
    "new": "bool", "status": _TEXT, "date": _DAY, "start": _TEXT, "minutes": "float64", "starts_at": _MOMENT,
    "booked_on": _DAY, "first_date": _DAY, "moves": "int64", "booked_at": _MOMENT, "placed_at": _MOMENT,
    "arrived_at": _MOMENT, "checked_in_at": _MOMENT, "fulfilled_at": _MOMENT, "no_show_at": _MOMENT,
    "cancelled_at": _MOMENT, "ready": _DAY,
    "due": _DAY, "urgency": "float64",
}  # fmt: skip
"""Name and type of each column:

- ``booking``, ``request``, ``patient``, ``provider``, ``site``, ``visit_type``: ids; empty where not known;
- ``new``: whether the patient was new to the office;
- ``status``: as in docs/store.md (``booked``, ``arrived``, ``fulfilled``, ``no-show``, ``cancelled``, …);
- ``date``, ``start``: day and HH:MM of the provider step, by the site's clocks; ``minutes``: its booked length;
  ``starts_at``: the same as a moment in UTC;
- ``booked_on``: day on which it was booked, by the site's clocks; ``first_date``: day for which it was booked first;
  ``moves``: how often it was booked for another provider or time;
- ``placed_at``: when it was last booked for another provider or time, or booked at all;
- ``booked_at``, ``arrived_at``, ``checked_in_at``, ``fulfilled_at``, ``no_show_at``, ``cancelled_at``: when it was
  said to be so (UTC; NaT where it was not). An imported visit was booked when it was imported;
- ``ready``, ``due``, ``urgency``: of its request; NaT or NaN where it names none.
"""

_OF_VISIT = ("request", "patient", "visit_type", "provider", "site")
_OUTCOMES = {"kept": "fulfilled", "no-show": "no-show", "cancelled": "cancelled"}


def events(columns: Mapping[str, Any], length: int) -> pd.DataFrame:
    """The frame with these columns; what is not given is not known.

    Parameters
    ----------
    columns : mapping of str to array
        By name, all of one length.
    length : int
        Rows.

    Returns
    -------
    pandas.DataFrame
        With :data:`COLUMNS`.
    """
    nothing: dict[str, Any] = {_TEXT: "", "bool": False, "int64": 0, "float64": np.nan}
    made = {}
    for name, kind in COLUMNS.items():
        given = columns.get(name, nothing.get(kind, pd.NaT))
        made[name] = pd.Series(given, index=range(length), dtype=kind)
    return pd.DataFrame(made)


def events_of_history(history: History, zone: ZoneInfo | str = "UTC") -> pd.DataFrame:
    """Past visits of a folder as the frame of measures.

    Parameters
    ----------
    history : History
        As :func:`schedopt.read_history` reads it.
    zone : zoneinfo.ZoneInfo or str
        Of the clocks by which it is written.

    Returns
    -------
    pandas.DataFrame
        With :data:`COLUMNS`. A history knows days of booking and not their times, no sites, and not when visits were
        moved or cancelled; these are left empty.
    """
    past = history.visits
    start = past["start"].to_numpy()

    def moment(minutes: Any) -> pd.Series:
        seconds = pd.to_timedelta(pd.Series(minutes, dtype="float64") * 60, unit="s")
        local = pd.DatetimeIndex(past["date"] + seconds)
        away = local.tz_localize(str(zone), ambiguous=np.ones(len(local), bool), nonexistent="shift_forward")
        return pd.Series(away.tz_convert("UTC"))

    return events(
        {
            **{name: past[name] for name in ("patient", "provider", "visit_type", "new", "minutes", "date")},
            "booking": past["visit"],
            "status": past["outcome"].map(_OUTCOMES),
            "start": ["" if np.isnan(one) else clock(int(one)) for one in start],
            "starts_at": moment(start), "booked_on": past["booked"], "arrived_at": moment(past["arrived"]),
            "fulfilled_at": moment(past["ended"]),
        },
        len(past),
    )  # fmt: skip


def events_of_plan(plan: Plan) -> pd.DataFrame:
    """A plan's visits as the frame of measures: all booked, and nothing known of how they came to be.

    Parameters
    ----------
    plan : Plan
        A plan.

    Returns
    -------
    pandas.DataFrame
        With :data:`COLUMNS`; ``booking`` is the request.
    """
    visits, calendar, requests = plan.visits, plan.problem.calendar, plan.problem.week.requests
    code = plan.problem.week.request_code
    rows = np.array([code[visit.request] for visit in visits], np.int64)
    starts = [visit.at(visit.start).replace(tzinfo=calendar.zone_at(visit.site)) for visit in visits]
    ready = pd.Timestamp(calendar.first) + pd.to_timedelta(requests.ready[rows], unit="D")
    return events(
        {
            **{name: [getattr(visit, name) for visit in visits] for name in _OF_VISIT},
            "booking": [visit.request for visit in visits],
            "new": requests.new[rows],
            "status": "booked",
            "date": [pd.Timestamp(visit.date) for visit in visits],
            "start": [clock(visit.start) for visit in visits],
            "minutes": [float(visit.end - visit.start) for visit in visits],
            "starts_at": [start.astimezone(dt.UTC) for start in starts],
            "ready": ready,
        },
        len(visits),
    )  # fmt: skip
