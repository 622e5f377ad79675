"""Records in which nothing is missing, and a change for each check that finds something."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, NamedTuple

from schedopt.models.tables import (
    Appointment,
    Authorisation,
    Coverage,
    Network,
    Patient,
    Referral,
    Request,
    Terms,
    VisitType,
)
from schedopt.records.people import Person, Restriction
from schedopt.records.quality import Records

TODAY = dt.date(2026, 11, 27)  # a Friday
VISIT = dt.date(2026, 12, 8)  # a Tuesday
BEFORE, AFTER = TODAY - dt.timedelta(days=3), VISIT + dt.timedelta(days=3)
PERSON: dict[str, Any] = {
    "person": "p1", "patient": "N1", "given_name": "Ada", "surname": "Byron", "birth_date": dt.date(1984, 2, 29),
    "street_number": "12", "address_1": "Main Street", "suburb": "Tuba City", "state": "AZ", "postcode": "86045",
    "phone": "+1 928 555 0110", "email": "ada@example.org", "soc_sec_id": "219-09-9999", "mrn": "00412",
}  # fmt: skip


def person(**changes: Any) -> Person:
    """The person of these records, changed."""
    return Person(**PERSON | changes)


OTHER = {
    "person": "p2", "patient": "N2", "given_name": "Grace", "soc_sec_id": "219-09-9998", "mrn": "00413",
}  # fmt: skip
SOUND = Records(
    today=TODAY,
    patients=(Patient(patient="N1"), Patient(patient="N2")),
    people=(person(), person(**OTHER)),
    visit_types=(VisitType(visit_type="scan", minutes=20, min_age=18),),
    requests=(Request(request="R1", patient="N1", visit_type="scan"),),
    appointments=(Appointment(request="R1", provider="DR1", date=VISIT, start="09:00", authorisation="A1"),),
    coverage=(Coverage(patient="N1", insurer="ACME"),),
    networks=(Network(insurer="ACME", provider="DR1"),),
    terms=(Terms(insurer="ACME", visit_type="scan", authorisation=True, referral=True),),
    authorisations=(Authorisation(authorisation="A1", patient="N1", insurer="ACME", visit_type="scan", visits_left=1),),
    referrals=(Referral(patient="N1", visit_type="scan"),),
)


class Planted(NamedTuple):
    """Records with one gap: whom it is about and what it would do."""

    records: Records
    about: str
    harm: int
    is_booked: bool = True


def _with_person(**changes: Any) -> Records:
    return replace(SOUND, people=(person(**changes), person(**OTHER)))


def _authorised(**changes: Any) -> Records:
    return replace(SOUND, authorisations=(SOUND.authorisations[0].model_copy(update=changes),))  # type: ignore[index]


def _restricted(kind: str) -> Records:
    return replace(SOUND, restrictions=(Restriction(person="p1", kind=kind),))


_ODD = replace(SOUND, requests=(Request.model_construct(**SOUND.requests[0].model_dump() | {"visit_type": ""}),))
_LATE = Request(request="R2", patient="N2", visit_type="scan", due=BEFORE)
_BORN = dt.date(2010, 1, 1)

PLANTED: dict[str, Planted] = {
    "coverage_missing": Planted(replace(SOUND, coverage=()), "N1", 3),
    "coverage_ended": Planted(
        replace(SOUND, coverage=(Coverage(patient="N1", insurer="ACME", valid_until=BEFORE),)), "N1", 3
    ),
    "coverage_ending": Planted(
        replace(SOUND, coverage=(Coverage(patient="N1", insurer="ACME", valid_until=TODAY),)), "N1", 3
    ),
    "coverage_not_begun": Planted(
        replace(SOUND, coverage=(Coverage(patient="N1", insurer="ACME", valid_from=AFTER),)), "N1", 3
    ),
    "referral_missing": Planted(replace(SOUND, referrals=()), "R1", 3),
    "referral_ended": Planted(
        replace(SOUND, referrals=(Referral(patient="N1", visit_type="scan", valid_until=BEFORE),)), "R1", 3
    ),
    "referral_ending": Planted(
        replace(SOUND, referrals=(Referral(patient="N1", visit_type="scan", valid_until=TODAY),)), "R1", 3
    ),
    "referral_not_begun": Planted(
        replace(SOUND, referrals=(Referral(patient="N1", visit_type="scan", valid_from=AFTER),)), "R1", 3
    ),
    "authorisation_missing": Planted(replace(_authorised(patient="N2")), "R1", 3),
    "authorisation_ended": Planted(_authorised(valid_until=BEFORE), "R1", 3),
    "authorisation_ending": Planted(_authorised(valid_until=TODAY), "R1", 3),
    "authorisation_not_begun": Planted(_authorised(valid_from=AFTER), "R1", 3),
    "authorisation_used_up": Planted(_authorised(visits_left=0), "R1", 3),
    "out_of_network": Planted(replace(SOUND, networks=(Network(insurer="ACME", provider="DR2"),)), "R1", 3),
    "visit_type_unknown": Planted(replace(_ODD, terms=()), "R1", 3),
    "age_outside": Planted(_with_person(birth_date=_BORN), "R1", 3),
    "person_unknown": Planted(replace(SOUND, patients=(*SOUND.patients, Patient(
        patient="N3", birth_date=_BORN))), "N3", 0, False),
    "name_missing": Planted(_with_person(surname=""), "N1", 2),
    "birth_date_missing": Planted(_with_person(birth_date=None), "N1", 2),
    "birth_date_impossible": Planted(_with_person(birth_date=dt.date(1906, 11, 26)), "N1", 2),
    "birth_date_differs": Planted(replace(SOUND, patients=(Patient(patient="N1", birth_date=_BORN), Patient(
        patient="N2"))), "N1", 2),
    "number_shared": Planted(_with_person(soc_sec_id="219 09 9998"), "N1", 2),
    "no_contact": Planted(_with_person(phone="", email=""), "N1", 1),
    "channel_missing": Planted(_restricted("confidential_channel"), "N1", 1),
    "phone_impossible": Planted(_with_person(phone="555-0110"), "N1", 1),
    "email_impossible": Planted(_with_person(phone="", email="ada@example"), "N1", 1),
    "address_incomplete": Planted(_with_person(suburb=""), "N1", 1),
    "postcode_impossible": Planted(_with_person(postcode="8604"), "N1", 1),
    "request_overdue": Planted(replace(SOUND, requests=(*SOUND.requests, _LATE), coverage=(
        *SOUND.coverage, Coverage(patient="N2", insurer="ACME"))), "R2", 0, False),  # type: ignore[misc]
    "national_number_impossible": Planted(_with_person(soc_sec_id="000-12-3456"), "N1", 0),
}  # fmt: skip
"""By the name of the check that finds it."""
