"""Every cell around what is asked of a day: check, reference, model and search allow the same starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from schedopt.answers.free_places import FreePlaces
from schedopt.models import tables
from schedopt.models.office import Defaults
from schedopt.models.problem.check import check
from schedopt.models.problem.options import pairs, staffed
from schedopt.models.problem.schedule import place_at
from tests.reference import Judge
from tests.schedules import visits_of
from tests.smallest import FIRST, SECOND, Placed, Smallest, patient, request, settings
from tests.whole import everybody, fits

Hours = tuple[str, str]


def _office(placed: Sequence[Placed], *wanted: tables.Request, **more: Any) -> Smallest:
    """One provider who has two hours, for visits of three types; R1 is placed anew, the others stay."""
    kinds = tuple(tables.VisitType(visit_type=name, minutes=15) for name in ("talk", "scan", "test"))
    requests = wanted or (request("R1"), request("R2", "N2"), request("R3", "N3"))
    people = tuple(patient(name) for name in ("N1", "N2", "N3"))
    return Smallest(
        {"visit_types": kinds, "patients": people, "requests": requests, "shifts": (_shift(),), **more}, placed
    )


def _shift(start: str = "08:00", end: str = "10:00", **more: Any) -> tables.Shift:
    return tables.Shift(
        **{"provider": "DR1", "site": "MAIN", "date": FIRST, "start": start, "end": end, "overtime": 0, **more}
    )


def _set_up(*rows: tuple[str, str, int]) -> tuple[tables.SetUp, ...]:
    return tuple(tables.SetUp(visit_type=one, next_visit_type=two, minutes=minutes) for one, two, minutes in rows)


def _at(name: str, start: str, provider: str = "DR1", day: int = 0) -> Placed:
    return name, provider, day, (start,)


def _buffered(**more: Any) -> tuple[tables.VisitType, ...]:
    """Visits of 15 minutes with five before and ten after; those of another type without."""
    talk = tables.VisitType(visit_type="talk", minutes=15, buffer_before=5, buffer_after=10, **more)
    return talk, tables.VisitType(visit_type="scan", minutes=15)


def _class(seats: int) -> dict[str, Any]:
    """An hour, in which so many visits can be one."""
    kind = tables.VisitType(visit_type="talk", minutes=15, seats=seats)
    return {"visit_types": (kind,), "shifts": (_shift(end="09:00"),)}


UNLIKE = request("R1"), request("R2", "N2", visit_type="scan")
TWO_SITES = {
    "shifts": (_shift(end="09:00"), _shift("09:00", site="WEST")),
    "travel": (
        tables.Travel(site="MAIN", other_site="WEST", minutes=28),
        tables.Travel(site="WEST", other_site="MAIN", minutes=45),
    ),
    "visit_types": _buffered(),
}  # fmt: skip
SAME_PATIENT = request("R1"), request("R2", visit_type="scan")
TWO_PROVIDERS = {
    "shifts": (_shift(end="09:00"), _shift("09:00", site="WEST", provider="DR2")), "travel": (
        tables.Travel(site="MAIN", other_site="WEST", minutes=30),
        tables.Travel(site="WEST", other_site="MAIN", minutes=45),
    ),
    "steps": tuple(tables.Step(visit_type="talk", order=order, minutes=5) for order in (-1, 1)),
}  # fmt: skip
NIGHT = {
    "shifts": (_shift("21:00", "22:00"), _shift("06:00", "07:30", date=SECOND)), "visit_types": _buffered(),
    "providers": (tables.Provider(provider="DR1", rest_hours=9),),
}  # fmt: skip
RESTING = settings().model_copy(update={"defaults": Defaults(rest_hours=9)})
DR2 = tables.Provider(provider="DR2")
TAKING_PART = {
    "shifts": (_shift(end="09:20"), _shift(end="09:20", provider="DR2")),
    "roles": (tables.Role(visit_type="talk", role="second", order=0, providers="DR1"),),
}
IN_CLASS = ("08:15", "08:15"), ("08:30", "08:45")
IN_A_ROW = {"shifts": (_shift("07:30", "09:00"),)}

CELLS: dict[str, tuple[Smallest, list[Hours]]] = {
    "set_up": (
        _office(
            [_at("R2", "09:00")], *UNLIKE, visit_types=_buffered(),
            setups=_set_up(("talk", "scan", 15), ("scan", "talk", 5))        ),
        [("08:05", "08:20"), ("09:25", "09:35")],
    ),
    "set_up one way": (
        _office([_at("R2", "09:00")], *UNLIKE, setups=_set_up(("talk", "scan", 15))),
        [("08:00", "08:30"), ("09:15", "09:45")],
    ),
    "set_up over another": (
        _office(
            [_at("R2", "08:00"), _at("R3", "08:20")], request("R1", visit_type="test"), request("R2", "N2"),
            request("R3", "N3", visit_type="scan"), setups=_set_up(("talk", "test", 60), ("scan", "test", 10)),
        ),
        [("09:15", "09:45")],
    ),
    "set_up of two sessions": (
        _office(
            [_at("R2", "08:40")], *UNLIKE, setups=_set_up(("scan", "talk", 30)),
            shifts=(_shift(end="09:00"), _shift("09:00")),
        ),
        [("08:00", "08:25"), ("09:25", "09:45")],
    ),
    "travel to": (_office([_at("R2", "08:30")], *UNLIKE, **TWO_SITES), [("08:05", "08:05"), ("09:20", "09:35")]),
    "travel from": (_office([_at("R2", "09:10")], *UNLIKE, **TWO_SITES), [("08:05", "08:15"), ("09:30", "09:35")]),
    "patient_travel to": (
        _office([_at("R2", "08:30")], *SAME_PATIENT, **TWO_PROVIDERS), [("08:00", "08:10"), ("09:20", "09:45")]
    ),
    "patient_travel from": (
        _office([_at("R2", "09:10", "DR2")], *SAME_PATIENT, **TWO_PROVIDERS), [("08:00", "08:20"), ("09:30", "09:45")]
    ),
    "patient_travel from a step": (
        _office(
            [("R2", "DR2", 0, ("09:05", "09:10", "09:25"))], request("R1", visit_type="scan"), request("R2"),
            **TWO_PROVIDERS,
        ),
        [("08:00", "08:20"), ("09:30", "09:45")],
    ),
    "rest before": (
        _office([_at("R2", "21:30")], *UNLIKE, **NIGHT), [("21:05", "21:05"), ("06:50", "07:05")],
    ),
    "rest after": (
        _office([_at("R2", "06:40", day=1)], *UNLIKE, **NIGHT),
        [("21:05", "21:15"), ("06:05", "06:15"), ("07:00", "07:05")],
    ),
    "rest of others": (
        _office(
            [_at("R2", "21:30")], *UNLIKE,
            **{**NIGHT, "providers": (tables.Provider(provider="DR1", rest_hours=0),), "settings": RESTING},
        ),
        [("21:05", "21:05"), ("06:05", "07:05")],
    ),
    "moving_break": (
        _office(
            [_at("R2", "08:25")], request("R1", minutes=10), request("R2", "N2", minutes=10),
            shifts=(_shift(end="09:30", moving_breaks="08:15-08:50 15"),),
        ),
        [("08:00", "08:15"), ("08:50", "09:20")],
    ),
    "longest_stretch": (
        _office(
            [_at("R2", "08:25")], providers=(tables.Provider(provider="DR1", without_break=35),),
            shifts=(_shift(end="09:20"),),
        ),
        [("08:05", "08:10"), ("08:40", "08:45"), ("08:55", "09:05")],
    ),
    "longest_stretch of who takes part": (
        _office(
            [_at("R2", "08:25")], *UNLIKE, providers=(tables.Provider(provider="DR1", without_break=35), DR2),
            **TAKING_PART,
        ),
        [("08:05", "08:10"), ("08:40", "08:45"), ("08:55", "09:05")],
    ),
    "set_up of who takes part": (
        _office([_at("R2", "08:25")], *UNLIKE, setups=_set_up(("scan", "talk", 10)), **TAKING_PART),
        [("08:00", "08:10"), ("08:50", "09:05")],
    ),
    "places_kept": (
        _office(
            [_at("R2", "08:00")], reserves=(tables.Reserve(places=2, minutes=20, visit_type="scan"),),
            shifts=(_shift(end="09:00", overtime=30),),
        ),
        [("08:55", "08:55")],
    ),
    "places_kept in some hours": (
        _office(
            [_at("R2", "09:30")], reserves=(tables.Reserve(places=2, minutes=20, visit_type="scan", end="09:00"),),
        ),
        [("08:00", "08:05"), ("08:20", "08:25"), ("08:40", "09:15"), ("09:45", "09:45")],
    ),
    "places_kept beside a promise": (
        _office(
            [_at("R2", "08:20")], request("R1", visit_type="scan"), request("R2", "N2"), shifts=(_shift(end="09:00"),),
            reserves=(tables.Reserve(places=2, minutes=20, visit_type="test"),),
            visit_types=(*_buffered(), tables.VisitType(visit_type="test", minutes=15)),
            appointments=(
                tables.Appointment(request="R2", provider="DR1", date=FIRST, start="08:20", mark="fixed"),
            ),
        ),
        [("08:00", "08:00"), ("08:45", "08:45")],
    ),
    "places_kept but not for this": (
        _office(
            [_at("R2", "08:00")], request("R1", visit_type="scan"), request("R2", "N2"),
            reserves=(tables.Reserve(places=2, minutes=20, visit_type="scan"),), shifts=(_shift(end="09:00"),),
        ),
        [("08:15", "08:45")],
    ),
    "last_new": (
        _office([], request("R1", new=True), shifts=(_shift(end="09:00", last_new=28, overtime=30),)),
        [("08:00", "08:30")],
    ),
    "last_new but returning": (
        _office([], request("R1"), shifts=(_shift(end="09:00", last_new=28, overtime=30),)), [("08:00", "08:55")],
    ),
    "in_a_row": (
        _office(
            [_at("R2", "08:15"), _at("R3", "08:30")],
            visit_types=(tables.VisitType(visit_type="talk", minutes=15, most_in_a_row=2),), **IN_A_ROW,
        ),
        [("07:30", "07:55")],
    ),
    "in_a_row of one": (
        _office(
            [_at("R2", "08:00"), _at("R3", "08:30")], shifts=(_shift("07:30", "09:30"),),
            visit_types=(tables.VisitType(visit_type="talk", minutes=15, most_in_a_row=1),),
        ),
        [("07:30", "07:40"), ("08:50", "09:15")],
    ),
    "in_a_row with another between": (
        _office(
            [_at("R2", "08:00"), _at("R3", "08:15")], request("R1"), request("R2", "N2"),
            request("R3", "N3", visit_type="scan"), shifts=(_shift(end="09:00"),),
            visit_types=(
                tables.VisitType(visit_type="talk", minutes=15, most_in_a_row=1),
                tables.VisitType(visit_type="scan", minutes=15),
            ),
        ),
        [("08:30", "08:45")],
    ),
    "seats left": (_office([_at("R2", "08:15"), _at("R3", "08:15")], **_class(3)), [("08:00", "08:00"), *IN_CLASS]),
    "seats taken": (
        _office([_at("R2", "08:15"), _at("R3", "08:15")], **_class(2)), [("08:00", "08:00"), IN_CLASS[1]]
    ),
    "seats of another length": (
        _office([_at("R2", "08:15")], request("R1", minutes=20), request("R2", "N2"), **_class(3)),
        [("08:30", "08:40")],
    ),
    "length with the provider before that of new patients": (
        _office(
            [_at("R2", "08:30")], request("R1", new=True), request("R2", "N2"), shifts=(_shift(end="09:00"),),
            lengths=(
                tables.TypeLength(visit_type="talk", provider="DR1", minutes=20),
                tables.TypeLength(visit_type="talk", patients="new", minutes=10),
            ),
        ),
        [("08:00", "08:10")],
    ),
    "in_a_row of a group": (
        _office(
            [_at("R2", "08:15"), _at("R3", "08:15")],
            visit_types=(tables.VisitType(visit_type="talk", minutes=15, most_in_a_row=1, seats=3),), **IN_A_ROW,
        ),
        [("07:30", "07:55"), ("08:15", "08:15"), ("08:35", "08:45")],
    ),
}  # fmt: skip
"""By what is asked, an office and the starts that R1 may have, from and to, in order of time."""


@pytest.mark.parametrize("name", CELLS)
def test_every_cell_around_what_a_day_asks_for(name: str) -> None:
    """R1 may start where the words of docs/days.md say, by all who have to know."""
    smallest, hours = CELLS[name]
    problem = smallest.problem()
    week, others = problem.week, smallest.schedule(problem)
    assert check(problem, others).breaches.empty
    code = week.request_code["R1"]
    places, judge = FreePlaces(problem, others).places(code), Judge(smallest.office, FIRST)
    options = problem.options.take(places.row)
    offered = set(zip(options.session.tolist(), map(tuple, options.others), places.start.tolist(), strict=True))
    ways = staffed(week, pairs(week, np.full(len(week.sessions), code), np.argsort(week.sessions.start)))
    allowed = []
    for session, who in zip(ways.session.tolist(), ways.others, strict=True):
        for start in range(int(week.sessions.start[session]), int(week.sessions.end[session])):
            schedule = place_at(week, others, code, session, start, who)
            sound = check(problem, schedule).breaches.empty
            assert sound == (not judge.judge(visits_of(problem, schedule)).breaches)
            assert sound == fits(problem, schedule, np.array([code])) == fits(problem, schedule, everybody(problem))
            assert sound == ((session, tuple(who), start) in offered)
            allowed += [problem.calendar.clock(start)] * sound
    assert allowed == [start for first, last in hours for start in _between(first, last)]


def _between(first: str, last: str) -> list[str]:
    low, high = (60 * int(time[:2]) + int(time[3:]) for time in (first, last))
    return [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(low, high + 1, 5)]
