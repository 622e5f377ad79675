"""The patients of an invented office: names, ages, wishes, and when they can come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.arrays import Flags, Ints
from schedopt.example.catalogue import CODE
from schedopt.example.cells import date_cells, frame_of, make_frame, pick
from schedopt.example.demand import Demand
from schedopt.example.names import FIRST_NAMES, LANGUAGE_SHARES, LANGUAGES, LAST_NAMES
from schedopt.example.roster import DAYS, FRIDAY
from schedopt.example.staff import GENDERS, Staff
from schedopt.models.clock import format_time
from schedopt.models.tables import Availability, Patient, Preference
from schedopt.models.tables.fields import WEEKDAYS

_STRETCHES = ((480, 720), (480, 1140), (780, 1020), (600, 900), (900, 1140))
"""Minutes from midnight: the morning, the whole day, the afternoon, midday, late."""


@dataclass(frozen=True)
class Wishes:
    """What patients want and can; N patients, 7 days.

    Attributes
    ----------
    language, gender : ndarray of int, shape (N,)
        Position in ``LANGUAGES`` and ``GENDERS``; -1: no wish.
    language_required, gender_required : ndarray of bool, shape (N,)
        Whether the wish must be met.
    comes : ndarray of bool, shape (N, 7)
        Days on which the patient can come.
    earliest, latest : ndarray of int, shape (N,)
        Minutes from midnight between which the patient can come on those days.
    limited : ndarray of bool, shape (N,)
        Whether the patient has rows in the availability table at all.
    """

    language: Ints
    gender: Ints
    language_required: Flags
    gender_required: Flags
    comes: Flags
    earliest: Ints
    latest: Ints
    limited: Flags


def draw_wishes(rng: np.random.Generator, staff: Staff, demand: Demand, week: dt.date) -> Wishes:
    """Invent wishes; nobody insists on what the own provider does not fulfil.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where chance comes from.
    staff, demand : Staff, Demand
        Providers, patients and requests.
    week : datetime.date
        First day planned.

    Returns
    -------
    Wishes
        One of each patient.
    """
    number = demand.num_patients
    language = rng.choice(len(LANGUAGES), number, p=LANGUAGE_SHARES)
    understood = staff.speaks[demand.own, language]
    language[(language == 0) & (rng.random(number) < 0.8)] = -1
    gender = np.where(rng.random(number) < 0.12, rng.integers(2, size=number), -1)
    limited = rng.random(number) < 0.5
    stretch = np.array(_STRETCHES)[rng.choice(len(_STRETCHES), number, p=(0.3, 0.25, 0.25, 0.1, 0.1))]
    every_day = rng.random(number) < 0.4
    working = (np.arange(DAYS) + week.weekday()) % DAYS <= FRIDAY
    some_days = rng.random((number, DAYS)) < np.where(working, 0.65, 0.15)
    some_days[np.arange(number), rng.choice(np.flatnonzero(working), number)] = True
    return Wishes(
        language=language,
        gender=gender,
        language_required=(language > 0) & understood & (rng.random(number) < 0.25),
        gender_required=(gender >= 0) & (gender == staff.gender[demand.own]) & (rng.random(number) < 0.3),
        comes=some_days | (every_day | ~limited)[:, None],
        earliest=np.where(limited, stretch[:, 0], 0),
        latest=np.where(limited, stretch[:, 1], 24 * 60),
        limited=limited,
    )


def patient_frame(
    rng: np.random.Generator, staff: Staff, demand: Demand, wishes: Wishes, self_pay: Flags, week: dt.date
) -> pd.DataFrame:
    """Table ``patients``: the only one with names and birth dates; `self_pay` says who pays without insurance."""
    number = demand.num_patients
    first = rng.integers(len(FIRST_NAMES), size=number).tolist()
    last = rng.integers(len(LAST_NAMES), size=number).tolist()
    is_new = np.zeros(number, bool)
    is_new[demand.patient[demand.kind == CODE["new-patient"]]] = True
    unknown = rng.random(number) < 0.01
    columns: dict[str, Iterable[object]] = {
        "patient": patient_ids(demand),
        "name": [f"{FIRST_NAMES[f]} {LAST_NAMES[s]}" for f, s in zip(first, last, strict=True)],
        "birth_date": date_cells(week, -demand.age_days, ~unknown),
        "own_provider": pick(staff.ids, np.where(is_new, -1, demand.own)),
        "language": pick(LANGUAGES, wishes.language),
        "language_required": wishes.language_required,
        "provider_gender": pick(GENDERS, wishes.gender),
        "provider_gender_required": wishes.gender_required,
        "self_pay": self_pay,
    }
    return make_frame(Patient, columns)


def patient_ids(demand: Demand) -> list[str]:
    """Opaque ids of the patients."""
    return [f"N{number}" for number in range(1, demand.num_patients + 1)]


def time_frames(rng: np.random.Generator, demand: Demand, wishes: Wishes, week: dt.date) -> dict[str, pd.DataFrame]:
    """Tables ``availability`` and ``preferences``.

    Half the patients have availability, every day, on weekdays or on dates; some for their one request only. A third
    prefer a time of day, every day or on one weekday.
    """
    return {
        "availability": frame_of(Availability, list(_availability(rng, demand, wishes, week))),
        "preferences": frame_of(Preference, list(_preferences(rng, demand))),
    }


def _availability(
    rng: np.random.Generator, demand: Demand, wishes: Wishes, week: dt.date
) -> Iterator[Mapping[str, object]]:
    dates = [week + dt.timedelta(days=day) for day in range(DAYS)]
    by_date = (rng.random(demand.num_patients) < 0.2).tolist()
    single = (demand.requests_of == 1) & (rng.random(demand.num_patients) < 0.1)
    request = np.searchsorted(demand.patient, np.arange(demand.num_patients))
    for n in np.flatnonzero(wishes.limited).tolist():
        days = np.flatnonzero(wishes.comes[n]).tolist()
        for day in [-1] if len(days) == DAYS else days:
            yield {
                "patient": f"N{n + 1}",
                "request": f"R{request[n] + 1}" if single[n] else None,
                "date": dates[day] if day >= 0 and by_date[n] else None,
                "weekday": WEEKDAYS[dates[day].weekday()] if day >= 0 and not by_date[n] else None,
                "start": format_time(int(wishes.earliest[n])),
                "end": format_time(int(wishes.latest[n])),
            }


def _preferences(rng: np.random.Generator, demand: Demand) -> Iterator[Mapping[str, object]]:
    stretch = rng.integers(len(_STRETCHES), size=demand.num_patients).tolist()
    weekday = np.where(rng.random(demand.num_patients) < 0.3, rng.integers(FRIDAY + 1, size=demand.num_patients), -1)
    for n in np.flatnonzero(rng.random(demand.num_patients) < 0.33).tolist():
        start, end = _STRETCHES[stretch[n]]
        yield {
            "patient": f"N{n + 1}",
            "weekday": WEEKDAYS[weekday[n]] if weekday[n] >= 0 else None,
            "start": format_time(start),
            "end": format_time(end),
        }
