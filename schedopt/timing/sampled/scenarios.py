"""What may happen in one session, drawn many times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from schedopt.arrays import Flags, Floats
from schedopt.uncertainty.distributions.base import Distribution
from schedopt.uncertainty.distributions.numbers import not_negative, probability_array, share, whole


@dataclass(frozen=True, eq=False)
class Scenarios:
    """One session of one provider: its visits in the order in which they are seen, drawn many times.

    What is given in a smaller shape is repeated to the stated one; all but `service` may be left out.

    Attributes
    ----------
    service : float array, shape (scenarios, visits)
        Minutes with the provider; made 0 where the patient does not come.
    came : bool array, shape (scenarios, visits)
        Whether the patient comes at all.
    lateness : float array, shape (scenarios, visits)
        Minutes after the appointed time at which the patient is there; negative is early. Made 0 where the patient
        does not come: the provider learns it at the appointed time.
    walk_in_at : float array, shape (scenarios, walk_ins)
        When somebody without an appointment comes, on the clock of the times; NaN for nobody.
    walk_in_service : float array, shape (scenarios, walk_ins)
        Minutes with the provider; NaN exactly where `walk_in_at` is.
    walk_in_urgent : bool array, shape (scenarios, walk_ins)
        Whether that visit goes before all others, or when the next booked patient is not there.
    early : bool
        Whether a patient who is there early may be seen before the appointed time.

    Raises
    ------
    ValueError
        If a shape does not fit, or a number is not finite, or minutes of service are negative.
    """

    service: Floats
    came: Flags = field(default_factory=lambda: np.ones((1, 1), bool))
    lateness: Floats = field(default_factory=lambda: np.zeros((1, 1)))
    walk_in_at: Floats = field(default_factory=lambda: np.zeros((1, 0)))
    walk_in_service: Floats = field(default_factory=lambda: np.zeros((1, 0)))
    walk_in_urgent: Flags = field(default_factory=lambda: np.zeros((1, 1), bool))
    early: bool = False

    def __post_init__(self) -> None:
        shape = np.shape(self.service)
        if len(shape) != 2 or not all(shape):
            raise ValueError(f"expected service of shape (scenarios, visits), at least one of each, not {shape}")
        came = _held("came", self.came, shape, bool)
        service = np.where(came, np.asarray(self.service, float), 0.0)
        lateness = np.where(came, _held("lateness", self.lateness, shape, float), 0.0)
        if not (np.isfinite(service) & (service >= 0)).all():
            raise ValueError("expected service to be finite numbers of at least 0")
        if not np.isfinite(lateness).all():
            raise ValueError("expected lateness to be finite numbers")
        per_walk_in = (shape[0], np.shape(self.walk_in_at)[-1] if np.ndim(self.walk_in_at) else 0)
        at = _held("walk_in_at", self.walk_in_at, per_walk_in, float)
        minutes = _held("walk_in_service", self.walk_in_service, per_walk_in, float)
        if (np.isnan(at) != np.isnan(minutes)).any():
            raise ValueError("expected walk_in_service to be NaN exactly where walk_in_at is")
        if np.isinf(at).any() or np.isinf(minutes).any() or (minutes < 0).any():
            raise ValueError("expected walk_in_at and walk_in_service to be finite, and service at least 0")
        urgent = _held("walk_in_urgent", self.walk_in_urgent, per_walk_in, bool)
        held = {
            "service": service, "came": came, "lateness": lateness, "walk_in_at": at, "walk_in_service": minutes,
            "walk_in_urgent": urgent,
        }  # fmt: skip
        for name, array in held.items():
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @property
    def num_scenarios(self) -> int:
        """How often the session was drawn."""
        return len(self.service)

    @property
    def num_visits(self) -> int:
        """Booked visits."""
        return int(self.service.shape[1])

    @property
    def num_walk_ins(self) -> int:
        """The most visits without appointment of a scenario."""
        return int(self.walk_in_at.shape[1])

    @property
    def delay(self) -> Floats:
        """Minutes from the appointed time until a visit may begin, shape (scenarios, visits)."""
        return self.lateness if self.early else np.maximum(self.lateness, 0.0)


def sample_scenarios(
    service: Sequence[Distribution],
    num: int,
    rng: np.random.Generator,
    *,
    no_show: ArrayLike = 0.0,
    lateness: Distribution | Sequence[Distribution] | None = None,
    early: bool = False,
) -> Scenarios:
    """Draw scenarios of independent visits.

    Parameters
    ----------
    service : sequence of Distribution, length visits
        Minutes with the provider of those who come.
    num : int
        Scenarios.
    rng : numpy.random.Generator
        Service is drawn first, visit by visit, then who comes, then lateness: a longer list begins with the same
        draws of service.
    no_show : float or float array, shape (visits,)
        Probability that the patient does not come.
    lateness : Distribution, or a sequence of them, length visits
        Minutes after the appointed time; nobody is late without.
    early : bool
        As in :class:`Scenarios`.

    Raises
    ------
    ValueError
        If there is no visit or no scenario, or a length does not fit, or a probability is none.
    """
    whole("num", num)
    visits = len(service)
    if not visits:
        raise ValueError("expected at least one visit")
    minutes = np.stack([distribution.sample(rng, num) for distribution in service], axis=1)
    risk = np.broadcast_to(probability_array(no_show), (visits,))
    came = rng.random((num, visits)) >= risk
    late = np.zeros((1, 1))
    if lateness is not None:
        each = [lateness] * visits if isinstance(lateness, Distribution) else list(lateness)
        if len(each) != visits:
            raise ValueError(f"expected lateness of {visits} visits, not {len(each)}")
        late = np.stack([distribution.sample(rng, num) for distribution in each], axis=1)
    return Scenarios(minutes, came, late, early=early)


def add_walk_ins(
    scenarios: Scenarios,
    rng: np.random.Generator,
    *,
    per_hour: float,
    service: Distribution,
    end: float,
    start: float = 0.0,
    urgent: float = 0.0,
) -> Scenarios:
    """The same scenarios with patients who come without appointment, instead of those they had.

    They come as a Poisson process: their number is Poisson with mean ``per_hour × (end − start) / 60``, and given it
    each comes at any moment of the session alike.

    Parameters
    ----------
    scenarios : Scenarios
        Booked visits.
    rng : numpy.random.Generator
        Randomness.
    per_hour : float
        Expected walk-ins an hour, at least 0.
    service : Distribution
        Minutes with the provider.
    end, start : float
        The session, minutes.
    urgent : float
        Share that is seen next, from 0 to 1.

    Raises
    ------
    ValueError
        If a number is not as said.
    """
    not_negative("per_hour", per_hour)
    share("urgent", urgent)
    if not start < end:
        raise ValueError(f"expected start before end, not {start!r} and {end!r}")
    number = rng.poisson(per_hour * (end - start) / 60, scenarios.num_scenarios)
    shape = (scenarios.num_scenarios, int(number.max()))
    nobody = np.arange(shape[1]) >= number[:, None]
    at = np.where(nobody, np.nan, rng.uniform(start, end, shape))
    minutes = np.where(nobody, np.nan, service.sample(rng, shape))
    return replace(
        scenarios, walk_in_at=at, walk_in_service=minutes, walk_in_urgent=rng.random(shape) < urgent
    )  # fmt: skip


def _held(name: str, array: ArrayLike, shape: tuple[int, ...], kind: type) -> NDArray[Any]:
    """A copy in the stated shape, row after row in memory."""
    try:
        return np.array(np.broadcast_to(np.asarray(array, kind), shape), order="C")
    except ValueError:
        raise ValueError(f"expected {name} of shape {shape}, not {np.shape(array)}") from None
