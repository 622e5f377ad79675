"""The week as columns: requests with their steps, sessions, pools. Codes are positions in these columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from schedopt.models.calendar import Calendar

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Sessions:
    """Providers' bookable stretches; every array has one entry a session.

    Attributes
    ----------
    ids : tuple of str
        Provider, date and start, such as ``DR1 2026-11-30 08:00``.
    provider, site : int array
        Codes into `provider_ids` and `site_ids`.
    shift : int array
        Sessions with the same number were one shift before its breaks were taken out.
    day : int array
        Days from the first day planned.
    start, end : int array
        Cells; the end without overtime.
    overtime : int array
        Cells that visits may run past the end.
    provider_ids, site_ids : tuple of str
        What the codes stand for.
    """

    ids: tuple[str, ...]
    provider: Ints
    site: Ints
    shift: Ints
    day: Ints
    start: Ints
    end: Ints
    overtime: Ints
    provider_ids: tuple[str, ...]
    site_ids: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Pools:
    """Shared rooms, devices and support staff; every array has one entry a pool.

    Attributes
    ----------
    ids : tuple of str
        The office's ids.
    site, kind : int array
        Codes into the sessions' `site_ids` and into `kind_ids`.
    capacity : int array
        Units.
    turnover : int array
        Cells that a unit stays held after each use.
    closed : int array, shape (closures, 3)
        Pool, first cell, cell after the last: nothing of the pool can be used.
    kind_ids : tuple of str
        What the kind codes stand for.
    at : int array, shape (sites, kinds)
        The pool of a kind at a site, or -1.
    """

    ids: tuple[str, ...]
    site: Ints
    kind: Ints
    capacity: Ints
    turnover: Ints
    closed: Ints
    kind_ids: tuple[str, ...]
    at: Ints

    def __len__(self) -> int:
        return len(self.ids)

    def available(self, num_cells: int) -> Ints:
        """Units of each pool in each cell, closures taken off; shape (pools, cells)."""
        units = np.repeat(self.capacity[:, None], num_cells, axis=1)
        for pool, first, last in self.closed:
            units[pool, max(0, first) : max(0, last)] = 0
        return units


@dataclass(frozen=True)
class Steps:
    """Steps of all requests, those of one request together and in order; one entry a step.

    Attributes
    ----------
    request : int array
        Code of the request.
    length : int array
        Cells.
    max_wait : int array
        Most cells between the end of the step before and this one's start; 0 for a request's first step.
    offset : int array, shape (requests + 1,)
        Request r has steps ``offset[r]`` to ``offset[r + 1] - 1``.
    provider_step : int array, shape (requests,)
        The step that the provider takes part in.
    need_step, need_kind : int array
        One entry for each kind of pool that a step holds a unit of.
    """

    request: Ints
    length: Ints
    max_wait: Ints
    offset: Ints
    provider_step: Ints
    need_step: Ints
    need_kind: Ints

    def __len__(self) -> int:
        return len(self.request)

    @cached_property
    def needs(self) -> tuple[tuple[int, ...], ...]:
        """Kinds of pool by step."""
        kinds: list[list[int]] = [[] for _ in range(len(self))]
        for step, kind in zip(self.need_step.tolist(), self.need_kind.tolist(), strict=True):
            kinds[step].append(kind)
        return tuple(tuple(sorted(k)) for k in kinds)


@dataclass(frozen=True)
class Requests:
    """Visits asked for; every array has one entry a request.

    Attributes
    ----------
    ids : tuple of str
        The office's ids.
    patient, visit_type : int array
        Codes into `patient_ids` and `visit_type_ids`.
    length : int array
        Cells of the provider step.
    buffer_before, buffer_after : int array
        Cells that the provider is held before and after that step.
    priority : int array
        Multiplies the price of being left out.
    new : bool array
        The patient is new to the office.
    ready : int array
        Days from the first day planned to the one on which the patient is ready; negative before it, 0 where the
        office states none.
    promised_provider, promised_start : int array
        The appointment already promised: code of the provider and cell; -1 without one.
    fixed : bool array
        The promise has to be kept exactly.
    patient_ids, visit_type_ids : tuple of str
        What the codes stand for.
    usual : int array, optional
        Cells that the provider step is expected to take, where appointments have been made shorter than that; without
        it, `length`.
    """

    ids: tuple[str, ...]
    patient: Ints
    visit_type: Ints
    length: Ints
    buffer_before: Ints
    buffer_after: Ints
    priority: Ints
    new: Flags
    ready: Ints
    promised_provider: Ints
    promised_start: Ints
    fixed: Flags
    patient_ids: tuple[str, ...]
    visit_type_ids: tuple[str, ...]
    usual: Ints | None = None

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def usual_length(self) -> Ints:
        """Cells that the provider step is expected to take."""
        return self.length if self.usual is None else self.usual

    @cached_property
    def hold(self) -> Ints:
        """Cells for which a provider is held: buffers and step."""
        return self.buffer_before + self.length + self.buffer_after


@dataclass(frozen=True)
class Week:
    """Requests, steps, sessions and pools of the days planned."""

    calendar: Calendar
    requests: Requests
    steps: Steps
    sessions: Sessions
    pools: Pools

    @cached_property
    def lead(self) -> Ints:
        """Fewest cells from the first step's start to the provider step's, by request."""
        return self._cells_beside(before=True)

    @cached_property
    def lag(self) -> Ints:
        """Fewest cells from the provider step's end to the last step's, by request."""
        return self._cells_beside(before=False)

    def _cells_beside(self, *, before: bool) -> Ints:
        steps = self.steps
        own = steps.provider_step[steps.request]
        number = np.arange(len(steps))
        beside = number < own if before else number > own
        return np.bincount(steps.request[beside], weights=steps.length[beside], minlength=len(self.requests)).astype(
            np.int64
        )

    @cached_property
    def request_code(self) -> dict[str, int]:
        """Code by id."""
        return {name: code for code, name in enumerate(self.requests.ids)}

    @cached_property
    def session_code(self) -> dict[str, int]:
        """Code by id."""
        return {name: code for code, name in enumerate(self.sessions.ids)}
