"""The distributions of a week's visits on ticks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from schedopt.arrays import Floats, Ints
from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.week import Week
from schedopt.uncertainty.distributions import Distribution
from schedopt.uncertainty.week import Uncertainty

Singles = npt.NDArray[np.float32]
"""Arrays of numbers of four bytes, of which a processor adds eight at once."""
SERVICE, DELAY = range(2)
"""Columns of which distributions are a visit's: of minutes with the provider, and of minutes until it can begin."""
TOGETHER = 4
"""Ticks that are handled at once, so that rows of services have as many zeros less one on both sides."""
_TICK = 5.0
"""Minutes of a tick, at most."""
_TAIL = 1e-4
"""Probability of a longer visit that is left out."""


class Chances(NamedTuple):
    """What may happen to each request's visit, if it is placed.

    Attributes
    ----------
    which : int array, shape (requests, 2)
        Rows of `service` and of `delay`.
    show : float array, shape (requests,)
        Probability that the patient comes.
    service : float32 array, shape (distributions, ticks)
        Probability that a visit takes the provider so many ticks, if the patient comes.
    delay : float array, shape (distributions, ticks)
        Probability that a visit can begin at most so many ticks after its planned start, if the patient comes.
    long, late : int arrays, shape (distributions,)
        Ticks that each row of `service` and of `delay` has; beyond, they are 0 and 1.
    taken, lateness : float arrays, shape (distributions,)
        Means of `service` and of `delay`, in ticks.
    tick : float
        Minutes; a cell has a whole number of ticks.
    """

    which: Ints
    show: Floats
    service: Singles
    delay: Floats
    long: Ints
    late: Ints
    taken: Floats
    lateness: Floats
    tick: float


def chances_of(week: Week, everybody: Schedule, known: Uncertainty) -> Chances:
    """What is known of a week's visits, on ticks.

    Parameters
    ----------
    week : Week
        The week.
    everybody : Schedule
        When the steps of each request are planned.
    known : Uncertainty
        Of these visits. A request of which nothing is known has a visit of no length, to which nobody comes.
    """
    grid = week.calendar.grid
    tick = tick_of(grid)
    rows = _Rows(tick)
    which, show = np.zeros((len(week.requests), 2), np.int64), np.zeros(len(week.requests))
    rows.service(())
    rows.delay((), ())
    for name, own, steps, come, late in zip(
        known.requests, known.own_step, known.steps, known.show, known.late, strict=True
    ):  # fmt: skip
        request = week.request_code[name]
        first = int(week.steps.offset[request])
        planned = (everybody.step_start[first : first + own + 1] - everybody.step_start[first]) * round(grid / tick)
        which[request] = rows.service([steps[own]]), rows.delay([late, *steps[:own]], tuple(planned.tolist()))
        show[request] = come
    service, long = _stacked(rows.services)
    delay, late_by = _stacked(rows.delays)
    taken, lateness = (masses @ np.arange(masses.shape[1]) for masses in (service, delay))
    beside = (0, 0), (TOGETHER - 1, TOGETHER - 1)
    return Chances(
        which, show, np.pad(service, beside).astype(np.float32), np.cumsum(delay, axis=1), long, late_by, taken,
        lateness, tick,
    )  # fmt: skip


def tick_of(grid: int) -> float:
    """Minutes of a tick, of which a cell of so many minutes has a whole number."""
    return grid / math.ceil(grid / _TICK)


class _Rows:
    """Distributions on ticks, each once."""

    def __init__(self, tick: float) -> None:
        self._tick, self._known = tick, dict[object, int]()
        self._seen, self._numbers = dict[int, int](), dict[Distribution, int]()
        self._masses, self.services, self.delays = list[Floats](), list[Floats](), list[Floats]()

    def service(self, steps: Sequence[Distribution]) -> int:
        """The row of minutes with the provider; without a step, of no minutes."""
        key = tuple(map(self._number, steps))
        if key not in self._known:
            self._known[key] = len(self.services)
            self.services.append(self._masses[key[0]] if key else np.ones(1))
        return self._known[key]

    def delay(self, steps: Sequence[Distribution], planned: tuple[int, ...]) -> int:
        """The row of ticks from the planned start on: after lateness, and steps that are planned at these ticks."""
        numbers = tuple(map(self._number, steps))
        key = numbers, planned
        if key not in self._known:
            self._known[key] = len(self.delays)
            ready = self._masses[numbers[0]] if numbers else np.ones(1)
            for number, (now, after) in zip(numbers[1:], pairwise(planned), strict=True):
                ready = _since(np.convolve(ready, self._masses[number]), after - now)
            self.delays.append(ready / ready.sum())
        return self._known[key]

    def _number(self, minutes: Distribution) -> int:
        """Where its probabilities of each number of ticks are; less than 0 counts as 0.

        One that was measured compares thousands of values, so an object that was seen before is not compared.
        """
        if id(minutes) not in self._seen:
            self._seen[id(minutes)] = self._numbers.setdefault(minutes, len(self._numbers))
        number = self._seen[id(minutes)]
        if number == len(self._masses):
            on_grid = minutes.on_grid(self._tick)
            ticks = np.maximum(np.rint(on_grid.support / self._tick), 0).astype(np.int64)
            masses = np.asarray(np.bincount(ticks, on_grid.weights), float)
            masses = masses[: int(np.searchsorted(np.cumsum(masses), 1 - _TAIL)) + 1]
            self._masses.append(masses / masses.sum())
        return number


def _since(masses: Floats, later: int) -> Floats:
    """What is left of a number of ticks after so many; nothing where it is less."""
    return np.concatenate([[masses[: later + 1].sum()], masses[later + 1 :]])


def _stacked(rows: list[Floats]) -> tuple[Floats, Ints]:
    """Rows of one array, with how long each is."""
    long = np.array([len(row) for row in rows], np.int64)
    found = np.zeros((len(rows), int(long.max())))
    for number, row in enumerate(rows):
        found[number, : len(row)] = row
    return found, long
