"""Answers the cases of appointment times in continuous time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from schedopt.session_design.phases import Patient, best_policy, best_times
from schedopt.timing.costs import Costs
from schedopt.uncertainty.distributions import PhaseType, fit_moments

Case = Mapping[str, Any]
Answer = dict[str, Any]


def answer(case: Case) -> Answer:
    """The best times set in advance, what they cost, and a proven bound of that."""
    found = best_times(patients_of(case), costs_of(case))
    return {"times": found.times.tolist(), "cost": found.cost, "bound": found.bound}


def answer_adaptive(case: Case) -> Answer:
    """What the best policy costs.

    Raises
    ------
    ValueError
        If a service time is not exponential.
    """
    if any(patient["scv"] != 1 for patient in case["patients"]):
        raise ValueError("expected exponential service times (scv 1) of an adaptive case")
    return {"cost": best_policy([patient["mean"] for patient in case["patients"]], costs_of(case)).cost}


def patients_of(case: Case) -> list[Patient]:
    """The patients of a case, their service times the fit of two moments."""
    return [
        Patient(cast(PhaseType, fit_moments(patient["mean"], patient["scv"])), patient.get("no_show", 0.0))
        for patient in case["patients"]
    ]


def costs_of(case: Case) -> Costs:
    """What minutes cost in a case."""
    return Costs(waiting=1 - case["omega"], idle=case["omega"], overtime=0)
