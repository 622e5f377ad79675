"""The one table of who may do what: roles × tables × columns × operations × purpose. What is not in it is denied."""

from __future__ import annotations

from collections.abc import Iterator

from schedopt.registry.money_grants import MONEY_GRANTS
from schedopt.registry.operations_grants import OPERATIONS_GRANTS
from schedopt.store.access import Grant, Policy

ROLES = ("planner", "desk", "billing", "clinician", "auditor", "administrator", "emergency")
"""What actors are; ``emergency`` is nobody's for longer than some hours."""

PURPOSES = {
    "planner": ("operations",),
    "desk": ("treatment", "operations", "request"),
    "billing": ("payment",),
    "clinician": ("treatment",),
    "auditor": ("audit",),
    "administrator": ("operations", "request"),
    "emergency": ("treatment",),
}
"""For what each role works; ``request`` is a person's own request, such as for a copy of his or her records."""

_LETTERS = {"r": "read", "a": "add", "c": "change", "e": "end"}
_PURPOSES = {"t": "treatment", "p": "payment", "o": "operations", "a": "audit", "q": "request"}

#   planner, desk, billing, clinician, auditor, administrator, emergency; purposes; tables: columns
_GRANTS = """
r    r    r  r r race r  topa  settings: settings
r    r    r  r - race r  top   sites: site name time_zone
r    r    r  r - race r  top   providers: provider name gender languages visit_types supervisors without_break
r    r    r  r - race r  top   providers: rest_hours contract_minutes
r    r    r  r - race r  top   visit_types: visit_type name minutes pools buffer_before buffer_after seats
r    r    r  r - race r  top   visit_types: most_in_a_row credential min_age max_age fee notice_hours
r    r    r  r - race r  top   lengths: visit_type provider patients minutes
r    r    r  r - race r  top   steps: visit_type order minutes pools max_wait
r    r    r  r - race r  top   roles: visit_type role order providers
r    race r  r - race r  topq  patients: patient own_provider language language_required provider_gender
r    race r  r - race r  topq  patients: provider_gender_required self_pay
r    race r  r - race r  topq  requests: request patient visit_type ready due urgency priority minutes provider
r    race r  r - race r  topq  requests: providers site new after after_min_days after_max_days same_day_as
r    race -  r - race r  toq   requests: self_pay
r    race -  r - race r  toq   age_days: request first_day last_day
r    race -  r - race r  toq   availability: every week_of_month valid_from valid_until patient request date weekday
r    race -  r - race r  toq   availability: start end
r    race -  r - race r  toq   preferences: every week_of_month valid_from valid_until patient request date weekday
r    race -  r - race r  toq   preferences: start end
race race r  r - race r  topq  appointments: request provider date start mark minutes authorisation
race race r  r - race r  topq  cancellations: request
-    a    -  a - a    -  to    overbookings: booking
-    race -  - - race -  toq   cancellations: reason
race r    -  - - race r  to    shifts: every week_of_month valid_from valid_until provider site date weekday start
race r    -  - - race r  to    shifts: end breaks moving_breaks last_new overtime
race r    -  - - race -  to    travel: site other_site minutes
race r    -  - - race -  to    setups: visit_type next_visit_type minutes
race r    -  - - race -  to    reserves: provider weekday start end places minutes visit_type urgency release_hours
race race -  - - race r  to    leave: provider first_day last_day start end
race race -  - - race -  to    leave: reason
race r    -  - - race r  to    closures: site date start end reason
race r    -  - - race r  to    open_holidays: site date
race r    -  - - race -  to    credentials: provider credential valid_from valid_until
race r    -  - - race -  to    pools: pool site kind capacity turnover
race race -  - - race -  to    pool_closures: pool date start end reason units taken_by
race r    -  - - race -  to    caps: provider visit_type new_only maximum
r    race race r - race r  topq  coverage: valid_from valid_until patient insurer
r    r    race - - race -  top   networks: valid_from valid_until insurer provider
r    r    race - - race -  top   terms: insurer visit_type authorisation referral fee
r    race race r - race r  topq  authorisations: valid_from valid_until authorisation patient insurer visit_type
r    race race r - race r  topq  authorisations: visits_left status decision_due answered source
r    race race r - race r  topq  referrals: valid_from valid_until patient visit_type status decision_due answered
r    race race r - race r  topq  referrals: source
r    race race r - race r  topq  eligibility: valid_from valid_until patient insurer visit_type asked_for answered
r    race race r - race r  topq  eligibility: status visits_left source
r    r    race - - race -  top   collection: insurer visit_type allowed chance low high bad_debt claims
-    rac  r  r - race r  topq  people: person patient merged_into name given_name surname suffix birth_date sex
-    rac  r  r - race r  topq  people: street_number address_1 address_2 suburb state postcode phone email mrn
-    rac  -  r - race r  toq   people: group note
-    rac  r  - - race -  topq  people: soc_sec_id
-    r    -  - r race -  toaq  actors: actor roles
r    r    race - r race -  tpo  payers: insurer payer_id name filing filing_days appeal_days address city state postcode
-    race race - - race -  tpoq  memberships: patient insurer member_id group_number relation
-    race race - - race -  tpoq  memberships: holder_given_name holder_surname holder_birth_date holder_sex
r    r    race - - race -  top   service_types: visit_type services
r    r    race - r race -  tpoq  inquiries: inquiry patient insurer request visit_type asked_for services batch sent_on
r    r    race - r race -  tpoq  inquiries: state answered answered_at reasons
-    r    race - - race -  tpoq  benefits: patient insurer asked item kind services whose network span amount share
-    r    race - - race -  tpoq  benefits: visits authorisation procedure first_day last_day year_ends code note
-    r    race - - race -  tpoq  benefits: asked_for answered answered_at source
r    r    race - r race -  tpoq  reviews: review kind patient insurer visit_type provider procedure visits_asked
r    r    race - r race -  tpoq  reviews: first_asked last_asked state visits first_day last_day number sent_on
r    r    race - r race -  tpoq  reviews: decision_due answered reasons batch
-    -    race - r race -  po    answer_files: file answers read_on
-    -    race - r race -  po    open_answers: answer kind reason inquiry read_on state
-    -    race - - race -  po    open_answers: content
-    r    race - r race -  tpoq  claims: claim patient request provider insurer rank date charge state replaces
-    r    race - r race -  tpoq  claims: frequency sent_on accepted_on file_until payer_control answer
-    r    race - r race -  tpoq  claims: authorisation
-    -    race - - race -  tpoq  claim_lines: claim line procedure modifiers units charge diagnoses place
-    -    race race - race -  tpoq  encounters: request line procedure modifiers units charge diagnoses place
-    r    race - r race -  tpo  billing_office: npi name tax_id taxonomy address city state postcode contact phone
-    r    race - r race -  tpo  billing_office: sender clearing_house
-    r    race r r race -  tpo  provider_numbers: provider npi taxonomy surname given_name
-    r    race - r race -  tpoq  claim_edits: claim edit line severity words
-    -    race - r race -  tpoq  sendings: control transaction claim sent_on
-    r    race - r race -  tpoq  claim_answers: claim answer kind outcome date control codes payer_control
-    -    -  - r r    -  oaq   emergencies: actor begins ends reason
r    race r  r r race r  topaq consents: person purpose given
-    race r  r r race r  topaq restrictions: person kind request told
-    race -  - - race -  toq   decisions: person other decided
-    -    -  - - r    -  o     backups: file
-    -    -  - - c    -  o     keys: master
-    -    -  - r r    -  oa    entries: number at actor purpose operation outcome about people source reason
"""


def _parsed(lines: str) -> Iterator[Grant]:
    for line in lines.strip().splitlines():
        rights, _, columns = line.partition(":")
        *letters, purposes, table = rights.split()
        allowed = {
            role: tuple(_LETTERS[letter] for letter in said)
            for role, said in zip(ROLES, letters, strict=True)
            if said != "-"
        }
        yield Grant(table, tuple(columns.split()), allowed, tuple(_PURPOSES[letter] for letter in purposes))


POLICY = Policy(ROLES, PURPOSES, tuple(_parsed(_GRANTS + MONEY_GRANTS + OPERATIONS_GRANTS)))
"""What holds."""
