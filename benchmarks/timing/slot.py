"""Answers to cases of the kind ``slot``: patients booked at the starts of equal slots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from schedopt.session_design.slots import SlotSession, best_bookings, evaluate
from schedopt.timing.costs import Costs
from schedopt.uncertainty.distributions import Discrete, Lognormal

_SHARE_KEPT = 0.9999
"""Of a lognormal service time: the density at whole minutes is cut where its total passes this."""


def answer(case: Mapping[str, Any]) -> dict[str, Any]:
    """Evaluate the bookings that the case states, or find the best."""
    session = SlotSession(case["slots"], case["slot_minutes"], service(case), float(case["no_show"]))
    patients, weights = case["patients"], case["weights"]
    waiting = weights["wait"] / (patients if case["wait_is"] == "mean" else 1)
    if case.get("evaluate") is None:
        # where nothing costs anything all bookings are best: wait little
        costs = Costs(waiting, 0.0, weights["overtime"]) if waiting or weights["overtime"] else Costs(1.0, 0.0, 0.0)
        bookings = best_bookings(session, patients, costs, case.get("start")).bookings
    else:
        bookings = np.array(case["evaluate"])
    found = evaluate(session, bookings)
    cost = waiting * found.total_waiting + weights["overtime"] * found.overtime
    return {
        "bookings": bookings.tolist(), "mean_wait": found.mean_waiting, "overtime": found.overtime, "cost": cost,
    }  # fmt: skip


def service(case: Mapping[str, Any]) -> Discrete:
    """The case's service time; published probabilities are rounded, so that they are made to sum to 1."""
    if "service_pmf" in case:
        chances = {int(minutes): float(chance) for minutes, chance in case["service_pmf"].items()}
    else:
        chances = _lognormal(case["service_lognormal"])
    total = sum(chances.values())
    values = sorted(chances)
    return Discrete(tuple(map(float, values)), tuple(chances[minutes] / total for minutes in values))


def _lognormal(stated: Mapping[str, Any]) -> dict[int, float]:
    """Density at the minutes 1, 2, ... until its total passes what is kept."""
    whole = Lognormal.from_mean(stated["mean"], sd=stated["sd"])
    minutes = np.arange(1, 2 + int(whole.quantile(1 - 1e-12)))
    scaled = (np.log(minutes) - whole.log_mean) / whole.log_sd
    density = np.exp(-(scaled**2) / 2) / (minutes * whole.log_sd * np.sqrt(2 * np.pi))
    kept = 1 + int(np.searchsorted(np.cumsum(density), _SHARE_KEPT, side="right"))
    return dict(zip(minutes[:kept].tolist(), density[:kept].tolist(), strict=True))
