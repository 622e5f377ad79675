"""The coupling of the time that a provider needs between visits of unlike types."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.couplings.base import Encoder
from schedopt.models.problem.couplings.days import ProviderDay
from schedopt.models.problem.couplings.stretches import Stretch
from schedopt.models.problem.holds import Holds
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class SetUpTime(ProviderDay):
    """So many minutes lie between what holds a provider for a visit of one type and later for one of another.

    It is asked of every two visits of a day, whatever lies between them, so that no visit less can break it.

    Attributes
    ----------
    cells : int array, shape (visit types, visit types)
        Fewest cells from a visit of one type to a later one of another; 0 where no time is needed.
    """

    cells: Ints

    name = "set_up"
    source = "rosters"
    reason = "time is needed to set up between visits of unlike types"

    def whose(self, week: Week) -> tuple[Ints, Ints]:
        """A group is a provider and a day."""
        providers, days = len(week.sessions.provider_ids), week.calendar.num_days
        return np.repeat(np.arange(providers), days), np.tile(np.arange(days), providers)

    def seen(self, week: Week) -> tuple[Flags, Ints]:
        """Requests of types that need time before or after another."""
        needing: Flags = np.any(self.cells, axis=0) | np.any(self.cells, axis=1)
        return needing[week.requests.visit_type][None], np.zeros(len(self.whose(week)[0]), np.int64)

    def words(self, week: Week, group: int) -> str:
        """Whose time."""
        provider = week.sessions.provider_ids[int(self.whose(week)[0][group])]
        return f"{provider} needs time to set up between visits of unlike types"

    def broken(self, week: Week, group: int, held: Holds) -> Iterator[tuple[Sequence[int], str]]:
        """Whatever begins too soon after what began before, or begins at the same time."""
        kind, start = week.requests.visit_type[held.request], held.start
        need = self.cells[kind[:, None], kind]  # from the first to the second
        between = start - held.end[:, None]
        near: Flags = (need > 0) & (start[:, None] <= start) & (between < need)
        provider, grid = week.sessions.provider_ids[int(self.whose(week)[0][group])], week.calendar.grid
        for one, other in np.argwhere(near).tolist():
            way = " to ".join(week.requests.visit_type_ids[int(kind[k])] for k in (one, other))
            had = f"{max(0, int(between[one, other])) * grid} minutes after {week.requests.ids[int(held.request[one])]}"
            yield [other], f"{provider} needs {need[one, other] * grid} minutes from {way}, and has {had}"

    def require(self, encoder: Encoder, group: int, stretches: Sequence[Stretch]) -> None:
        """Of two visits of unlike types one comes first, and the other begins so much later."""
        model, kind = encoder.model, encoder.week.requests.visit_type
        for one, other in itertools.combinations(stretches, 2):
            types, literals = (int(kind[one.request]), int(kind[other.request])), [*one.literals, *other.literals]
            least = int(self.cells[types]), int(self.cells[types[::-1]])
            if not literals or not any(least):
                continue
            turned = model.new_bool_var("")
            for literal, earlier, later, cells in ((~turned, one, other, least[0]), (turned, other, one, least[1])):
                soonest = earlier.begin + earlier.size + cells if cells else earlier.begin + 1
                model.add(later.begin >= soonest).only_enforce_if([*literals, literal])
