"""Who pays for which request on which day, as columns."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.office import Office
from schedopt.models.problem.calendar import Calendar
from schedopt.models.problem.couplings import AuthorisedVisits
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.options import Options
from schedopt.models.problem.week import Week
from schedopt.models.tables import Authorisation, Referral


@dataclass(frozen=True)
class Insurance:
    """What insurers say about each request on each day.

    Attributes
    ----------
    insurer : int array, shape (requests, days)
        Code of the insurer who pays on the day, or -1.
    network : bool array, shape (insurers, providers, days)
        The insurer pays for the provider's visits.
    authorised, referred : bool array, shape (requests, days)
        What the insurer asks for is there, or nothing is asked for.
    self_pay : bool array, shape (requests,)
        The patient pays where the insurer does not.
    """

    insurer: Ints
    network: Flags
    authorised: Flags
    referred: Flags
    self_pay: Flags

    def _day(self, options: Options, week: Week) -> Ints:
        return week.sessions.day[options.session]

    def is_covered(self, options: Options, week: Week) -> Flags:
        """Somebody insures the patient on the day."""
        return self.insurer[options.request, self._day(options, week)] >= 0

    def in_network(self, options: Options, week: Week) -> Flags:
        """The insurer of the day, if there is one, pays for the provider."""
        day = self._day(options, week)
        insurer = self.insurer[options.request, day]
        if not len(self.network):
            return np.ones(len(day), bool)
        return (insurer < 0) | self.network[insurer, week.sessions.provider[options.session], day]

    def is_authorised(self, options: Options, week: Week) -> Flags:
        """The authorisation that the insurer of the day asks for is there."""
        return self.authorised[options.request, self._day(options, week)]

    def is_referred(self, options: Options, week: Week) -> Flags:
        """The referral that the insurer of the day asks for is there."""
        return self.referred[options.request, self._day(options, week)]

    def pays(self, options: Options, week: Week) -> Flags:
        """The insurer pays for the visit."""
        return (
            self.is_covered(options, week)
            & self.in_network(options, week)
            & self.is_authorised(options, week)
            & self.is_referred(options, week)
        )


def read_insurance(office: Office, week: Week) -> Insurance:
    """Work out the columns from the tables."""
    requests = week.requests
    insurers, insurer = _insurers(office), _insurer_by_request(office, week)
    asked = {(insurers[t.insurer], t.visit_type): t for t in office.terms or () if t.insurer in insurers}
    needs = np.zeros((2, len(insurers) + 1, len(requests.visit_type_ids)), bool)
    type_code = {name: code for code, name in enumerate(requests.visit_type_ids)}
    for (code, visit_type), terms in asked.items():
        needs[:, code, type_code[visit_type]] = terms.authorisation, terms.referral
    needed = needs[:, insurer, requests.visit_type[:, None]]
    authorised = np.full_like(insurer, office.authorisations is None, dtype=bool)
    for r, first, last, _, code in authorisation_days(office, week):
        authorised[r, first : last + 1] |= insurer[r, first : last + 1] == code
    return Insurance(
        insurer,
        _network(office, week.calendar, insurers),
        authorised | ~needed[0],
        _referred(office, week) | ~needed[1],
        _self_pay(office, week),
    )


def _self_pay(office: Office, week: Week) -> Flags:
    """Whose patient pays where insurance does not."""
    pays: Flags = np.array([p.self_pay for p in office.patients], bool)[week.requests.patient]
    return pays


def _insurers(office: Office) -> dict[str, int]:
    return {name: code for code, name in enumerate(dict.fromkeys(row.insurer for row in office.coverage or ()))}


def _days(calendar: Calendar, first: dt.date | None, last: dt.date | None) -> tuple[int, int]:
    """First and last day planned of a validity, both included; empty where the first is after the last."""
    low = 0 if first is None else max(0, calendar.day(first))
    high = calendar.num_days - 1 if last is None else min(calendar.num_days - 1, calendar.day(last))
    return low, high


def _insurer_by_request(office: Office, week: Week) -> Ints:
    """Code of the insurer of each request's patient on each day, or -1; of several, the one that stands first."""
    code, days = {p.patient: number for number, p in enumerate(office.patients)}, week.calendar.num_days
    insurers, rows = _insurers(office), (office.coverage or ())[::-1]
    patient = np.array([code[row.patient] for row in rows], np.int64)
    insurer = np.array([insurers[row.insurer] for row in rows], np.int64)
    span = np.array([_days(week.calendar, row.valid_from, row.valid_until) for row in rows], np.int64).reshape(-1, 2)
    by_patient = np.full((len(code), days), -1, np.int64)
    for day in range(days):
        valid = (span[:, 0] <= day) & (day <= span[:, 1])
        by_patient[patient[valid], day] = insurer[valid]  # of entries for one place, the last one stays
    return by_patient[week.requests.patient]


def _network(office: Office, calendar: Calendar, insurers: dict[str, int]) -> Flags:
    shape = (len(insurers), len(office.providers), calendar.num_days)
    if office.networks is None:
        return np.ones(shape, bool)
    network = np.zeros(shape, bool)
    code = {p.provider: number for number, p in enumerate(office.providers)}
    for row in office.networks:
        if row.insurer in insurers:
            low, high = _days(calendar, row.valid_from, row.valid_until)
            network[insurers[row.insurer], code[row.provider], low : max(low, high + 1)] = True
    return network


def _requests_of(week: Week, rows: Sequence[Authorisation | Referral]) -> Iterator[tuple[int, int]]:
    """Number of each row with the code of each request of its patient for its visit type, by row."""
    requests, kinds = week.requests, len(week.requests.visit_type_ids)
    patient = {name: code for code, name in enumerate(requests.patient_ids)}
    kind = {name: code for code, name in enumerate(requests.visit_type_ids)}
    needs, need = np.unique(requests.patient * kinds + requests.visit_type, return_inverse=True)
    wanted = np.array([patient[row.patient] * kinds + kind[row.visit_type] for row in rows], np.int64)
    place = np.searchsorted(needs, wanted)
    place[~np.isin(wanted, needs)] = len(needs)  # a list without requests
    number, request = Lists.by_key(need, len(needs) + 1).joined(place)
    return zip(number.tolist(), request.tolist(), strict=True)


def authorisation_days(office: Office, week: Week) -> Iterator[tuple[int, int, int, int, int]]:
    """(request, first day, last day, number of the authorisation, code of its insurer), where visits are left."""
    insurers, rows, left = _insurers(office), office.authorisations or (), visits_left(office, week.calendar)
    days = [_days(week.calendar, row.valid_from, row.valid_until) for row in rows]
    for number, r in _requests_of(week, rows):
        low, high = days[number]
        if left[number] and low <= high and rows[number].insurer in insurers:
            yield r, low, high, number, insurers[rows[number].insurer]


def visits_left(office: Office, calendar: Calendar) -> list[int]:
    """Visits left of each authorisation, less those that appointments outside the days planned use by name."""
    promised = (row for row in office.appointments or () if not calendar.covers(row.date))
    used = Counter(row.authorisation for row in promised)
    return [max(0, row.visits_left - used[row.authorisation]) for row in office.authorisations or ()]


def _referred(office: Office, week: Week) -> Flags:
    referred = np.full((len(week.requests), week.calendar.num_days), office.referrals is None)
    rows = office.referrals or ()
    days = [_days(week.calendar, row.valid_from, row.valid_until) for row in rows]
    for number, r in _requests_of(week, rows):
        low, high = days[number]
        referred[r, low : max(low, high + 1)] = True
    return referred


def authorised_visits(office: Office, week: Week) -> AuthorisedVisits:
    """The limits that authorisations set, on days on which their insurer pays and asks for one.

    Patients who pay themselves where insurance does not are not limited.
    """
    asked = {(t.insurer, t.visit_type) for t in office.terms or () if t.authorisation}
    rows, insurer, self_pay = office.authorisations or (), _insurer_by_request(office, week), _self_pay(office, week)
    entries: list[tuple[int, int, int, int]] = []
    for r, low, high, number, code in authorisation_days(office, week):
        if (rows[number].insurer, rows[number].visit_type) in asked and not self_pay[r]:
            days = [d for d in range(low, high + 1) if insurer[r, d] == code]
            entries.extend((r, number, first, last) for first, last in _runs(days))
    table = np.array(sorted(entries), np.int64).reshape(-1, 4)
    left = np.array(visits_left(office, week.calendar), np.int64)
    return AuthorisedVisits(tuple(row.authorisation for row in rows), left, *table.T)


def _runs(days: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each stretch of days without a hole."""
    ends = [day for day in days if day + 1 not in days]
    return zip((day for day in days if day - 1 not in days), ends, strict=True)
