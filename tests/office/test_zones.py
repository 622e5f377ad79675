"""Time zones of sites at the border: what is refused, with its place, and by whose clock times are read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from schedopt.errors import Fault, InputError
from schedopt.models import tables
from schedopt.models.office import Office, Settings
from schedopt.office import assemble, office_from_frames, read_office
from schedopt.office.write import written_table
from tests.office.folders import edited, office_files, write_files

SPRING = "2026-03-08"
"""In America 02:00 to 03:00 do not exist on the clocks of each zone, but in Phoenix."""
MONDAY = dt.date(2026, 11, 30)


def _faults(folder: Path, *edits: tuple[str, int, str, str]) -> list[Fault]:
    """What is wrong with the small office after edits: table, row, column and cell."""
    try:
        read_office(write_files(folder, office_files(edited(*edits))))
    except InputError as error:
        return list(error.faults)
    return []


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("localtime", "localtime"), ("Factory", "Factory"), ("America/Gotham", "America/Gotham"),
        ("Zebedee", "(hidden)"), ("Mars/Phobos", "(hidden)"), ("New York", "(hidden)"), ("+05:00", "(hidden)"),
    ],
)  # fmt: skip
def test_what_is_no_zone_is_refused(zone: str, shown: str, tmp_path: Path) -> None:
    """As in office.toml, with file, row and column; and the value where it cannot be somebody's name."""
    (fault,) = _faults(tmp_path, ("sites", 3, "time_zone", zone))
    assert (fault.file, fault.row, fault.column, fault.value) == ("sites.csv", 3, "time_zone", shown)
    assert fault.expected == "expected an IANA time zone such as America/New_York"
    with pytest.raises(ValueError, match="expected an IANA time zone"):
        Settings(time_zone=zone)


def test_a_provider_is_in_one_zone_a_day(tmp_path: Path) -> None:
    """The later row of two shifts of a day in two zones is at fault, and it says which zone was expected."""
    (fault,) = _faults(tmp_path, ("sites", 3, "time_zone", "America/Denver"))
    assert (fault.file, fault.row, fault.column, fault.value) == ("shifts.csv", 4, "site", "WEST")
    assert fault.expected.startswith("expected a site in America/New_York, as in row 3")
    assert _faults(tmp_path, ("sites", 3, "time_zone", "America/New_York")) == []
    other_day = (("sites", 3, "time_zone", "America/Denver"), ("shifts", 4, "date", "2026-12-03"))
    assert _faults(tmp_path, *other_day) == []


def test_no_zone_is_guessed(tmp_path: Path) -> None:
    """Where a site's zone could not be read, nothing is said of who is in two."""
    found = _faults(tmp_path, ("sites", 2, "time_zone", "America/Gotham"), ("sites", 3, "time_zone", "America/Denver"))
    assert [(fault.file, fault.row) for fault in found] == [("sites.csv", 2)]


@pytest.mark.parametrize(
    ("edits", "place"),
    [
        ((("shifts", 4, "date", SPRING), ("shifts", 4, "start", "02:30")), None),
        ((("shifts", 3, "date", SPRING), ("shifts", 3, "start", "02:30")), ("shifts.csv", 3, "start")),
        ((("shifts", 3, "date", SPRING), ("shifts", 3, "end", "02:30"), ("shifts", 3, "start", "00:00")),
         ("shifts.csv", 3, "end")),
        ((("shifts", 3, "date", SPRING), ("shifts", 3, "start", "00:00")), ("shifts.csv", 3, None)),
        ((("shifts", 4, "date", SPRING), ("shifts", 4, "start", "00:00")), None),
        ((("appointments", 3, "date", SPRING), ("appointments", 3, "start", "02:30")), None),
        ((("appointments", 3, "request", "R1"), ("appointments", 3, "date", SPRING),
          ("appointments", 3, "start", "02:30")), ("appointments.csv", 3, "start")),
        ((("appointments", 2, "date", SPRING), ("appointments", 2, "start", "02:30")), None),
        ((("pool_closures", 2, "date", SPRING), ("pool_closures", 2, "start", "02:30")),
         ("pool_closures.csv", 2, "start")),
        ((("pool_closures", 2, "pool", "WEST-exam"), ("pool_closures", 2, "date", SPRING),
          ("pool_closures", 2, "start", "02:30")), None),
    ],
)  # fmt: skip
def test_times_are_read_by_the_site_s_clock(
    edits: tuple[tuple[str, int, str, str], ...], place: tuple[str, int, str | None] | None, tmp_path: Path
) -> None:
    """As clocks jump in New York and stay in Phoenix, a time that is skipped is one in Phoenix: by the site of the row,
    of its request or of its pool; where none is named, one of the two is enough.
    """
    apart = (("sites", 3, "time_zone", "America/Phoenix"), ("shifts", 4, "date", "2026-12-03"))
    found = [(fault.file, fault.row, fault.column) for fault in _faults(tmp_path, *apart, *edits)]
    assert found == ([] if place is None else [place])


def test_what_is_about_all_sites_holds_for_the_clocks_of_each() -> None:
    """A closure of the whole office from a time that is skipped at one of its sites is refused."""
    closure = tables.Closure(date=dt.date(2026, 3, 8), start="02:30")
    for site, refused in ((None, True), ("WEST", False), ("MAIN", True)):
        office = _office(closures=(closure.model_copy(update={"site": site}),))
        found = _frames_faults(office)
        assert [fault.column for fault in found] == ["start"] * refused


def _office(zone: str = "America/Phoenix", **changes: Any) -> Office:
    """A provider, and sites in New York and in a zone."""
    return Office(
        settings=Settings(time_zone="America/New_York"),
        sites=(tables.Site(site="MAIN"), tables.Site(site="WEST", time_zone=zone)),
        providers=(tables.Provider(provider="DR1"),), **changes,
    )  # fmt: skip


def _shift(site: str, start: str, end: str, **when: Any) -> tables.Shift:
    return tables.Shift(provider="DR1", site=site, start=start, end=end, **when)


def _assembled(*shifts: tables.Shift, zone: str = "America/Phoenix", first: dt.date = MONDAY) -> Any:
    """The sessions of a week, or what is wrong with it."""
    try:
        return assemble(_office(zone, shifts=shifts), first).week.sessions
    except InputError as error:
        return [(fault.row, fault.column) for fault in error.faults]


def test_a_dated_shift_beside_a_weekly_one() -> None:
    """Two shifts in two zones, one of a date and one of each week, meet in the week of that date, and are refused."""
    weekly = _shift("MAIN", "08:00", "09:00", weekday="Monday")
    assert _assembled(weekly, _shift("WEST", "12:00", "13:00", date=MONDAY)) == [(3, "site")]
    assert len(_assembled(weekly, _shift("WEST", "12:00", "13:00", date=MONDAY + dt.timedelta(days=1)))) == 2


def test_nobody_is_at_two_sites_at_once_in_a_night() -> None:
    """Monday until 23:00 in Honolulu is Tuesday until 4:00 in New York: a shift there that begins before is refused,
    and one that begins a little later cuts the overtime.
    """
    tuesday, late = MONDAY + dt.timedelta(days=1), {"date": MONDAY, "overtime": "60"}
    for start, overtime in (("03:30", None), ("04:00", 0), ("04:30", 30), ("05:30", 60)):
        found = _assembled(
            _shift("WEST", "20:00", "23:00", **late), _shift("MAIN", start, "06:00", date=tuesday),
            zone="Pacific/Honolulu",
        )  # fmt: skip
        if overtime is None:
            assert found == [(3, "start")]
        else:
            assert (found.overtime[0] * 5).tolist() == overtime


@pytest.mark.parametrize(
    ("zone", "first", "refused"),
    [("America/Phoenix", dt.date(2026, 3, 2), False), ("America/Denver", dt.date(2026, 3, 2), True),
     ("Europe/Berlin", dt.date(2026, 3, 2), False), ("Europe/Berlin", dt.date(2026, 3, 23), True)],
)  # fmt: skip
def test_a_weekly_shift_meets_its_own_site_s_change_of_clocks(zone: str, first: dt.date, refused: bool) -> None:
    """A shift on each Sunday's night is refused in the week in which the clocks of its site change in it."""
    found = _assembled(_shift("WEST", "01:00", "05:00", weekday="Sunday"), zone=zone, first=first)
    assert isinstance(found, list) == refused


def test_overtime_ends_as_the_site_s_clocks_change() -> None:
    """A shift until 01:30 has 30 minutes of overtime before clocks jump in Denver, and all of it in Phoenix."""
    for zone, minutes in (("America/Denver", 30), ("America/Phoenix", 60)):
        shift = _shift("WEST", "00:00", "01:30", date=dt.date(2026, 3, 8), overtime="60")
        found = _assembled(shift, zone=zone, first=dt.date(2026, 3, 8))
        assert (found.overtime * 5).tolist() == [minutes]


def _frames_faults(office: Office) -> list[Fault]:
    """What the reader says of an office's tables."""
    kinds = (
        tables.Site,
        tables.Provider,
        tables.Closure,
        tables.Patient,
        tables.Request,
        tables.VisitType,
        tables.Shift,
    )
    try:
        office_from_frames({kind.table_name: written_table(office, kind) for kind in kinds}, office.settings)
    except InputError as error:
        return list(error.faults)
    return []
