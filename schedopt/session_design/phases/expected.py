"""What given times come to, exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from schedopt.arrays import Floats
from schedopt.session_design.phases.chain import Patient
from schedopt.session_design.phases.session import Expected, Session
from schedopt.timing.costs import Costs


def expected(patients: Sequence[Patient], times: ArrayLike, end: float | None = None) -> Expected:
    """Expected minutes of waiting, idleness and overtime at given times.

    The work that is left is a Markov chain over patients and phases
    (:class:`~schedopt.session_design.phases.chain.Chain`); a patient waits for what is left when they come. Idle time
    is what makes the sums agree: ``idle before i = tᵢ + E wait of i - (tᵢ₋₁ + E wait of i - 1 + E service of i - 1)``.
    All patients are punctual and seen in order (Wang 1997, doi
    10.1002/(SICI)1520-6750(199706)44:4<345::AID-NAV3>3.0.CO;2-4).

    Parameters
    ----------
    patients : sequence of Patient
        In the order of their times, at least one.
    times : float array, shape (patients,)
        Minutes from the session's start, ascending; two may be equal, and the first need not be 0.
    end : float, optional
        Of the session, minutes from its start. Overtime is what the last patient's end is beyond it.

    Raises
    ------
    ValueError
        If there is not a finite time for each patient, or one is before the time before.
    """
    return Session.of(patients, end).at(checked(patients, times, end))


def cost_and_gradient(
    patients: Sequence[Patient], times: ArrayLike, costs: Costs, end: float | None = None
) -> tuple[float, Floats]:
    """The cost at given times, and its exact gradient in the times.

    Parameters
    ----------
    patients, times, end
        As of :func:`expected`.
    costs : Costs
        Of a minute.

    Returns
    -------
    cost : float
        As :meth:`Expected.cost` has it.
    gradient : float array, shape (patients,)
        Derivative in each time. At an end that is the last time, the one of times before it.
    """
    return Session.of(patients, end).cost_and_gradient(checked(patients, times, end), costs)


def checked(patients: Sequence[Patient], times: ArrayLike, end: float | None) -> Floats:
    """The times as an array, shape (patients,), if they and the end are such."""
    found = np.asarray(times, float)
    if not len(patients):
        raise ValueError("expected at least one patient")
    if found.shape != (len(patients),) or not np.isfinite(found).all():
        raise ValueError(f"expected a finite time for each of {len(patients)} patients, not {times!r}")
    if found[0] < 0 or (np.diff(found) < 0).any():
        raise ValueError(f"expected ascending times of at least 0, not {times!r}")
    if end is not None and not math.isfinite(end):
        raise ValueError(f"expected an end in minutes, or None, not {end!r}")
    return found
