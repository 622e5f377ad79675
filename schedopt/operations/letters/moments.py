"""When letters may be sent: quiet hours by the patient's clocks, also where the clocks change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

_MINUTE, _DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
_BEFORE_QUIET = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nobody is written to.

    Attributes
    ----------
    zone : ZoneInfo
        By whose clocks.
    first, last : int
        Minutes from midnight: quiet from the one, until just before the other, past midnight where it is earlier; the
        same twice: never.
    """

    zone: ZoneInfo
    first: int
    last: int

    @classmethod
    def of(cls, zone: str, first: int, last: int) -> Quiet:
        """Those of a zone by its name."""
        return cls(ZoneInfo(zone), first % (24 * 60), last % (24 * 60))

    def holds(self, moment: dt.datetime) -> bool:
        """Whether it is quiet at a moment (with a zone)."""
        local = moment.astimezone(self.zone)
        minutes = local.hour * 60 + local.minute
        if self.first <= self.last:
            return self.first <= minutes < self.last
        return minutes >= self.first or minutes < self.last

    def after(self, moment: dt.datetime) -> dt.datetime:
        """The first moment from one on at which it is not quiet (UTC)."""
        if not self.holds(moment):
            return moment.astimezone(dt.UTC)
        ends = (one for one in self._ends(moment) if one > moment and not self.holds(one))
        return self._earliest(min(ends), moment)

    def before(self, moment: dt.datetime) -> dt.datetime:
        """A moment that is not quiet, about an hour before the quiet hours in which another one lies (UTC)."""
        found = moment.astimezone(dt.UTC)
        while self.holds(found):
            found -= _MINUTE
        early = found - _BEFORE_QUIET
        return found if self.holds(early) else early

    def _ends(self, moment: dt.datetime) -> Iterator[dt.datetime]:
        """Moments at which quiet hours may end around a moment; a time that is shown twice gives both."""
        today = moment.astimezone(self.zone).date()
        for day in (today, today + _DAY, today + 2 * _DAY):
            shown = dt.datetime.combine(day, dt.time(self.last // 60, self.last % 60))
            first, second = (
                shown.replace(tzinfo=self.zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1)
            )  # fmt: skip
            yield from (first, second)
            while second < first:  # the clocks jump over that time: it is over when they have jumped
                second += _MINUTE
                if second.astimezone(self.zone).replace(tzinfo=None) >= shown:
                    yield second
                    break

    def _earliest(self, end: dt.datetime, moment: dt.datetime) -> dt.datetime:
        """The first moment of the stretch in which an end lies: the clocks may have jumped over the time itself."""
        while end - _MINUTE > moment and not self.holds(end - _MINUTE):
            end -= _MINUTE
        return end


def sending_moment(base: dt.datetime, now: dt.datetime, quiet: Quiet | None) -> dt.datetime:
    """When something that is due at a moment may be sent: not before, not in the past of quiet hours, not in them."""
    if quiet is None:
        return base.astimezone(dt.UTC)
    first = quiet.after(base)
    return first if first > now or not quiet.holds(now) else quiet.after(now)


def instant_of(date: dt.date, minutes: int, zone: str) -> dt.datetime:
    """The moment (UTC) at which a zone's clocks show a time of a day."""
    shown = dt.datetime.combine(date, dt.time()) + minutes * _MINUTE
    return shown.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
