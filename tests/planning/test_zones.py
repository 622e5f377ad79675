"""Sites in several time zones: each goes by its own clock, and what counts hours counts them as they pass."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import icalendar
import pytest

import schedopt
from schedopt.interop.icalendar import provider_calendars
from schedopt.models import tables
from schedopt.models.office import Weights
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import PatientZone, PlacesKept
from schedopt.models.problem.problem import Problem
from tests.smallest import FIRST, SAME_PATIENT, SECOND, Smallest, request, settings

CASE = Path(__file__).resolve().parents[3] / "shared" / "cases" / "03-two-zones"
SITES = (tables.Site(site="MAIN"), tables.Site(site="WEST", time_zone="America/Denver"))
NEW_YORK = settings().model_copy(update={"time_zone": "America/New_York", "weights": Weights(access=100)})


def _shift(provider: str, site: str, day: dt.date, start: str, end: str, **more: Any) -> tables.Shift:
    return tables.Shift(provider=provider, site=site, date=day, start=start, end=end, **more)


def _east_and_west(**changes: Any) -> Smallest:
    """The first provider is in New York and the second in Denver, both from 8:00 to 12:00 on the first day."""
    shifts = (_shift("DR1", "MAIN", FIRST, "08:00", "12:00"), _shift("DR2", "WEST", FIRST, "08:00", "12:00"))
    return Smallest({"settings": NEW_YORK, "sites": SITES, "shifts": shifts, **changes})


def _first_starts(problem: Problem) -> dict[str, str]:
    """The earliest start that an option offers, by site."""
    options, week = problem.options, problem.week
    site = week.sessions.site[options.session]
    return {
        name: problem.calendar.words(int(options.earliest[site == code].min()))
        for code, name in enumerate(week.sessions.site_ids)
    }


def test_notice_is_counted_as_hours_pass() -> None:
    """Two hours after 9:00 in New York it is 11:00 there and 9:00 in Denver, however the moment is told."""
    types = (tables.VisitType(visit_type="talk", minutes=15, notice_hours=2),)
    office = _east_and_west(visit_types=types).office
    nine = dt.datetime.combine(FIRST, dt.time(9))
    for now in (nine, (nine + dt.timedelta(hours=5)).replace(tzinfo=dt.UTC)):
        problem = schedopt.assemble(office, FIRST, now)
        assert _first_starts(problem) == {"MAIN": "Mon 30 Nov 11:00", "WEST": "Mon 30 Nov 09:00"}


def test_each_clinic_opens_by_its_own_clock() -> None:
    """A clinic that is open from 8:00 to 10:00 in New York and one that opens at 8:00 in Los Angeles see their first
    patients at 8:00 on their clocks, three hours apart.
    """
    sites = (tables.Site(site="MAIN"), tables.Site(site="WEST", time_zone="America/Los_Angeles"))
    shifts = (_shift("DR1", "MAIN", FIRST, "08:00", "10:00"), _shift("DR2", "WEST", FIRST, "08:00", "12:00"))
    wanted = (request("R1", "N1", site="MAIN"), request("R2", "N2", site="WEST"))
    problem = schedopt.assemble(_east_and_west(sites=sites, shifts=shifts, requests=wanted).office, FIRST)
    plan = schedopt.plan(problem, 2, 1, progress=False)
    assert plan.schedule["start"].tolist() == ["08:00", "08:00"]
    assert check(problem, plan.assignment).breaches.empty
    east, west = (
        event.start.astimezone(dt.UTC)
        for name in ("DR1", "DR2")
        for event in icalendar.Calendar.from_ical(provider_calendars(plan)[name]).walk("VEVENT")
    )
    assert west - east == dt.timedelta(hours=3)


def test_a_place_is_released_by_the_clock_of_its_site() -> None:
    """Two hours before 8:00 in Denver is 8:00 in New York; people there are told 6:00."""
    reserve = tables.Reserve(provider="DR2", places=4, minutes=60, visit_type="scan", release_hours=2)
    office = _east_and_west(reserves=(reserve,)).office
    for now, kept in ((dt.time(7, 59), 1), (dt.time(8), 0)):
        problem = schedopt.assemble(office, FIRST, dt.datetime.combine(FIRST, now))
        assert len(problem.coupling(PlacesKept).held(problem.week)) == kept
    assert problem.coupling(PlacesKept).words(problem.week, 0).endswith(" until Mon 30 Nov 06:00")


@pytest.mark.parametrize(
    ("first", "second", "day", "zone", "rests"),
    [
        ("MAIN", "WEST", FIRST, "America/Denver", 11), ("WEST", "MAIN", FIRST, "America/Denver", 7),
        ("MAIN", "WEST", FIRST, "America/New_York", 9), ("MAIN", "MAIN", dt.date(2026, 10, 31), "America/Denver", 10),
        ("WEST", "WEST", dt.date(2026, 10, 31), "America/Phoenix", 9),
        ("MAIN", "WEST", dt.date(2026, 10, 31), "America/Phoenix", 12),
        ("MAIN", "MAIN", dt.date(2027, 3, 13), "America/Denver", 8),
    ],
)  # fmt: skip
def test_rest_is_counted_as_hours_pass(first: str, second: str, day: dt.date, zone: str, rests: int) -> None:
    """From 22:00 until 7:00 of the next day pass nine hours, more to the west, fewer to the east, and an hour more or
    less as clocks change in the night: so long a rest is one, and a longer one would not be.
    """
    shifts = (
        _shift("DR1", first, day, "20:00", "22:00"), _shift("DR1", second, day + dt.timedelta(days=1), "07:00", "09:00")
    )  # fmt: skip
    sites = (SITES[0], tables.Site(site="WEST", time_zone=zone))
    placed = (("R1", "DR1", 0, ("21:45",)), ("R2", "DR1", 1, ("07:00",)))
    for hours in (rests, rests + 1):
        people = (tables.Provider(provider="DR1", rest_hours=hours), tables.Provider(provider="DR2"))
        smallest = _east_and_west(sites=sites, shifts=shifts, providers=people)
        problem = schedopt.assemble(smallest.office, day)
        found = check(problem, Smallest(placed=placed).schedule(problem)).breaches
        assert found["rule"].tolist() == ["rest"] * (hours - rests)
        assert all(words.endswith(f"and has {60 * rests} minutes after R1") for words in found["detail"])


def test_a_patient_is_in_one_zone_a_day() -> None:
    """Two requests of a patient for two zones get places on two days, or on one where the zone is the same."""
    shifts = tuple(
        _shift(provider, site, day, "08:00", "09:00")
        for provider, site in (("DR1", "MAIN"), ("DR2", "WEST"))
        for day in (FIRST, SECOND)
    )
    wanted = tuple(
        row.model_copy(update={"site": s}) for row, s in zip(SAME_PATIENT["requests"], ("MAIN", "WEST"), strict=True)
    )
    for zone, days in (("America/Denver", 2), ("America/New_York", 1), (None, 1)):
        sites = (SITES[0], tables.Site(site="WEST", time_zone=zone))
        problem = schedopt.assemble(_east_and_west(sites=sites, shifts=shifts, requests=wanted).office, FIRST)
        plan = schedopt.plan(problem, 2, 1, progress=False)
        assert plan.status == "optimal"
        assert len(plan.visits) == 2
        assert len({visit.date for visit in plan.visits}) == days
        assert any(isinstance(coupling, PatientZone) for coupling in problem.couplings) == (days == 2)


def test_no_slot_is_offered_in_another_zone_on_the_day() -> None:
    """Who has a visit in New York is recommended nothing in Denver on that day, and hears why; nor can it be booked."""
    wanted = tuple(
        row.model_copy(update={"site": s}) for row, s in zip(SAME_PATIENT["requests"], ("MAIN", "WEST"), strict=True)
    )
    smallest = _east_and_west(requests=wanted)
    problem = schedopt.assemble(smallest.office, FIRST)
    plan = schedopt.plan(problem, 2, 1, progress=False)
    (there,) = (visit.request for visit in plan.visits)
    other = {"R1": "R2", "R2": "R1"}[there]
    found = schedopt.recommend(plan, other)
    assert found.slots.empty
    assert "patient_zone" in found.ruled_out["rule"].tolist()
    provider = {"R1": "DR1", "R2": "DR2"}[other]
    with pytest.raises(ValueError, match="slot that is free"):
        schedopt.book(plan, other, provider, dt.datetime.combine(FIRST, dt.time(11)))
    assert "another time zone" in str(schedopt.explain(plan, other))


def test_an_absence_is_by_the_clock_of_the_site() -> None:
    """A provider who is away until 9:00 in Denver begins then, though it is 11:00 in New York."""
    away = schedopt.Away("DR2", dt.datetime.combine(FIRST, dt.time(8)), dt.datetime.combine(FIRST, dt.time(9)))
    smallest = _east_and_west(requests=(SAME_PATIENT["requests"][0].model_copy(update={"site": "WEST"}),))
    problem = schedopt.assemble(smallest.office, FIRST)
    plan = schedopt.plan(problem, 2, 1, progress=False)
    repair = schedopt.replan(plan, [away])
    assert [visit.start for visit in repair.plan.visits] == [9 * 60]
    assert repair.calls["new_time"].tolist() == ["Mon 30 Nov 09:00 (America/Denver)"]


@pytest.mark.parametrize("day", [dt.date(2026, 11, 1), dt.date(2026, 10, 25), dt.date(2027, 3, 14)])
@pytest.mark.parametrize("zone", ["America/Denver", "America/Phoenix", "Asia/Kolkata", "Europe/Berlin"])
def test_calendars_have_the_zone_of_each_site(zone: str, day: dt.date) -> None:
    """Read back, events at eight on the wall of each site are at the instants of that, on the day before a change of
    clocks, on the day of it and after it; each zone that is used is defined in the file.
    """
    days = [day + dt.timedelta(days=number) for number in (-1, 0, 1)]
    where = {"DR1": ["WEST"] * 3, "DR2": ["MAIN", "WEST", "MAIN"]}
    shifts = tuple(
        _shift(name, site, date, "08:00", "09:00")
        for name, sites in where.items()
        for site, date in zip(sites, days, strict=True)
    )
    sites = (SITES[0], tables.Site(site="WEST", time_zone=zone))
    requests = tuple(
        SAME_PATIENT["requests"][0].model_copy(
            update={"request": f"{name}{number}", "providers": (name,), "ready": date, "due": date}
        )
        for name in where
        for number, date in enumerate(days)
    )
    said = NEW_YORK.model_copy(update={"days": 3})
    problem = schedopt.assemble(
        _east_and_west(settings=said, sites=sites, shifts=shifts, requests=requests).office, days[0]
    )
    placed = [(f"{name}{k}", name, k, ("08:00",)) for name in where for k in range(3)]
    plan = schedopt.plan(problem, 1, 1, progress=False, start=Smallest(placed=placed).schedule(problem))
    calendars = provider_calendars(plan)
    for visit in plan.visits:
        own = zone if visit.site == "WEST" else "America/New_York"
        content = icalendar.Calendar.from_ical(calendars[visit.provider])
        (event,) = (e for e in content.walk("VEVENT") if f"Request {visit.request}." in str(e["DESCRIPTION"]))
        assert event.start.tzinfo.key == own
        assert event.start == visit.at(visit.start).replace(tzinfo=event.start.tzinfo)
        minutes = int(event.start.astimezone(dt.UTC).timestamp()) // 60
        cell = problem.calendar.cell(problem.calendar.day(visit.date), visit.start)
        assert minutes == problem.calendar.instant_of(cell, visit.site)
    for name, content in calendars.items():
        used = {zone if visit.site == "WEST" else "America/New_York" for visit in plan.visits if visit.provider == name}
        assert {str(z["TZID"]) for z in icalendar.Calendar.from_ical(content).walk("VTIMEZONE")} == used


def test_the_report_says_which_zone() -> None:
    """In an office of several zones the hours of each day have the site and its zone beside them, else they do not."""
    office = _east_and_west().office
    for sites, said in ((SITES, True), ((SITES[0], tables.Site(site="WEST")), False)):
        problem = schedopt.assemble(office.model_copy(update={"sites": sites}), FIRST)
        page = schedopt.report_html(schedopt.plan(problem, 1, 1, progress=False))
        assert ("08:00–12:00 WEST (America/Denver)" in page) == said
        assert ("08:00–12:00 MAIN (America/New_York)" in page) == said


def test_an_office_s_zones_stay_when_it_is_asked_again(tmp_path: Path) -> None:
    """A plan of two zones that is written and read back, and one that is admitted to the office again, is the same."""
    office = schedopt.extend_office(_east_and_west().office, {})
    plan = schedopt.plan(schedopt.assemble(office, FIRST), 1, 1, progress=False)
    read = schedopt.read_plan(schedopt.write_plan(plan, tmp_path / "plan"), office)
    assert read.visits == plan.visits
    assert read.problem.calendar == plan.problem.calendar
    assert schedopt.admit(plan, schedopt.assemble(office, FIRST)).visits == plan.visits


@pytest.mark.skipif(not CASE.is_dir(), reason="the cases are not next to this repository (../shared)")
def test_one_provider_in_two_zones_at_once() -> None:
    """An office with a provider in New York and Denver on Mondays is refused for its second shift, and that alone."""
    with pytest.raises(schedopt.InputError) as refused:
        schedopt.read_office(CASE)
    (fault,) = refused.value.faults
    assert (fault.file, fault.row, fault.column, fault.value) == ("shifts.csv", 3, "site", "DEN")
    assert "America/New_York, as in row 2" in fault.expected
