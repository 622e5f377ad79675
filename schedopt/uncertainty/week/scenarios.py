"""Sampled weeks: how long each visit takes, who comes, and how late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from schedopt.arrays import Flags, Floats, Ints
from schedopt.models.problem.plan import Plan


@dataclass(frozen=True)
class WeekScenarios:
    """Sampled weeks as columns; entry k of every column belongs to the same week.

    Attributes
    ----------
    requests : tuple of str
        Ids of the visits.
    minutes : float array, shape (replications, steps)
        How long each step takes; the steps of a visit stand together, in order.
    step_offset : int array, shape (visits + 1,)
        Visit v has steps ``step_offset[v]`` to ``step_offset[v + 1] - 1``.
    own_step : int array, shape (visits,)
        The step with the provider.
    came : bool array, shape (replications, visits)
        Whether the patient comes.
    late : float array, shape (replications, visits)
        Minutes after the appointed time of the first step at which the patient arrives, if so; negative is early.
    key : int
        Of the random numbers, for whatever else is drawn for the same weeks (see
        :func:`~schedopt.uncertainty.week.streams.named_stream`).
    """

    requests: tuple[str, ...]
    minutes: Floats = field(repr=False)
    step_offset: Ints = field(repr=False)
    own_step: Ints = field(repr=False)
    came: Flags = field(repr=False)
    late: Floats = field(repr=False)
    key: int = field(repr=False)

    def __len__(self) -> int:
        return len(self.came)

    @property
    def service(self) -> Floats:
        """Minutes with the provider, should the patient come; shape (replications, visits)."""
        return np.ascontiguousarray(self.minutes[:, self.own_step])

    def of(self, requests: Sequence[str]) -> WeekScenarios:
        """The columns of some visits, in the order given; see :func:`visits_in_order`.

        Raises
        ------
        KeyError
            If one of them is not among the visits.
        """
        place = {name: number for number, name in enumerate(self.requests)}
        visits = np.array([place[name] for name in requests], np.int64)
        counts = np.diff(self.step_offset)[visits]
        offset = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        steps = np.arange(offset[-1]) + np.repeat(self.step_offset[visits] - offset[:-1], counts)
        own = self.own_step[visits] - self.step_offset[visits] + offset[:-1]
        return WeekScenarios(
            tuple(requests), self.minutes[:, steps], offset, own, self.came[:, visits], self.late[:, visits], self.key
        )


def visits_in_order(plan: Plan, session: str) -> tuple[str, ...]:
    """Ids of a session's visits by the start of the step with the provider.

    Raises
    ------
    KeyError
        If there is no such session.
    """
    week, schedule = plan.problem.week, plan.assignment
    inside = np.flatnonzero(schedule.session == week.session_code[session])
    order = inside[np.argsort(schedule.start(week)[inside], kind="stable")]
    return tuple(week.requests.ids[request] for request in order.tolist())
