"""What takes place every second week or on the first Tuesday of a month."""

from __future__ import annotations

import datetime as dt

import pytest
from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schedopt.models.tables import Availability, Shift
from schedopt.models.tables.fields import LAST, WEEKDAYS

FIRST = dt.date(2026, 8, 3)
DAYS = [FIRST + dt.timedelta(days=number) for number in range(800)]


@st.composite
def _shifts(draw: st.DrawFn, weekday: int | None = None) -> Shift:
    """On a weekday, with what else may say when."""
    weekday = draw(st.integers(0, 6)) if weekday is None else weekday
    start = FIRST + dt.timedelta(days=(weekday - FIRST.weekday()) % 7 + 7 * draw(st.integers(0, 60)))
    end = draw(st.none() | st.integers(0, 300).map(lambda days: start + dt.timedelta(days=days)))
    how = draw(
        st.just({"valid_from": None})
        | st.integers(1, 9).map(lambda every: {"every": every})
        | st.sets(st.sampled_from([1, 2, 3, 4, 5, LAST]), min_size=1).map(
            lambda weeks: {"week_of_month": [str(week) if week != LAST else "last" for week in sorted(weeks)]}
        )
    )
    when = {"weekday": WEEKDAYS[weekday], "valid_from": start, "valid_until": end, **how}
    return Shift(provider="DR1", site="MAIN", start="08:00", end="09:00", **when)


@given(_shifts())
def test_it_recurs_as_the_standard_says(shift: Shift) -> None:
    """The days are those of the RRULE of RFC 5545 that says the same, as another library reads it."""
    weeks = shift.week_of_month
    weekday = rrule.weekday(shift.weekday)
    said = {
        "dtstart": dt.datetime.combine(shift.valid_from or FIRST, dt.time()),
        "until": dt.datetime.combine(shift.valid_until or DAYS[-1], dt.time()),
    }
    rule = (
        rrule.rrule(rrule.MONTHLY, byweekday=[weekday(week) for week in weeks], **said) if weeks
        else rrule.rrule(rrule.WEEKLY, interval=shift.every or 1, byweekday=weekday, **said)
    )  # fmt: skip
    expected = [day.date() for day in rule if day.date() <= DAYS[-1]]
    assert [day for day in DAYS if shift.falls_on(day)] == expected


@given(st.data())
def test_two_meet_where_both_take_place(data: st.DataObject) -> None:
    """Two shifts on a weekday meet exactly where there is a day on which both take place."""
    one = data.draw(_shifts())
    other = data.draw(_shifts(one.weekday))
    weeks = (DAYS[one.weekday] + dt.timedelta(days=7 * number) for number in range(52 * 60))
    assert one.meets(other) == other.meets(one) == any(one.falls_on(day) and other.falls_on(day) for day in weeks)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"weekday": "Monday", "every": "2"}, "valid_from"),
        ({"weekday": "Monday", "every": "2", "valid_from": "2026-12-01"}, "on the weekday"),
        ({"weekday": "Monday", "every": "1", "week_of_month": "1"}, "not both"),
        ({"weekday": "Monday", "week_of_month": "6"}, "from 1 to 5, or last"),
        ({"date": "2026-12-01", "week_of_month": "1"}, "expected a weekday"),
        ({"date": "2026-12-01", "valid_from": "2026-12-01"}, "beside a date"),
    ],
)
def test_what_cannot_be_meant_is_refused(cells: dict[str, str], words: str) -> None:
    """A row that says how it recurs without what that counts from, twice, or beside a date is an error."""
    with pytest.raises(ValidationError, match=words):
        Shift(provider="DR1", site="MAIN", start="08:00", end="09:00", **cells)


def test_patients_have_such_weeks_too() -> None:
    """A patient who can come on Mondays in every second week is not there on those between."""
    row = Availability(
        patient="N1", weekday="Monday", every="2", valid_from="2026-11-30", start="08:00", end="12:00"
    )  # fmt: skip
    days = [dt.date(2026, 11, 30), dt.date(2026, 12, 7), dt.date(2026, 12, 14), dt.date(2026, 12, 15)]
    assert [row.falls_on(day) for day in days] == [True, False, True, False]


@pytest.mark.parametrize(
    ("weeks", "days"),
    [("last", [29, 26, 31]), ("4", [22, 26, 24]), ("5", [29, 31]), ("1; LAST", [1, 29, 5, 26, 3, 31])],
)
def test_the_last_is_the_fourth_or_the_fifth(weeks: str, days: list[int]) -> None:
    """Tuesdays of three months by their place in the month: the last is the fifth where there is one."""
    shift = Shift(provider="DR1", site="MAIN", weekday="Tuesday", week_of_month=weeks, start="08:00", end="09:00")
    months = [dt.date(2026, 12, 1) + dt.timedelta(days=number) for number in range(31)]
    months += [dt.date(2027, 1, 1) + dt.timedelta(days=number) for number in range(31)]
    months += [dt.date(2027, 8, 1) + dt.timedelta(days=number) for number in range(31)]
    assert [day.day for day in months if shift.falls_on(day)] == days
