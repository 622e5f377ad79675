"""The records' rules about when: ready and due days, patients' times, ages, promises."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.names import FIXED_PROMISE
from schedopt.models.problem.options import Options
from schedopt.models.problem.rules import Confines, Forbids, Prices, PricesTimes
from schedopt.models.problem.spans import ALWAYS, SpanTable
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class ReadyDay(Forbids):
    """No visit before its ready day.

    Attributes
    ----------
    day : int array, shape (requests,)
        Days from the first planned.
    """

    day: Ints

    name = "ready_day"
    source = "records"
    reason = "before the day on which the patient is ready"
    relief = "a day before the patient is ready"
    waived = True

    def allows(self, options: Options, week: Week) -> Flags:
        """Compare days."""
        return week.sessions.day[options.session] >= self.day[options.request]


@dataclass(frozen=True)
class _BetweenDays(Forbids):
    """Base: a visit from some day to some other.

    Attributes
    ----------
    first_day, last_day : int array, shape (requests,)
        Days from the first planned, both included.
    """

    first_day: Ints
    last_day: Ints

    def allows(self, options: Options, week: Week) -> Flags:
        """Compare days."""
        day = week.sessions.day[options.session]
        return (day >= self.first_day[options.request]) & (day <= self.last_day[options.request])


class AgeLimit(_BetweenDays):
    """A patient has, on the day, an age that the visit type is for."""

    name = "age"
    source = "records"
    reason = "the visit type is for another age"
    relief = "the visit type for a patient of another age"


class SeriesDays(_BetweenDays):
    """A visit keeps its distance in days to one promised outside the days planned, before or after it.

    One wanted on the same day as a visit promised for a later week waits for that week.
    """

    name = "series_days"
    source = "records"
    reason = "too few or too many days from a visit of its series that is promised for another week"
    relief = "another distance in days to a visit promised for another week"
    waived = True


@dataclass(frozen=True)
class Available(Confines):
    """The whole visit lies inside one of the times at which the patient can come.

    Attributes
    ----------
    limited : bool array, shape (requests,)
        The patient gave times; all others can come at any time.
    times : SpanTable
        Key is ``request * days + day``. Cells.
    """

    limited: Flags
    times: SpanTable

    name = "availability"
    source = "records"
    reason = "the patient cannot come then"
    relief = "another time than those at which the patient can come"
    waived = True
    whole_visit = True

    def spans(self, options: Options, week: Week) -> tuple[Ints, Ints, Ints]:
        """Times of the session's day; everything for patients who gave none."""
        limited = self.limited[options.request]
        rows, free = np.flatnonzero(limited), np.flatnonzero(~limited)
        key = options.request[rows] * week.calendar.num_days + week.sessions.day[options.session[rows]]
        row, start, end = self.times.join(key)
        first, last = (np.full(len(free), bound, np.int64) for bound in ALWAYS)
        return np.concatenate([rows[row], free]), np.concatenate([start, first]), np.concatenate([end, last])


@dataclass(frozen=True)
class Preferred(PricesTimes):
    """A provider step that starts outside the times the patient prefers costs.

    Attributes
    ----------
    stated : bool array, shape (requests,)
        The patient prefers some times.
    preferred : SpanTable
        Key is ``request * days + day``. Cells.
    points : int
        A visit.
    """

    stated: Flags
    preferred: SpanTable
    points: int

    name = "preference"
    source = "records"
    reason = "outside the times the patient prefers"

    def times(self, options: Options, week: Week) -> tuple[SpanTable, Ints]:
        """Times of the session's day."""
        return self.preferred, options.request * week.calendar.num_days + week.sessions.day[options.session]

    def outside(self, options: Options, week: Week) -> Ints:
        """Points of patients who prefer some times."""
        return np.where(self.stated[options.request], self.points, 0)


@dataclass(frozen=True)
class _Daily(Prices):
    """Base: points for each day from some day on.

    Attributes
    ----------
    since : int array, shape (requests,)
        Day, from the first planned, after which days count.
    urgency : int array, shape (requests,)
        Multiplier.
    points : int
        A day.
    """

    since: Ints
    urgency: Ints
    points: int

    unit = "days"

    def _days(self, options: Options, week: Week) -> Ints:
        days: Ints = np.maximum(0, week.sessions.day[options.session] - self.since[options.request])
        return days

    def price(self, options: Options, week: Week) -> Ints:
        """Days times urgency times points."""
        return self._days(options, week) * self.urgency[options.request] * self.points

    def quantity(self, visits: Options, price: Ints, week: Week) -> int:
        """Days."""
        return int(self._days(visits, week).sum()) if self.points else 0

    def quantity_left_out(self, price: Ints) -> int:
        """Requests left out wait on, but for nobody knows how many days."""
        return 0


@dataclass(frozen=True)
class AccessWait(_Daily):
    """Each day from ready day to visit costs; only days that are planned count, earlier ones are past."""

    name = "access"
    source = "records"
    reason = "each day of waiting for the visit"


@dataclass(frozen=True)
class Lateness(_Daily):
    """Each day past the due day costs; only days that are planned count."""

    name = "late"
    source = "records"
    reason = "each day past the due day"


class _LeftOutOnly(Prices):
    """Base: costs only where a request is left out."""

    def price(self, options: Options, week: Week) -> Ints:
        """Nothing, where placed."""
        return np.zeros(len(options), np.int64)


@dataclass(frozen=True)
class WaitedBefore(_LeftOutOnly):
    """The longer a request has waited before the first day planned, the dearer it is to leave it out once more.

    Attributes
    ----------
    days : int array, shape (requests,)
        Days from the ready day to the first day planned.
    urgency : int array, shape (requests,)
        Multiplier.
    points : int
        A day.
    """

    days: Ints
    urgency: Ints
    points: int

    name = "waited"
    source = "records"
    reason = "left out again after days of waiting"
    unit = "requests"

    def left_out(self, week: Week) -> Ints:
        """Points of the days already waited."""
        return self.days * self.urgency * self.points


@dataclass(frozen=True)
class Unscheduled(_LeftOutOnly):
    """A request left out costs.

    Attributes
    ----------
    points : int
        Times the request's priority.
    """

    points: int

    name = "unscheduled"
    source = "records"
    reason = "left out"
    unit = "requests"

    def left_out(self, week: Week) -> Ints:
        """Points times priority."""
        return self.points * week.requests.priority


def _promised(options: Options, week: Week) -> Flags:
    """Options with the provider who was promised."""
    same: Flags = week.requests.promised_provider[options.request] == week.sessions.provider[options.session]
    return same


@dataclass(frozen=True)
class FixedPromise(Confines):
    """An appointment promised as fixed stays with its provider at its start."""

    name = FIXED_PROMISE
    source = "records"
    reason = "another provider or time was promised, and fixed"
    sharp = True

    def spans(self, options: Options, week: Week) -> tuple[Ints, Ints, Ints]:
        """One cell for fixed appointments, everything for all others."""
        fixed = week.requests.fixed[options.request]
        row = np.flatnonzero(~fixed | _promised(options, week))
        start = np.where(fixed, week.requests.promised_start[options.request], ALWAYS[0])[row]
        end = np.where(fixed, week.requests.promised_start[options.request] + 1, ALWAYS[1])[row]
        return row, start, end


@dataclass(frozen=True)
class MovedPromise(PricesTimes):
    """A movable appointment that gets another provider, day or start, or is left out, costs.

    Attributes
    ----------
    points : int
        Times the request's priority.
    """

    points: int

    name = "moved"
    source = "records"
    reason = "another provider or time than promised"

    def _movable(self, week: Week) -> Flags:
        return (week.requests.promised_start >= 0) & ~week.requests.fixed

    def times(self, options: Options, week: Week) -> tuple[SpanTable, Ints]:
        """The promised cell, for the promised provider; key is the request, or the one after the last."""
        requests = week.requests
        count = len(requests)
        codes = np.flatnonzero(self._movable(week))
        start = requests.promised_start[codes]
        table = SpanTable.of(count + 1, zip(codes.tolist(), start.tolist(), (start + 1).tolist(), strict=True))
        return table, np.where(_promised(options, week), options.request, count)

    def outside(self, options: Options, week: Week) -> Ints:
        """Points of movable appointments."""
        return self.left_out(week)[options.request]

    def left_out(self, week: Week) -> Ints:
        """Points times priority of movable appointments."""
        return np.where(self._movable(week), self.points * week.requests.priority, 0)
