"""Shifts of one patient by one slot, and which of them need which others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from schedopt.arrays import Flags, Floats, Ints


@dataclass(frozen=True)
class Shifts:
    """All shifts one way: shift v moves a patient between slots v and v + 1.

    A shift from a slot without patients needs the neighbouring shift into it. Shifts thus form rows, of which only
    the first few can be made, and a row that reaches the session's end cannot be made at all.

    Attributes
    ----------
    bookings : int array, shape (slots,)
        Before any shift.
    step : int
        1 moves patients earlier, from slot v + 1 to v; -1 moves them later.
    """

    bookings: Ints
    step: int

    @cached_property
    def needs(self) -> Ints:
        """The shift that each needs, -1 for none, -2 if it cannot be made; shape (slots - 1,)."""
        number = np.arange(len(self.bookings) - 1)
        emptied = self.bookings[1:] == 0 if self.step == 1 else self.bookings[:-1] == 0
        other = number + self.step
        inside = (other >= 0) & (other < len(number))
        return np.where(emptied, np.where(inside, other, -2), -1)

    @cached_property
    def listed(self) -> Ints:
        """All shifts, each behind the one it may need."""
        return np.arange(len(self.bookings) - 1)[:: -self.step]

    def possible(self, among: Flags) -> Flags:
        """Those whose needs are `among` them, and so on; shape (slots - 1,)."""
        kept = among.copy()
        for shift in self.listed:
            needed = self.needs[shift]
            if needed == -2 or (needed >= 0 and not kept[needed]):
                kept[shift] = False
        return kept

    def order(self, among: Flags, first: Floats, second: Floats) -> Ints:
        """The shifts `among`, by falling `first`, then falling `second`, each behind what it needs."""
        first, second = self._lowered(first), self._lowered(second)
        listed = self.listed[among[self.listed]]
        return listed[np.lexsort((-second[listed], -first[listed]))]  # is stable

    def least(self, among: Flags, values: Floats) -> tuple[float, Floats]:
        """The least sum of `values` over sets of shifts `among` that can be made together.

        Returns
        -------
        least : float
            At most 0, that of no shift.
        least_with : float array, shape (slots - 1,)
            The least among sets that contain each shift; infinite for those not `among`.
        """
        with_shift, best = np.full(len(values), np.inf), 0.0
        for row in self._rows(among):
            sums = np.cumsum(values[row])
            reached = np.minimum.accumulate(sums[::-1])[::-1]
            row_least = min(0.0, float(reached[0]))
            with_shift[row] = reached - row_least
            best += row_least
        return best, with_shift + best

    def sums(self, among: Flags, values: Floats) -> Floats:
        """Sums of `values` over each shift `among` and all that it needs; 0 for the others."""
        total = np.zeros_like(values)
        for row in self._rows(among):
            total[..., row] = np.cumsum(values[..., row], axis=-1)
        return total

    def weights(self, among: Flags, values: Floats) -> Floats:
        """What weighs each shift when `values` weigh :meth:`sums`: its adjoint."""
        weight = np.zeros_like(values)
        for row in self._rows(among):
            weight[row] = np.cumsum(values[row][::-1])[::-1]
        return weight

    def after(self, made: Ints) -> Ints:
        """Bookings after the shifts `made`."""
        moved = self.bookings.copy()
        np.add.at(moved, made, self.step)
        np.add.at(moved, made + 1, -self.step)
        return moved

    def _rows(self, among: Flags) -> list[Ints]:
        """Shifts `among`, in rows in which each needs the one before."""
        listed = self.listed[among[self.listed]]
        return np.split(listed, np.flatnonzero(self.needs[listed] < 0)[1:]) if len(listed) else []

    def _lowered(self, values: Floats) -> Floats:
        """`values`, none above that of the shift it needs."""
        lowered = values.copy()
        for shift in self.listed:
            if self.needs[shift] >= 0:
                lowered[shift] = min(lowered[shift], lowered[self.needs[shift]])
        return lowered
