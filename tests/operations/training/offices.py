"""Small offices with staff, drawn."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from schedopt.models import tables
from schedopt.models.office import Office, Settings
from schedopt.operations.training.learning_tables import Course, Mentor, OnboardingStep
from schedopt.operations.training.staff_tables import Competence, Requirement, Staff, StaffCompetence, StaffShift

MONDAY = dt.date(2026, 11, 30)
DAY = dt.timedelta(days=1)
PROVIDERS = ("DR1", "DR2")
OTHERS = ("MA1", "MA2", "MA3")
COMPETENCES = ("life", "fire")


def base(**more: Any) -> Office:
    """Two providers who work on all weekdays in the morning, with a request each; and what a test adds."""
    requests = tuple(tables.Request(request=f"R{k}", patient="N1", visit_type="talk") for k in (1, 2))
    shifts = tuple(
        tables.Shift(provider=name, site="MAIN", weekday=day, start="08:00", end="12:00")
        for name in PROVIDERS
        for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    )
    plain: dict[str, Any] = {
        "settings": Settings(time_zone="UTC", grid_minutes=15, days=5), "sites": (tables.Site(site="MAIN"),),
        "providers": tuple(tables.Provider(provider=name) for name in PROVIDERS),
        "visit_types": (tables.VisitType(visit_type="talk", minutes=30),),
        "patients": (tables.Patient(patient="N1"),), "requests": requests, "shifts": shifts,
    }  # fmt: skip
    return Office(**{**plain, **more})


@st.composite
def staffed(draw: st.DrawFn) -> Office:
    """Providers and others, each of whom may hold what ends within two months; roles and duties ask for it."""
    held, day = [], st.integers(-40, 70).map(lambda number: MONDAY + number * DAY)
    for name in (*PROVIDERS, *OTHERS):
        for what in COMPETENCES:
            for level in draw(st.sampled_from([(), (1,), (2,), (1, 2), (1,)])):
                first, last = draw(st.none() | day), draw(st.none() | day)
                if first and last and first > last:
                    first, last = last, first
                held.append(
                    StaffCompetence(staff=name, competence=what, level=level, valid_from=first, valid_until=last)
                )
    months = draw(st.sampled_from([None, 1, 2]))
    staff = [Staff(staff="S1", role="doctor", provider="DR1", duties=draw(st.sampled_from([(), ("aid",)])))]
    staff += [Staff(staff=name, role="helper", site="MAIN", left=draw(st.none() | st.none() | day)) for name in OTHERS]
    asks = [
        Requirement(
            competence=draw(st.sampled_from(COMPETENCES)), level=draw(st.sampled_from([1, 2])), planning=False, **of
        )
        for of in ({"role": "doctor"}, {"role": "helper"}, {"duty": "aid"}, {"visit_type": "talk"})
        if draw(st.booleans())
    ]
    return base(
        competences=(Competence(competence="life", levels=2, months=months), Competence(competence="fire", levels=2)),
        staff=tuple(staff), staff_competences=tuple(held), requirements=tuple(asks),
    )  # fmt: skip


@st.composite
def with_courses(draw: st.DrawFn) -> Office:
    """The same with courses that have few seats and dates, and with shifts of some others."""
    office = draw(staffed())
    minutes = st.sampled_from([30, 60, 120])
    courses = tuple(
        Course(
            course=f"C{number}", competence=draw(st.sampled_from(COMPETENCES)), level=draw(st.sampled_from([1, 2, 2])),
            trainer=draw(st.sampled_from([None, "S1", "DR2", "MA1"])), minutes=draw(minutes),
            seats=draw(st.sampled_from([1, 2, 5])), dates=draw(st.sampled_from([1, 2])),
            pool=draw(st.sampled_from([None, "room"])), start="08:00", end="17:00",
            last_day=draw(st.none() | st.integers(0, 40).map(lambda number: MONDAY + number * DAY)),
        )
        for number in range(draw(st.integers(0, 3)))
    )  # fmt: skip
    shifts = tuple(
        StaffShift(staff=name, site="MAIN", weekday=day, start="10:00", end="16:00")
        for name, day in (("MA1", "Tuesday"), ("MA2", "Tuesday"), ("MA2", "Thursday"))
        if draw(st.booleans())
    )
    room = tables.Pool(pool="room", site="MAIN", kind="room", capacity=1)
    return office.model_copy(update={"courses": courses, "staff_shifts": shifts, "pools": (room,)})


@st.composite
def beginners(draw: st.DrawFn) -> Office:
    """Some who are new, and mentors of whom each may look after few."""
    weekdays = ("Monday", "Tuesday", "Wednesday")
    shifts = tuple(
        StaffShift(staff=name, site=draw(st.sampled_from(["MAIN", "WEST"])), weekday=day, start=start, end="12:00")
        for name in ("N1", "N2", "N3", "M1", "M2")
        for day in weekdays
        if (start := draw(st.sampled_from([None, "08:00", "10:00"]))) is not None
    )
    new = tuple(
        Staff(staff=name, role="helper", hired=MONDAY + draw(st.integers(-3, 4)) * DAY) for name in ("N1", "N2", "N3")
    )
    old = tuple(Staff(staff=name, role="helper") for name in ("M1", "M2"))
    steps = tuple(
        OnboardingStep(
            step=f"step{number}", from_day=(first := draw(st.integers(0, 5))), to_day=first + draw(st.integers(0, 5)),
            needs_mentor=True, shared_hours=draw(st.sampled_from([0, 1, 3, 6])),
        )
        for number in range(draw(st.integers(1, 3)))
    )  # fmt: skip
    mentors = tuple(Mentor(staff=name, most=draw(st.sampled_from([1, 1, 2]))) for name in ("M1", "M2"))
    sites = (tables.Site(site="MAIN"), tables.Site(site="WEST"))
    return base(sites=sites, staff=(*new, *old), staff_shifts=shifts, onboarding=steps, mentors=mentors)
