"""A coupling that holds among some visits alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.couplings.base import Breach, CostPart, Coupling, Encoder, speak_as
from schedopt.models.problem.schedule import Placements, Schedule
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class Among(Coupling):
    """A coupling that sees some visits only, as if all others were left out.

    Attributes
    ----------
    coupling : Coupling
        What is asked of the visits seen.
    requests : bool array, shape (requests,)
        Requests whose visits are seen.
    """

    coupling: Coupling
    requests: Flags

    def __post_init__(self) -> None:
        speak_as(self, self.coupling, "within_day")

    def _seen(self, week: Week, schedule: Schedule) -> Schedule:
        return schedule.without(week, np.flatnonzero(~self.requests))

    def ties(self, week: Week, placed: Placements) -> tuple[Ints, Ints]:
        """Those of the coupling, of the placements seen."""
        seen = np.flatnonzero(self.requests[placed.request])
        row, group = self.coupling.ties(week, placed.take(seen))
        return seen[row], group

    def words(self, week: Week, group: int) -> str:
        """The coupling's."""
        return self.coupling.words(week, group)

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """What the visits seen break among themselves."""
        return self.coupling.breaches(week, self._seen(week, schedule))

    def post(self, encoder: Encoder) -> None:
        """Post the coupling to a model that shows it the visits seen."""
        self.coupling.post(_Glimpse(encoder, self))

    def parts(self, week: Week, schedule: Schedule) -> Sequence[CostPart]:
        """Nothing: what is set aside in part has no price."""
        return ()


class _Glimpse:
    """An encoder that shows some visits only."""

    def __init__(self, encoder: Encoder, among: Among) -> None:
        self._encoder, self._among = encoder, among
        self.model: Any = encoder.model
        self.week: Week = encoder.week
        self.free: Sequence[int] = [r for r in encoder.free if among.requests[r]]
        self.outside: Schedule = encoder.outside

    @cached_property
    def _pairs(self) -> tuple[Ints, Ints]:
        request, session = self._encoder.pairs()
        seen = self._among.requests[request]
        return request[seen], session[seen]

    def fillings(self) -> tuple[Ints, Ints]:
        role, session = self._encoder.fillings()
        seen = self._among.requests[self.week.roles.request[role]]
        return role[seen], session[seen]

    def fills(self, role: int, session: int) -> Any:
        return self._encoder.fills(role, session)

    def pairs(self) -> tuple[Ints, Ints]:
        return self._pairs

    def at(self, request: int, session: int) -> Any:
        return self._encoder.at(request, session)

    def sessions(self, request: int) -> Sequence[int]:
        return self._encoder.sessions(request)

    def holding(self, request: int, session: int) -> Any:
        return self._encoder.holding(request, session)

    def holding_at(self, request: int, site: int, day: int) -> Any:
        return self._encoder.holding_at(request, site, day)

    def placed(self, request: int) -> Any:
        return self._encoder.placed(request)

    def is_free(self, request: int) -> bool:
        return self._encoder.is_free(request)

    def start(self, step: int) -> Any:
        return self._encoder.start(step)

    def length(self, step: int) -> Any:
        return self._encoder.length(step)

    def pay(self, expression: Any, points: int) -> None:
        """Nothing: see :meth:`Among.parts`."""
