"""A whole invented office, as tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import numpy as np
import pandas as pd

from schedopt.example.catalogue import catalogue_frames
from schedopt.example.cells import frame_of
from schedopt.example.compliance import compliance_frames
from schedopt.example.demand import draw_demand
from schedopt.example.desk import desk_frames
from schedopt.example.devices import device_frames
from schedopt.example.insurance import draw_insurance, insurance_frames
from schedopt.example.letters import letter_frames
from schedopt.example.people import draw_wishes, patient_frame, time_frames
from schedopt.example.pools import pool_frames
from schedopt.example.promises import appointment_frame
from schedopt.example.requests import ready_days, request_frame
from schedopt.example.roster import DAYS, GRID, draw_roster
from schedopt.example.staff import hire
from schedopt.example.supplies import supply_frames
from schedopt.example.targets import target_frames
from schedopt.example.training import training_frames
from schedopt.example.words import with_words
from schedopt.models.office import Holidays, Office, Settings
from schedopt.models.tables import Cancellation

WEEK = dt.date(2026, 11, 30)


def example_settings(*, name: str = "Riverside Family Practice") -> Settings:
    """Settings that go with :func:`example_frames`.

    Parameters
    ----------
    name : str
        The office's name.

    Returns
    -------
    Settings
        A five-minute grid, seven days, New York's clock and the public holidays of the United States.
    """
    public = Holidays(country="US", subdivision=None)
    return Settings(name=name, time_zone="America/New_York", grid_minutes=GRID, days=DAYS, holidays=public)


def example_frames(
    *,
    sites: int = 1,
    providers: int = 4,
    requests: int | None = None,
    load: float = 1.0,
    seed: int = 1,
    week: dt.date = WEEK,
    words: Collection[str] = (),
) -> dict[str, pd.DataFrame]:
    """Invent an office of any size: family medicine with a little counselling, ultrasound and minor surgery.

    Nobody in it exists. The same arguments give the same office.

    Parameters
    ----------
    sites : int
        Number of sites, at least 1.
    providers : int
        Number of providers, at least 1; every site gets an equal share. A full week of one makes about 100 requests.
    requests : int, optional
        Number of requests, at least 1; without it, as many as `load` asks for.
    load : float
        Provider minutes asked for (with buffers), over session minutes (without breaks, leave and closed days).
    seed : int
        Any whole number from 0; another one gives another office.
    week : datetime.date
        First day planned, on any weekday.
    words : collection of str
        What the office has beside, of :data:`~schedopt.example.words.WORDS`.

    Returns
    -------
    dict of str to pandas.DataFrame
        All tables of an office by name, with their cells as text, as in the CSV files.
    """
    if sites < 1 or providers < 1 or load <= 0 or seed < 0 or (requests is not None and requests < 1):
        raise ValueError("expected sites, providers and requests of at least 1, a load above 0, and a seed from 0")
    chance = iter(np.random.default_rng(seed).spawn(9))
    staff, frames = hire(next(chance), sites, providers, week)
    roster, work = draw_roster(next(chance), staff, week)
    demand = draw_demand(next(chance), staff, roster, load * float(roster.minutes.sum()), requests)
    wishes = draw_wishes(next(chance), staff, demand, week)
    insurance = draw_insurance(next(chance), staff, demand)
    days_and_names = next(chance)
    ready = ready_days(days_and_names, demand)
    frames |= catalogue_frames() | work | pool_frames(staff, week)
    frames["patients"] = patient_frame(days_and_names, staff, demand, wishes, insurance.self_pay, week)
    frames["requests"] = request_frame(next(chance), staff, demand, ready, week)
    frames |= time_frames(next(chance), demand, wishes, week)
    last = next(chance)
    frames |= insurance_frames(last, staff, demand, insurance, week)
    frames["appointments"] = appointment_frame(last, staff, roster, demand, ready, wishes, insurance, week)
    frames["cancellations"] = frame_of(Cancellation, [])
    frames = with_words(frames, words)
    planned = {name: frames[name] for name in Office.model_fields if name in frames}
    supplies, devices = supply_frames(planned, seed, week), device_frames(planned["pools"], week)
    around = desk_frames(planned["requests"], seed, week) | target_frames(planned["visit_types"])
    around |= compliance_frames(seed, week)
    around |= letter_frames(planned, seed, week)
    return planned | around | supplies | devices | training_frames(planned, seed, week)
