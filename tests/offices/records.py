"""What patients want, as tables of an office that is drawn: visit types, requests, times, appointments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import product
from typing import Any

from schedopt.models import tables
from schedopt.models.clock import format_time
from tests.offices.drawing import NUMBERS, Drawing, Rows

LANGUAGES, GENDERS = ("Spanish", "French"), ("female", "male")


def type_row(drawn: Drawing, name: str, *, shared: bool) -> tables.VisitType:
    low, high = drawn.maybe(15, lambda: _age(drawn, -1)), drawn.maybe(15, lambda: _age(drawn, 1))
    return tables.VisitType(
        visit_type=name, minutes=_length(drawn), pools=drawn.subset(60, drawn.kinds),
        buffer_before=drawn.cells(0, 0, 0, 1), buffer_after=drawn.cells(0, 0, 0, 1, 2),
        seats=drawn.one((2, 3)) if shared and drawn.chance(40) else 1,
        credential=drawn.maybe(15, lambda: "laser"), min_age=low, max_age=high, fee=drawn.one((0, 20, 45)),
        notice_hours=drawn.some(40, (0, 1, 2, 24)), most_in_a_row=drawn.some(20, (1, 1, 2)),
    )  # fmt: skip


def lengths(drawn: Drawing, roles: Rows) -> Rows:
    """How long visits of types without roles last with some providers, or for some patients."""
    rows = {}
    for name in drawn.types:
        for _ in range(drawn.upto(3)):
            provider = None if name in {role.visit_type for role in roles} else drawn.some(70, drawn.providers)
            key = name, provider, drawn.one((None, None, "new", "returning"))
            rows[key] = tables.TypeLength(visit_type=key[0], provider=key[1], patients=key[2], minutes=_length(drawn))
    return tuple(rows.values())


def _length(drawn: Drawing) -> int:
    return drawn.cells(2, 3, 4, 1) if drawn.grid == 5 else drawn.cells(1, 1, 2, 1, 3)


def _age(drawn: Drawing, side: int) -> int:
    """An age that few but those around a birthday in these days do not have."""
    return 18 if drawn.chance(70) else 18 + side


def steps(drawn: Drawing) -> Rows:
    rows = []
    for name in drawn.types:
        orders = drawn.one(((), (-1,), (1,), (-1, 1), (-2, -1)))
        rows += [
            tables.Step(
                visit_type=name, order=order, minutes=drawn.cells(1, 1, 2), pools=drawn.subset(60, drawn.kinds),
                max_wait=drawn.cells(0, 1, 2),
            )
            for order in orders
        ]  # fmt: skip
    return tuple(rows)


def patient_row(drawn: Drawing, name: str) -> tables.Patient:
    return tables.Patient(
        patient=name, birth_date=drawn.maybe(70, lambda: _birth_date(drawn)),
        own_provider=drawn.some(50, drawn.providers),
        language=drawn.one(("", "", *LANGUAGES, "SPANISH")), language_required=drawn.chance(20),
        provider_gender=drawn.some(40, GENDERS), provider_gender_required=drawn.chance(20),
        self_pay=drawn.chance(30), group=drawn.one(("", "north", "South", "North")),
    )  # fmt: skip


def _birth_date(drawn: Drawing) -> dt.date:
    """Who turns 17, 18 or 19 in or around the days planned, or was born on a 29 February."""
    if drawn.chance(30):
        return dt.date(drawn.one((2008, 2004)), 2, 29)
    day = drawn.near()
    try:
        return day.replace(year=day.year - drawn.one((18, 17, 19)))
    except ValueError:
        return dt.date(day.year - 18, 2, 28)


def requests(drawn: Drawing) -> Rows:
    rows: list[tables.Request] = []
    for name in NUMBERS[: 1 + max(drawn.upto(drawn.size.requests - 1), drawn.upto(drawn.size.requests - 1))]:
        patient = drawn.one(drawn.patients)
        before = [row.request for row in rows if row.patient == patient]
        after = drawn.some(35, before) if before else None
        low, high = (drawn.some(50, (0, 1, 2)), drawn.some(60, (0, 1, 2, 4))) if after else (None, None)
        if low is not None and high is not None and low > high:
            low, high = high, low
        if low is None and high == 0:
            high = None
        others = [other for other in before if other != after]
        row = tables.Request(
            request=name, patient=patient, visit_type=drawn.one(drawn.types),
            ready=drawn.maybe(45, lambda: drawn.near(2, 0)), due=drawn.maybe(50, lambda: drawn.near(3, 1)),
            urgency=drawn.some(30, (1, 2, 3)), priority=drawn.some(40, (1, 2, 4)),
            minutes=drawn.maybe(25, lambda: _length(drawn)), provider=drawn.some(30, drawn.providers),
            providers=drawn.subset(15, drawn.providers), site=drawn.some(12, drawn.sites),
            new=drawn.chance(40), after=after, after_min_days=low, after_max_days=high,
            same_day_as=drawn.some(15, others) if others else None, self_pay=drawn.chance(8),
        )  # fmt: skip
        kept = row.same_day_as is None or _can_be_kept([*rows, row])
        rows.append(row if kept else row.model_copy(update={"same_day_as": None}))
    return tuple(reversed(rows)) if drawn.chance(30) else tuple(rows)


def _can_be_kept(rows: Sequence[tables.Request]) -> bool:
    """Whether some days are as far apart as all series, and visits of a same day, ask for."""
    most: dict[tuple[str, str], float] = {}
    for row in rows:
        if row.after is not None:
            most[row.after, row.request] = float("inf") if row.after_max_days is None else row.after_max_days
            most[row.request, row.after] = -(1 if row.after_min_days is None else row.after_min_days)
        if row.same_day_as is not None:
            most[row.same_day_as, row.request] = most[row.request, row.same_day_as] = 0
    names = [row.request for row in rows]
    for by, one, other in product(names, repeat=3):
        way = most.get((one, by), float("inf")) + most.get((by, other), float("inf"))
        most[one, other] = min(most.get((one, other), float("inf")), way)
    return all(most[name, name] >= 0 for name in names)


def age_days(drawn: Drawing, requests: Sequence[tables.Request]) -> Rows:
    """Days for some requests, in or around those planned, in place of what birth dates say."""
    rows = []
    for row in requests:
        first, last = sorted((drawn.near(), drawn.near()))
        first_day, last_day = drawn.one(((first, None), (None, last), (first, last)))
        if drawn.chance(50):
            rows.append(tables.AgeDays(request=row.request, first_day=first_day, last_day=last_day))
    return tuple(rows)


def patient_times(drawn: Drawing, row_class: type[Any], requests: Sequence[tables.Request]) -> Rows:
    """Hours around the sessions, also off the grid, and some that touch or overlap."""
    rows: list[Any] = []
    for _ in range(1 + drawn.upto(3)):
        request = drawn.one(requests)
        start = drawn.one((480, 480, 502, 510, 535, 540, 525, 0, 1320))
        who = {"patient": request.patient, "request": request.request if drawn.chance(40) else None}
        when = {**who, **_when(drawn, 60)}
        if rows and rows[-1].end < 1380 and drawn.chance(25):
            start, when = rows[-1].end, rows[-1].model_dump(include={"patient", "request", "date"})
        end = min(start + drawn.one((60, 90, 180, 600, 45, 30, 22)), 1440)
        rows.append(row_class(start=format_time(start), end=format_time(end), **when))
    return tuple(rows)


def _when(drawn: Drawing, percent: int) -> dict[str, Any]:
    """A date or a weekday, or neither."""
    if not drawn.chance(percent):
        return {}
    day = drawn.near(0, 1)
    return {"date": day} if drawn.chance(50) else drawn.recurring(day)


def appointments(drawn: Drawing, requests: Sequence[tables.Request], authorisations: Rows) -> Rows:
    rows = []
    followed = {other for row in requests for other in (row.after, row.same_day_as)}
    for request in requests:
        is_followed = request.request in followed
        if not drawn.chance(60 if is_followed else 35):
            continue
        provider, day = drawn.one(drawn.providers), drawn.planned()
        if drawn.chance(50 if is_followed else 15):
            day = drawn.first + dt.timedelta(days=drawn.one((-1, -2, -4, drawn.days, drawn.days + 1)))
        start = drawn.starts.get((provider, day), 480) + drawn.cells(0, 1, 2, 3, 4)
        own = [row for row in authorisations if (row.patient, row.visit_type) == (request.patient, request.visit_type)]
        rows.append(
            tables.Appointment(
                request=request.request, provider=provider, date=day, start=format_time(min(start, 1425)),
                mark=drawn.one(("movable", "fixed")),
                authorisation=drawn.one(own).authorisation if own and drawn.chance(60) else None,
            )
        )  # fmt: skip
    return tuple(rows)
