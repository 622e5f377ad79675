"""Which units of pools are free while the visits of a session move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.week import Week


@dataclass(frozen=True, eq=False)
class Uses:
    """Units that visits hold; one entry a visit and kind of pool.

    Attributes
    ----------
    visit : int array
        Position among the visits.
    pool, begin, end : int array
        Code, first cell and cell after the last, turnover included.
    own : bool array
        Held in the step with the provider, whose length may change.
    """

    visit: Ints
    pool: Ints
    begin: Ints
    end: Ints
    own: Flags


class FreeUnits:
    """Free units of every pool in every cell.

    Parameters
    ----------
    week : Week
        The columns.
    schedule : Schedule
        Where visits are now.
    """

    def __init__(self, week: Week, schedule: Schedule | None) -> None:
        cells = week.calendar.num_days * week.calendar.cells_per_day
        self._week = week if schedule is None else week.with_sessions(schedule.session)
        self.free = np.pad(
            week.pools.available(cells), ((0, 0), (0, int(week.pools.turnover.max(initial=0)) + 1)), mode="edge"
        )
        self._needs = Lists.by_key(week.steps.request[week.steps.need_step], len(week.requests))
        if schedule is not None:
            self.take(self.uses(schedule, schedule.placed), 1)

    @classmethod
    def unused(cls, week: Week) -> FreeUnits:
        """The units before any visit holds one; `week` has the lengths that visits have in their sessions."""
        return cls(week, None)

    def uses_at(self, requests: Ints, session: int, starts: Ints, relative: Ints, lost: Ints) -> Uses:
        """What requests hold in one session, their steps with the provider starting at these cells.

        Parameters
        ----------
        requests, starts, lost : int array, shape (visits,)
            Codes, cells, and cells by which each step with the provider is shorter than it is expected to be.
        session : int
            Code.
        relative : int array, shape (steps,)
            Cells from the start of the step with the provider to that of each step.
        """
        visit, need = self._needs.joined(requests)
        steps, pools = self._week.steps, self._week.pools
        step = steps.need_step[need]
        pool = pools.at[self._week.sessions.site[session], steps.need_kind[need]]
        begin = starts[visit] + relative[step]
        own = step == steps.provider_step[requests[visit]]
        length = np.where(own, (self._week.requests.usual_length[requests] - lost)[visit], steps.length[step])
        return Uses(visit, pool, begin, begin + length + pools.turnover[pool], own)

    def uses(self, schedule: Schedule, requests: Ints) -> Uses:
        """What these visits hold in a schedule."""
        visit, need = self._needs.joined(requests)
        steps, pools = self._week.steps, self._week.pools
        step = steps.need_step[need]
        pool = pools.at[self._week.sessions.site[schedule.session[requests[visit]]], steps.need_kind[need]]
        begin = schedule.step_start[step]
        own = step == steps.provider_step[requests[visit]]
        return Uses(visit, pool, begin, begin + steps.length[step] + pools.turnover[pool], own)

    def take(self, uses: Uses, units: int) -> None:
        """Take units for these uses, or give them back with -1."""
        for pool, begin, end in zip(uses.pool.tolist(), uses.begin.tolist(), uses.end.tolist(), strict=True):
            self.free[pool, begin:end] -= units

    def suffice(self, uses: Uses) -> bool:
        """Whether there are units for all these uses together, beside what is taken."""
        if not len(uses.pool):
            return True
        low, high = int(uses.begin.min()), int(uses.end.max())
        change = np.zeros((len(self.free), high - low + 1), np.int64)
        np.add.at(change, (uses.pool, uses.begin - low), 1)
        np.add.at(change, (uses.pool, uses.end - low), -1)
        held = np.cumsum(change, axis=1)[:, :-1]
        return bool(((held == 0) | (held <= self.free[:, low:high])).all())


def moved(uses: Uses, shift: Ints, shorter: Ints) -> Uses:
    """The uses after visits have moved by `shift` cells and their own steps lost `shorter` cells; shape (visits,)."""
    begin = uses.begin + shift[uses.visit]
    return Uses(
        uses.visit, uses.pool, begin, uses.end + shift[uses.visit] - np.where(uses.own, shorter[uses.visit], 0),
        uses.own,
    )  # fmt: skip
