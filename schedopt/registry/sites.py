"""Where an appointment is, and how long: what the office's tables say of it without a week assembled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from schedopt.models.office import Office
from schedopt.models.tables import Appointment, Shift
from schedopt.models.type_lengths import TypeLengths


def sites_of(office: Office, rows: Sequence[Appointment]) -> dict[str, str]:
    """The site of each appointment by request: that of the provider's shift then, or of one on that day, or any."""
    shifts: dict[str, list[Shift]] = defaultdict(list)
    for shift in office.shifts:
        shifts[shift.provider].append(shift)
    some = next((shift.site for shift in office.shifts), "")
    found = {}
    for row in rows:
        mine = shifts.get(row.provider, [])
        there = [shift for shift in mine if shift.falls_on(row.date)]
        then = [shift for shift in there if shift.start <= row.start < shift.end + (shift.overtime or 0)]
        found[row.request] = next((shift.site for shift in (*then, *there, *mine)), some)
    return found


def lengths_of_visits(office: Office, rows: Sequence[Appointment]) -> dict[str, int]:
    """Minutes that each appointment holds its provider, by request."""
    lengths, requests = TypeLengths(office), {row.request: row for row in office.requests}
    return {row.request: row.minutes or lengths.minutes(requests[row.request], row.provider) for row in rows}
