"""Calendars that other programs read back: the same visits at the same moments, whatever the text in them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.interop.icalendar import file_name, provider_calendars
from tests.report.plans import FIRST, make_plan, office_plan, session, visit

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=64)
ZONES = ("America/New_York", "Europe/Dublin", "Australia/Lord_Howe", "Africa/Casablanca", "UTC")
CLOCK_CHANGES = (dt.date(2026, 11, 1), dt.date(2027, 3, 14))


def _events(content: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def _raw(content: bytes, name: str) -> list[str]:
    """Values of a property, unfolded and unescaped as RFC 5545 says, without the library under test."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    values = [line.removeprefix(f"{name}:") for line in lines if line.startswith(f"{name}:")]
    return [re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value) for value in values]


def test_every_visit_is_an_event() -> None:
    """Read back, a provider's calendar has the visits of the schedule, with start, end, zone, site and class."""
    plan = office_plan(4)
    calendars = provider_calendars(plan)
    assert list(calendars) == sorted(plan.sessions["provider"].unique())
    for provider, content in calendars.items():
        wanted = plan.schedule[plan.schedule["provider"] == provider]
        events = _events(content)
        assert [(e.start.strftime("%Y-%m-%d %H:%M"), e.end.strftime("%H:%M"), str(e["LOCATION"])) for e in events] == [
            (f"{row.date} {row.start}", row.end, row.site) for row in wanted.itertuples()
        ]
        assert {e.start.tzinfo.key for e in events} == {"America/New_York"}
        assert {str(e["CLASS"]) for e in events} == {"PRIVATE"}


@pytest.mark.parametrize("change", CLOCK_CHANGES)
def test_moments_around_a_change_of_clocks(change: dt.date) -> None:
    """The day before, of and after a change of clocks, a visit is at nine on the wall, whatever that is in UTC."""
    days = [change + dt.timedelta(offset) for offset in (-1, 0, 1)]
    visits = [visit(number, "DR1", day, "09:00", 30) for number, day in enumerate(days)]
    plan = make_plan(visits, first=days[0])
    events = _events(provider_calendars(plan)["DR1"])
    zone = ZoneInfo("America/New_York")
    assert [e.start for e in events] == [dt.datetime(day.year, day.month, day.day, 9, tzinfo=zone) for day in days]
    assert [e.end - e.start for e in events] == [dt.timedelta(minutes=30)] * 3


@pytest.mark.parametrize("zone", ZONES)
def test_the_zone_is_defined_in_the_file(zone: str) -> None:
    """By the file's own VTIMEZONE every hour of the year around the plan has the offset that the zone has."""
    content = provider_calendars(make_plan([visit(0, "DR1", FIRST, "09:00", 30)], zone=zone))["DR1"]
    rules = next(iter(icalendar.Calendar.from_ical(content).walk("VTIMEZONE")))
    assert str(rules["TZID"]) == zone
    onsets = sorted(
        (part["DTSTART"].dt - part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td) for part in rules.subcomponents
    )
    for hour in range(-300 * 24, 300 * 24):
        moment = dt.datetime(FIRST.year, FIRST.month, FIRST.day) + dt.timedelta(hours=hour)
        offset = [to for onset, to in onsets if onset <= moment][-1]
        assert offset == moment.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone)).utcoffset()


@given(TEXT, TEXT, TEXT, TEXT)
def test_any_text_survives(patient: str, kind: str, site: str, provider: str) -> None:
    """Commas, semicolons, backslashes, quotes and long lines of any script come back as they were."""
    row = visit(0, provider, FIRST, "09:00", 30, patient=patient, visit_type=kind, site=site)
    content = provider_calendars(make_plan([row]))[provider]
    assert _raw(content, "SUMMARY") == [f"{kind} {patient}"]
    assert _raw(content, "LOCATION") == [site]
    assert len(_events(content)) == 1
    assert max(map(len, content.split(b"\r\n"))) <= 75


def test_names_only_where_given() -> None:
    """Without names the id stands in the summary; with them the name does, and the id where the name is unknown."""
    plan = make_plan([visit(0, "DR1", FIRST, "09:00", 30), visit(1, "DR1", FIRST, "09:30", 30)])
    assert _raw(provider_calendars(plan)["DR1"], "SUMMARY") == ["check-up N0", "check-up N1"]
    named = provider_calendars(plan, names={"N0": "Ada Byron"})["DR1"]
    assert _raw(named, "SUMMARY") == ["check-up Ada Byron", "check-up N1"]


def test_the_same_plan_gives_the_same_bytes() -> None:
    """Nothing in the file depends on when it was written, except the stamp where one is given."""
    plan = office_plan(2)
    assert provider_calendars(plan) == provider_calendars(plan)
    stamp = dt.datetime(2026, 11, 23, 15, 30, tzinfo=dt.UTC)
    events = _events(provider_calendars(plan, stamp=stamp)["DR1"])
    assert {event["DTSTAMP"].dt for event in events} == {stamp}


def test_identity_is_office_and_request() -> None:
    """A visit that moves keeps its identity; another request, or the same id in another office, has another."""

    def identity(number: int, start: str, **changes: Any) -> str:
        plan = make_plan([visit(number, "DR1", FIRST, start, 30)], **changes)
        return str(_events(provider_calendars(plan)["DR1"])[0]["UID"])

    assert identity(0, "09:00") == identity(0, "14:00")
    assert len({identity(0, "09:00"), identity(1, "09:00"), identity(0, "09:00", office_name="Other")}) == 3


def test_a_provider_without_visits_has_an_empty_calendar() -> None:
    """Who has sessions and no visits gets a calendar that says so, not none."""
    content = provider_calendars(make_plan(sessions=[session("DR9", FIRST, "08:00", "12:00")]))["DR9"]
    assert _events(content) == []
    assert content.startswith(b"BEGIN:VCALENDAR")


@given(st.lists(TEXT, unique=True, min_size=2))
def test_file_names_are_safe_and_differ(providers: list[str]) -> None:
    """Different providers have different files, whose names every file system takes."""
    found = [file_name(provider) for provider in providers]
    assert len(set(found)) == len(providers)
    for name in found:
        assert re.fullmatch(r"[A-Za-z0-9_\-%~][A-Za-z0-9_.\-%~]*\.ics", name)
        assert len(name) <= 160


@pytest.mark.parametrize("provider", ["..", ".", "CON", "nul", "com1.x", "a/b", "a\\b", "~", "x" * 64, "é" * 64])
def test_awkward_file_names(provider: str) -> None:
    """No provider's id leads out of the folder, names a device, hides the file or is too long."""
    name = file_name(provider)
    assert "/" not in name
    assert "\\" not in name
    assert not name.startswith(".")
    assert name.split(".")[0].upper() not in {"CON", "NUL", "COM1"}
    assert len(name) < 200


def test_plain_ids_stay_readable() -> None:
    """An ordinary id is its own file name."""
    assert file_name("DR1") == "DR1.ics"
