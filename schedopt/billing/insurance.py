"""Who pays for which request on which day, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.billing.permits import Payers, Permission, Standings, allowed, days_of, standings
from schedopt.billing.policies import Policies, read_policies, who_pays
from schedopt.models.office import Office
from schedopt.models.problem.options import Options
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class Insurance:
    """What insurers say about each request on each day.

    Attributes
    ----------
    insurer : int array, shape (requests, days)
        Code of the insurer who pays on the day, or -1.
    answer : int array, shape (requests, days)
        The insurer's answer that says so, or -1.
    network : bool array, shape (insurers, providers, days)
        The insurer pays for the provider's visits.
    authorised, referred : bool array, shape (requests, days)
        What the insurer asks for is there, or nothing is asked for.
    asked : bool array, shape (2, requests, days)
        The insurer of the day asks for an authorisation, and for a referral.
    undecided : bool array, shape (requests, days)
        What it asks for is there only if the insurer decides so on a later day.
    self_pay : bool array, shape (requests,)
        The patient pays where the insurer does not.
    apart : bool array, shape (requests,)
        The patient pays, and the insurer is told nothing.
    policies : Policies
        Where it is said who insures whom.
    authorisations, referrals : Standings or None
        How permissions stand, for people.
    """

    insurer: Ints
    answer: Ints
    network: Flags
    authorised: Flags
    referred: Flags
    asked: Flags
    undecided: Flags
    self_pay: Flags
    apart: Flags
    policies: Policies
    authorisations: Standings | None
    referrals: Standings | None

    def _day(self, options: Options, week: Week) -> Ints:
        return week.sessions.day[options.session]

    def insurer_of(self, options: Options, week: Week) -> Ints:
        """Code of the insurer of the day, or -1."""
        return self.insurer[options.request, self._day(options, week)]

    def is_covered(self, options: Options, week: Week) -> Flags:
        """Somebody insures the patient on the day."""
        return self.insurer_of(options, week) >= 0

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

    def is_undecided(self, options: Options, week: Week) -> Flags:
        """Whether the insurer pays is decided after the day."""
        return self.undecided[options.request, self._day(options, week)]

    def pays(self, options: Options, week: Week) -> Flags:
        """The insurer pays for the visit."""
        return (
            self.is_covered(options, week)
            & self.in_network(options, week)
            & self.is_authorised(options, week)
            & self.is_referred(options, week)
        )

    def age(self, options: Options, week: Week) -> Ints:
        """Days from the answer on which it rests that the patient is covered to the day; many where there is none."""
        day = self._day(options, week)
        answer, answers = self.answer[options.request, day], self.policies.answers
        if answers is None or not len(answers.answered):
            return np.full(len(day), NEVER)
        return np.where(answer >= 0, day - answers.answered[answer], NEVER)

    @cached_property
    def payers(self) -> tuple[str, ...]:
        """What the codes of insurers stand for, and at the end the patient who pays."""
        return (*self.policies.insurers, "the patient")


NEVER = 1_000_000
"""Days since an answer that was never given."""


def read_payers(office: Office, week: Week) -> tuple[Policies, Payers, Ints, Flags]:
    """Policies, who pays, the answers by which, and for which requests nobody is to be told."""
    policies = read_policies(office, week)
    insurer, answer = who_pays(policies, week)
    apart = paid_apart(office, week)
    if apart.any():
        insurer[apart], answer[apart] = -1, -1
    codes = {name: code for code, name in enumerate(policies.insurers)}
    return policies, Payers(office, week, insurer, codes), answer, apart


def read_insurance(office: Office, week: Week) -> Insurance:
    """Work out the columns from the tables."""
    policies, payers, answer, apart = read_payers(office, week)
    requests, insurer, codes = week.requests, payers.insurer, payers.codes
    terms = {(codes[t.insurer], t.visit_type): t for t in office.terms or () if t.insurer in codes}
    needs = np.zeros((2, len(codes) + 1, len(requests.visit_type_ids)), bool)
    type_code = {name: code for code, name in enumerate(requests.visit_type_ids)}
    for (code, visit_type), row in terms.items():
        needs[:, code, type_code[visit_type]] = row.authorisation, row.referral
    needed = needs[:, insurer, requests.visit_type[:, None]]
    authorised, referred = allowed(payers, office.authorisations), allowed(payers, office.referrals)
    patients = {p.patient: number for number, p in enumerate(office.patients)}

    def standing(what: str, rows: tuple[Permission, ...] | None) -> Standings | None:
        return standings(what, rows, week, patients, codes)

    return Insurance(
        insurer, answer, _network(office, week, codes),
        authorised.there | ~needed[0], referred.there | ~needed[1], needed,
        (authorised.undecided & needed[0]) | (referred.undecided & needed[1]),
        pays_alone(office, week, apart), apart, policies,
        standing("authorisation", office.authorisations), standing("referral", office.referrals),
    )  # fmt: skip


def paid_apart(office: Office, week: Week) -> Flags:
    """Requests that the patient pays, and of which the insurer is told nothing."""
    asked = [week.request_code.get(row.request, -1) for row in office.requests if row.self_pay]
    apart: Flags = np.isin(np.arange(len(week.requests)), asked)
    return apart


def pays_alone(office: Office, week: Week, apart: Flags) -> Flags:
    """Whose patient pays where insurance does not; those whom the insurer is told nothing of are among them."""
    pays: Flags = np.array([p.self_pay for p in office.patients], bool)[week.requests.patient] | apart
    return pays


def _network(office: Office, week: Week, insurers: dict[str, int]) -> Flags:
    calendar = week.calendar
    shape = (len(insurers), len(office.providers), calendar.num_days)
    if office.networks is None:
        return np.ones(shape, bool)
    network = np.zeros(shape, bool)
    code = {p.provider: number for number, p in enumerate(office.providers)}
    for row in office.networks:
        if row.insurer in insurers:
            first, end = days_of(calendar, row)
            network[insurers[row.insurer], code[row.provider], first:end] = True
    return network
