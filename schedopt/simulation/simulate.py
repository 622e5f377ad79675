"""Play a planned week, many times."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from schedopt.arrays import Floats
from schedopt.models.problem.plan import Plan
from schedopt.simulation.days import DayPart, parts_of
from schedopt.simulation.draws import draws_of
from schedopt.simulation.kernel import play
from schedopt.simulation.simulated import Played, Simulated, tables_of
from schedopt.simulation.state import COUNTED, new_state
from schedopt.uncertainty.week import Uncertainty, WeekScenarios, stream

BLOCK = 250
"""Replications that are drawn and played at once: enough not to count, few enough for a large network's memory."""
_FEWEST = 2


def simulate(
    plan: Plan, uncertainty: Uncertainty, replications: int = 1000, seed: int = 7, *,
    groups: Mapping[str, object] | None = None, progress: Callable[[int, int], None] | None = None,
) -> Simulated:  # fmt: skip
    """Play a planned week, every day and site of it, with patients who are late or do not come and visits that overrun.

    What happens in which order is in ``docs/simulation.md``. In short: nobody is seen before the appointed time; a
    provider sees whoever of the patients who are ready has the earliest appointment, and does not wait for one who is
    late; pools are used first come, first served; what overruns delays the rest of the provider's day.

    The random numbers are never those that start times were optimised on (:func:`schedopt.uncertainty.week.stream`),
    and a visit's are the same in every plan that is simulated with the same seed and number of replications.

    Parameters
    ----------
    plan : Plan
        Any plan, with breaches or without.
    uncertainty : Uncertainty
        Of exactly this plan's visits.
    replications : int
        How many weeks to play, at least 2.
    seed : int
        At least 0.
    groups : mapping of str to object, optional
        Group of each patient, by id; capitals do not matter.
    progress : callable, optional
        Called with the replications played and those asked for, time and again.

    Raises
    ------
    ValueError
        If the uncertainty is of other visits, a patient has no group, or a number is out of its range.
    """
    if replications < _FEWEST or seed < 0:
        raise ValueError(f"expected at least {_FEWEST} replications and a seed of at least 0")
    week, placed = plan.problem.week, plan.assignment.placed
    names = tuple(week.requests.ids[request] for request in placed.tolist())
    _expect_same(names, np.diff(week.steps.offset)[placed].tolist(), uncertainty)
    asking = {week.requests.patient_ids[patient] for patient in week.requests.patient[placed].tolist()}
    if groups is not None and not asking <= set(groups):
        raise ValueError(f"expected a group for every patient, not found: {min(asking - set(groups))}")
    parts, rng = parts_of(plan), stream(seed, "simulation")
    played = Played(
        names, np.zeros(len(names), np.int64), np.full((len(names), replications), np.nan, np.float32),
        np.zeros((len(week.sessions), replications, COUNTED)),
        np.asarray((week.sessions.end - week.sessions.start) * week.calendar.grid, float),
    )  # fmt: skip
    for first in range(0, replications, BLOCK):
        last = min(replications, first + BLOCK)
        scenarios = uncertainty.sample(rng, last - first).of(names)
        for part in parts:
            _play_part(part, week.sessions.ids, uncertainty, scenarios, played, slice(first, last))
        if progress is not None:
            progress(last, replications)
    return tables_of(plan, played, seed, uncertainty.origin, groups)


def _expect_same(names: tuple[str, ...], steps: list[int], uncertainty: Uncertainty) -> None:
    known = {name: len(own) for name, own in zip(uncertainty.requests, uncertainty.steps, strict=True)}
    if known != dict(zip(names, steps, strict=True)):
        raise ValueError("expected the uncertainty of exactly this plan's visits, with all of their steps")


def _play_part(
    part: DayPart, sessions: tuple[str, ...], uncertainty: Uncertainty, scenarios: WeekScenarios, played: Played,
    where: slice,
) -> None:  # fmt: skip
    """Play a part in a block of replications, and note what happened."""
    draws = draws_of(part, sessions, uncertainty, scenarios)
    waits: Floats = np.empty(draws.came.shape)
    counted = np.empty((len(draws.came), len(part.sessions), COUNTED))
    play(part.day, draws, new_state(part.day, draws), waits, counted)
    played.came[part.visits] += draws.came.sum(axis=0)
    played.waits[part.visits, where] = waits.T
    played.counted[part.sessions, where] = counted.transpose(1, 0, 2)
