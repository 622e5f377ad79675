"""Who works where and with what, as tables of an office that is drawn: providers, shifts, closed days, pools, caps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence, Set

from schedopt.models import tables
from schedopt.models.clock import format_time
from schedopt.models.tables.fields import WEEKDAYS
from tests.offices.drawing import KINDS, Drawing, Rows
from tests.offices.records import GENDERS, LANGUAGES


def site_rows(drawn: Drawing, in_shifts: Set[str]) -> Rows | None:
    """May be absent where the shifts name every site."""
    if drawn.zone is None and in_shifts == set(drawn.sites) and drawn.chance(30):
        return None
    return tuple(
        tables.Site(site=name, time_zone=drawn.zone if name == drawn.sites[-1] else None) for name in drawn.sites
    )


def provider_row(drawn: Drawing, name: str) -> tables.Provider:
    others = [other for other in drawn.providers if other != name]
    return tables.Provider(
        provider=name, gender=drawn.some(80, GENDERS), languages=drawn.subset(70, (*LANGUAGES, "french")),
        visit_types=drawn.subset(15, drawn.types), supervisors=drawn.subset(20, others),
        contract_minutes=drawn.some(40, (30, 75, 110, 600)), without_break=drawn.some(20, (30, 50, 65, 1440)),
        rest_hours=drawn.some(20, (0, 8, 9, 23)),
    )  # fmt: skip


def shifts(drawn: Drawing, *, closed: bool) -> Rows:
    rows: list[tables.Shift] = []
    for provider in drawn.providers:
        for number in range(drawn.days):
            day = drawn.first + dt.timedelta(days=number)
            if drawn.chance(85):
                rows += _shifts_of_day(drawn, provider, day, dated=not closed and drawn.chance(50))
    if not rows:
        rows += _shifts_of_day(drawn, drawn.providers[0], drawn.first, dated=not closed)
    return tuple(rows)


def _shifts_of_day(drawn: Drawing, provider: str, day: dt.date, *, dated: bool) -> Sequence[tables.Shift]:
    start = drawn.one((480, 480, 480, 480, 510, 510, 540, 540, 540, 1380, 1380, 0)[: None if drawn.zone is None else 9])
    only = () if drawn.zone is None else (drawn.one(drawn.sites),)
    drawn.starts[provider, day] = start
    rows = []
    while True:
        longest = min(drawn.size.longest, 1440 - start)
        length = min(longest, drawn.one((60, 60, 90, 90, 30, 120)))
        when = {"date": day} if dated else drawn.recurring(day)
        rows.append(
            tables.Shift(
                provider=provider, site=drawn.one(only or drawn.sites), start=format_time(start),
                end=format_time(start + length), breaks=_breaks(drawn, start, length),
                moving_breaks=_moving_breaks(drawn, start, length), last_new=drawn.some(20, (15, 22, 30, 0, 120)),
                overtime=drawn.some(60, (0, drawn.grid, 2 * drawn.grid, 30)), **when,
            )
        )  # fmt: skip
        start += length + drawn.one((0, 30, 30, 60))
        if start > (1380 if drawn.zone is None else 900) or not drawn.chance(20):
            return rows


def _breaks(drawn: Drawing, start: int, length: int) -> str:
    first = start + drawn.grid * drawn.one((1, 2, 3))
    last = first + drawn.grid * drawn.one((1, 2))
    inside = last < start + length and drawn.chance(30)
    return f"{format_time(first)}-{format_time(last)}" if inside else ""


def _moving_breaks(drawn: Drawing, start: int, length: int) -> str:
    """Mostly none; else one break in some of the hours, and now and then one more after these."""
    found, free = [], start
    while drawn.chance(25):
        first = free + drawn.grid * drawn.one((0, 0, 1, 2))
        last = first + drawn.grid * drawn.one((2, 3, 4, 6))
        if last > start + length:
            break
        found.append(f"{format_time(first)}-{format_time(last)} {drawn.cells(1, 1, 2)}")
        free = last
    return ";".join(found)


def travel(drawn: Drawing) -> Rows:
    """One way or both, often longer than what lies between two shifts."""
    ways = [(site, other) for site in drawn.sites for other in drawn.sites if site != other]
    return tuple(
        tables.Travel(site=site, other_site=other, minutes=drawn.one((15, 30, 31, 45, 0, 90)))
        for site, other in ways
        if drawn.chance(60)
    )


def setups(drawn: Drawing) -> Rows:
    """Mostly one direction of two types, now and then both, or a way round by a third that is shorter."""
    return tuple(
        tables.SetUp(visit_type=name, next_visit_type=other, minutes=drawn.cells(1, 2, 1, 4, 0))
        for name in drawn.types
        for other in drawn.types
        if name != other and drawn.chance(60)
    )


def reserves(drawn: Drawing) -> Rows:
    rows = []
    for _ in range(1 + drawn.upto(1)):
        start, end = drawn.one(((0, 1440), (480, 540), (502, 560), (540, 1440)))
        kind = drawn.some(60, drawn.types)
        rows.append(
            tables.Reserve(
                provider=drawn.some(60, drawn.providers), weekday=drawn.some(20, WEEKDAYS), start=format_time(start),
                end=format_time(end), places=drawn.one((1, 1, 2, 3)), minutes=drawn.one((15, 10, 22, 30)),
                visit_type=kind, urgency=drawn.one((2, 3)) if kind is None else drawn.some(30, (2, 3)),
                release_hours=drawn.some(30, (0, 2, 24)),
            )
        )  # fmt: skip
    return tuple(rows)


def leave(drawn: Drawing) -> Rows:
    rows = []
    for _ in range(1 + drawn.upto(1)):
        first = drawn.near()
        start, end = drawn.one(((0, 1440), (0, 525), (510, 560), (540, 1440), (600, 660), (607, 618)))
        rows.append(
            tables.Leave(
                provider=drawn.one(drawn.providers), first_day=first, start=format_time(start),
                last_day=first + dt.timedelta(days=drawn.upto(1)), end=format_time(end),
            )
        )  # fmt: skip
    return tuple(rows)


def closures(drawn: Drawing) -> Rows:
    """Days and parts of days."""
    rows = {}
    for _ in range(1 + drawn.upto(1)):
        site, day = drawn.some(60, drawn.sites), drawn.near()
        start, end = drawn.one(((0, 1440), (0, 525), (510, 560), (540, 1440), (525, 720), (607, 618), (490, 510)))
        times = {"start": format_time(start), "end": format_time(end)}
        rows[site, day, start] = tables.Closure(site=site, date=day, reason=drawn.one(("", "works")), **times)
    return tuple(rows.values())


def open_holidays(drawn: Drawing) -> Rows:
    return (tables.OpenHoliday(site=drawn.some(60, drawn.sites), date=dt.date(drawn.first.year, 12, 25)),)


def credentials(drawn: Drawing) -> Rows:
    holders = [name for name in drawn.providers if drawn.chance(80)]
    return tuple(tables.Credential(provider=name, credential="laser", **drawn.validity()) for name in holders)


def pools(drawn: Drawing) -> Rows:
    rows = []
    for site in drawn.sites:
        for kind in KINDS:
            if drawn.chance(80):
                capacity, turnover = drawn.one((1, 1, 1, 1, 1, 2, 2, 0)), drawn.cells(0, 0, 1, 2)
                rows.append(
                    tables.Pool(pool=f"{site}-{kind}", site=site, kind=kind, capacity=capacity, turnover=turnover)
                )
    return tuple(rows)


def pool_closures(drawn: Drawing, pools: Sequence[tables.Pool]) -> Rows:
    rows = []
    for pool in pools:
        for _ in range(drawn.one((0, 1, 1, 2))):
            start, end = drawn.one(((0, 495), (510, 525), (523, 532), (540, 1440), (555, 600), (0, 30)))
            rows.append(
                tables.PoolClosure(
                    pool=pool.pool, date=drawn.near(0, 1), start=format_time(start), end=format_time(end),
                    units=drawn.some(50, (1, 1, 2)), taken_by=drawn.some(50, ("D1", "D2")),
                )
            )  # fmt: skip
    return tuple(rows)


def roles(drawn: Drawing, steps: Sequence[tables.Step]) -> Rows:
    """Who takes part in visits, one or two; mostly in the provider step."""
    rows = []
    for name in drawn.types:
        orders = [0, 0, *(step.order for step in steps if step.visit_type == name)]
        for number in range(drawn.one((0, 1, 1, 2))):
            providers = tuple(other for other in drawn.providers if drawn.chance(70)) or drawn.providers[:1]
            rows.append(tables.Role(visit_type=name, role=f"X{number}", order=drawn.one(orders), providers=providers))
    return tuple(rows)


def caps(drawn: Drawing) -> Rows:
    rows = {}
    for _ in range(1 + drawn.upto(2)):
        key = (drawn.some(40, drawn.providers), drawn.some(40, drawn.types), drawn.chance(40))
        rows[key] = tables.Cap(
            provider=key[0], visit_type=key[1], new_only=key[2], maximum=drawn.one((1, 2, 1, 2, 3, 0))
        )
    return tuple(rows.values())
