"""Group visits in a model: of the visits that start together, one holds the provider, and the others join it."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.week import Week


class GroupVisits:
    """Adds to a model which free visits hold their provider themselves.

    A visit is said to hold it, or joins exactly one of those that do: a free one with a lower code, or one that stays.
    Who joins starts when the other does, and no more do than there are seats.

    Parameters
    ----------
    model : CpModel
        Grows.
    week : Week
        The columns.
    outside : Schedule
        The visits that stay.
    at : mapping of (request, session) to literal
        A free request is placed in a session.
    start : callable
        The start variable of a request's provider step.
    """

    def __init__(
        self, model: cp_model.CpModel, week: Week, outside: Schedule, at: Mapping[tuple[int, int], Any],
        start: Callable[[int], Any],
    ) -> None:  # fmt: skip
        self._model, self._week, self._start = model, week, start
        self.holding: dict[tuple[int, int], Any] = {}
        members: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        for request, session in sorted(at):
            if week.requests.group[request] >= 0:
                members[self._alike(request, session)].append(request)
        staying = self._staying(outside)
        for alike, requests in members.items():
            self._add(alike[1], requests, at, staying.get(alike, {}))

    def _alike(self, request: int, session: int) -> tuple[int, int, int]:
        """What those have in common who can be one group visit: type, session and length there."""
        return int(self._week.requests.group[request]), session, int(self._week.length_of(request, session))

    def _staying(self, outside: Schedule) -> dict[tuple[int, int, int], dict[int, int]]:
        """How many visits that stay, of those that are alike, start in each cell."""
        found: dict[tuple[int, int, int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
        start, group = outside.start(self._week), self._week.requests.group
        for request in np.flatnonzero((group >= 0) & (outside.session >= 0)).tolist():
            found[self._alike(request, int(outside.session[request]))][int(start[request])] += 1
        return found

    def _add(
        self, session: int, requests: Sequence[int], at: Mapping[tuple[int, int], Any], staying: Mapping[int, int]
    ) -> None:
        """The visits of one kind in one session."""
        model, seats = self._model, int(self._week.requests.most_together[requests[0]])
        for request in requests:
            self.holding[request, session] = model.new_bool_var("")
        joining: dict[int, list[Any]] = {request: [] for request in requests}
        joined: dict[int, list[Any]] = {request: [] for request in requests}
        for one, other in itertools.combinations(requests, 2):
            joins = model.new_bool_var("")
            model.add(self._start(one) == self._start(other)).only_enforce_if(joins)
            model.add_implication(joins, self.holding[one, session])
            joining[other].append(joins)
            joined[one].append(joins)
        for cell, taken in staying.items():
            free = [self._joins_at(request, cell) for request in requests] if taken < seats else []
            for request, joins in zip(requests, free, strict=False):
                joining[request].append(joins)
            model.add(sum(free) <= seats - taken)
        for request in requests:
            model.add(sum(joined[request]) <= seats - 1)
            model.add_exactly_one([self.holding[request, session], *joining[request], ~at[request, session]])

    def _joins_at(self, request: int, cell: int) -> Any:
        """Literal: the request joins visits that stay, which start in a cell."""
        joins = self._model.new_bool_var("")
        self._model.add(self._start(request) == cell).only_enforce_if(joins)
        return joins
