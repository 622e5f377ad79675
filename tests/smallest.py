"""The smallest offices to which single rules matter: a schedule that one rule alone forbids or prices.

What each office adds to :func:`_base` is all that its rule needs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from schedopt.models import tables
from schedopt.models.office import Billing, Defaults, Fairness, Office, Settings, Weights
from schedopt.models.problem.changes import changed
from schedopt.models.problem.happened import Cancelled, Happened
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule, nothing_placed
from schedopt.models.tables.fields import parse_time
from schedopt.office import assemble
from schedopt.operations.supplies.tables import StockLot, SupplyItem, SupplyUse
from schedopt.operations.training.staff_tables import Competence, Requirement, StaffCompetence

FIRST = dt.date(2026, 11, 30)
SECOND = FIRST + dt.timedelta(days=1)
Placed = tuple[str, str, int, tuple[str, ...]]


@dataclass(frozen=True)
class Smallest:
    """An office and a schedule.

    Attributes
    ----------
    changes : dict
        Tables in the place of those of the base.
    placed : sequence of (request, provider, day from 0, starts of steps)
        Everybody else is left out.
    happened : sequence
        Changes since the office was read.
    others : dict of str to str
        By request, the provider who fills its role; nobody does for all others.
    now : datetime.datetime, optional
        The moment of planning.
    """

    changes: dict[str, Any] = field(default_factory=dict)
    placed: Sequence[Placed] = (("R1", "DR1", 0, ("08:00",)),)
    happened: Sequence[Happened] = ()
    others: dict[str, str] = field(default_factory=dict)
    now: dt.datetime | None = None

    @property
    def office(self) -> Office:
        """Before anything has happened."""
        return _base().model_copy(update=self.changes)

    def problem(self) -> Problem:
        """The office's two days."""
        return changed(assemble(self.office, FIRST, self.now), self.happened)

    def promised(self) -> Office:
        """The office in which the schedule is promised, as fixed."""
        rows = []
        for request, provider, day, times in self.placed:
            date = FIRST + dt.timedelta(days=day)
            rows.append(tables.Appointment(request=request, provider=provider, date=date, start=times[0], mark="fixed"))
        return self.office.model_copy(update={"appointments": tuple(rows)})

    def schedule(self, problem: Problem) -> Schedule:
        """Who is placed, and when."""
        week, calendar = problem.week, problem.calendar
        schedule = nothing_placed(week)
        where, starts, others = schedule.session.copy(), schedule.step_start.copy(), schedule.others.copy()

        def session(provider: str, day: int, at: int = 0) -> int:
            """The provider's last session of the day that has begun by then, or the first of all."""
            here = week.sessions.provider == week.sessions.provider_ids.index(provider)
            found = np.flatnonzero(here & (week.sessions.day == day))
            return int(found[max(0, int((week.sessions.start[found] <= at).sum()) - 1)])

        for request, provider, day, times in self.placed:
            code = week.request_code[request]
            cells = [day * calendar.cells_per_day + parse_time(time) // calendar.grid for time in times]
            where[code] = session(provider, day, cells[0])
            if request in self.others:
                others[code] = session(self.others[request], day)
            starts[week.steps.offset[code] : week.steps.offset[code + 1]] = cells
        return Schedule(where, starts, others)


def _base() -> Office:
    """Two providers with sessions of an hour at eight on two days, two patients, and a request of each for 15 minutes.

    Everything has a price.
    """
    return Office(
        settings=settings(),
        sites=(tables.Site(site="MAIN"), tables.Site(site="WEST")),
        providers=(tables.Provider(provider="DR1", gender="male"), tables.Provider(provider="DR2")),
        visit_types=(tables.VisitType(visit_type="talk", minutes=15), tables.VisitType(visit_type="scan", minutes=15)),
        patients=(patient("N1"), patient("N2")),
        requests=(request("R1", "N1"), request("R2", "N2")),
        shifts=tuple(
            tables.Shift(provider=provider, site="MAIN", date=day, start="08:00", end="09:00")
            for provider in ("DR1", "DR2")
            for day in (FIRST, SECOND)
        ),
    )  # fmt: skip


def settings(**more: Any) -> Settings:
    """Two days on a grid of five minutes, with overtime."""
    weights = Weights(**dict.fromkeys(Weights.model_fields, 3))
    return Settings(
        time_zone="UTC", grid_minutes=5, days=2, weights=weights, defaults=Defaults(overtime=30),
        **{"fairness": Fairness(column=None), **more},
    )  # fmt: skip


def patient(name: str, **more: Any) -> tables.Patient:
    """Somebody."""
    return tables.Patient(patient=name, **more)


def request(name: str, patient: str = "N1", **more: Any) -> tables.Request:
    """A request for 15 minutes."""
    return tables.Request(request=name, patient=patient, **{"visit_type": "talk", **more})


def _wanted(**more: Any) -> dict[str, Any]:
    """One request."""
    return {"requests": (request("R1", **more),)}


def _patient(**more: Any) -> dict[str, Any]:
    """A request of a patient of whom something is known."""
    return {"patients": (patient("N1", **more),), "requests": (request("R1"),)}


def _type(**more: Any) -> dict[str, Any]:
    return {"visit_types": (tables.VisitType(visit_type="talk", **{"minutes": 15, **more}),)}


def _providers(**more: Any) -> dict[str, Any]:
    """What is known of the first provider."""
    return {"providers": (tables.Provider(provider="DR1", **more), tables.Provider(provider="DR2"))}


def _promise(mark: str, day: dt.date = FIRST) -> dict[str, Any]:
    """The first request is promised for half past eight."""
    row = tables.Appointment(request="R1", provider="DR1", date=day, start="08:30", mark=mark)
    return {"appointments": (row,)}


def _step(max_wait: int) -> dict[str, Any]:
    """A step of five minutes comes after that with the provider."""
    return {"steps": (tables.Step(visit_type="talk", order=1, minutes=5, max_wait=max_wait),)}


def _role(order: int, opens: str) -> dict[str, Any]:
    """The second provider, who comes later, takes part in a step."""
    row = tables.Role(visit_type="talk", role="second", order=order, providers="DR2")
    hours = {"DR1": "08:00", "DR2": opens}
    return {"roles": (row,), "shifts": tuple(
        tables.Shift(provider=name, site="MAIN", date=FIRST, start=start, end="09:00") for name, start in hours.items()
    )}  # fmt: skip


def _two_sites(**more: Any) -> dict[str, Any]:
    """The first provider works at both sites on the first day, one after the other, and half an hour's way apart."""
    hours = {"MAIN": ("08:00", "09:00"), "WEST": ("09:00", "10:00")}
    return {
        "travel": (tables.Travel(site="WEST", other_site="MAIN", minutes=30),),
        "shifts": tuple(
            tables.Shift(provider=more.get(site, "DR1"), site=site, date=FIRST, start=start, end=end)
            for site, (start, end) in hours.items()
        ),
    }  # fmt: skip


def _two_zones() -> dict[str, Any]:
    """The second provider works at a site in another time zone."""
    hours = {"DR1": "MAIN", "DR2": "WEST"}
    return {
        "sites": (tables.Site(site="MAIN"), tables.Site(site="WEST", time_zone="America/Denver")),
        "shifts": tuple(
            tables.Shift(provider=name, site=site, date=FIRST, start="08:00", end="09:00")
            for name, site in hours.items()
        ),
    }


def _late_and_early() -> tuple[tables.Shift, ...]:
    """The first provider works until ten in the evening, and from six in the morning on."""
    hours = ((FIRST, "21:00", "22:00"), (SECOND, "06:00", "07:00"))
    return tuple(tables.Shift(provider="DR1", site="MAIN", date=day, start=start, end=end) for day, start, end in hours)


def _times(row_class: type[Any]) -> tuple[Any, ...]:
    return (row_class(patient="N1", start="08:30", end="09:00"),)


def _insured(**terms: Any) -> dict[str, Any]:
    """Both patients are insured; the insurer's terms."""
    return {
        "coverage": tuple(tables.Coverage(patient=name, insurer="ACME") for name in ("N1", "N2")),
        "terms": (tables.Terms(insurer="ACME", visit_type="talk", **terms),),
    }


def _room(site: str) -> tuple[tables.Pool, ...]:
    return (tables.Pool(pool="room", site=site, kind="exam", capacity=1),)


def _authorised(visits: int, **more: Any) -> tuple[tables.Authorisation, ...]:
    whose = {"authorisation": "A1", "patient": "N1", "insurer": "ACME", "visit_type": "talk"}
    return (tables.Authorisation(**whose, visits_left=visits, **more),)


def in_turn(*starts: str, provider: str = "DR1", day: int = 0) -> tuple[Placed, ...]:
    """Requests in order, with one provider on one day."""
    return tuple((f"R{number}", provider, day, (start,)) for number, start in enumerate(starts, 1))


AT_ONCE = (("R1", "DR1", 0, ("08:00",)), ("R2", "DR2", 0, ("08:00",)))
ON_THE_SECOND_DAY = in_turn("08:00", day=1)
SAME_PATIENT = {"requests": (request("R1"), request("R2"))}

SMALLEST = {
    # rosters
    "gives_visit_type": Smallest(_providers(visit_types="scan")),
    "pool_at_site": Smallest({**_type(pools="exam"), "pools": _room("WEST")}),
    "credential": Smallest({**_type(credential="laser"), "credentials": ()}),
    "session_hours": Smallest(placed=in_turn("07:45")),
    "site_hours": Smallest(
        {**_step(0), "closures": (tables.Closure(site="MAIN", date=FIRST, start="09:00"),)},
        (("R1", "DR1", 0, ("08:45", "09:00")),),
    ),
    "supervision": Smallest({**_providers(supervisors="DR2"), "shifts": _base().shifts[:2]}),
    "shift_caps": Smallest({"caps": (tables.Cap(maximum=1),)}, in_turn("08:00", "08:15")),
    "fair_load": Smallest({
        "settings": settings(fairness=Fairness(column=None, most_load=0)),
        "providers": tuple(tables.Provider(provider=name, contract_minutes=60) for name in ("DR1", "DR2")),
    }),
    "travel": Smallest(_two_sites(), (("R1", "DR1", 0, ("08:45",)), ("R2", "DR1", 0, ("09:20",)))),
    "rest": Smallest(
        {**_providers(rest_hours=9), "shifts": _late_and_early()},
        (("R1", "DR1", 0, ("21:30",)), ("R2", "DR1", 1, ("06:00",))),
    ),
    "moving_break": Smallest(
        {"shifts": (
            tables.Shift(
                provider="DR1", site="MAIN", date=FIRST, start="08:00", end="09:00", moving_breaks="08:15-08:50 15"
            ),
        )},
        in_turn("08:10", "08:30"),
    ),
    "longest_stretch": Smallest(_providers(without_break=35), in_turn("08:00", "08:25")),
    "places_kept": Smallest(
        {"reserves": (tables.Reserve(provider="DR1", places=2, minutes=20, visit_type="scan"),)},
        in_turn("08:05", "08:30"),
    ),
    "last_new": Smallest(
        {**_wanted(new=True), "shifts": (
            tables.Shift(provider="DR1", site="MAIN", date=FIRST, start="08:00", end="09:00", last_new=30),
        )},
        in_turn("08:30"),
    ),
    "in_a_row": Smallest(_type(most_in_a_row=1), in_turn("08:00", "08:15")),
    "set_up": Smallest(
        {"requests": (request("R1"), request("R2", "N2", visit_type="scan")),
         "setups": (tables.SetUp(visit_type="talk", next_visit_type="scan", minutes=15),)},
        in_turn("08:00", "08:25"),
    ),
    "roles_filled": Smallest(_role(0, "08:00")),
    "role_hours": Smallest(_role(0, "08:30"), others={"R1": "DR2"}),
    "taking_part": Smallest(
        {**_step(30), **_role(1, "08:30")}, (("R1", "DR1", 0, ("08:00", "08:15")),), others={"R1": "DR2"}
    ),
    "provider_time": Smallest(placed=in_turn("08:00", "08:10")),
    "idle": Smallest(placed=in_turn("08:15")),
    "overtime": Smallest(_wanted(minutes=75)),
    "pool_capacity": Smallest({**_type(pools="exam"), "pools": _room("MAIN")}, AT_ONCE),
    # records
    "ready_day": Smallest(_wanted(ready=SECOND)),
    "age": Smallest({**_patient(birth_date=dt.date(2020, 1, 1)), **_type(min_age=18)}),
    "notice": Smallest(_type(notice_hours=1), now=dt.datetime.combine(FIRST, dt.time(7, 5))),
    "series_days": Smallest(
        {"requests": (request("R1"), request("R2", after="R1", after_min_days=2)),
         **_promise("fixed", FIRST - dt.timedelta(days=1))},
        (("R2", "DR1", 0, ("08:00",)),),
    ),
    "availability": Smallest({"availability": _times(tables.Availability)}),
    "preference": Smallest({"preferences": _times(tables.Preference)}),
    "access": Smallest(placed=ON_THE_SECOND_DAY),
    "late": Smallest(_wanted(due=FIRST), ON_THE_SECOND_DAY),
    "waited": Smallest(_wanted(ready=FIRST - dt.timedelta(days=1)), ()),
    "unscheduled": Smallest(placed=()),
    "fixed_promise": Smallest(_promise("fixed")),
    "moved": Smallest(_promise("movable")),
    "allowed_providers": Smallest(_wanted(providers="DR2")),
    "site": Smallest(_wanted(site="WEST")),
    "language_required": Smallest(_patient(language="Spanish", language_required=True)),
    "provider_gender_required": Smallest(_patient(provider_gender="female", provider_gender_required=True)),
    "language": Smallest(_patient(language="Spanish")),
    "provider_gender": Smallest(_patient(provider_gender="female")),
    "continuity": Smallest(_wanted(provider="DR2")),
    "promises": Smallest(_promise("fixed"), ()),
    "fair_access": Smallest(
        {"settings": settings(fairness=Fairness(column="group", most_days=0.0)),
         "patients": (patient("N1", group="north"), patient("N2", group="south"))},
        (("R1", "DR1", 1, ("08:00",)), ("R2", "DR1", 0, ("08:00",))),
    ),
    "step_order": Smallest(_step(0), (("R1", "DR1", 0, ("08:00", "08:20")),)),
    "office_wait": Smallest(_step(10), (("R1", "DR1", 0, ("08:00", "08:20")),)),
    "day_gap": Smallest({"requests": (request("R1"), request("R2", after="R1"))}, in_turn("08:00", "08:15")),
    "patient_time": Smallest(SAME_PATIENT, AT_ONCE),
    "patient_travel": Smallest(
        {**_two_sites(WEST="DR2"), **SAME_PATIENT}, (("R1", "DR1", 0, ("08:45",)), ("R2", "DR2", 0, ("09:20",)))
    ),
    "patient_zone": Smallest(
        {**_two_zones(), **SAME_PATIENT}, (("R1", "DR1", 0, ("08:00",)), ("R2", "DR2", 0, ("08:45",)))
    ),
    "cancelled": Smallest(happened=(Cancelled("R1"),)),
    "not_missed": Smallest(placed=(), happened=(Cancelled("R1"),)),
    # billing
    "coverage": Smallest({"coverage": ()}),
    "network": Smallest({**_insured(), "networks": ()}),
    "authorisation": Smallest({**_insured(authorisation=True), "authorisations": ()}),
    "referral": Smallest({**_insured(referral=True), "referrals": ()}),
    "self_pay": Smallest({**_patient(self_pay=True), "coverage": ()}),
    "revenue": Smallest(_type(fee=20), ()),
    "authorised_visits": Smallest(
        {**SAME_PATIENT, **_insured(authorisation=True), "authorisations": _authorised(1)}, in_turn("08:00", "08:15")
    ),
    "unverified": Smallest({**_insured(), "eligibility": ()}),
    "undecided": Smallest({
        "settings": settings(billing=Billing(pending="price")), **_insured(authorisation=True),
        "authorisations": _authorised(1, status="pending"),
    }),
    "expected_revenue": Smallest({
        "settings": settings(billing=Billing(expected_revenue=3)),
        "collection": (tables.Collection(allowed=40, chance=0.5),),
    }, ()),
    "covered_visits": Smallest({**SAME_PATIENT, **_insured(), "eligibility": (tables.Eligibility(
        patient="N1", insurer="ACME", answered=FIRST, status="active", visits_left=1
    ),)}, in_turn("08:00", "08:15")),
    # operations
    "supply_left": Smallest({
        "supplies": (SupplyItem(item="film", binding=True),), "stock": (StockLot(item="film", amount=3),),
        "supply_uses": (SupplyUse(visit_type="talk", item="film", amount=2),),
    }, in_turn("08:00", "08:15")),
    "competence": Smallest({
        "competences": (Competence(competence="laser", levels=2),),
        "requirements": (Requirement(competence="laser", level=2, visit_type="talk"),),
        "staff_competences": (StaffCompetence(staff="DR1", competence="laser", level=1),),
    }),
}  # fmt: skip
"""By the name of a rule or coupling, or of the part of the cost that a coupling makes."""
