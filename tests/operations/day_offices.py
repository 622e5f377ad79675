"""A small invented office with its promised visits as a plan, for tests of the day's sheets; no search is run."""

from __future__ import annotations

import datetime as dt
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd

from schedopt.answers.result import plan_around
from schedopt.example import example_frames, example_settings
from schedopt.models.office import Office
from schedopt.models.problem.plan import Plan
from schedopt.office import assemble, office_from_frames, read_schedule
from schedopt.operations.sheets.lines import Chances, GivenDay
from schedopt.simulation.state import COUNTED, OVERTIME
from schedopt.uncertainty.week import Uncertainty

WEEK = dt.date(2026, 11, 30)


@cache
def frames(seed: int = 3) -> dict[str, pd.DataFrame]:
    """Tables of an office of two sites."""
    return example_frames(sites=2, providers=4, seed=seed)


@cache
def office(seed: int = 3) -> Office:
    """The office."""
    return office_from_frames(frames(seed), example_settings())


def planned(made: Office, visits: pd.DataFrame) -> Plan:
    """A plan with these visits, good or bad: request, provider, date, start."""
    problem = assemble(made, WEEK)
    schedule, remarks = read_schedule(problem, visits[["request", "provider", "date", "start"]])
    assert remarks.empty
    return plan_around(problem, schedule, {})


@cache
def plan(seed: int = 3) -> Plan:
    """What was promised in it, as a plan."""
    return planned(office(seed), frames(seed)["appointments"])


def given_day(seed: int = 3, ahead: int = 3, **more: Any) -> GivenDay:
    """A day of it."""
    return GivenDay(**({"office": office(seed), "plan": plan(seed), "day": WEEK + dt.timedelta(ahead)} | more))


def chances(of: Plan, show: dict[str, float], waits: dict[str, float], late: dict[str, float]) -> Chances:
    """What a simulation might have found: chances of coming, of waiting long, and of sessions that end late."""
    base = Uncertainty.assumed(of)
    uncertainty = Uncertainty(
        base.requests, base.steps, base.own_step, tuple(show.get(name, 0.95) for name in base.requests), base.late
    )
    ids = of.problem.week.sessions.ids
    counted = np.zeros((len(ids), 100, COUNTED))
    for number, name in enumerate(ids):
        counted[number, : round(100 * late.get(name, 0)), OVERTIME] = 15
        counted[number, round(100 * late.get(name, 0)) :, OVERTIME] = 14
    visits = pd.DataFrame({"request": base.requests, "over_30_share": [waits.get(name, 0.0) for name in base.requests]})
    played = SimpleNamespace(visits=visits, played=SimpleNamespace(counted=counted), replications=100)
    return Chances(uncertainty, cast(Any, played))
