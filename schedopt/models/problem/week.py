"""The week as columns: requests with their steps, sessions, pools. Codes are positions in these columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.calendar import Calendar
from schedopt.models.problem.due import NotDue
from schedopt.models.problem.roles import Roles, no_roles
from schedopt.models.problem.sessions import Closures, Sessions, no_closures

ALL_UNITS = 2**40
"""Units of a closure that leaves none, however many there are."""


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
    closed : int array, shape (closures, 5)
        Pool, first cell, cell after the last, units that cannot be used (`ALL_UNITS`: whatever there is), and code into
        `takers`: closures of the same taker are of the same units, those of different ones add up.
    kind_ids : tuple of str
        What the kind codes stand for.
    at : int array, shape (sites, kinds)
        The pool of a kind at a site, or -1.
    takers : tuple of (str or None)
        What takes units of pools that are closed, such as the id of a device.
    """

    ids: tuple[str, ...]
    site: Ints
    kind: Ints
    capacity: Ints
    turnover: Ints
    closed: Ints
    kind_ids: tuple[str, ...]
    at: Ints
    takers: tuple[str | None, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    def available(self, num_cells: int) -> Ints:
        """Units of each pool in each cell, closures taken off; shape (pools, cells)."""
        units = np.repeat(self.capacity[:, None], num_cells, axis=1)
        for pool, taker in np.unique(self.closed[:, [0, 4]], axis=0).tolist():
            gone = np.zeros(num_cells, np.int64)
            for first, last, closed in self.closed[(self.closed[:, [0, 4]] == (pool, taker)).all(axis=1), 1:4].tolist():
                span = slice(max(0, first), max(0, last))
                gone[span] = np.maximum(gone[span], closed)
            units[pool] = np.maximum(0, units[pool] - gone)
        return units

    def with_closed(self, pool: str, span: tuple[int, int], units: int | None, taker: str | None) -> Pools:
        """The pools with one more closure: of a pool by its id, from a cell to before another."""
        takers = self.takers if taker in self.takers else (*self.takers, taker)
        row = [self.ids.index(pool), *span, ALL_UNITS if units is None else units, takers.index(taker)]
        return replace(self, closed=np.concatenate([self.closed, np.array([row], np.int64)]), takers=takers)


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
    seats : int array, optional
        Most visits of the request's type that may be one group visit; without it, or at 1, the visit is its own.
    by_provider : int array, shape (requests, providers), optional
        Cells of the provider step with each provider, where they differ; without it, `length` with all.
    notice : int array, optional
        Hours from the moment of planning before which no visit begins; without it, none.
    not_due : tuple of NotDue
        Who asks for a visit that is due only after the days planned; no entry of the columns.
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
    seats: Ints | None = None
    by_provider: Ints | None = None
    notice: Ints | None = None
    not_due: tuple[NotDue, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def usual_length(self) -> Ints:
        """Cells that the provider step is expected to take."""
        return self.length if self.usual is None else self.usual

    @property
    def most_together(self) -> Ints:
        """Most visits that can be one group visit, by request; 1 where a visit is its own."""
        return np.ones(len(self), np.int64) if self.seats is None else self.seats

    @cached_property
    def group(self) -> Ints:
        """What visits have in common that can be one group visit where they last as long: their type, or -1."""
        return np.where(self.most_together > 1, self.visit_type, -1)

    @cached_property
    def hold(self) -> Ints:
        """Cells for which a provider is held: buffers and step."""
        return self.buffer_before + self.length + self.buffer_after


@dataclass(frozen=True)
class Week:
    """Requests, steps, sessions and pools of the days planned, who takes part in visits, and when sites are closed."""

    calendar: Calendar
    requests: Requests
    steps: Steps
    sessions: Sessions
    pools: Pools
    roles: Roles = field(default_factory=no_roles)
    closures: Closures = field(default_factory=no_closures)

    def length_of(self, request: Ints | int, session: Ints | int) -> Ints:
        """Cells of the provider steps of requests in sessions; as `Requests.length` says where the session is -1."""
        return self.length_with(request, np.append(self.sessions.provider, -1)[session])

    def length_with(self, request: Ints | int, provider: Ints | int) -> Ints:
        """Cells of the provider steps of requests with providers; as `Requests.length` says where that is -1."""
        length, by_provider = np.asarray(self.requests.length[request]), self.requests.by_provider
        if by_provider is None:
            return length
        return np.where(np.asarray(provider) < 0, length, by_provider[request, provider])

    def hold_of(self, request: Ints | int, session: Ints | int) -> Ints:
        """Cells for which a provider is held by requests in sessions: buffers and step."""
        requests = self.requests
        held: Ints = requests.buffer_before[request] + self.length_of(request, session) + requests.buffer_after[request]
        return held

    def time_words(self, session: int, cell: int) -> str:
        """A moment in a session for people, with the time zone of its site where not all sites have the office's."""
        calendar = self.calendar
        site = self.sessions.site_ids[int(self.sessions.site[session])]
        return f"{calendar.words(cell)} ({calendar.zone_at(site).key})" if calendar.zones else calendar.words(cell)

    def step_lengths(self, request: int, session: int) -> Ints:
        """Cells of each step of one request in a session."""
        head, tail = int(self.steps.offset[request]), int(self.steps.offset[request + 1])
        length = self.steps.length[head:tail].copy()
        length[int(self.steps.provider_step[request]) - head] = self.length_of(request, session)
        return length

    def with_sessions(self, session: Ints) -> Week:
        """The week in which visits are as long as they are in these sessions, one a request; -1 where left out."""
        if self.requests.by_provider is None:
            return self
        everybody = np.arange(len(self.requests))
        length, usual = self.length_of(everybody, session), self.requests.usual
        if usual is not None:
            usual = np.where(usual == self.requests.length, length, usual)
        step_length = self.steps.length.copy()
        step_length[self.steps.provider_step] = length
        requests = replace(self.requests, length=length, usual=usual, by_provider=None)
        return replace(self, requests=requests, steps=replace(self.steps, length=step_length))

    @cached_property
    def lead(self) -> Ints:
        """Fewest cells from the first step's start to the provider step's, by request."""
        return self._cells_beside(before=True)

    @cached_property
    def lag(self) -> Ints:
        """Fewest cells from the provider step's end to the last step's, by request."""
        return self._cells_beside(before=False)

    @cached_property
    def has_pools(self) -> Flags:
        """Whether a site has every kind of pool that the steps of a request need; shape (requests, sites)."""
        has = np.ones((len(self.requests), len(self.sessions.site_ids)), bool)
        request = self.steps.request[self.steps.need_step]
        for kind, there in enumerate((self.pools.at >= 0).T):
            has[request[self.steps.need_kind == kind]] &= there
        return has

    @cached_property
    def role_of(self) -> Ints:
        """The role of each request that has a number, or -1; shape (requests, most roles of a request)."""
        found = np.full((len(self.requests), self.roles.most), -1, np.int64)
        found[self.roles.request, self.roles.number] = np.arange(len(self.roles))
        return found

    @cached_property
    def role_distance(self) -> tuple[Ints, Ints]:
        """Fewest and most cells from the provider step's start to that of each role's step; negative before it."""
        steps, step = self.steps, self.roles.step
        own = steps.provider_step[self.roles.request]
        before = np.cumsum(steps.length) - steps.length
        waits = np.cumsum(steps.max_wait)
        direct, most = before[step] - before[own], waits[step] - waits[own]
        return direct + np.minimum(most, 0), direct + np.maximum(most, 0)

    @cached_property
    def role_cells(self) -> Ints:
        """Cells for which those who take part beside the visit's own provider are held, by request."""
        cells = np.zeros(len(self.requests), np.int64)
        np.add.at(cells, self.roles.request, self.steps.length[self.roles.step])
        return cells

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
