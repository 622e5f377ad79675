"""The coupling of like visits that follow each other without a gap."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.couplings.base import Encoder
from schedopt.models.problem.couplings.days import ProviderDay, in_spells
from schedopt.models.problem.couplings.stretches import Stretch
from schedopt.models.problem.holds import Holds
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class InARow(ProviderDay):
    """No more than so many visits of a type hold a provider back to back: then comes time free, or another type.

    A group visit counts as one.

    Attributes
    ----------
    most : int array, shape (visit types,)
        Most visits; -1: any number.
    """

    most: Ints

    once = True
    name = "in_a_row"
    source = "rosters"
    reason = "too many visits of the type would follow each other without a gap"

    def whose(self, week: Week) -> tuple[Ints, Ints]:
        """A group is a visit type, a provider and a day."""
        providers, days = len(week.sessions.provider_ids), week.calendar.num_days
        types = int((self.most >= 0).sum())
        return np.tile(np.repeat(np.arange(providers), days), types), np.tile(np.arange(days), providers * types)

    def kind(self, week: Week, group: int) -> int:
        """The visit type of a group."""
        types = np.flatnonzero(self.most >= 0)
        return int(types[group // (len(week.sessions.provider_ids) * week.calendar.num_days)])

    def seen(self, week: Week) -> tuple[Flags, Ints]:
        """Requests of a type."""
        types = np.flatnonzero(self.most >= 0)
        groups = len(week.sessions.provider_ids) * week.calendar.num_days
        return week.requests.visit_type == types[:, None], np.repeat(np.arange(len(types)), groups)

    def words(self, week: Week, group: int) -> str:
        """How many of what, with whom."""
        provider, kind = int(self.whose(week)[0][group]), self.kind(week, group)
        most = int(self.most[kind])
        what = f"{most} visit{'' if most == 1 else 's'} of type {week.requests.visit_type_ids[kind]}"
        return f"{week.sessions.provider_ids[provider]} has at most {what} in a row"

    def broken(self, week: Week, group: int, held: Holds) -> Iterator[tuple[Sequence[int], str]]:
        """All of a row that is too long."""
        later = np.flatnonzero(held.start[1:] > np.maximum.accumulate(held.end)[:-1]) + 1
        for low, high in itertools.pairwise([0, *later.tolist(), len(held.start)]):
            if high - low > self.most[self.kind(week, group)]:
                yield range(low, high), f"{self.words(week, group)}, and {high - low} follow each other"

    def require(self, encoder: Encoder, group: int, stretches: Sequence[Stretch]) -> None:
        """As many spells as two of them, one after the other, can hold more visits than allowed, with time between."""
        model, most = encoder.model, int(self.most[self.kind(encoder.week, group)])
        day = encoder.week.calendar.cells_per_day
        count = 2 * (len(stretches) // (most + 1)) + 1
        low, high = -day, encoder.week.calendar.num_cells + day + count
        spells = [(model.new_int_var(low, high, ""), model.new_int_var(low, high, "")) for _ in range(count)]
        for first, end in spells:
            model.add(first <= end)
        for (_, end), (first, _) in itertools.pairwise(spells):
            model.add(first >= end + 1)
        within = in_spells(model, stretches, spells)
        for number in range(count):
            model.add(sum(literals[number] for literals in within) <= most)
