"""Where times may be: windows, distances, promises."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from schedopt.arrays import Floats

_NEAR = 1e-9
"""Minutes that are rounding."""


@dataclass(frozen=True, eq=False)
class Limits:
    """The times that are allowed: ``earliest <= t <= latest`` and ``t[i + 1] >= t[i] + separation[i]``.

    Attributes
    ----------
    earliest, latest : float arrays, shape (visits,)
        Minutes. Both are as narrow as the separations make them, so that every time between them can be had.
    separation : float array, shape (visits - 1,)
        Minutes from each time to the next, at least 0.
    """

    earliest: Floats
    latest: Floats
    separation: Floats

    def nearest(self, times: Floats) -> Floats:
        """Allowed times close to what is wanted: each as wanted, or as soon after the one before as it may.

        Parameters
        ----------
        times : float array, shape (visits,)
            Minutes.
        """
        found = np.clip(times, self.earliest, self.latest)
        for visit in range(1, len(found)):
            found[visit] = max(found[visit], found[visit - 1] + self.separation[visit - 1])
        return np.minimum(found, self.latest)

    def allow(self, times: Floats) -> bool:
        """Whether the times, shape (visits,), are allowed, but for rounding."""
        inside = (times >= self.earliest - _NEAR) & (times <= self.latest + _NEAR)
        return bool(inside.all() and (np.diff(times) >= self.separation - _NEAR).all())

    def rows(self) -> tuple[Floats, Floats]:
        """The same as inequalities ``rows @ t <= most``.

        Returns
        -------
        rows : float array, shape (3 visits - 1, visits)
            Of length 1 but for those of separations.
        most : float array, shape (3 visits - 1,)
            Minutes.
        """
        one = np.eye(len(self.earliest))
        return np.concatenate([one, -one, one[:-1] - one[1:]]), np.concatenate(
            [self.latest, -self.earliest, -self.separation]
        )


def limits_of(
    visits: int,
    start: float,
    end: float,
    *,
    earliest: ArrayLike | None = None,
    latest: ArrayLike | None = None,
    separation: ArrayLike = 0.0,
    fixed: ArrayLike | None = None,
) -> Limits:
    """Put what is asked of times together.

    Parameters
    ----------
    visits : int
        Their number.
    start, end : float
        The session, minutes; no time is outside of it.
    earliest, latest : float arrays, shape (visits,)
        Windows, minutes.
    separation : float or float array, shape (visits,)
        Minutes from a visit's time to the next one's, such as its planned length; the last counts for nothing.
    fixed : float array, shape (visits,)
        Times that were promised; NaN where there is none.

    Raises
    ------
    ValueError
        If a shape does not fit, or no times are allowed; then the first visit is named that has none left.
    """
    gap = _array("separation", separation, visits)[:-1]
    if not (gap >= 0).all():
        raise ValueError("expected separation of at least 0")
    low = np.maximum(_array("earliest", start if earliest is None else earliest, visits), start)
    high = np.minimum(_array("latest", end if latest is None else latest, visits), end)
    if fixed is not None:
        promised = np.broadcast_to(np.asarray(fixed, float), (visits,))
        low = np.where(np.isnan(promised), low, np.maximum(low, promised))
        high = np.where(np.isnan(promised), high, np.minimum(high, promised))
    for visit in range(1, visits):
        low[visit] = max(low[visit], low[visit - 1] + gap[visit - 1])
    for visit in range(visits - 1, 0, -1):
        high[visit - 1] = min(high[visit - 1], high[visit] - gap[visit - 1])
    empty = low > high + _NEAR
    if empty.any():
        visit = int(np.argmax(empty))
        raise ValueError(f"no time is left for visit {visit}: not before {low[visit]:g} and not after {high[visit]:g}")
    return Limits(low, np.maximum(low, high), gap)


def _array(name: str, values: ArrayLike, visits: int) -> Floats:
    try:
        array = np.array(np.broadcast_to(np.asarray(values, float), (visits,)))
    except ValueError:
        raise ValueError(f"expected {name} of {visits} visits, not of shape {np.shape(values)}") from None
    if np.isnan(array).any():
        raise ValueError(f"expected {name} without NaN")
    return array
