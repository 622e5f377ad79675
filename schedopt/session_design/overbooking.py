"""How many patients to book into a session, when some will not come."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from schedopt.arrays import Floats
from schedopt.timing.costs import Costs
from schedopt.timing.guard import Guard
from schedopt.timing.sampled.evaluation import paths
from schedopt.timing.sampled.scenarios import Scenarios, sample_scenarios
from schedopt.timing.sampled.times import best_times
from schedopt.uncertainty.distributions.base import Distribution
from schedopt.uncertainty.distributions.numbers import not_negative, probability_array, whole

_DEARER = (1, 2, 4, 8, 16, 32, 64)
"""Times as much as waiting costs."""


@dataclass(frozen=True, eq=False)
class Overbooking:
    """How many to book.

    Attributes
    ----------
    number : int
        Of those that the guard allows the one of most value; 0 if none is worth anything or allowed.
    times : float array, shape (number,)
        Their appointed times, minutes from the session's start.
    table : pandas.DataFrame
        One row a number: ``booked``; ``seen`` (mean patients); ``waiting`` (mean minutes of one who comes),
        ``longest_waiting`` (that of the place with the longest), ``waits_long`` (share that waits over the limit at the
        place where it is largest), ``difference`` (minutes between the groups that wait longest and shortest),
        ``idle``, ``overtime`` (mean minutes), ``cost``, ``value`` (benefit of those seen less cost), ``value_error``
        (standard error), ``allowed`` (bool: by the guard), ``dearer`` (how many times as much waiting cost when the
        times were chosen; 1 where the guard allows the best times, or none of those tried).
    """

    number: int
    times: Floats
    table: pd.DataFrame = field(repr=False)


def best_number(
    service: Distribution | Sequence[Distribution],
    no_show: ArrayLike,
    length: float,
    *,
    costs: Costs,
    benefit: float,
    most: int,
    rng: np.random.Generator,
    guard: Guard | None = None,
    groups: Sequence[Hashable] | None = None,
    template: Callable[[int], Floats] | None = None,
    num_scenarios: int = 2_000,
) -> Overbooking:
    """How many patients to book, and when, for the most value that the guard allows.

    For every number from 1 on the first so many patients are booked. Times are chosen on one half of the scenarios
    and judged on the other, all numbers on the same. Where the guard does not allow the best times, those are tried
    that would be best if waiting cost 2, 4 and so on up to 64 times as much; they are judged by what it does cost.

    Parameters
    ----------
    service : Distribution, or a sequence of them, length most
        Minutes with the provider, of those who come.
    no_show : float or float array, shape (most,)
        Probability that the patient does not come.
    length : float
        Of the session, minutes.
    costs : Costs
        Of a minute, in the unit of `benefit`.
    benefit : float
        Of one patient seen, at least 0.
    most : int
        Patients that may be booked.
    rng : numpy.random.Generator
        For scenarios.
    guard : Guard
        What must not be; its defaults without.
    groups : sequence, length most
        Groups of patients that should wait alike. Without, those whose no-show probability is above the median and
        the others: so overbooked places do not all go to those who are least likely to come. See :func:`mix_risks`.
    template : callable
        Times for a number of visits, minutes from the start; the best ones without.
    num_scenarios : int
        To choose times, and again to judge them.

    Raises
    ------
    ValueError
        If a number is not as said, or a length does not fit.
    """
    whole("most", most)
    not_negative("benefit", benefit)
    whole("num_scenarios", num_scenarios)
    guard = Guard() if guard is None else guard
    risk = np.broadcast_to(probability_array(no_show), (most,))
    kinds = [service] * most if isinstance(service, Distribution) else list(service)
    labels = (risk > np.median(risk)).tolist() if groups is None else list(groups)
    if len(kinds) != most or len(labels) != most:
        raise ValueError(f"expected service and groups of {most} patients, not {len(kinds)} and {len(labels)}")
    chosen_on = sample_scenarios(kinds, num_scenarios, rng, no_show=risk)
    judged_on = sample_scenarios(kinds, num_scenarios, rng, no_show=risk)
    rows, plans = [], []
    for booked in range(1, most + 1):
        both = _first(chosen_on, booked), _first(judged_on, booked)
        row, times = _plan(both, labels[:booked], length, costs, benefit, guard, template)
        rows.append(row)
        plans.append(times)
    table = pd.DataFrame(rows)
    worth = table["value"].where(table["allowed"] & (table["value"] > 0), -np.inf).to_numpy(float)
    best = int(np.argmax(worth))
    if worth[best] == -np.inf:
        return Overbooking(0, np.empty(0), table)
    return Overbooking(best + 1, plans[best], table)


def mix_risks(no_show: ArrayLike) -> NDArray[np.int64]:
    """An order in which those who may stay away are spread over the session, so that no part of it is theirs.

    Places are filled from the highest risk on in van der Corput's order – the first, the middle, the quarters and so
    on – of which every beginning is evenly spread (1935, Verteilungsfunktionen).

    Parameters
    ----------
    no_show : float array, shape (visits,)
        Probability that the patient does not come.

    Returns
    -------
    int array, shape (visits,)
        Who is first, second and so on.
    """
    risk = probability_array(no_show)
    bits = max(len(risk) - 1, 1).bit_length()
    turned = [int(f"{place:0{bits}b}"[::-1], 2) for place in range(2**bits)]
    places = [place for place in turned if place < len(risk)]
    order = np.empty(len(risk), np.int64)
    order[places] = np.argsort(-risk, kind="stable")
    return order


def _first(scenarios: Scenarios, booked: int) -> Scenarios:
    """The scenarios of the first patients alone."""
    return Scenarios(scenarios.service[:, :booked], scenarios.came[:, :booked])


def _plan(
    scenarios: tuple[Scenarios, Scenarios], labels: Sequence[Hashable], length: float, costs: Costs, benefit: float,
    guard: Guard, template: Callable[[int], Floats] | None,
) -> tuple[dict[str, float | bool], Floats]:  # fmt: skip
    """Row and times of one number: the first that the guard allows, else those that are best without it."""
    tried = []
    for factor in _DEARER if template is None else _DEARER[:1]:
        if template is None:
            dearer = replace(costs, waiting=factor * costs.waiting)
            times = best_times(scenarios[0], dearer, length, tolerance=1e-5).times
        else:
            times = template(len(labels))
        row = _row(times, scenarios[1], labels, length, costs, benefit, guard)
        row["dearer"] = factor
        if row["allowed"]:
            return row, times
        tried.append((row, times))
    return tried[0]


def _row(
    times: Floats, scenarios: Scenarios, labels: Sequence[Hashable], length: float, costs: Costs, benefit: float,
    guard: Guard,
) -> dict[str, float | bool]:  # fmt: skip
    """One row of the table, as documented in :class:`Overbooking`."""
    found = paths(times, scenarios, length)
    came, wait = scenarios.came, np.nan_to_num(found.wait)
    waiting = wait.sum(axis=0) / np.maximum(came.sum(axis=0), 1)
    long, difference = guard.figures(wait, came, labels)
    cost, seen = found.costs(costs), came.sum(axis=1)
    value = benefit * seen - cost
    return {
        "booked": len(times), "seen": float(seen.mean()), "waiting": float(wait.sum() / max(came.sum(), 1)),
        "longest_waiting": float(waiting.max()), "waits_long": long, "difference": difference,
        "idle": float(found.idle.mean()), "overtime": float(found.overtime.mean()), "cost": float(cost.mean()),
        "value": float(value.mean()), "value_error": float(value.std() / np.sqrt(len(value))),
        "allowed": guard.allows((long, difference)),
    }  # fmt: skip
