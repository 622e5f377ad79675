"""Small planned offices in which something is to be placed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from schedopt.answers.result import plan_around
from schedopt.models import tables
from schedopt.models.office import Office, Settings
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.schedule import nothing_placed
from schedopt.office import assemble
from schedopt.operations.equipment.tables import Device, Maintenance
from schedopt.solver.search.local import insertion

FIRST = dt.date(2026, 11, 30)
"""A Monday."""


def office(seed: int = 1, *, requests: int = 14, days: int = 2, capacity: int = 2, **changes: Any) -> Office:
    """An invented office: two providers, one pool of scanners, visits of 15 or 30 minutes, some on a scanner."""
    chance = np.random.default_rng(seed)
    names = [f"R{number}" for number in range(requests)]
    asked = [
        tables.Request(
            request=name, patient=f"N{number}", visit_type=("short", "scan")[chance.integers(2)], ready=FIRST,
            due=FIRST + dt.timedelta(days=int(chance.integers(2))), priority=int(chance.integers(1, 4)),
            providers=("DR1", "DR2")[: chance.integers(1, 3)], urgency=int(chance.integers(1, 3)),
        )
        for number, name in enumerate(names)
    ]  # fmt: skip
    shifts = [
        tables.Shift(
            provider=name, site="MAIN", date=FIRST + dt.timedelta(days=day), start="08:00", end="10:00", overtime=0
        )
        for name in ("DR1", "DR2")
        for day in range(days)
    ]
    base = Office(
        settings=Settings(time_zone="UTC", grid_minutes=15, days=days),
        providers=[tables.Provider(provider=name) for name in ("DR1", "DR2")],
        visit_types=[
            tables.VisitType(visit_type="short", minutes=15),
            tables.VisitType(visit_type="scan", minutes=30, pools=("scanner",)),
        ],
        patients=[tables.Patient(patient=f"N{number}") for number in range(requests)], requests=asked, shifts=shifts,
        pools=[tables.Pool(pool="SCAN", site="MAIN", kind="scanner", capacity=capacity)],
    )  # fmt: skip
    return Office(**(dict(base) | changes))


def plan_of(made: Office) -> Plan:
    """A plan of an office: each request in its turn where it costs least."""
    problem = assemble(made, FIRST)
    return plan_around(problem, insertion(problem, nothing_placed(problem.week)), {})


def devices(**changes: Any) -> dict[str, tuple[Any, ...]]:
    """Two scanners with what has to be done to them."""
    rows = (
        Maintenance(task="calibration", device="US-1", every_days=180, last_done=FIRST - dt.timedelta(days=175),
                    minutes=30, window_days=7, done_by="TECH"),
        Maintenance(task="calibration", device="US-2", every_days=180, last_done=FIRST - dt.timedelta(days=190),
                    minutes=30, window_days=7, done_by="TECH"),
    )  # fmt: skip
    return {"devices": (Device(device="US-1", pool="SCAN"), Device(device="US-2", pool="SCAN")),
            "maintenance": rows, **changes}  # fmt: skip
