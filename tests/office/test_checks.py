"""Checks across tables: each finds what it is for, at its row, and leaves sound offices alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.errors import Fault, InputError
from schedopt.models.closed import closed_hours, holiday_fault
from schedopt.models.office import Holidays, Office, Settings
from schedopt.models.problem.spans import overlaps
from schedopt.models.tables import Closure, OpenHoliday, Provider, Shift, Site
from schedopt.office import assemble, office_from_frames, read_office
from tests.office.folders import TOML, Grid, edited, grid_frame, office_files, office_grids, write_files

Edit = tuple[str, int, str, str]


def _faults(folder: Path, grids: dict[str, Grid], toml: str = TOML) -> tuple[Fault, ...]:
    try:
        read_office(write_files(folder, office_files(grids, toml)))
    except InputError as error:
        return error.faults
    return ()


def _edits(text: str) -> list[Edit]:
    """Edits said as ``table row column=cell column=cell``, with @ for a space in a cell."""
    table, row, *cells = text.split()
    return [(table, int(row), *cell.replace("@", " ").split("=")) for cell in cells]


_SPRING = "2026-03-08"  # in New York 02:00 to 03:00 do not exist
_AUTUMN = "2026-11-01"  # in New York 01:00 to 02:00 exist twice
_MORE = "shifts 7 provider=DR1 site=MAIN"

BROKEN = {
    "after another patient's request": ("requests 4 after=R1", "4 after", "same patient"),
    "same day as another patient's": ("requests 4 same_day_as=R1", "4 same_day_as", "same patient"),
    "series in a circle": ("requests 2 after=R2", "2 after", "no circle: R1 after R2 after R1"),
    "available for another's request": ("availability 3 request=R3", "3 request", "this patient"),
    "preference for another's request": ("preferences 3 request=R3", "3 request", "this patient"),
    "visit type off the grid": ("visit_types 2 minutes=22", "2 minutes", "'22': expected a multiple of 5"),
    "buffer before off the grid": ("visit_types 2 buffer_before=3", "2 buffer_before", "multiple of 5"),
    "buffer after off the grid": ("visit_types 2 buffer_after=3", "2 buffer_after", "multiple of 5"),
    "step off the grid": ("steps 2 minutes=3", "2 minutes", "multiple of 5"),
    "wait off the grid": ("steps 2 max_wait=3", "2 max_wait", "multiple of 5"),
    "request off the grid": ("requests 2 minutes=3", "2 minutes", "multiple of 5"),
    "turnover off the grid": ("pools 2 turnover=3", "2 turnover", "multiple of 5"),
    "shift's start off the grid": ("shifts 2 start=08:02", "2 start", "'08:02': expected a multiple of 5"),
    "shift's end off the grid": ("shifts 2 end=17:02", "2 end", "multiple of 5"),
    "break off the grid": ("shifts 2 breaks=12:01-13:00", "2 breaks", "'12:01-13:00': expected a multiple of 5"),
    "overtime off the grid": ("shifts 2 overtime=7", "2 overtime", "multiple of 5"),
    "appointment off the grid": ("appointments 2 start=09:21", "2 start", "multiple of 5"),
    "moving break off the grid": (
        "shifts 2 moving_breaks=11:00-14:00@32",
        "2 moving_breaks",
        "expected a multiple of 5",
    ),
    "moving break outside the shift": ("shifts 2 moving_breaks=06:00-14:00@30", "2", "inside the shift"),
    "moving break longer than its hours": ("shifts 2 moving_breaks=11:00-11:20@30", "2 moving_breaks", "fit between"),
    "moving breaks that overlap": (
        "shifts 2 moving_breaks=11:00-13:00@30;12:00-14:00@30",
        "2 moving_breaks",
        "do not overlap",
    ),
    "moving break without minutes": ("shifts 2 moving_breaks=11:00-13:00@half", "2 moving_breaks", "whole number"),
    "moving break without hours": ("shifts 2 moving_breaks=30", "2 moving_breaks", "HH:MM-HH:MM MINUTES"),
    "way to the same site": ("travel 2 other_site=MAIN", "2", "another site"),
    "way to a site that is none": ("travel 2 other_site=EAST", "2 other_site", "a site that stands in sites.csv"),
    "the same way twice": ("travel 3 site=MAIN other_site=WEST minutes=20", "3", "row 2"),
    "setting up for the same type": ("setups 2 next_visit_type=check-up", "2", "another type"),
    "setting up for a type that is none": ("setups 2 visit_type=chekup", "2 visit_type", "stands in visit_types.csv"),
    "setting up off the grid": ("setups 2 minutes=7", "2 minutes", "'7': expected a multiple of 5"),
    "setting up said twice": ("setups 3 visit_type=check-up next_visit_type=removal", "3", "row 2"),
    "places for nobody": ("reserves 2 urgency=", "2", "a visit_type or an urgency"),
    "places of a type that is none": ("reserves 2 visit_type=scam", "2 visit_type", "that stands in visit_types.csv"),
    "places in no hours": ("reserves 2 start=12:00 end=12:00", "2", "end after start"),
    "two pools of a kind at a site": ("pools 5 kind=scan", "5 kind", "in row 4"),
    "kind that no pool has": (
        "visit_types 3 pools=exam;scam",
        "3 pools",
        "'(hidden)': expected a kind that stands in pools",
    ),
    "kind that is nearly one": ("visit_types 3 pools=exan;scan", "3 pools", "did you mean exam?"),
    "step's kind that no pool has": ("steps 2 pools=xray", "2 pools", "expected a kind"),
    "gap before the provider step": ("steps 3 order=-3", "2 order", "no step -1"),
    "gap after the provider step": ("steps 4 order=2", "4 order", "no step 1"),
    "length by provider of a type with roles": (
        "lengths 2 visit_type=removal",
        "2 provider",
        "'DR2': expected no provider, as roles has rows of removal",
    ),
    "length off the grid": ("lengths 2 minutes=22", "2 minutes", "multiple of 5"),
    "length of an unknown provider": ("lengths 2 provider=DR9", "2 provider", "that stands in providers.csv"),
    "seats of a type with steps": ("visit_types 2 seats=3", "2 seats", "expected 1, as steps has rows of check-up"),
    "seats of a type with roles": ("visit_types 4 seats=2", "4 seats", "expected 1, as roles has rows of removal"),
    "own supervisor": ("providers 4 supervisors=DR1;DR3", "4 supervisors", "'DR3': expected other providers"),
    "authorisations that overlap": ("authorisations 3 valid_from=2026-06-30", "3", "row 2"),
    "authorisation without end": ("authorisations 2 valid_until=", "3", "row 2"),
    "site's closed day": (f"{_MORE} date=2026-12-24 start=08:00 end=09:00", "7 date", "as closures.csv says"),
    "office's closed day": (f"{_MORE} date=2026-12-23 start=08:00 end=09:00", "7 date", "as closures.csv says"),
    "public holiday": (f"{_MORE} date=2026-12-25 start=08:00 end=09:00", "7 date", "Christmas"),
    "dated shifts that overlap": ("shifts 4 start=11:55", "4 start", "row 3"),
    "weekly shifts that overlap": (f"{_MORE} weekday=Tue start=16:00 end=18:00", "7 start", "row 2"),
    "weekly shifts that share one day": (
        f"{_MORE} weekday=Tue start=16:00 end=18:00 valid_from=2027-08-31",
        "7 start",
        "row 2",
    ),
    "shift from no time": (f"{_MORE} date={_SPRING} start=02:30 end=09:00", "7 start", "exists"),
    "shift until a time shown twice": (f"{_MORE} date={_AUTUMN} start=00:30 end=01:30", "7 end", "exists once"),
    "shift over a change of clocks": (f"{_MORE} date={_SPRING} start=01:00 end=09:00", "7", "change of clocks"),
    "appointment at no time": (f"appointments 2 date={_SPRING} start=02:30", "2 start", "exists"),
    "pool closed from no time": (f"pool_closures 2 date={_SPRING} start=02:30", "2 start", "exists"),
    "available until a time shown twice": (f"availability 2 date={_AUTUMN} start=00:00 end=01:00", "2 end", "once"),
    "preferred from no time": (f"preferences 2 date={_SPRING} start=02:00", "2 start", "exists"),
}

SOUND = {
    "shifts that touch": "shifts 4 start=12:00",
    "weekly shifts of different years": f"{_MORE} weekday=Tue start=16:00 end=18:00 valid_from=2027-09-01",
    "a weekly shift on a holiday's weekday": f"{_MORE} weekday=Friday start=08:00 end=09:00",
    "another site's closed day": "shifts 7 provider=DR1 site=WEST date=2026-12-24 start=08:00 end=09:00",
    "a whole day with a change of clocks": f"pool_closures 3 date={_SPRING}",
    "a shift after the change of clocks": f"{_MORE} date={_SPRING} start=08:00 end=16:00",
    "authorisations of different insurers": "authorisations 3 valid_from=2026-06-30 insurer=ZETA",
    "a step more": "steps 5 visit_type=check-up order=2 minutes=5",
}


@pytest.mark.parametrize("name", BROKEN)
def test_finds(name: str, tmp_path: Path) -> None:
    """What a check is for, it finds, at the row and column."""
    edits, place, words = BROKEN[name]
    row, _, column = place.partition(" ")
    expected = (f"{edits.split()[0]}.csv", int(row), column or None)
    faults = _faults(tmp_path, edited(*_edits(edits)))
    assert {(fault.file, fault.row, fault.column) for fault in faults} >= {expected}, faults
    assert any(words in str(fault) for fault in faults), faults


@pytest.mark.parametrize("name", SOUND)
def test_accepts(name: str, tmp_path: Path) -> None:
    """What only looks like a fault is none."""
    assert _faults(tmp_path, edited(*_edits(SOUND[name]))) == ()


def test_default_overtime_is_on_the_grid(tmp_path: Path) -> None:
    """The settings' own lengths are held to the grid too."""
    (fault,) = _faults(tmp_path, office_grids(), TOML.replace("overtime = 15", "overtime = 7"))
    assert (fault.file, fault.column) == ("office.toml", "defaults.overtime")


def test_without_sites_the_shifts_name_them(tmp_path: Path) -> None:
    """Without a table of sites, other tables may name the shifts' sites and no other."""
    grids = edited(("requests", 2, "site", "EAST"), ("closures", 2, "site", "MIAN"), ("pools", 3, "site", "NORTH"))
    del grids["sites"]
    faults = _faults(tmp_path, grids)
    assert [(fault.file, fault.row, fault.column) for fault in faults] == [
        ("requests.csv", 2, "site"),
        ("closures.csv", 2, "site"),
        ("pools.csv", 3, "site"),
    ]
    assert "stands in shifts.csv; did you mean MAIN?" in faults[1].expected


def test_pools_are_asked_for_in_vain_without_pools(tmp_path: Path) -> None:
    """Kinds and pools that are named where there is no table of pools are faults that say so."""
    grids = office_grids()
    del grids["pools"]
    faults = _faults(tmp_path, grids)
    asking = {"visit_types.csv", "steps.csv", "pool_closures.csv", "courses.csv", "devices.csv", "maintenance.csv"}
    assert {fault.file for fault in faults} == asking
    assert all("there is no pools.csv" in fault.expected for fault in faults)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6)), max_size=12))
def test_overlaps_are_pairs_that_overlap(given_spans: list[tuple[int, int]]) -> None:
    """Each pair has a moment in common; each stretch that starts no earlier than one it overlaps is in a pair."""
    spans = [(start, start + length, index) for index, (start, length) in enumerate(given_spans)]
    pairs = list(overlaps(spans))
    for one, two in pairs:
        assert one < two
        assert max(spans[one][0], spans[two][0]) < min(spans[one][1], spans[two][1])
    for position, (start, _, index) in enumerate(sorted(spans)):
        if any(end > start for _, end, _ in sorted(spans)[:position]):
            assert any(index in pair for pair in pairs)


@given(st.lists(st.one_of(st.none(), st.integers(0, 7)), min_size=8, max_size=8))
def test_one_fault_for_each_circle(after: list[int | None]) -> None:
    """Series are refused exactly when they go in circles, once for each circle."""
    grids = office_grids()
    for name in ("availability", "preferences", "appointments"):
        del grids[name]
    chosen = [None if other == number else other for number, other in enumerate(after)]
    grids["requests"] = [["request", "patient", "visit_type", "after"]] + [
        [f"R{number}", "N1", "imaging", "" if other is None else f"R{other}"] for number, other in enumerate(chosen)
    ]
    circles = set()
    for number in range(8):
        path = [number]
        while (step := chosen[path[-1]]) is not None and step not in path:
            path.append(step)
        if step is not None:
            circles.add(frozenset(path[path.index(step) :]))
    try:
        office_from_frames({name: grid_frame(grid) for name, grid in grids.items()})
        found = []
    except InputError as error:
        found = [int((fault.row or 0) - 2) for fault in error.faults if fault.column == "after"]
    assert sorted(found) == sorted(min(circle) for circle in circles)


def test_closed_hours_are_closures_and_holidays() -> None:
    """What is closed are the table's hours and the public holidays inside the days asked for, each with its reason; a
    holiday does not close a site that is open on it.
    """
    office = Office(
        settings=Settings(holidays=Holidays(country="US")),
        sites=(Site(site="MAIN"), Site(site="WEST")),
        closures=(
            Closure(site="MAIN", date=dt.date(2026, 7, 2), start="12:00", reason="stocktaking"),
            Closure(date=dt.date(2026, 7, 4)),
            Closure(date=dt.date(2026, 7, 9)),
        ),
        open_holidays=(OpenHoliday(site="WEST", date=dt.date(2026, 7, 3)),),
    )
    found = closed_hours(office, dt.date(2026, 7, 1), 8)
    assert [(one.site, one.date.day, one.start, one.end, one.words) for one in found] == [
        ("MAIN", 2, 720, 1440, "closed: stocktaking"),
        ("MAIN", 3, 0, 1440, "closed: Independence Day, observed"),
        (None, 4, 0, 1440, "closed"),
        (None, 4, 0, 1440, "closed: Independence Day"),
    ]
    assert closed_hours(Office(), dt.date(2026, 7, 1), 8) == []


def test_unknown_holidays_are_named_by_key() -> None:
    """A country or subdivision without known holidays is at fault, and a known one is not."""
    assert holiday_fault(Holidays(country="DE", subdivision="BY")) is None
    for holidays, key in (
        (Holidays(country="XX"), "country"),
        (Holidays(country=""), "country"),
        (Holidays(country="US", subdivision="ZZ"), "subdivision"),
    ):
        found = holiday_fault(holidays)
        assert found is not None
        assert found[0] == key


def test_a_shift_may_end_as_clocks_change() -> None:
    """A shift until 02:00, at which clocks jump to 03:00, is one, without overtime, as no time follows on the clock.

    One that ends between the two is not; and the same holds of every week's shift on that day.
    """
    date = dt.date(2027, 3, 14)
    weekly, dated = {"weekday": "Sunday"}, {"date": date}
    for when in (weekly, dated):
        for end, ends in (("02:00", True), ("02:30", False), ("03:00", False)):
            shift = Shift(provider="DR1", site="MAIN", start="00:00", end=end, overtime="30", **when)
            office = Office(
                settings=Settings(time_zone="America/New_York"), providers=(Provider(provider="DR1"),), shifts=(shift,)
            )  # fmt: skip
            if ends:
                sessions = assemble(office, date).week.sessions
                assert (sessions.end.tolist(), sessions.overtime.tolist()) == ([24], [0])
            else:
                with pytest.raises(InputError) as caught:
                    assemble(office, date)
                assert [fault.column for fault in caught.value.faults] == ["end" if end == "02:30" else "start"]
