"""Whole offices, and the problems of their weeks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from hypothesis import strategies as st

from schedopt.models import tables
from schedopt.models.office import Billing, Defaults, Fairness, Holidays, Office, Settings, Weights
from schedopt.models.problem.problem import Problem
from schedopt.office import assemble
from schedopt.office.sources import HOUSE, whole_settings
from tests.offices import billing, records, rosters
from tests.offices.drawing import Drawing, Size
from tests.offices.supplies import supplies
from tests.offices.training import training

COLUMNS = ("group", "language", "own_provider", "self_pay")
ODD_WEIGHTS = Weights(
    unscheduled=211, access=7, late=13, continuity=31, language=17, provider_gender=19, preference=11, office_wait=2,
    idle=1, overtime=3, moved=41, self_pay=53, revenue=1,
    fair_access=23, fair_load=2,
)  # fmt: skip
DEAR_MINUTES = Weights(
    unscheduled=90, access=3, late=0, continuity=9, language=4, provider_gender=5, preference=8, office_wait=1,
    idle=3, overtime=5, moved=21, self_pay=30, revenue=2,
    fair_access=6, fair_load=1,
)  # fmt: skip
FEW_WEIGHTS = Weights(
    unscheduled=60, access=0, late=20, continuity=0, language=0, provider_gender=0, preference=25, office_wait=3,
    idle=0, overtime=2, moved=0, self_pay=0, revenue=0,
    fair_access=40, fair_load=0,
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """An office, the first day planned, the problem of its days, and the moment of planning where it was given."""

    office: Office
    first: dt.date
    problem: Problem = field(repr=False)
    now: dt.datetime | None = None


@st.composite
def cases(draw: st.DrawFn, size: Size | None = None, *, noticed: bool = False) -> Case:
    """An office and the problem of its week; with `noticed`, mostly planned at a moment in or before its days."""
    drawn = Drawing(draw, size or Size())
    office, first = _office(drawn)
    office = _with_plain_days(office) if drawn.size.plain_days else office
    now = drawn.maybe(70, drawn.moment) if noticed else None
    return Case(office, first, assemble(office, first, now), now)


def _with_plain_days(office: Office) -> Office:
    """The office without what is asked of people's days."""
    nothing = {"without_break": None, "rest_hours": None}
    settings = office.settings.model_copy(update={"defaults": office.settings.defaults.model_copy(update=nothing)})
    return office.model_copy(update={
        "settings": settings, "travel": None, "setups": None, "reserves": None,
        "providers": tuple(row.model_copy(update=nothing) for row in office.providers),
        "visit_types": tuple(row.model_copy(update={"most_in_a_row": None}) for row in office.visit_types),
        "shifts": tuple(row.model_copy(update={"moving_breaks": ()}) for row in office.shifts),
    })  # fmt: skip


def _office(drawn: Drawing) -> tuple[Office, dt.date]:
    """All tables, and the first day planned."""
    holidays = Holidays(country="US") if drawn.first.month == 12 and drawn.chance(50) else None
    closures = drawn.maybe(30, lambda: rosters.closures(drawn))
    opened = drawn.maybe(50, lambda: rosters.open_holidays(drawn)) if holidays else None
    pools = drawn.maybe(75, lambda: rosters.pools(drawn))
    drawn.kinds = tuple(dict.fromkeys(pool.kind for pool in pools or ()))
    shifts = rosters.shifts(drawn, closed=bool(closures or holidays))
    requests = records.requests(drawn)
    insurance = billing.insurance(drawn)
    authorisations = insurance.get("authorisations") or ()
    steps = drawn.maybe(60, lambda: records.steps(drawn))
    roles = drawn.maybe(30, lambda: rosters.roles(drawn, steps or ()))
    simple = set(drawn.types) - {row.visit_type for row in (*(steps or ()), *(roles or ()))}
    office = Office(
        settings=_settings(drawn, holidays), sites=rosters.site_rows(drawn, {shift.site for shift in shifts}),
        providers=tuple(rosters.provider_row(drawn, name) for name in drawn.providers),
        visit_types=tuple(records.type_row(drawn, name, shared=name in simple) for name in drawn.types),
        steps=steps, roles=roles, lengths=drawn.maybe(40, lambda: records.lengths(drawn, roles or ())),
        patients=tuple(records.patient_row(drawn, name) for name in drawn.patients), requests=requests,
        availability=drawn.maybe(40, lambda: records.patient_times(drawn, tables.Availability, requests)),
        preferences=drawn.maybe(50, lambda: records.patient_times(drawn, tables.Preference, requests)),
        appointments=drawn.maybe(60, lambda: records.appointments(drawn, requests, authorisations)),
        shifts=shifts, travel=drawn.maybe(40, lambda: rosters.travel(drawn)),
        setups=drawn.maybe(35, lambda: rosters.setups(drawn)),
        reserves=drawn.maybe(100 if drawn.size.reserves else 25, lambda: rosters.reserves(drawn)),
        leave=drawn.maybe(25, lambda: rosters.leave(drawn)), closures=closures, open_holidays=opened,
        credentials=drawn.maybe(75, lambda: rosters.credentials(drawn)), pools=pools,
        pool_closures=drawn.maybe(40, lambda: rosters.pool_closures(drawn, pools or ())),
        caps=drawn.maybe(45, lambda: rosters.caps(drawn)),
        age_days=drawn.maybe(15, lambda: records.age_days(drawn, requests)), **insurance, **supplies(drawn),
        **training(drawn, roles or ()),
    )  # fmt: skip
    return office, drawn.first


def _settings(drawn: Drawing, holidays: Holidays | None) -> Settings:
    """As they are read: with the sections of all sources."""
    plain = Settings(
        time_zone=drawn.one(("UTC", "America/New_York")), grid_minutes=drawn.grid, days=drawn.days,
        weights=drawn.one((Weights(), ODD_WEIGHTS, DEAR_MINUTES, FEW_WEIGHTS)), holidays=holidays,
        defaults=Defaults(
            urgency=drawn.one((1, 2)), priority=drawn.one((1, 3)), overtime=drawn.cells(0, 1, 2),
            notice_hours=drawn.one((0, 0, 1, 24)),
            without_break=drawn.some(15, (30, 45, 62)), shortest_break=drawn.one((1, 10, 15, 22)),
            rest_hours=drawn.some(10, (7, 9, 24)),
        ),
        billing=billing.section(drawn) if drawn.size.insured or drawn.chance(50) else Billing(),
        fairness=Fairness(
            column=drawn.some(60, COLUMNS), most_days=drawn.one((0.0, 0.3, 1.0)), most_load=drawn.one((0, 10, 35))
        ),
    )  # fmt: skip
    return whole_settings(plain, HOUSE)
