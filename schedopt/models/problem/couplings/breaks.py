"""Couplings of a provider's breaks: one at some time between two, and none of them too late."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Ints
from schedopt.models.problem.couplings.base import Encoder
from schedopt.models.problem.couplings.days import ProviderDay, in_spells
from schedopt.models.problem.couplings.stretches import Stretch
from schedopt.models.problem.holds import Holds
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class MovingBreaks(ProviderDay):
    """A provider has a break of so many minutes at some time between two times of a day.

    Attributes
    ----------
    provider, day : int array, shape (breaks,)
        Whose break, and when.
    start, end : int array, shape (breaks,)
        Cells: the break lies from the first on, and ends before the second.
    size : int array, shape (breaks,)
        Cells.
    """

    provider: Ints
    day: Ints
    start: Ints
    end: Ints
    size: Ints

    name = "moving_break"
    source = "rosters"
    reason = "the provider needs a break, which lies between two times of the day"

    def whose(self, week: Week) -> tuple[Ints, Ints]:
        """A group is a break."""
        return self.provider, self.day

    def words(self, week: Week, group: int) -> str:
        """Whose break, and when."""
        calendar = week.calendar
        name, minutes = week.sessions.provider_ids[int(self.provider[group])], int(self.size[group]) * calendar.grid
        until = calendar.clock(int(self.end[group]), end=True)
        return f"{name} needs a break of {minutes} minutes from {calendar.words(int(self.start[group]))} to {until}"

    def broken(self, week: Week, group: int, held: Holds) -> Iterator[tuple[Sequence[int], str]]:
        """All that lies in these hours, where nowhere between is time enough."""
        low, high = int(self.start[group]), int(self.end[group])
        through = np.maximum.accumulate(np.concatenate([[low], held.end]))
        if (np.append(np.minimum(held.start, high), high) - through < self.size[group]).all():
            yield np.flatnonzero((held.start < high) & (held.end > low)).tolist(), self.words(week, group)

    def require(self, encoder: Encoder, group: int, stretches: Sequence[Stretch]) -> None:
        """The break is between two spells."""
        size = int(self.size[group])
        begin = encoder.model.new_int_var(int(self.start[group]), int(self.end[group]) - size, "")
        in_spells(encoder.model, stretches, [(None, begin), (begin + size, None)])


@dataclass(frozen=True)
class LongestStretch(ProviderDay):
    """A provider is never without a break for longer than so many minutes, where shorter gaps are no breaks.

    A single visit that is longer is not held.

    Attributes
    ----------
    most, pause : int array, shape (providers,)
        Most cells without a break, or -1 for any number; fewest cells that are a break.
    """

    most: Ints
    pause: Ints

    name = "longest_stretch"
    source = "rosters"
    reason = "the provider would be too long without a break"

    def whose(self, week: Week) -> tuple[Ints, Ints]:
        """A group is a provider and a day."""
        provider = np.flatnonzero(self.most >= 0)
        days = week.calendar.num_days
        return np.repeat(provider, days), np.tile(np.arange(days), len(provider))

    def limits(self, week: Week, group: int) -> tuple[int, int]:
        """Most cells without a break, and fewest cells that are one."""
        provider = int(self.whose(week)[0][group])
        return int(self.most[provider]), int(self.pause[provider])

    def words(self, week: Week, group: int) -> str:
        """Who, and how long."""
        most, pause = (cells * week.calendar.grid for cells in self.limits(week, group))
        name = week.sessions.provider_ids[int(self.whose(week)[0][group])]
        return f"{name} has a break of {pause} minutes after {most} minutes at most"

    def broken(self, week: Week, group: int, held: Holds) -> Iterator[tuple[Sequence[int], str]]:
        """All that lies between two breaks which are too far from each other."""
        (most, pause), calendar = self.limits(week, group), week.calendar
        through = np.maximum.accumulate(held.end)
        later = np.flatnonzero(held.start[1:] - through[:-1] >= pause) + 1
        for low, high in itertools.pairwise([0, *later.tolist(), len(through)]):
            begin, last = int(held.start[low]), int(through[high - 1])
            if last - begin > most:
                had = f"from {calendar.words(begin)} to {calendar.clock(last, end=True)} there is none"
                yield range(low, high), f"{self.words(week, group)}, and {had}"

    def require(self, encoder: Encoder, group: int, stretches: Sequence[Stretch]) -> None:
        """As many spells as two of them, one after the other, can be longer than allowed; between them are breaks."""
        model, week = encoder.model, encoder.week
        (most, pause), day = self.limits(week, group), week.calendar.cells_per_day
        sessions = self.sessions_of(week).joined(np.array([group]))[1]
        close = week.sessions.end[sessions] + week.sessions.overtime[sessions]
        length = int(close.max() - week.sessions.start[sessions].min())
        count = min(len(stretches), 2 * (length // (most + 1)) + 1)
        low, high = -day, week.calendar.num_cells + count * (most + pause) + day
        spells = [(model.new_int_var(low, high, ""), model.new_int_var(low, high, "")) for _ in range(count)]
        for first, end in spells:
            model.add_linear_constraint(end - first, 0, most)
        for (_, end), (first, _) in itertools.pairwise(spells):
            model.add(first >= end + pause)
        in_spells(model, stretches, spells)
