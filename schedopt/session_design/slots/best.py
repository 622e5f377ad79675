"""The best bookings on a slot grid, with a proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.session_design.slots.descent import Descent
from schedopt.session_design.slots.evaluation import SlotEvaluation, checked, evaluate, forget
from schedopt.session_design.slots.session import SlotSession
from schedopt.session_design.slots.shifts import Shifts
from schedopt.session_design.slots.steps import chain, expected_work
from schedopt.timing.costs import Costs
from schedopt.uncertainty.distributions.numbers import whole

_ROUNDING = 1e-12
"""Share of the cost, for each slot, below which differences are rounding."""
_SPACINGS = 17
"""Of equally spaced starts."""


@dataclass(frozen=True)
class BestBookings:
    """Bookings, what they lead to, and how much better any others can be.

    Attributes
    ----------
    bookings : int array, shape (slots,)
        Patients at the start of each slot.
    evaluation : SlotEvaluation
        Expected minutes.
    cost : float
        Of the evaluation.
    bound : float
        No bookings of as many patients cost less.
    certified : bool
        Whether cost and bound are the same up to rounding.
    evaluations : int
        Bookings whose cost was worked out on the way.
    """

    bookings: Ints
    evaluation: SlotEvaluation
    cost: float
    bound: float
    certified: bool
    evaluations: int


def best_bookings(
    session: SlotSession,
    patients: int,
    costs: Costs,
    start: Sequence[int] | Ints | None = None,
    *,
    rounds: int = 20_000,
) -> BestBookings:
    """How many patients to book at each slot, for the least expected cost.

    With y[t] the patients booked up to slot t, the cost is an L♮-convex function of y, which is to say multimodular in
    the bookings (Kaandorp and Koole 2007, doi 10.1007/s10729-007-9015-x). Bookings are the best of all when no set of
    shifts of one patient by one slot, all to earlier or all to later slots, lowers the cost (Koole and van der Sluis
    2003, IIE Transactions 35; Murota 2003, doi 10.1137/1.9780898718508, chapter 7). :class:`Descent` finds
    such a set or proves that there is none. If its proof leaves `a` and `b` that shifts may save one way and the other,
    then by convexity no bookings save more than ``patients (a + b)``.

    Parameters
    ----------
    session : SlotSession
        Slots and patients.
    patients : int
        To be booked, at least 1.
    costs : Costs
        Of a minute of waiting, idle time and overtime.
    start : sequence of int, shape (slots,), optional
        Bookings to begin with; otherwise the best of some with equal spacing.
    rounds : int
        Orders of shifts to try at most; if they do not suffice the result is not certified.

    Raises
    ------
    ValueError
        If the start does not book so many patients.
    """
    whole("patients", patients)
    whole("rounds", rounds)
    search = _Search(session, patients, costs)
    booked = search.spaced() if start is None else checked(session, start)
    if booked.sum() != patients:
        raise ValueError(f"expected a start that books {patients} patients, not {booked.sum()}")
    booked, saving, proved = search.run(booked, rounds)
    evaluation = evaluate(session, booked)
    cost = evaluation.cost(costs)
    bound = max(0.0, cost - patients * saving)
    return BestBookings(booked, evaluation, cost, bound, proved, search.evaluations)


class _Search:
    """Descent from bookings to better ones, to the last."""

    def __init__(self, session: SlotSession, patients: int, costs: Costs) -> None:
        self.session, self.patients = session, patients
        self.prices = np.array([costs.waiting, costs.idle, costs.overtime], float) * session.unit
        self.evaluations = 0

    def spaced(self) -> Ints:
        """The best of some bookings with equal spacing, from none to the whole session's."""
        slots = self.session.slots
        widest = slots / self.patients
        choices = [
            np.bincount((np.arange(self.patients) * space).astype(np.int64), minlength=slots)
            for space in np.linspace(0, widest, _SPACINGS)
        ]
        return min(choices, key=self.cost)

    def cost(self, booked: Ints) -> float:
        """Cost of bookings but for a constant."""
        self.evaluations += 1
        work, _ = self._work(booked, 1e-13)
        waiting = booked @ work[:-1] + self.session.mean / self.session.unit * (booked @ (booked - 1)) / 2
        last = work[-2] + booked[-1] * self.session.mean / self.session.unit
        return float(self.prices @ np.array([waiting, last, work[-1]]))

    def run(self, booked: Ints, rounds: int) -> tuple[Ints, float, bool]:
        """Bookings that no shifts improve, what these can save one way and the other, and whether that is proved."""
        used = 0
        while True:
            both = [self._descent(booked, step) for step in (1, -1)]
            better, patience = None, 2
            while better is None and not all(one.proved for one in both) and used < rounds:
                for one in both:
                    made, tried = _pursue(one, min(patience, rounds - used))
                    used += tried
                    if made is not None:
                        better = self._along(one.shifts, made)
                        break
                patience *= 2
            if better is None:
                return booked, sum(max(0.0, one.most) for one in both), all(one.proved for one in both)
            booked = better

    def _descent(self, booked: Ints, step: int) -> Descent:
        """The search for shifts one way."""
        scale = self.cost(booked) + float(self.prices.sum())
        error = 0.1 * _ROUNDING * scale / float(self.prices.sum())
        _, top = self._work(booked, error)
        amounts = top + len(self.session.chances)  # shifts one way bring any slot at most one patient's work more
        fall = self.session.slot_units * np.arange(len(amounts))
        amounts = np.maximum.accumulate(amounts + fall) - fall
        chain_ = partial(self._chain, booked, step, amounts)
        return Descent(Shifts(booked, step), chain_, _ROUNDING * len(booked) * scale)

    def _chain(self, booked: Ints, step: int, amounts: Ints, order: Ints) -> Floats:
        """Costs before a row of shifts and after each of them."""
        self.evaluations += len(order)
        return chain(booked, order, step, self.session.chances, self.session.slot_units, self.prices, amounts)

    def _along(self, shifts: Shifts, made: Ints) -> Ints:
        """Bookings after the shifts `made`, again and again as often as that doubles and helps."""
        best, cost = shifts.after(made), np.inf
        while (new := self.cost(best)) < cost:
            kept, cost = best, new
            best = best + (best - shifts.bookings)
            if (best < 0).any():
                break
        return kept

    def _work(self, booked: Ints, error: float) -> tuple[Floats, Ints]:
        """Expected work before each slot, in units, and the most there is there, but for `error` minutes in total."""
        rare = forget(self.session, self.patients, error)
        return expected_work(booked, self.session.chances, self.session.slot_units, rare)


def _pursue(descent: Descent, patience: int) -> tuple[Ints | None, int]:
    """Shifts that save, or none after so many rounds; and the rounds taken."""
    for number in range(patience):
        if descent.proved:
            return None, number
        made = descent.advance()
        if made is not None:
            return made, number + 1
    return None, patience
