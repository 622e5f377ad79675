"""Which rules the records' tables call for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.ages import days_of_age
from schedopt.models.clock import MINUTES_PER_DAY
from schedopt.models.groups import group_codes
from schedopt.models.office import Office
from schedopt.models.problem.calendar import Calendar
from schedopt.models.problem.couplings import (
    Coupling,
    DayGap,
    FairAccess,
    PatientTime,
    PatientTravel,
    PatientZone,
    Promises,
    StepOrder,
)
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.rules import Rule
from schedopt.models.problem.spans import SpanTable
from schedopt.models.problem.week import Week
from schedopt.models.tables import Availability, Patient, Preference, Request
from schedopt.models.ways import way_minutes
from schedopt.records import times, wishes
from schedopt.records.due import FOREVER, NEVER, days_of_series, distance


def record_rules(office: Office, week: Week) -> Iterator[Rule]:
    """All rules of this source, in the order in which a coordinator would ask."""
    rows, weights = _rows(office, week), office.settings.weights
    people = {p.patient: p for p in office.patients}
    patients = [people[row.patient] for row in rows]
    yield times.Unscheduled(weights.unscheduled)
    yield times.FixedPromise()
    yield _allowed_providers(office, rows)
    yield _at_site(rows, week)
    yield from _wish_rules(office, patients)
    yield times.ReadyDay(week.requests.ready)
    yield times.AgeLimit(*_age_days(office, rows, patients, week.calendar))
    yield from _series_days(office, rows, week.calendar)
    if office.availability is not None:
        yield times.Available(*_patient_times(office.availability, rows, week.calendar, whole_visit=True))
    if office.preferences is not None:
        stated, spans = _patient_times(office.preferences, rows, week.calendar, whole_visit=False)
        yield times.Preferred(stated, spans, weights.preference)
    yield from _prices(office, rows, patients, week)


def record_couplings(office: Office, week: Week) -> Iterator[Coupling]:
    """All couplings of this source."""
    yield Promises()
    yield StepOrder(office.settings.weights.office_wait)
    yield PatientTime()
    yield from _ways(office, week)
    pairs = []
    for row in _rows(office, week):
        second = week.request_code[row.request]
        if row.after in week.request_code:
            low, high = distance(row)
            pairs.append((week.request_code[row.after], second, low, high, True))
        if row.same_day_as in week.request_code:
            pairs.append((week.request_code[row.same_day_as], second, 0, 0, False))
    columns = np.array(pairs, np.int64).reshape(-1, 5).T
    yield DayGap(columns[0], columns[1], columns[2], columns[3], columns[4].astype(bool))
    yield from _fair_access(office, week)


def _rows(office: Office, week: Week) -> tuple[Request, ...]:
    """The rows of the week's requests, by their codes."""
    return tuple(row for row in office.requests if row.request in week.request_code)


def _ways(office: Office, week: Week) -> Iterator[Coupling]:
    """What a patient needs between sites: time for the way, or another day where they are in two zones."""
    calendar, sites = week.calendar, week.sessions.site_ids
    zones = np.array([calendar.zone_at(site).key for site in sites], object)
    apart = zones[:, None] != zones
    if office.travel:
        yield PatientTravel(np.where(apart, 0, way_minutes(office.travel, sites)), calendar.grid)
    if apart.any():
        yield PatientZone(np.where(apart, MINUTES_PER_DAY, 0), calendar.grid)


def _fair_access(office: Office, week: Week) -> Iterator[Coupling]:
    fairness = office.settings.fairness
    if fairness.column is None:
        return
    group = {p.patient: getattr(p, fairness.column) for p in office.patients}
    codes, _ = group_codes(group[row.patient] for row in _rows(office, week))
    yield FairAccess(codes, round(10 * fairness.most_days), office.settings.weights.fair_access)


def _due_days(rows: Sequence[Request], calendar: Calendar) -> Ints:
    return np.array([FOREVER if row.due is None else calendar.day(row.due) for row in rows], np.int64)


def _allowed_providers(office: Office, rows: Sequence[Request]) -> wishes.AllowedProviders:
    code = {p.provider: number for number, p in enumerate(office.providers)}
    allowed = [r * len(code) + code[name] for r, row in enumerate(rows) for name in row.providers]
    return wishes.AllowedProviders(
        np.array([bool(row.providers) for row in rows], bool), np.sort(np.array(allowed, np.int64))
    )


def _at_site(rows: Sequence[Request], week: Week) -> wishes.AtSite:
    code = {name: number for number, name in enumerate(week.sessions.site_ids)}
    return wishes.AtSite(np.array([-1 if row.site is None else code[row.site] for row in rows], np.int64))


def _wish_rules(office: Office, patients: Sequence[Patient]) -> Iterator[Rule]:
    languages = [p.language.casefold() for p in patients]
    spoken = [{name.casefold() for name in p.languages} for p in office.providers]
    kinds = sorted(set(languages) - {""})
    wish = np.array([kinds.index(name) if name else -1 for name in languages], np.int64)
    met = np.array([[name in tongues for tongues in spoken] for name in kinds], bool).reshape(
        len(kinds), len(office.providers)
    )
    required = np.array([p.language_required for p in patients], bool)
    weights = office.settings.weights
    yield wishes.LanguageRequired(wish, met, required)
    yield wishes.LanguageWish(wish, met, required, weights.language)
    genders = [p.provider_gender for p in patients]
    known = sorted({g for g in genders if g is not None})
    wish = np.array([-1 if g is None else known.index(g) for g in genders], np.int64)
    met = np.array([[p.gender == g for p in office.providers] for g in known], bool).reshape(
        len(known), len(office.providers)
    )
    required = np.array([p.provider_gender_required for p in patients], bool)
    yield wishes.GenderRequired(wish, met, required)
    yield wishes.GenderWish(wish, met, required, weights.provider_gender)


def _age_days(
    office: Office, rows: Sequence[Request], patients: Sequence[Patient], calendar: Calendar
) -> tuple[Ints, Ints]:
    """First and last day on which each request's patient has the age for it: as told, or by the birth date."""
    types = {v.visit_type: v for v in office.visit_types}
    told = {row.request: (row.first_day, row.last_day) for row in office.age_days or ()}
    first, last = np.full(len(rows), NEVER, np.int64), np.full(len(rows), FOREVER, np.int64)
    for r, (row, patient) in enumerate(zip(rows, patients, strict=True)):
        begin, end = told.get(row.request) or days_of_age(patient.birth_date, types[row.visit_type])
        if begin is not None:
            first[r] = calendar.day(begin)
        if end is not None:
            last[r] = calendar.day(end)
    return first, last


def _series_days(office: Office, rows: Sequence[Request], calendar: Calendar) -> Iterator[Rule]:
    if any(not calendar.covers(a.date) for a in office.appointments or ()):
        yield times.SeriesDays(*days_of_series(office, rows, calendar))


def _patient_times(
    table: Sequence[Availability | Preference], rows: Sequence[Request], calendar: Calendar, *, whole_visit: bool
) -> tuple[Flags, SpanTable]:
    """Who gave times, and the times by request and day; rows for a request go before its patient's others.

    Times that touch are one. Between cells, a time begins with the next cell; it ends with the one before for a whole
    visit, which has to end in it, and after the one around its end for a start.
    """
    own, general = {row.request for row in table if row.request is not None}, defaultdict(list)
    for place, request in enumerate(rows):
        general[(True, request.request) if request.request in own else (False, request.patient)].append(place)
    said = [general.get((row.request is not None, row.request or row.patient), ()) for row in table]
    number = np.repeat(np.arange(len(table)), np.array([len(codes) for codes in said], np.int64))
    code = np.array([code for codes in said for code in codes], np.int64)
    limited = np.zeros(len(rows), bool)
    limited[code] = True
    times = np.array([(row.start, row.end) for row in table], np.int64).reshape(-1, 2)[number]
    entry, day = _days(table, calendar).joined(number)
    spans = np.column_stack([code[entry] * calendar.num_days + day, day[:, None] * MINUTES_PER_DAY + times[entry]])
    minutes, grid = SpanTable.of(len(rows) * calendar.num_days, spans), calendar.grid
    last = minutes.end // grid if whole_visit else -(-minutes.end // grid)
    return limited, SpanTable(minutes.offset, -(-minutes.start // grid), last)


def _days(table: Sequence[Availability | Preference], calendar: Calendar) -> Lists:
    """For each row, the days planned that it is about."""
    known: dict[tuple[object, ...], list[int]] = {}
    found = []
    for row in table:
        key = row.date, row.weekday, row.every, row.week_of_month, row.valid_from, row.valid_until
        if key not in known:
            known[key] = [day for day, date in enumerate(calendar.dates) if row.falls_on(date)]
        found.append(known[key])
    return Lists(np.cumsum([0, *map(len, found)]), np.array([day for days in found for day in days], np.int64))


def _prices(office: Office, rows: Sequence[Request], patients: Sequence[Patient], week: Week) -> Iterator[Rule]:
    weights, ready = office.settings.weights, week.requests.ready
    code = {p.provider: number for number, p in enumerate(office.providers)}
    wanted = [row.provider or patient.own_provider for row, patient in zip(rows, patients, strict=True)]
    urgency = np.array([row.urgency or office.settings.defaults.urgency for row in rows], np.int64)
    due = _due_days(rows, week.calendar)
    yield wishes.Continuity(np.array([-1 if w is None else code[w] for w in wanted], np.int64), weights.continuity)
    yield times.AccessWait(np.maximum(0, ready), urgency, weights.access)
    yield times.WaitedBefore(np.maximum(0, -ready), urgency, weights.access)
    yield times.Lateness(np.maximum(-1, due), urgency, weights.late)
    yield times.MovedPromise(weights.moved)
