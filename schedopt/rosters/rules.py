"""The rosters' rules about a single visit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.office import Office
from schedopt.models.problem.couplings import Coupling, FairLoad, PoolCapacity, ProviderTime, ShiftCaps
from schedopt.models.problem.names import SESSION_HOURS
from schedopt.models.problem.options import Options
from schedopt.models.problem.qualified import HOLDS, Qualified, fill_lacking, nothing_asked_of_roles
from schedopt.models.problem.rules import Confines, Forbids, Rule
from schedopt.models.problem.spans import ALWAYS, SpanTable
from schedopt.models.problem.week import Week
from schedopt.rosters.closures import closure_rules
from schedopt.rosters.days import day_couplings, day_rules
from schedopt.rosters.roles import role_couplings, role_rules


@dataclass(frozen=True)
class GivesVisitType(Forbids):
    """A provider gives only the visit types listed for them.

    Attributes
    ----------
    gives : bool array, shape (providers, visit types)
    """

    gives: Flags

    name = "gives_visit_type"
    source = "rosters"
    reason = "the provider does not give this visit type"
    relief = "the provider giving this visit type for once"
    by_provider = True

    def allows(self, options: Options, week: Week) -> Flags:
        """Look up provider and visit type."""
        return self.gives[week.sessions.provider[options.session], week.requests.visit_type[options.request]]


@dataclass(frozen=True)
class PoolAtSite(Forbids):
    """A visit can only be held at a site that has every kind of pool its steps need."""

    name = "pool_at_site"
    source = "rosters"
    reason = "the site has no room, device or support staff of a kind that the visit needs"
    relief = "the visit without a room, device or support staff that its site does not have"
    by_provider = True

    def allows(self, options: Options, week: Week) -> Flags:
        """Look up request and site."""
        return week.has_pools[options.request, week.sessions.site[options.session]]


class Credentialled(Qualified):
    """A provider holds, on the day, the credential that the visit type asks for."""

    name = "credential"
    source = "rosters"
    reason = "the provider does not hold the credential needed on that day"
    relief = "a credential of the provider on that day"


@dataclass(frozen=True)
class SessionHours(Confines):
    """Provider steps start within the session and end, with their buffers, within it and its overtime."""

    name = SESSION_HOURS
    source = "rosters"
    reason = "the visit does not fit into the session's hours"

    def spans(self, options: Options, week: Week) -> tuple[Ints, Ints, Ints]:
        """One span an option."""
        sessions, requests = week.sessions, week.requests
        s, r = options.session, options.request
        start = sessions.start[s] + requests.buffer_before[r]
        last = sessions.end[s] + sessions.overtime[s] - week.length_of(r, s) - requests.buffer_after[r]
        return np.arange(len(options)), start, np.minimum(sessions.end[s], last + 1)


@dataclass(frozen=True)
class Supervised(Confines):
    """A trainee's provider step lies within hours in which one of their supervisors has a session at the site.

    Attributes
    ----------
    supervises : bool array, shape (providers, providers)
        Whether the second is a supervisor of the first; trainees are those who have any.
    hours : SpanTable
        Supervisors' sessions; key is provider * sites + site. Cells.
    """

    supervises: Flags
    hours: SpanTable

    name = "supervision"
    source = "rosters"
    reason = "no supervisor of the trainee is on site"
    relief = "a supervisor of the trainee on site then"

    def spans(self, options: Options, week: Week) -> tuple[Ints, Ints, Ints]:
        """Starts that leave room for the whole provider step."""
        sessions = week.sessions
        key = sessions.provider[options.session] * len(sessions.site_ids) + sessions.site[options.session]
        row, start, end = self.hours.join(key)
        return row, start, end - week.length_of(options.request[row], options.session[row]) + 1

    def for_week(self, week: Week) -> Supervised:
        """Supervisors are there in their sessions of the changed week."""
        return Supervised(self.supervises, _supervised_hours(self.supervises, week))


def roster_rules(office: Office, week: Week) -> Iterator[Rule]:
    """All rules of this source that the office's tables call for."""
    yield GivesVisitType(_gives(office, week))
    yield PoolAtSite()
    if office.credentials is not None and any(v.credential for v in office.visit_types):
        yield _credentialled(office, week)
    yield SessionHours()
    yield from closure_rules(week)
    yield from day_rules(office, week)
    if len(week.roles):
        yield from role_rules()
    if any(p.supervisors for p in office.providers):
        supervises = _supervises(office)
        yield Supervised(supervises, _supervised_hours(supervises, week))


def roster_couplings(office: Office, week: Week) -> Iterator[Coupling]:
    """All couplings of this source."""
    weights = office.settings.weights
    yield ProviderTime(weights.idle, weights.overtime)
    yield PoolCapacity()
    yield from role_couplings(week)
    yield from day_couplings(office, week)
    caps = office.caps or ()
    if caps:
        provider = {p.provider: code for code, p in enumerate(office.providers)}
        visit_type = {v.visit_type: code for code, v in enumerate(office.visit_types)}
        yield ShiftCaps(
            np.array([cap.maximum for cap in caps], np.int64),
            np.array([-1 if cap.provider is None else provider[cap.provider] for cap in caps], np.int64),
            np.array([-1 if cap.visit_type is None else visit_type[cap.visit_type] for cap in caps], np.int64),
            np.array([cap.new_only for cap in caps], bool),
        )
    contract = _contract_minutes(office, week)
    if contract.any():
        yield FairLoad(contract, office.settings.fairness.most_load, weights.fair_load)


def _contract_minutes(office: Office, week: Week) -> Ints:
    """Minutes of each provider's contract, or of their sessions where those are fewer: none can be seen on leave."""
    sessions = week.sessions
    rostered = np.zeros(len(office.providers), np.int64)
    np.add.at(rostered, sessions.provider, (sessions.end - sessions.start) * week.calendar.grid)
    contract = np.array([p.contract_minutes or 0 for p in office.providers], np.int64)
    return np.minimum(contract, rostered)


def _gives(office: Office, week: Week) -> Flags:
    code = {name: number for number, name in enumerate(week.requests.visit_type_ids)}
    gives = np.ones((len(office.providers), len(code)), bool)
    for number, provider in enumerate(office.providers):
        if provider.visit_types:
            gives[number] = False
            gives[number, [code[v] for v in provider.visit_types]] = True
    return gives


def _credentialled(office: Office, week: Week) -> Credentialled:
    calendar, provider_code = week.calendar, {p.provider: code for code, p in enumerate(office.providers)}
    things = tuple(dict.fromkeys(kind.credential for kind in office.visit_types if kind.credential))
    held = np.zeros((len(things), len(office.providers), calendar.num_days), bool)
    for row in office.credentials or ():
        first = 0 if row.valid_from is None else max(0, calendar.day(row.valid_from))
        last = calendar.num_days - 1 if row.valid_until is None else calendar.day(row.valid_until)
        if row.credential in things and last >= first:
            held[things.index(row.credential), provider_code[row.provider], first : last + 1] = True
    lacks = np.full((len(office.providers), calendar.num_days, len(office.visit_types)), HOLDS, np.int64)
    for code, thing in enumerate(things):
        asking = (number for number, kind in enumerate(office.visit_types) if kind.credential == thing)
        fill_lacking(lacks, held[code], code, asking)
    return Credentialled(lacks, *nothing_asked_of_roles(len(office.providers), calendar.num_days), things)


def _supervises(office: Office) -> Flags:
    code = {provider.provider: number for number, provider in enumerate(office.providers)}
    supervises = np.zeros((len(code), len(code)), bool)
    for number, provider in enumerate(office.providers):
        supervises[number, [code[name] for name in provider.supervisors]] = True
    return supervises


def _supervised_hours(supervises: Flags, week: Week) -> SpanTable:
    sessions, num_sites = week.sessions, len(week.sessions.site_ids)
    spans: list[tuple[int, int, int]] = []
    for number, supervisors in enumerate(supervises):
        if not supervisors.any():
            spans.extend((number * num_sites + site, *ALWAYS) for site in range(num_sites))
            continue
        present = supervisors[sessions.provider]
        for site, start, end in zip(
            sessions.site[present], sessions.start[present], sessions.end[present], strict=True
        ):
            spans.append((number * num_sites + int(site), int(start), int(end)))
    return SpanTable.of(len(supervises) * num_sites, spans)
