"""Appointments that an invented office has already given; none breaks any of its rules."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from schedopt.arrays import Flags, Ints
from schedopt.example.catalogue import KINDS
from schedopt.example.cells import date_cells, make_frame, pick
from schedopt.example.demand import Demand
from schedopt.example.insurance import Insurance, paid_days
from schedopt.example.people import Wishes
from schedopt.example.roster import CELLS, DAYS, GRID, Roster
from schedopt.example.staff import TRAINEE, Staff
from schedopt.models.clock import format_time
from schedopt.models.tables import Appointment

_SHARE = 0.2
_FIXED_SHARE = 0.3
_ROUND_CELLS = 3
"""Appointments are given on the quarter of an hour."""


def appointment_frame(
    rng: np.random.Generator,
    staff: Staff,
    roster: Roster,
    demand: Demand,
    ready: Ints,
    wishes: Wishes,
    insurance: Insurance,
    week: dt.date,
) -> pd.DataFrame:
    """Table ``appointments``: about a fifth of the requests, of these about a third fixed.

    Only simple visits are promised, one a patient, with a provider who needs no supervision, where nothing but
    coverage and network decides about payment.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where chance comes from.
    staff, roster, demand, wishes, insurance
        The rest of the office.
    ready : ndarray of int, shape (R,)
        First day allowed, from the first one planned.
    week : datetime.date
        First day planned.

    Returns
    -------
    pandas.DataFrame
        One row a promise.
    """
    days = _days(staff, roster, demand, ready, wishes, insurance)
    candidates = rng.permutation(np.flatnonzero(days.any(axis=1)))
    placed = _pack(rng, roster, demand, wishes, days, candidates.tolist(), round(_SHARE * len(demand)))
    request = np.array(sorted(placed), np.int64)
    day = np.array([placed[row][0] for row in request.tolist()], np.int64)
    columns = {
        "request": [f"R{row + 1}" for row in request.tolist()],
        "provider": pick(staff.ids, demand.target[request]),
        "date": date_cells(week, day),
        "start": [format_time(placed[row][1] * GRID) for row in request.tolist()],
        "mark": np.where(rng.random(len(request)) < _FIXED_SHARE, "fixed", "movable").tolist(),
    }
    return make_frame(Appointment, columns)


def _days(staff: Staff, roster: Roster, demand: Demand, ready: Ints, wishes: Wishes, insurance: Insurance) -> Flags:
    """On which days each request may be promised to its target, shape (R, 7)."""
    patient, target = demand.patient, demand.target
    insurer = insurance.insurer[patient]
    language, gender = wishes.language[patient], wishes.gender[patient]
    allowed = (
        np.array([kind.is_simple for kind in KINDS])[demand.kind]
        & (demand.requests_of[patient] == 1)
        & (staff.role[target] != TRAINEE)
        & staff.able[target, demand.kind]
        & (staff.speaks[target, language] | ~wishes.language_required[patient])
        & ((staff.gender[target] == gender) | ~wishes.gender_required[patient])
        & insurance.network[insurer, target]
        & ~insurance.asks[insurer, demand.kind]
    )
    day = np.arange(DAYS)
    at_home = roster.site[target] == staff.site[target][:, None]
    paid = paid_days(insurance)[patient]
    days: Flags = allowed[:, None] & (day >= ready[:, None]) & at_home & wishes.comes[patient] & paid
    return days


def _pack(
    rng: np.random.Generator,
    roster: Roster,
    demand: Demand,
    wishes: Wishes,
    days: Flags,
    candidates: list[int],
    most: int,
) -> dict[int, tuple[int, int]]:
    """Day and starting cell of the provider step of each request promised, at random where there is room."""
    free = roster.open.copy()
    before = np.array([kind.buffer_before for kind in KINDS]) // GRID
    after = np.array([kind.buffer_after for kind in KINDS]) // GRID
    placed: dict[int, tuple[int, int]] = {}
    for row in candidates:
        if len(placed) == most:
            break
        kind, provider, patient = demand.kind[row], demand.target[row], demand.patient[row]
        length = demand.minutes[row] // GRID
        day = int(rng.choice(np.flatnonzero(days[row])))
        starts = np.arange(0, CELLS, _ROUND_CELLS)
        ends = starts + length
        starts = starts[(starts * GRID >= wishes.earliest[patient]) & (ends * GRID <= wishes.latest[patient])]
        taken = np.r_[0, np.cumsum(~free[provider, day])]
        first, last = starts - before[kind], np.minimum(starts + length + after[kind], CELLS)
        starts = starts[(first >= 0) & (taken[last] == taken[np.maximum(first, 0)])]
        if len(starts):
            start = int(rng.choice(starts))
            free[provider, day, start - before[kind] : start + length + after[kind]] = False
            placed[row] = day, start
    return placed
