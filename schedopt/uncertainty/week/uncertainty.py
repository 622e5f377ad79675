"""What is uncertain about a planned week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from schedopt.arrays import Ints
from schedopt.models.problem.plan import Plan
from schedopt.uncertainty.distributions import Distribution, Lognormal, constant
from schedopt.uncertainty.distributions.numbers import not_negative, share
from schedopt.uncertainty.history.punctuality import Punctuality
from schedopt.uncertainty.week.scenarios import WeekScenarios
from schedopt.uncertainty.week.streams import named_stream, stream

SCV, STEP_SCV, NO_SHOW = 0.35, 0.2, 0.1
"""Assumed where nothing is known: of service times, of steps with pools alone, and the probability of not coming."""
_SHOW, _LATE, _STEP = 0, 1, 2
"""Aspects of a visit; its steps follow from the last on."""


@dataclass(frozen=True)
class Arrivals:
    """People who come to a session without an appointment, at random times within its hours (a Poisson process).

    Attributes
    ----------
    per_hour : float
        How many, on average; at least 0.
    service : Distribution
        Minutes that the provider spends on each.
    """

    per_hour: float
    service: Distribution

    def __post_init__(self) -> None:
        not_negative("per_hour", self.per_hour)


@dataclass(frozen=True)
class Uncertainty:
    """What is uncertain about a plan's week; entries of the first four are one a placed visit, in the same order.

    Attributes
    ----------
    requests : tuple of str
        Ids of the visits.
    steps : tuple of tuple of Distribution
        Minutes of each step, in order.
    own_step : tuple of int
        Which of its steps is the one with the provider, from 0.
    show : tuple of float
        Probability that the patient comes, 0 to 1.
    late : tuple of Distribution
        Minutes after the appointed time at which the patient arrives; negative is early.
    walk_ins : mapping of str to Arrivals
        By session: people who are seen when no patient with an appointment is ready.
    urgent : mapping of str to Arrivals
        By session: people who are seen next.
    origin : mapping of str to str
        Where ``service``, ``attendance``, ``punctuality`` and ``steps`` come from, in words.

    Raises
    ------
    ValueError
        If there is not one entry a visit, an id is there twice, or a probability is none.
    """

    requests: tuple[str, ...]
    steps: tuple[tuple[Distribution, ...], ...] = field(repr=False)
    own_step: tuple[int, ...] = field(repr=False)
    show: tuple[float, ...] = field(repr=False)
    late: tuple[Distribution, ...] = field(repr=False)
    walk_ins: Mapping[str, Arrivals] = field(default_factory=dict, repr=False)
    urgent: Mapping[str, Arrivals] = field(default_factory=dict, repr=False)
    origin: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        entries = {len(self.requests), len(self.steps), len(self.own_step), len(self.show), len(self.late)}
        if len(entries) > 1 or len(set(self.requests)) < len(self.requests):
            raise ValueError("expected one entry a visit in requests, steps, own_step, show and late, none twice")
        if not all(0 <= own < len(steps) for own, steps in zip(self.own_step, self.steps, strict=True)):
            raise ValueError("expected own_step to be one of the visit's steps")
        for probability in self.show:
            share("show", probability)

    @property
    def service(self) -> tuple[Distribution, ...]:
        """Minutes with the provider, one a visit."""
        return tuple(steps[own] for own, steps in zip(self.own_step, self.steps, strict=True))

    @classmethod
    def assumed(
        cls, plan: Plan, scv: float = SCV, no_show: float = NO_SHOW, late: Punctuality | Distribution | None = None,
        *, step_scv: float = STEP_SCV, walk_ins: Arrivals | Mapping[str, Arrivals] | None = None,
        urgent: Arrivals | Mapping[str, Arrivals] | None = None,
    ) -> Uncertainty:  # fmt: skip
        """What is assumed of an office of whose past nothing is known.

        Parameters
        ----------
        plan : Plan
            The plan.
        scv : float
            Squared coefficient of variation of minutes with the provider, which are lognormal with the planned length
            as their mean; at least 0.
        no_show : float
            Probability of not coming, the same for all.
        late : Punctuality or Distribution, optional
            Minutes late; everybody is punctual without it.
        step_scv : float
            As `scv`, of the other steps.
        walk_ins, urgent : Arrivals, or mapping of str to Arrivals, optional
            In every session, or by session; none without it.
        """
        share("no_show", no_show)
        visits = list(_planned(plan))
        kinds = [plan.problem.week.requests.visit_type_ids[kind] for _, kind, _, _ in visits]
        sessions = plan.problem.week.sessions.ids
        return cls(
            tuple(name for name, *_ in visits),
            tuple(
                tuple(around(length, scv if step == own else step_scv) for step, length in enumerate(lengths))
                for _, _, lengths, own in visits
            ),
            tuple(own for *_, own in visits), (1 - no_show,) * len(visits),
            tuple(late.distribution(kind) if isinstance(late, Punctuality) else late or constant(0) for kind in kinds),
            by_session(walk_ins, sessions), by_session(urgent, sessions),
            {
                "service": f"assumed: the planned length on average, scv {scv:g}",
                "attendance": f"assumed: {100 * no_show:g} % do not come",
                "punctuality": "as given" if late else "assumed: everybody is punctual",
                "steps": f"assumed: the planned length on average, scv {step_scv:g}",
            },
        )  # fmt: skip

    def scenarios(self, number: int = 500, seed: int = 1) -> WeekScenarios:
        """Weeks to choose start times on; :func:`schedopt.simulate` draws others, whatever its seed.

        Parameters
        ----------
        number : int
            How many weeks.
        seed : int
            At least 0.
        """
        return self.sample(stream(seed, "timing"), number)

    def sample(self, rng: np.random.Generator, replications: int) -> WeekScenarios:
        """Draw weeks.

        A visit's numbers depend on the state of `rng`, the number of replications and the visit's id, and on nothing
        else: two plans sampled alike have the same patients in each week.

        Parameters
        ----------
        rng : numpy.random.Generator
            One number is drawn from it.
        replications : int
            How many weeks.
        """
        key = int(rng.integers(0, 2**64, dtype=np.uint64))
        counts = [len(steps) for steps in self.steps]
        offset = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64)
        minutes = np.empty((int(offset[-1]), replications))
        came, late = np.empty((len(self.requests), replications), bool), np.empty((len(self.requests), replications))
        for visit, name in enumerate(self.requests):
            came[visit] = named_stream(key, name, _SHOW).random(replications) < self.show[visit]
            late[visit] = self.late[visit].sample(named_stream(key, name, _LATE), replications)
            for step, distribution in enumerate(self.steps[visit]):
                drawn = distribution.sample(named_stream(key, name, _STEP + step), replications)
                minutes[offset[visit] + step] = drawn
        own: Ints = offset[:-1] + np.array(self.own_step, np.int64)
        columns = (np.ascontiguousarray(rows.T) for rows in (minutes, late))
        return WeekScenarios(
            self.requests, next(columns), offset, own, np.ascontiguousarray(came.T), next(columns), key
        )


def around(minutes: float, scv: float) -> Distribution:
    """Lognormal minutes with this mean and squared coefficient of variation; 0 is a constant."""
    return Lognormal.from_mean(minutes, scv=scv) if scv else constant(minutes)


def by_session(arrivals: Arrivals | Mapping[str, Arrivals] | None, sessions: tuple[str, ...]) -> Mapping[str, Arrivals]:
    """Arrivals by session, whichever way they were said.

    Raises
    ------
    ValueError
        If there is no such session.
    """
    if isinstance(arrivals, Arrivals):
        return dict.fromkeys(sessions, arrivals)
    strangers = sorted(set(arrivals or ()) - set(sessions))
    if strangers:
        raise ValueError(f"expected arrivals at sessions of the plan, not at {strangers[0]!r}")
    return dict(arrivals or {})


def _planned(plan: Plan) -> Iterator[tuple[str, int, list[int], int]]:
    """Placed visits by code: id, visit type, planned minutes of each step, and which of them has the provider."""
    week = plan.problem.week.with_sessions(plan.assignment.session)
    steps, grid = week.steps, week.calendar.grid
    for request in plan.assignment.placed.tolist():
        first, last = int(steps.offset[request]), int(steps.offset[request + 1])
        lengths = [grid * length for length in steps.length[first:last].tolist()]
        lengths[int(steps.provider_step[request]) - first] = grid * int(week.requests.usual_length[request])
        kind = int(week.requests.visit_type[request])
        yield week.requests.ids[request], kind, lengths, int(steps.provider_step[request]) - first
