"""Times by rules of thumb, which offices use and which better times are compared with.

Each gives the appointed times of identical visits, minutes, shape (visits,), from `start` on. `minutes` is what is
planned for one visit: the mean service time, or somewhat less where patients may stay away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from schedopt.arrays import Floats
from schedopt.uncertainty.distributions.numbers import positive, share, whole

Template = Callable[[int, float, float], Floats]


def equal_spacing(visits: int, minutes: float, start: float = 0.0) -> Floats:
    """One after another: ``t[i] = i minutes``, i from 0."""
    return bailey_welch(visits, minutes, start, first=1)


def bailey_welch(visits: int, minutes: float, start: float = 0.0, *, first: int = 2) -> Floats:
    """Two at the start, then one after another: ``t[i] = max(i - (first - 1), 0) minutes``.

    One patient is always in reserve for the provider (Bailey 1952, doi 10.1111/j.2517-6161.1952.tb00112.x; Welch &
    Bailey 1952, doi 10.1016/S0140-6736(52)90763-0).

    Parameters
    ----------
    visits : int
        Their number, at least 1.
    minutes : float
        For one visit, above 0.
    start : float
        Of the session.
    first : int
        Patients at the start.
    """
    whole("first", first)
    return start + np.maximum(_places(visits, minutes) - (first - 1), 0) * minutes


def two_at_a_time(visits: int, minutes: float, start: float = 0.0) -> Floats:
    """Pairs, at twice the distance: ``t[i] = floor(i / 2) 2 minutes`` (Soriano 1966, doi 10.1287/opre.14.3.388)."""
    return start + _places(visits, minutes) // 2 * 2 * minutes


def wave(visits: int, minutes: float, start: float = 0.0, *, hour: float = 60.0) -> Floats:
    """As many as an hour holds at its start: ``t[i] = floor(i / n) hour``, ``n = floor(hour / minutes)`` or 1.

    Parameters
    ----------
    visits, minutes, start
        As in :func:`bailey_welch`.
    hour : float
        From one wave to the next, minutes.
    """
    positive("hour", hour)
    places = _places(visits, minutes)
    return start + places // max(int(hour / minutes + 1e-9), 1) * hour


def modified_wave(visits: int, minutes: float, start: float = 0.0, *, hour: float = 60.0) -> Floats:
    """Each hour as in :func:`bailey_welch`: two at its start, nobody at its end; arguments as :func:`wave`."""
    positive("hour", hour)
    places = _places(visits, minutes)
    each = max(int(hour / minutes + 1e-9), 1)
    return start + places // each * hour + np.maximum(places % each - 1, 0) * minutes


def dome(visits: int, minutes: float, start: float = 0.0, *, height: float = 0.3) -> Floats:
    """Gaps that grow towards the middle of the session and shrink again, with as long a session as equal ones.

    The best gaps look like that (Wang 1993, doi 10.1002/1520-6750(199304)40:3<345::AID-NAV3220400305>3.0.CO;2-N;
    Robinson & Chen 2003, doi 10.1080/07408170304367). The parabola is this library's own: gap k of n, from 1, is
    ``minutes (1 - height + height w[k] / mean(w))`` with ``w[k] = x (1 - x)`` and ``x = (k - 1/2) / n``.

    Parameters
    ----------
    visits, minutes, start
        As in :func:`bailey_welch`.
    height : float
        From 0, equal gaps, to 1.
    """
    share("height", height)
    places = _places(visits, minutes)
    x = (places[1:] - 0.5) / max(visits - 1, 1)
    weight = x * (1 - x)
    gaps = minutes * (1 - height + height * weight / weight.mean()) if visits > 1 else np.empty(0)
    return start + np.concatenate([[0.0], np.cumsum(gaps)])


def _places(visits: int, minutes: float) -> Floats:
    """0, 1, 2 and so on, shape (visits,), once the arguments are found good."""
    whole("visits", visits)
    positive("minutes", minutes)
    return np.arange(visits, dtype=float)


TEMPLATES: Mapping[str, Template] = {
    "equal spacing": equal_spacing, "Bailey-Welch": bailey_welch, "two at a time": two_at_a_time, "wave": wave,
    "modified wave": modified_wave, "dome": dome,
}  # fmt: skip
"""By name; each takes visits, minutes and start."""
