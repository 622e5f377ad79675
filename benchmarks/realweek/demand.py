"""Draws patients and their visits for each department until its sessions are asked for to the wanted load."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.realweek import bookings as kaggle
from benchmarks.realweek.bookings import Bookings
from benchmarks.realweek.departments import DEPARTMENTS
from benchmarks.realweek.notes import Note
from benchmarks.realweek.roster import Roster
from benchmarks.realweek.service import ServiceTimes

SOON_DAYS = 7


@dataclass(frozen=True)
class Demand:
    """The demand side of a week.

    Attributes
    ----------
    patients, requests : pandas.DataFrame
        Tables of the office.
    drawn : pandas.DataFrame
        The bookings behind the requests, with ``department``, ``minutes`` and ``date`` (the wish's day in the week
        planned).
    notes : tuple of Note
        What was found on the way.
    """

    patients: pd.DataFrame
    requests: pd.DataFrame
    drawn: pd.DataFrame
    notes: tuple[Note, ...]


def draw_demand(
    bookings: Bookings, times: ServiceTimes, roster: Roster, week: dt.date, load: float, rng: np.random.Generator
) -> Demand:
    """Patients with all their bookings of the source's week, drawn without replacement.

    Parameters
    ----------
    bookings, times, roster
        The sources.
    week : datetime.date
        First day planned, a Monday.
    load : float
        Minutes asked for over minutes of the sessions, for each department.
    rng : numpy.random.Generator
        Source of all randomness.
    """
    rows = bookings.rows
    dates = np.array([week + dt.timedelta(days=n) for n in range(5)], dtype=object)
    rows = rows.assign(
        minutes=times.sample(rows["new"].to_numpy(bool), rng),
        date=dates[rows["weekday"].to_numpy()],
        turn=_turns(rows["patient"], rng),
        age=rows.groupby("patient")["age"].transform("first"),
    )
    parts, closed_days = [], 0
    for department in DEPARTMENTS:
        staff = roster.staff[roster.staff["department"] == department.code]
        fits = rows["age"].map(department.sees)
        open_then = rows["date"].isin(staff["date"])
        part = _fill(rows[fits & open_then], load * int(staff["minutes"].sum()))
        part = part.assign(department=department.code)
        closed_days += int((fits & ~open_then & rows["patient"].isin(part["patient"])).sum())
        parts.append(part)
        rows = rows[~rows["patient"].isin(part["patient"])]
    drawn = pd.concat(parts, ignore_index=True)
    note = Note(kaggle.SOURCE, "left out", closed_days, "bookings of drawn patients on days their department is closed")
    return Demand(_patients(drawn, roster, week, rng), _requests(drawn, week), drawn, (note,))


def _turns(patients: pd.Series[str], rng: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """A random place in the queue for each patient, the same in all of the patient's rows."""
    codes, names = pd.factorize(patients)
    return rng.permutation(len(names))[codes]


def _fill(rows: pd.DataFrame, minutes: float) -> pd.DataFrame:
    """Rows of the patients whose turn comes before the minutes are asked for, whole patients only."""
    asked = rows.groupby("turn")["minutes"].sum().sort_index().cumsum()
    before = asked.shift(fill_value=0)
    drawn = rows[rows["turn"].isin(asked.index[before < minutes])]
    return drawn.sort_values(["turn", "appointment", "booked", "booking"])


def _patients(drawn: pd.DataFrame, roster: Roster, week: dt.date, rng: np.random.Generator) -> pd.DataFrame:
    """One row a patient; a patient who was known before gets a provider of the department, drawn evenly."""
    first = drawn.drop_duplicates("patient", ignore_index=True)
    panels = {code: sorted(names) for code, names in roster.panel.groupby("department")["provider"]}
    own = [
        None if new else str(rng.choice(panels[code]))
        for code, new in zip(first["department"], first["new"], strict=True)
    ]
    birth = [birth_date(age, week) for age in first["age"]]
    return pd.DataFrame({"patient": "N" + first["patient"], "birth_date": birth, "own_provider": own})


def birth_date(age: int, week: dt.date) -> dt.date:
    """A birth date that gives this age in years: half a year before the week, as only the age is known."""
    birthday = week - dt.timedelta(days=183)
    return birthday.replace(year=birthday.year - int(age), day=min(birthday.day, 28))


def _requests(drawn: pd.DataFrame, week: dt.date) -> pd.DataFrame:
    """One row a booking; see :mod:`benchmarks.real_week` for what the lead time says about a wish."""
    types = {department.code: department.visit_types for department in DEPARTMENTS}
    kinds = [
        types[code][0 if new else 1] for code, new in zip(drawn["department"], drawn["new"], strict=True)
    ]  # fmt: skip
    wishes = [wish(lead, date, week) for lead, date in zip(drawn["lead"], drawn["date"], strict=True)]
    request = "R" + drawn["booking"]
    together = request.groupby([drawn["patient"], drawn["date"]]).transform("first")
    return pd.DataFrame(
        {
            "request": request,
            "patient": "N" + drawn["patient"],
            "visit_type": kinds,
            "ready": [w[0] for w in wishes],
            "due": pd.Series([w[1] for w in wishes], dtype=object),
            "urgency": [w[2] for w in wishes],
            "priority": [w[3] for w in wishes],
            "minutes": drawn["minutes"],
            "new": np.where(drawn["new"], "yes", "no"),
            "same_day_as": together.where(together != request, None).astype(object),
        }
    )


def wish(lead: int, date: dt.date, week: dt.date) -> tuple[dt.date, dt.date | None, int, int]:
    """What a lead time says about the wish behind a booking.

    Parameters
    ----------
    lead : int
        Days from booking to visit.
    date : datetime.date
        Day of the visit, moved to the week planned.
    week : datetime.date
        First day planned.

    Returns
    -------
    ready, due, urgency, priority
        As in the table of requests; no due day: never late.
    """
    if lead == 0:
        return date, date, 5, 10
    if lead <= SOON_DAYS:
        return max(week, date - dt.timedelta(days=int(lead))), date, 2, 3
    return week, None, 1, 1
