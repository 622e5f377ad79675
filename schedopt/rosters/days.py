"""What the rosters ask of the days of a provider: ways, breaks, rest, set-up, what follows what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Ints
from schedopt.models.office import Office
from schedopt.models.problem.couplings import (
    Coupling,
    DailyRest,
    InARow,
    LongestStretch,
    MovingBreaks,
    ProviderTravel,
    SetUpTime,
)
from schedopt.models.problem.options import Options
from schedopt.models.problem.rules import Confines, Rule
from schedopt.models.problem.spans import SpanTable
from schedopt.models.problem.week import Week
from schedopt.models.tables import SetUp, Shift
from schedopt.models.ways import way_minutes
from schedopt.rosters.reserves import reserve_couplings


def day_couplings(office: Office, week: Week) -> Iterator[Coupling]:
    """Couplings about the time of single providers, beside that they see one patient at a time."""
    grid, defaults = week.calendar.grid, office.settings.defaults
    if office.travel:
        yield ProviderTravel(way_minutes(office.travel, week.sessions.site_ids), grid)
    breaks = list(_moving_breaks(office, week))
    if breaks:
        yield MovingBreaks(*np.array(breaks, np.int64).T)
    most = [_or(provider.without_break, defaults.without_break) for provider in office.providers]
    if any(minutes is not None for minutes in most):
        cells = np.array([-1 if minutes is None else minutes // grid for minutes in most], np.int64)
        yield LongestStretch(cells, np.full(len(most), -(-defaults.shortest_break // grid)))
    rest = [_or(provider.rest_hours, defaults.rest_hours) or 0 for provider in office.providers]
    if any(rest):
        yield DailyRest(np.array(rest, np.int64), grid)
    in_a_row = [-1 if kind.most_in_a_row is None else kind.most_in_a_row for kind in office.visit_types]
    if max(in_a_row, default=-1) >= 0:
        yield InARow(np.array(in_a_row, np.int64))
    if any(row.minutes for row in office.setups or ()):
        yield SetUpTime(_set_up_cells(office.setups or (), week))
    yield from reserve_couplings(office, week)


@dataclass(frozen=True)
class LastNew(Confines):
    """A visit of a new patient does not begin in the last minutes of a shift.

    Attributes
    ----------
    times : SpanTable
        When new patients may begin; key is provider * days + day, and one more key for all other patients. Cells.
    """

    times: SpanTable

    name = "last_new"
    source = "rosters"
    reason = "new patients do not begin so late in the shift"
    relief = "a new patient late in the shift"
    waived = True

    def spans(self, options: Options, week: Week) -> tuple[Ints, Ints, Ints]:
        """The times of the provider and day, where the patient is new."""
        sessions = week.sessions
        key = sessions.provider[options.session] * week.calendar.num_days + sessions.day[options.session]
        return self.times.join(np.where(week.requests.new[options.request], key, len(self.times.offset) - 2))


def day_rules(office: Office, week: Week) -> Iterator[Rule]:
    """Rules about when in a provider's day a visit may be."""
    calendar, spans = week.calendar, list[tuple[int, int, int]]()
    for shift, provider, day in _shifts(office, week, lambda shift: bool(shift.last_new)):
        first = calendar.cell(day, shift.end - (shift.last_new or 0), up=True)
        spans.append((provider * calendar.num_days + day, first, calendar.cell(day, shift.end)))
    if spans:
        yield LastNew(SpanTable.of(len(office.providers) * calendar.num_days + 1, spans).complement())


def _or(own: int | None, default: int | None) -> int | None:
    return default if own is None else own


def _set_up_cells(rows: Sequence[SetUp], week: Week) -> Ints:
    """Cells from visits of each type to later ones of each other; shape (visit types, visit types)."""
    code = {name: number for number, name in enumerate(week.requests.visit_type_ids)}
    cells = np.zeros((len(code), len(code)), np.int64)
    for row in rows:
        cells[code[row.visit_type], code[row.next_visit_type]] = row.minutes // week.calendar.grid
    return cells


def _moving_breaks(office: Office, week: Week) -> Iterator[tuple[int, int, int, int, int]]:
    """Provider, day, first cell, cell after the last, and cells of every moving break."""
    calendar = week.calendar
    for shift, provider, day in _shifts(office, week, lambda shift: bool(shift.moving_breaks)):
        for start, end, minutes in shift.moving_breaks:
            yield provider, day, calendar.cell(day, start), calendar.cell(day, end), minutes // calendar.grid


def _shifts(office: Office, week: Week, asked: Callable[[Shift], bool]) -> Iterator[tuple[Shift, int, int]]:
    """Shifts of which something is asked, with provider and day, wherever they have a session."""
    sessions, calendar = week.sessions, week.calendar
    provider = {row.provider: code for code, row in enumerate(office.providers)}
    site = {name: code for code, name in enumerate(sessions.site_ids)}
    for shift in filter(asked, office.shifts):
        mine = (sessions.provider == provider[shift.provider]) & (sessions.site == site[shift.site])
        for day in map(calendar.day, filter(shift.falls_on, calendar.dates)):
            low, high = calendar.cell(day, shift.start), calendar.cell(day, shift.end)
            if (mine & (sessions.start >= low) & (sessions.end <= high)).any():
                yield shift, provider[shift.provider], day
