"""Small random offices that use every table and column that bears on planning.

Everything is near everything else: sessions of an hour or two, few patients, one room, permissions that begin or end
within the days planned. Patients and requests share their ids, as numbered tables do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import strategies as st

from schedopt.models import tables
from schedopt.models.office import Defaults, Fairness, Holidays, Office, Settings, Weights
from schedopt.models.problem import Problem
from schedopt.models.tables.fields import WEEKDAYS, format_time
from schedopt.office import assemble

T = TypeVar("T")
Rows = tuple[Any, ...]

FIRST_DAYS = (dt.date(2026, 11, 30), dt.date(2024, 2, 28), dt.date(2026, 12, 24), dt.date(2025, 2, 27))
"""A Monday; the days around 29 February; Christmas; the end of a February without a 29th."""
PROVIDERS, SITES, TYPES, KINDS = ("DR1", "DR2", "DR3"), ("MAIN", "WEST"), ("check", "scan", "talk"), ("exam", "scan")
NUMBERS = ("1", "2", "3", "4", "5", "6")
COLUMNS = ("group", "language", "own_provider", "self_pay")
INSURERS, LANGUAGES, GENDERS = ("ACME", "ACME", "ACME", "BLUE"), ("Spanish", "French"), ("female", "male")
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
class Size:
    """How large an office may be, and on which grids (minutes)."""

    requests: int = 6
    providers: int = 3
    days: int = 3
    grids: tuple[int, ...] = (5, 10, 15)
    longest: int = 120


@dataclass(frozen=True)
class Case:
    """An office, the first day planned, and the problem of its days."""

    office: Office
    first: dt.date
    problem: Problem = field(repr=False)


@st.composite
def cases(draw: st.DrawFn, size: Size | None = None) -> Case:
    """An office and the problem of its week."""
    office, first = _Maker(draw, size or Size()).office()
    return Case(office, first, assemble(office, first))


class _Maker:
    """Draws one office, table by table; later tables look at earlier ones."""

    def __init__(self, draw: st.DrawFn, size: Size) -> None:
        self._draw = draw
        self._size = size
        self._grid = self._one(size.grids)
        self._first = self._one(FIRST_DAYS)
        self._days = 1 + self._upto(size.days - 1)
        self._sites = SITES[: 1 + self._chance(40)]
        self._providers = PROVIDERS[: 1 + self._upto(size.providers - 1)]
        self._types = TYPES[: 1 + self._upto(2)]
        self._patients = NUMBERS[: 1 + self._upto(2)]
        self._starts: dict[tuple[str, dt.date], int] = {}

    def office(self) -> tuple[Office, dt.date]:
        """All tables, and the first day planned."""
        holidays = Holidays(country="US") if self._first.month == 12 and self._chance(50) else None
        closures = self._maybe(20, self._closures)
        pools = self._maybe(75, self._pools)
        self._kinds = tuple(dict.fromkeys(pool.kind for pool in pools or ()))
        shifts = self._shifts(closed=bool(closures or holidays))
        requests = self._requests()
        insurance = self._insurance()
        authorisations = insurance.get("authorisations") or ()
        office = Office(
            settings=self._settings(holidays), sites=self._site_rows({shift.site for shift in shifts}),
            providers=tuple(self._provider_row(name) for name in self._providers),
            visit_types=tuple(self._type_row(name) for name in self._types), steps=self._maybe(60, self._steps),
            patients=tuple(self._patient_row(name) for name in self._patients), requests=requests,
            availability=self._maybe(40, lambda: self._patient_times(tables.Availability, requests)),
            preferences=self._maybe(50, lambda: self._patient_times(tables.Preference, requests)),
            appointments=self._maybe(60, lambda: self._appointments(requests, authorisations)),
            shifts=shifts, leave=self._maybe(25, self._leave), closures=closures,
            credentials=self._maybe(75, self._credentials), pools=pools,
            pool_closures=self._maybe(40, lambda: self._pool_closures(pools or ())),
            caps=self._maybe(45, self._caps), **insurance,
        )  # fmt: skip
        return office, self._first

    def _one(self, choices: Sequence[T]) -> T:
        return choices[self._draw(st.integers(0, len(choices) - 1))] if len(choices) > 1 else choices[0]

    def _upto(self, most: int) -> int:
        return self._draw(st.integers(0, most)) if most > 0 else 0

    def _chance(self, percent: int) -> bool:
        """True so often; a failing example is made simpler by making it false."""
        return self._draw(st.integers(0, 99)) >= 100 - percent

    def _maybe(self, percent: int, make: Any) -> Any:
        return make() if self._chance(percent) else None

    def _some(self, percent: int, choices: Sequence[T]) -> T | None:
        return self._one(choices) if self._chance(percent) else None

    def _subset(self, percent: int, choices: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name in choices if self._chance(50)) if self._chance(percent) else ()

    def _cells(self, *counts: int) -> int:
        """Minutes of so many cells."""
        return self._grid * self._one(counts)

    def _near(self, before: int = 1, after: int = 1) -> dt.date:
        """A day planned, or a little before or after."""
        return self._first + dt.timedelta(days=self._upto(self._days - 1 + before + after) - before)

    def _planned(self) -> dt.date:
        return self._near(0, 0)

    def _validity(self) -> dict[str, dt.date | None]:
        """Mostly open at one end or both, and never empty."""
        first, last = self._maybe(20, self._near), self._maybe(20, self._near)
        if first is not None and last is not None and first > last:
            first, last = last, first
        return {"valid_from": first, "valid_until": last}

    def _settings(self, holidays: Holidays | None) -> Settings:
        return Settings(
            time_zone=self._one(("UTC", "America/New_York")), grid_minutes=self._grid, days=self._days,
            weights=self._one((Weights(), ODD_WEIGHTS, DEAR_MINUTES, FEW_WEIGHTS)), holidays=holidays,
            defaults=Defaults(
                urgency=self._one((1, 2)), priority=self._one((1, 3)), overtime=self._cells(0, 1, 2)
            ),
            fairness=Fairness(
                column=self._some(60, COLUMNS), most_days=self._one((0.0, 0.3, 1.0)), most_load=self._one((0, 10, 35))
            ),
        )  # fmt: skip

    def _site_rows(self, in_shifts: Set[str]) -> Rows | None:
        """May be absent where the shifts name every site."""
        if in_shifts == set(self._sites) and self._chance(30):
            return None
        return tuple(tables.Site(site=name) for name in self._sites)

    def _provider_row(self, name: str) -> tables.Provider:
        others = [other for other in self._providers if other != name]
        return tables.Provider(
            provider=name, gender=self._some(80, GENDERS), languages=self._subset(70, (*LANGUAGES, "french")),
            visit_types=self._subset(15, self._types), supervisors=self._subset(20, others),
            contract_minutes=self._some(40, (30, 75, 110, 600)),
        )  # fmt: skip

    def _type_row(self, name: str) -> tables.VisitType:
        low, high = self._maybe(15, lambda: self._age(-1)), self._maybe(15, lambda: self._age(1))
        return tables.VisitType(
            visit_type=name, minutes=self._length(), pools=self._subset(60, self._kinds),
            buffer_before=self._cells(0, 0, 0, 1), buffer_after=self._cells(0, 0, 0, 1, 2),
            credential=self._maybe(15, lambda: "laser"), min_age=low, max_age=high, fee=self._one((0, 20, 45)),
        )  # fmt: skip

    def _length(self) -> int:
        return self._cells(2, 3, 4, 1) if self._grid == 5 else self._cells(1, 1, 2, 1, 3)

    def _age(self, side: int) -> int:
        """An age that few but those around a birthday in these days do not have."""
        return 18 if self._chance(70) else 18 + side

    def _steps(self) -> Rows:
        rows = []
        for name in self._types:
            orders = self._one(((), (-1,), (1,), (-1, 1), (-2, -1)))
            rows += [
                tables.Step(
                    visit_type=name, order=order, minutes=self._cells(1, 1, 2), pools=self._subset(60, self._kinds),
                    max_wait=self._cells(0, 1, 2),
                )
                for order in orders
            ]  # fmt: skip
        return tuple(rows)

    def _patient_row(self, name: str) -> tables.Patient:
        return tables.Patient(
            patient=name, birth_date=self._maybe(70, self._birth_date), own_provider=self._some(50, self._providers),
            language=self._one(("", "", *LANGUAGES, "SPANISH")), language_required=self._chance(20),
            provider_gender=self._some(40, GENDERS), provider_gender_required=self._chance(20),
            self_pay=self._chance(30), group=self._one(("", "north", "South", "North")),
        )  # fmt: skip

    def _birth_date(self) -> dt.date:
        """Who turns 17, 18 or 19 in or around the days planned, or was born on a 29 February."""
        if self._chance(30):
            return dt.date(self._one((2008, 2004)), 2, 29)
        day = self._near()
        try:
            return day.replace(year=day.year - self._one((18, 17, 19)))
        except ValueError:
            return dt.date(day.year - 18, 2, 28)

    def _requests(self) -> Rows:
        rows: list[tables.Request] = []
        for name in NUMBERS[: 1 + max(self._upto(self._size.requests - 1), self._upto(self._size.requests - 1))]:
            patient = self._one(self._patients)
            before = [row.request for row in rows if row.patient == patient]
            after = self._some(35, before) if before else None
            low, high = (self._some(50, (0, 1, 2)), self._some(60, (0, 1, 2, 4))) if after else (None, None)
            if low is not None and high is not None and low > high:
                low, high = high, low
            if low is None and high == 0:
                high = None
            others = [other for other in before if other != after]
            rows.append(
                tables.Request(
                    request=name, patient=patient, visit_type=self._one(self._types),
                    ready=self._maybe(45, lambda: self._near(2, 0)), due=self._maybe(50, lambda: self._near(3, 1)),
                    urgency=self._some(30, (1, 2, 3)), priority=self._some(40, (1, 2, 4)),
                    minutes=self._maybe(25, self._length), provider=self._some(30, self._providers),
                    providers=self._subset(15, self._providers), site=self._some(12, self._sites),
                    new=self._chance(40), after=after, after_min_days=low, after_max_days=high,
                    same_day_as=self._some(15, others) if others else None,
                )
            )  # fmt: skip
        return tuple(reversed(rows)) if self._chance(30) else tuple(rows)

    def _patient_times(self, row_class: type[Any], requests: Sequence[tables.Request]) -> Rows:
        """Hours around the sessions, also off the grid, and some that touch or overlap."""
        rows: list[Any] = []
        for _ in range(1 + self._upto(3)):
            request = self._one(requests)
            start = self._one((480, 480, 502, 510, 535, 540, 525, 0, 1320))
            who = {"patient": request.patient, "request": request.request if self._chance(40) else None}
            when = {**who, **self._when(60)}
            if rows and rows[-1].end < 1380 and self._chance(25):
                start, when = rows[-1].end, rows[-1].model_dump(include={"patient", "request", "date"})
            end = min(start + self._one((60, 90, 180, 600, 45, 30, 22)), 1440)
            rows.append(row_class(start=format_time(start), end=format_time(end), **when))
        return tuple(rows)

    def _when(self, percent: int) -> dict[str, Any]:
        """A date or a weekday, or neither."""
        if not self._chance(percent):
            return {}
        day = self._near(0, 1)
        return {"date": day} if self._chance(50) else {"weekday": WEEKDAYS[day.weekday()]}

    def _appointments(self, requests: Sequence[tables.Request], authorisations: Rows) -> Rows:
        rows = []
        followed = {other for row in requests for other in (row.after, row.same_day_as)}
        for request in requests:
            is_followed = request.request in followed
            if not self._chance(60 if is_followed else 35):
                continue
            provider, day = self._one(self._providers), self._planned()
            if self._chance(50 if is_followed else 15):
                day = self._first + dt.timedelta(days=self._one((-1, -2, -4, self._days, self._days + 1)))
            start = self._starts.get((provider, day), 480) + self._cells(0, 1, 2, 3, 4)
            rows.append(
                tables.Appointment(
                    request=request.request, provider=provider, date=day, start=format_time(min(start, 1425)),
                    mark=self._one(("movable", "fixed")),
                    authorisation=self._maybe(25, lambda: self._one(authorisations).authorisation)
                    if authorisations else None,
                )
            )  # fmt: skip
        return tuple(rows)

    def _shifts(self, *, closed: bool) -> Rows:
        rows: list[tables.Shift] = []
        for provider in self._providers:
            for number in range(self._days):
                day = self._first + dt.timedelta(days=number)
                if self._chance(85):
                    rows += self._shifts_of_day(provider, day, dated=not closed and self._chance(50))
        if not rows:
            rows += self._shifts_of_day(self._providers[0], self._first, dated=not closed)
        return tuple(rows)

    def _shifts_of_day(self, provider: str, day: dt.date, *, dated: bool) -> Sequence[tables.Shift]:
        start = self._one((480, 480, 480, 480, 510, 510, 540, 540, 540, 1380, 1380, 0))
        self._starts[provider, day] = start
        rows = []
        while True:
            longest = min(self._size.longest, 1440 - start)
            length = min(longest, self._one((60, 60, 90, 90, 30, 120)))
            when = {"date": day} if dated else {"weekday": WEEKDAYS[day.weekday()], **self._validity()}
            rows.append(
                tables.Shift(
                    provider=provider, site=self._one(self._sites), start=format_time(start),
                    end=format_time(start + length), breaks=self._breaks(start, length),
                    overtime=self._some(60, (0, self._grid, 2 * self._grid, 30)), **when,
                )
            )  # fmt: skip
            start += length + self._one((0, 30, 30, 60))
            if start > 1380 or not self._chance(20):
                return rows

    def _breaks(self, start: int, length: int) -> str:
        first = start + self._grid * self._one((1, 2, 3))
        last = first + self._grid * self._one((1, 2))
        inside = last < start + length and self._chance(30)
        return f"{format_time(first)}-{format_time(last)}" if inside else ""

    def _leave(self) -> Rows:
        rows = []
        for _ in range(1 + self._upto(1)):
            first = self._near()
            start, end = self._one(((0, 1440), (0, 525), (510, 560), (540, 1440), (600, 660), (607, 618)))
            rows.append(
                tables.Leave(
                    provider=self._one(self._providers), first_day=first, start=format_time(start),
                    last_day=first + dt.timedelta(days=self._upto(1)), end=format_time(end),
                )
            )  # fmt: skip
        return tuple(rows)

    def _closures(self) -> Rows:
        return (tables.Closure(site=self._some(60, self._sites), date=self._near()),)

    def _credentials(self) -> Rows:
        holders = [name for name in self._providers if self._chance(80)]
        return tuple(tables.Credential(provider=name, credential="laser", **self._validity()) for name in holders)

    def _pools(self) -> Rows:
        rows = []
        for site in self._sites:
            for kind in KINDS:
                if self._chance(80):
                    capacity, turnover = self._one((1, 1, 1, 1, 1, 2, 2, 0)), self._cells(0, 0, 1, 2)
                    rows.append(
                        tables.Pool(pool=f"{site}-{kind}", site=site, kind=kind, capacity=capacity, turnover=turnover)
                    )
        return tuple(rows)

    def _pool_closures(self, pools: Sequence[tables.Pool]) -> Rows:
        rows = []
        for pool in pools:
            if self._chance(60):
                start, end = self._one(((0, 495), (510, 525), (523, 532), (540, 1440), (555, 600), (0, 30)))
                rows.append(
                    tables.PoolClosure(
                        pool=pool.pool, date=self._near(0, 1), start=format_time(start), end=format_time(end)
                    )
                )
        return tuple(rows)

    def _caps(self) -> Rows:
        rows = {}
        for _ in range(1 + self._upto(2)):
            key = (self._some(40, self._providers), self._some(40, self._types), self._chance(40))
            rows[key] = tables.Cap(
                provider=key[0], visit_type=key[1], new_only=key[2], maximum=self._one((1, 2, 1, 2, 3, 0))
            )
        return tuple(rows.values())

    def _insurance(self) -> dict[str, Rows | None]:
        if not self._chance(60):
            return {}
        return {
            "coverage": tuple(
                tables.Coverage(patient=patient, insurer=self._one(INSURERS), **self._validity())
                for patient in (*self._patients, *self._patients)
                if self._chance(85)
            ),
            "networks": self._maybe(50, self._networks), "terms": self._maybe(85, self._terms),
            "authorisations": self._maybe(85, self._authorisations), "referrals": self._maybe(80, self._referrals),
        }  # fmt: skip

    def _networks(self) -> Rows:
        pairs = [(insurer, name) for insurer in sorted(set(INSURERS)) for name in self._providers]
        return tuple(
            tables.Network(insurer=insurer, provider=name, **self._validity())
            for insurer, name in pairs
            if self._chance(75)
        )

    def _terms(self) -> Rows:
        pairs = [(insurer, name) for insurer in sorted(set(INSURERS)) for name in self._types if self._chance(70)]
        return tuple(
            tables.Terms(
                insurer=insurer, visit_type=name, authorisation=self._chance(65), referral=self._chance(35),
                fee=self._some(50, (0, 15, 60)),
            )
            for insurer, name in pairs
        )  # fmt: skip

    def _authorisations(self) -> Rows:
        rows: list[tables.Authorisation] = []
        for patient in (*self._patients, *self._patients):
            for name in self._types:
                if self._chance(80):
                    row = tables.Authorisation(
                        authorisation=f"A{len(rows)}", patient=patient, insurer=self._one(INSURERS), visit_type=name,
                        visits_left=self._one((1, 2, 1, 2, 1, 3, 0)), **self._validity(),
                    )  # fmt: skip
                    if not any(_clash(row, other) for other in rows):
                        rows.append(row)
        return tuple(rows)

    def _referrals(self) -> Rows:
        pairs = [(patient, name) for patient in self._patients for name in self._types]
        return tuple(
            tables.Referral(patient=patient, visit_type=name, **self._validity())
            for patient, name in pairs
            if self._chance(60)
        )


def _clash(one: tables.Authorisation, other: tables.Authorisation) -> bool:
    """Two authorisations of one patient, insurer and type hold on a common day."""
    if (one.patient, one.insurer, one.visit_type) != (other.patient, other.insurer, other.visit_type):
        return False
    first = max(one.valid_from or dt.date.min, other.valid_from or dt.date.min)
    return first <= min(one.valid_until or dt.date.max, other.valid_until or dt.date.max)
