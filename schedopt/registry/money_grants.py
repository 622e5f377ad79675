"""What :mod:`~schedopt.registry.grants` says of tables about money, in the same notation."""

from __future__ import annotations

#   planner, desk, billing, clinician, auditor, administrator, emergency; purposes; tables: columns
_COVERAGE = """\
r    r    race - r race -  tpo  payers: insurer payer_id name filing filing_days appeal_days address city state postcode
-    race race - - race -  tpoq  memberships: patient insurer member_id group_number relation
-    race race - - race -  tpoq  memberships: holder_given_name holder_surname holder_birth_date holder_sex
"""

_CLAIMS = """\
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
"""

_FEES = """\
r    r    race - r race -  tpo  contracts: valid_from valid_until insurer procedure modifier amount
r    r    race - r race -  tpo  contract_shares: valid_from valid_until insurer schedule share priced_on unpaid_too
r    r    race r r race -  tpo  services: visit_type procedure modifiers units service_type setting
r    r    race r r race -  tpo  charges: valid_from valid_until procedure modifier amount
r    r    race - r race -  tpo  fee_schedule: valid_from valid_until schedule procedure modifier status amount
r    r    race - r race -  tpo  fee_schedule: facility_amount locality
-    race r    r r race -  tpoq  good_faith_estimates: estimate patient made due separate
-    race r    r r race -  tpoq  good_faith_items: estimate item patient request provider day procedure modifiers
-    race r    r - race -  tpoq  good_faith_items: units charge about diagnoses
"""

_ACCOUNTS = """\
-    -    ra   - r ra   -  tpo   checks: check payer number day cents content
-    -    ra   - r ra   -  tpo   adjudications: adjudication claim body sealed
-    -    ra   - r ra   -  tpo   journal: day debit credit cents claim line party check why
"""

MONEY_GRANTS = _COVERAGE + _CLAIMS + _FEES + _ACCOUNTS
