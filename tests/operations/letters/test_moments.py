"""Quiet hours: nothing is sent in them, nothing waits longer than they last, whatever the clocks do."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from schedopt.operations.letters.moments import Quiet, instant_of, sending_moment
from tests.effort import examples

MINUTE = dt.timedelta(minutes=1)
ZONES = ("America/New_York", "Australia/Lord_Howe", "America/St_Johns", "UTC")
CHANGES = (  # nights in which clocks change in New York, on Lord Howe Island (by half an hour), in St. John's
    dt.datetime(2026, 3, 8, tzinfo=dt.UTC), dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    dt.datetime(2026, 4, 4, tzinfo=dt.UTC), dt.datetime(2026, 10, 3, tzinfo=dt.UTC),
)  # fmt: skip
times = st.integers(0, 1439)


def by_minutes(quiet: Quiet, moment: dt.datetime) -> dt.datetime:
    """The first moment that is not quiet, found by looking at each minute."""
    while True:
        local = moment.astimezone(quiet.zone)
        shown = local.hour * 60 + local.minute
        inside = (
            quiet.first <= shown < quiet.last
            if quiet.first <= quiet.last
            else not quiet.last <= shown < quiet.first
        )  # fmt: skip
        if not inside:
            return moment
        moment = moment.replace(second=0) + MINUTE


@given(st.sampled_from(CHANGES), st.integers(0, 48 * 60), st.sampled_from(ZONES), times, times)
@example(CHANGES[0], 6 * 60, "America/New_York", 20 * 60, 150)  # quiet until 02:30, which is not shown that night
@example(CHANGES[1], 6 * 60 + 10, "America/New_York", 20 * 60, 90)  # and until 01:30, which is shown twice
@example(CHANGES[0], 6 * 60, "America/New_York", 195, 150)  # all day but for minutes of which some are not shown
@settings(max_examples=examples(48))
def test_the_end_of_quiet_hours(day: dt.datetime, minutes: int, zone: str, first: int, last: int) -> None:
    """It is the first minute that is not quiet, by the clocks of the zone, on nights of a change too."""
    quiet, moment = Quiet(ZoneInfo(zone), first, last), day + minutes * MINUTE
    found = quiet.after(moment)
    assert not quiet.holds(found)
    assert found == by_minutes(quiet, moment)


@given(
    st.sampled_from(CHANGES), st.integers(0, 48 * 60), st.integers(-3000, 3000), st.sampled_from(ZONES), times, times
)
@settings(max_examples=examples(32))
def test_when_something_is_sent(
    day: dt.datetime, minutes: int, apart: int, zone: str, first: int, last: int
) -> None:  # fmt: skip
    """Never before it is due; never in quiet hours, those of the moment of sending included."""
    quiet, base = Quiet(ZoneInfo(zone), first, last), day + minutes * MINUTE
    now = base + apart * MINUTE
    found = sending_moment(base, now, quiet)
    assert found >= base
    assert not quiet.holds(max(found, now)) or found > now
    assert not quiet.holds(found)
    assert sending_moment(base, now, None) == base


@given(st.sampled_from(CHANGES), st.integers(0, 48 * 60), times, times)
def test_before_quiet_hours(day: dt.datetime, minutes: int, first: int, last: int) -> None:
    """The moment before them is not in them, and not after the moment asked about."""
    quiet, moment = Quiet(ZoneInfo("America/New_York"), first, last), day + minutes * MINUTE
    found = quiet.before(moment)
    assert not quiet.holds(found)
    assert found <= moment
    assert not quiet.holds(moment) or moment - found <= dt.timedelta(hours=26)


def test_the_same_twice_is_never() -> None:
    """Quiet hours from a time to the same time are none."""
    quiet = Quiet.of("UTC", 480, 480)
    assert not any(quiet.holds(CHANGES[0] + hour * 60 * MINUTE) for hour in range(24))


def test_instants() -> None:
    """A time of a day is meant by the zone's clocks of that day."""
    assert instant_of(dt.date(2026, 3, 7), 540, "America/New_York").hour == 14
    assert instant_of(dt.date(2026, 3, 8), 540, "America/New_York").hour == 13
