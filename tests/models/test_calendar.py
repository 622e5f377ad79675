"""Cells, clocks and instants: each site goes by its own clock, and hours pass alike at all of them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.models.problem.calendar import Calendar, clock_fault

GRID = 15
AMERICA, EUROPE, SPRING = dt.date(2026, 11, 1), dt.date(2026, 10, 25), dt.date(2027, 3, 14)
ZONES = ("America/New_York", "Europe/Berlin", "America/Phoenix", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")


def _calendar(day: dt.date, zone: str, office: str = "America/New_York") -> Calendar:
    """Three days around one; WEST is in the zone, and MAIN in the office's."""
    return Calendar(day - dt.timedelta(days=1), 3, GRID, ZoneInfo(office), {"WEST": ZoneInfo(zone)})


def _sound(calendar: Calendar, site: str) -> list[int]:
    """Cells that begin at a time that the site's clock shows exactly once."""
    zone = calendar.zone_at(site)
    found = [(cell, calendar.date(calendar.day_of(cell))) for cell in range(calendar.num_cells)]
    return [cell for cell, date in found if clock_fault(zone, date, calendar.minutes(cell)) is None]


@pytest.mark.parametrize("day", [AMERICA, EUROPE, SPRING])
@pytest.mark.parametrize("zone", ZONES)
def test_clocks_and_instants_go_both_ways(zone: str, day: dt.date) -> None:
    """What a site's clock shows is found again from its instant, and by way of UTC; later cells are later instants."""
    calendar = _calendar(day, zone)
    cells = _sound(calendar, "WEST")
    instants = [calendar.instant_of(cell, "WEST") for cell in cells]
    assert instants == sorted(set(instants))
    midnight = dt.datetime.combine(calendar.first, dt.time())
    for cell, instant in zip(cells, instants, strict=True):
        local = midnight + dt.timedelta(minutes=cell * GRID)
        then = local.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
        assert instant == then.timestamp() // 60
        assert calendar.instant_words(instant, "WEST") == calendar.words(cell)
        assert calendar.minutes_until(then, 0, "WEST") == cell * GRID
        assert (local - then.replace(tzinfo=None)) == dt.timedelta(minutes=calendar.ahead(cell, "WEST"))


@pytest.mark.parametrize(
    ("day", "zone", "skipped", "ahead"),
    [
        (AMERICA, "America/New_York", 4, (-240, -300)), (EUROPE, "Europe/Berlin", 4, (120, 60)),
        (SPRING, "America/New_York", 4, (-300, -240)), (EUROPE, "America/New_York", 0, (-240, -240)),
        (AMERICA, "America/Phoenix", 0, (-420, -420)), (AMERICA, "Asia/Kolkata", 0, (330, 330)),
        (AMERICA, "Europe/Berlin", 0, (60, 60)), (dt.date(2027, 4, 4), "Australia/Lord_Howe", 2, (660, 630)),
    ],
)  # fmt: skip
def test_days_on_which_clocks_change(day: dt.date, zone: str, skipped: int, ahead: tuple[int, int]) -> None:
    """So many cells are no single time, and so many minutes is the clock ahead at midnight of the day and of the next;
    each zone changes on its own days, by an hour or by half of one, or never.
    """
    calendar = _calendar(day, zone)
    assert calendar.num_cells - len(_sound(calendar, "WEST")) == skipped
    assert tuple(calendar.ahead(day * calendar.cells_per_day, "WEST") for day in (1, 2)) == ahead


@given(st.sampled_from(ZONES), st.sampled_from(ZONES), st.integers(0, 3 * 96 - 1), st.integers(0, 48))
def test_hours_pass_alike_at_all_sites(zone: str, office: str, cell: int, hours: int) -> None:
    """Some hours after a moment, wherever it is told, all sites have the same instant; a site without a zone of its own
    has the office's clock.
    """
    calendar = _calendar(AMERICA, zone, office)
    assert calendar.instant_of(cell, "MAIN") == calendar.instant_of(cell)
    assert calendar.zone_at("MAIN") == calendar.zone
    now = dt.datetime.combine(calendar.first, dt.time(), dt.UTC) + dt.timedelta(minutes=cell * GRID)
    naive = now.astimezone(ZoneInfo(office)).replace(tzinfo=None)
    then = now + dt.timedelta(hours=hours)
    for site in ("MAIN", "WEST"):
        local = then.astimezone(calendar.zone_at(site)).replace(tzinfo=None)
        shown = dt.datetime.combine(calendar.first, dt.time()) + dt.timedelta(
            minutes=calendar.minutes_until(now, hours, site)
        )
        assert shown == local
    if clock_fault(ZoneInfo(office), naive.date(), naive.hour * 60 + naive.minute) is None:
        assert calendar.minutes_until(naive, hours, "WEST") == calendar.minutes_until(now, hours, "WEST")


def test_a_site_is_named_with_its_zone_where_there_are_several() -> None:
    """Where all sites have the office's clocks, nobody asks; else each has its zone beside it."""
    assert _calendar(AMERICA, "Asia/Kolkata").place_words("WEST") == "WEST (Asia/Kolkata)"
    assert _calendar(AMERICA, "Asia/Kolkata").place_words("MAIN") == "MAIN (America/New_York)"
    assert Calendar(AMERICA, 1, GRID, ZoneInfo("UTC")).place_words("MAIN") == "MAIN"
