"""What numbers may stand in a distribution."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from schedopt.arrays import Floats


def probability_array(p: ArrayLike) -> Floats:
    """`p` as an array, every entry from 0 to 1."""
    p = np.asarray(p, float)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("expected probabilities p from 0 to 1")
    return p


def positive(name: str, value: float) -> None:
    """Refuse what is not a finite number above 0."""
    if not (_is_number(value) and 0 < value < math.inf):
        raise ValueError(f"expected {name} to be a finite number above 0, not {value!r}")


def not_negative(name: str, value: float) -> None:
    """Refuse what is not a finite number of at least 0."""
    if not (_is_number(value) and 0 <= value < math.inf):
        raise ValueError(f"expected {name} to be a finite number of at least 0, not {value!r}")


def share(name: str, value: float) -> None:
    """Refuse what is not a number from 0 to 1."""
    if not (_is_number(value) and 0 <= value <= 1):
        raise ValueError(f"expected {name} to be a number from 0 to 1, not {value!r}")


def whole(name: str, value: int) -> None:
    """Refuse what is not a whole number of at least 1."""
    if not (isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value >= 1):
        raise ValueError(f"expected {name} to be a whole number of at least 1, not {value!r}")


def scv_of(mean: float, scv: float | None, sd: float | None) -> float:
    """The squared coefficient of variation, whichever way it was said.

    Raises
    ------
    ValueError
        If the mean is not above 0, or not exactly one of `scv` and `sd` was given, or it is negative.
    """
    positive("mean", mean)
    if scv is not None and sd is None:
        not_negative("scv", scv)
        return float(scv)
    if sd is not None and scv is None:
        not_negative("sd", sd)
        return (sd / mean) ** 2
    raise ValueError("expected either scv or sd")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
