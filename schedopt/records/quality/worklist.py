"""The list of checks, and the work list that they make: most urgent first, by what a gap would do to a visit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from schedopt.records.quality import of_people as people
from schedopt.records.quality import of_visits as visits
from schedopt.records.quality.facts import Facts
from schedopt.records.quality.gaps import About, Check, Find
from schedopt.records.quality.given import Records
from schedopt.records.quality.validity import Standing

COLUMNS = ("check", "about", "detail", "owner", "due", "visit", "harm")
"""Of the work list: name of the check; id of the patient or request; what is wrong, without anybody's values; role that
sets it right; day by which; next booked visit that it would hurt, or none; what it would do to that visit (3: cannot be
held or paid, 2: may not be, 1: the person cannot be reached, 0: nothing)."""

_STANDINGS: dict[Standing, str] = {
    "missing": "is missing for a booked visit",
    "ended": "has ended before a booked visit",
    "ending": "will end before a visit",
    "not_begun": "begins only after a booked visit",
}


def _insurance(what: str, name: str, find: Callable[[Standing], Find], lead: int, about: About) -> list[Check]:
    """The checks of something that has a first and a last day."""
    return [
        Check(f"{what}_{standing}", f"{name} {words}", "billing", about, lead, 10, find(standing))
        for standing, words in _STANDINGS.items()
    ]


CHECKS: tuple[Check, ...] = (
    *_insurance("coverage", "insurance", visits.coverage, 3, "patient"),
    *_insurance("referral", "a referral asked for", visits.referral, 5, "request"),
    *_insurance("authorisation", "an authorisation asked for", visits.authorisation, 5, "request"),
    Check("authorisation_used_up", "an authorisation has no visit left for a booked visit",
          "billing", "request", 5, 10, visits.authorisation_used_up),
    Check("out_of_network", "the insurer does not pay for the provider of a booked visit",
          "billing", "request", 3, 10, visits.out_of_network),
    Check("visit_type_unknown", "a request has no visit type, or one that the office does not know",
          "desk", "request", 2, 2, visits.visit_type_unknown),
    Check("age_outside", "a booked visit is of a type that is not for the patient's age",
          "desk", "request", 2, 10, people.age_outside),
    Check("person_unknown", "no person is on file for a patient", "desk", "patient", 2, 10, people.person_unknown),
    Check("name_missing", "a person has no whole name", "desk", "patient", 2, 10, people.name_missing),
    Check("birth_date_missing", "a birth date is missing", "desk", "patient", 2, 20, people.birth_date_missing),
    Check("birth_date_impossible", "a birth date is in the future, or more than 120 years ago",
          "desk", "patient", 2, 10, people.birth_date_impossible),
    Check("birth_date_differs", "two tables say different birth dates of one person",
          "desk", "patient", 2, 10, people.birth_date_differs),
    Check("number_shared", "a medical record or social security number stands with two persons",
          "desk", "patient", 2, 10, people.number_shared),
    Check("no_contact", "neither telephone number nor e-mail address is on file",
          "desk", "patient", 2, 20, people.no_contact),
    Check("channel_missing", "a person is to be reached by a confidential channel, and it is not said by which",
          "desk", "patient", 2, 5, people.channel_missing),
    Check("phone_impossible", "a telephone number cannot be one", "desk", "patient", 2, 20, people.phone_impossible),
    Check("email_impossible", "an e-mail address cannot be one", "desk", "patient", 2, 20, people.email_impossible),
    Check("address_incomplete", "an address lacks street, number, town, state or postal code",
          "desk", "patient", 2, 20, people.address_incomplete),
    Check("postcode_impossible", "a postal code is not written as those of the office's country",
          "desk", "patient", 2, 20, people.postcode_impossible),
    Check("request_overdue", "the due day of a request is past, and no visit is booked",
          "planner", "request", 1, 0, visits.request_overdue),
    Check("national_number_impossible", "a social security number was never given to anybody",
          "desk", "patient", 2, 20, people.national_number_impossible),
)  # fmt: skip
"""All of them; of gaps that are as urgent, the check that stands first comes first."""

_TYPES = dict.fromkeys(COLUMNS, "str") | {"due": "datetime64[s]", "visit": "datetime64[s]", "harm": "int64"}
_EMPTY = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _TYPES.items()})


def worklist(records: Records, checks: Sequence[Check] = CHECKS) -> pd.DataFrame:
    """Everything that is missing or cannot be right, most urgent first.

    Urgent is what would do most to a booked visit; of these, what is due first. A gap is due some business days before
    the next visit that it would hurt, or some business days from today where none is booked, and never before today.

    Parameters
    ----------
    records : Records
        The rows, and the day.
    checks : sequence of Check
        What is asked.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`; ``about`` holds opaque ids, and nothing in it is anybody's name or value.
    """
    facts, calendar = Facts(records), np.busdaycalendar(holidays=[np.datetime64(day, "D") for day in records.closed])
    found = []
    for order, check in enumerate(checks):
        gaps = check.find(facts)
        if len(gaps):
            due = _due(check, gaps, records, calendar)
            found.append(gaps.assign(check=check.name, owner=check.owner, due=due, order=order))
    if not found:
        return _EMPTY.copy()
    table = pd.concat(found, ignore_index=True)
    table = table.sort_values(
        ["harm", "due", "visit", "order", "about"], ascending=[False, True, True, True, True], kind="stable"
    )
    return table[list(COLUMNS)].astype(_TYPES).reset_index(drop=True)


def _due(check: Check, gaps: pd.DataFrame, records: Records, calendar: np.busdaycalendar) -> Any:
    """The day by which each gap of a check is to be set right."""
    today = np.datetime64(records.today, "D")
    later = np.busday_offset(today, check.within, roll="forward", busdaycal=calendar)
    due = np.full(len(gaps), later, "datetime64[D]")
    visit, until = (gaps[name].to_numpy("datetime64[D]") for name in ("visit", "until"))
    booked = ~np.isnat(visit)
    due[booked] = np.busday_offset(visit[booked], -check.lead, roll="forward", busdaycal=calendar)
    ends = ~np.isnat(until)
    due[ends] = np.minimum(due[ends], np.busday_offset(until[ends], 0, roll="backward", busdaycal=calendar))
    return np.maximum(due, today).astype("datetime64[s]")


def checks_table() -> pd.DataFrame:
    """Every check with what it says, whose it is, and by when its gaps are due; for the documents."""
    rows = [(c.name, c.says, c.about, c.owner, c.lead, c.within) for c in CHECKS]
    return pd.DataFrame(rows, columns=["check", "says", "about", "owner", "lead", "within"])
