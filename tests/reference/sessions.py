"""Shifts, breaks, leave and closed days, minute by minute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from holidays import country_holidays

from schedopt.models.office import Office
from tests.reference.values import DAY, Session, merged, takes_place


class Sessions:
    """The sessions of an office's days."""

    def __init__(self, office: Office, days: Sequence[dt.date]) -> None:
        self.office = office
        self.days = days

    def all(self) -> list[Session]:
        """The stretches of all shifts, on the grid, without breaks and leave; the last of a shift with overtime."""
        grid, found = self.office.settings.grid_minutes, []
        for row, shift in enumerate(self.office.shifts):
            for date in self.days:
                if not takes_place(shift, date):
                    continue
                away = self._away(shift.provider, date) | self.closed(shift.site, date)
                gone = away | {minute for start, end in shift.breaks for minute in range(start, end)}
                for start, end in merged((m, m + 1) for m in range(shift.start, shift.end) if m not in gone):
                    start, end = -(-start // grid) * grid, end // grid * grid
                    if start < end:
                        over = 0
                        if end == shift.end:
                            over = self.office.settings.defaults.overtime if shift.overtime is None else shift.overtime
                        over = next((m - end for m in range(end, end + over) if m in away or m >= DAY), over)
                        found.append(Session(shift.provider, shift.site, date, start, end, over, (row, date)))
        return [self._without_meeting(session, found) for session in found]

    def _without_meeting(self, session: Session, others: Sequence[Session]) -> Session:
        """Overtime ends, on the grid, where the provider's next session starts."""
        grid, fields = self.office.settings.grid_minutes, vars(session)
        later = [
            other.start - session.end
            for other in others
            if (other.provider, other.date) == (session.provider, session.date) and other.start >= session.end
        ]
        return Session(**{**fields, "overtime": min([session.overtime, *later]) // grid * grid})

    def closed(self, site: str, date: dt.date) -> set[int]:
        """The minutes of a date in which a site is closed."""
        rows = [row for row in self.office.closures or () if row.date == date and row.site in (None, site)]
        minutes = {minute for row in rows for minute in range(row.start, row.end)}
        holidays = self.office.settings.holidays
        opened = any(row.date == date and row.site in (None, site) for row in self.office.open_holidays or ())
        if holidays and not opened:
            named = country_holidays(holidays.country, subdiv=holidays.subdivision, years=date.year)
            minutes |= set(range(DAY)) if date in named else set()
        return minutes

    def _away(self, provider: str, date: dt.date) -> set[int]:
        rows = (row for row in self.office.leave or () if row.provider == provider)
        return {m for row in rows if row.first_day <= date <= row.last_day for m in range(row.start, row.end)}
