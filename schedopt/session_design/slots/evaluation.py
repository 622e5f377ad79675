"""What bookings on a slot grid are expected to lead to, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.session_design.slots.session import SlotSession
from schedopt.session_design.slots.steps import expected_work
from schedopt.timing.costs import Costs

_ERROR = 1e-13
"""Minutes that forgetting unlikely amounts of work may take off an expected total."""


@dataclass(frozen=True)
class SlotEvaluation:
    """Expected minutes of a session.

    Who does not come waits too: as long as they would have waited, had they come to be served in 0 minutes.

    Attributes
    ----------
    waiting : float array, shape (patients,)
        Of each patient, in the order in which they are booked.
    slot_waiting : float array, shape (slots,)
        Of all patients of each slot together.
    total_waiting : float
        Of all patients.
    mean_waiting : float
        Of a patient; 0 where there is none.
    makespan : float
        From the session's start until all work is done, and at least until the last slot begins.
    idle : float
        Within the makespan, without a patient.
    overtime : float
        Of work after the last slot.
    """

    waiting: Floats
    slot_waiting: Floats
    total_waiting: float
    mean_waiting: float
    makespan: float
    idle: float
    overtime: float

    def cost(self, costs: Costs) -> float:
        """What it costs, the waiting of all patients being added up."""
        return costs.waiting * self.total_waiting + costs.idle * self.idle + costs.overtime * self.overtime


def evaluate(session: SlotSession, bookings: Sequence[int] | Ints) -> SlotEvaluation:
    """Expected waiting, idle time and overtime when so many patients are booked at each slot.

    The distribution of the work left before each slot follows from that before the slot before, by convolution
    (Kaandorp and Koole 2007, doi 10.1007/s10729-007-9015-x; for any service time Koeleman and Koole 2012, IIE
    Transactions on Healthcare Systems Engineering 2). The i-th patient of slot t waits
    ``E[W(t)] + (i - 1) E[service]``. With T slots the makespan is ``(T - 1) slot + E[W(T - 1) + services booked
    there]``, and the idle time what it exceeds all services by. All are exact up to rounding and 1e-13 minutes.

    Parameters
    ----------
    session : SlotSession
        Slots and patients.
    bookings : sequence of int, shape (slots,)
        Patients booked at the start of each slot, at least 0.

    Raises
    ------
    ValueError
        If there are not as many bookings as slots, or they are not whole numbers of at least 0.
    """
    booked = checked(session, bookings)
    patients = int(booked.sum())
    work, _ = expected_work(booked, session.chances, session.slot_units, forget(session, patients, _ERROR))
    work = work * session.unit
    first = np.cumsum(booked) - booked
    place = np.repeat(np.arange(session.slots), booked)
    waiting = work[place] + session.mean * (np.arange(patients) - first[place])
    slot_waiting = booked * work[:-1] + session.mean * (booked * (booked - 1) / 2)
    total = float(slot_waiting.sum())
    makespan = (session.slots - 1) * session.slot_minutes + float(work[-2] + booked[-1] * session.mean)
    return SlotEvaluation(
        waiting=waiting, slot_waiting=slot_waiting, total_waiting=total, mean_waiting=total / max(patients, 1),
        makespan=makespan, idle=max(0.0, makespan - patients * session.mean), overtime=float(work[-1]),
    )  # fmt: skip


def forget(session: SlotSession, patients: int, error: float) -> float:
    """Probability that may be dropped at each slot so that no expected total is `error` minutes less.

    Along a path that is dropped nobody waits longer than all services take: in total at most patients² times the
    longest.
    """
    longest = max(1, len(session.chances) - 1) * session.unit
    return error / (session.slots * longest * max(1, patients) ** 2)


def checked(session: SlotSession, bookings: Sequence[int] | Ints) -> Ints:
    """`bookings` as an array, a whole number of at least 0 for each slot."""
    given = np.asarray(bookings)
    booked = given.astype(np.int64)
    if given.shape != (session.slots,) or not (booked == given).all() or (booked < 0).any():
        raise ValueError(f"expected bookings of {session.slots} slots, whole numbers of at least 0")
    return booked
