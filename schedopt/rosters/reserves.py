"""Places that providers keep for some requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from schedopt.arrays import Flags
from schedopt.models.office import Office
from schedopt.models.problem.couplings import Coupling, PlacesKept
from schedopt.models.problem.couplings.kept import NEVER
from schedopt.models.problem.week import Week
from schedopt.models.tables import Reserve


def reserve_couplings(office: Office, week: Week) -> Iterator[Coupling]:
    """What table ``reserves`` asks for."""
    if not (rows := office.reserves):
        return
    found = [group for number, row in enumerate(rows) for group in _groups(office, week, number, row)]
    provider, day, start, end, size, places, release, kept_for = np.array(found, np.int64).reshape(-1, 8).T
    may_take = np.array([_may_take(office, week, row) for row in rows], bool)
    whom = tuple(_whom(row) for row in rows)
    yield PlacesKept(provider, day, start, end, size, places, release, kept_for, may_take, whom)


def _groups(office: Office, week: Week, number: int, row: Reserve) -> Iterator[Sequence[int]]:
    """Provider, day, hours, size, places, release and row, for each provider and day with a session in the hours."""
    sessions, calendar = week.sessions, week.calendar
    for code, provider in enumerate(office.providers):
        for day in range(calendar.num_days):
            asked = row.provider in (None, provider.provider)
            if not asked or row.weekday not in (None, calendar.date(day).weekday()):
                continue
            low, high = calendar.cell(day, row.start, up=True), calendar.cell(day, row.end)
            mine = (sessions.provider == code) & (sessions.day == day) & (sessions.start < high) & (sessions.end > low)
            if mine.any():
                hours, there = row.release_hours, np.flatnonzero(mine)
                head = int(there[np.argmin(sessions.start[there])])
                site = sessions.site_ids[int(sessions.site[head])]
                release = NEVER if hours is None else calendar.instant_of(int(sessions.start[head]), site) - 60 * hours
                yield code, day, low, high, -(-row.minutes // calendar.grid), row.places, release, number


def _may_take(office: Office, week: Week, row: Reserve) -> Flags:
    """Requests that the places are kept for."""
    default = office.settings.defaults.urgency
    urgency = {request.request: request.urgency or default for request in office.requests}
    kind = {request.request: request.visit_type for request in office.requests}
    return np.array(
        [
            row.visit_type in (None, kind[name]) and urgency[name] >= (row.urgency or 0) for name in week.requests.ids
        ], bool,
    )  # fmt: skip


def _whom(row: Reserve) -> str:
    """The requests that the places are kept for, in words."""
    kind = "requests" if row.visit_type is None else f"requests of type {row.visit_type}"
    return kind if row.urgency is None else f"{kind} of urgency {row.urgency} or more"
