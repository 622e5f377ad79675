"""Checks of persons: who they are and how they can be reached."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from schedopt.records.people import Person
from schedopt.records.quality import numbers
from schedopt.records.quality.facts import Facts
from schedopt.records.quality.gaps import DOUBTFUL, NO_HARM, NOT_HELD, NOT_REACHED, gaps

OLDEST_YEARS = 120
"""No birth date is further back."""


def _gaps(facts: Facts, found: Iterable[tuple[str, str]], harm: int) -> pd.DataFrame:
    """Gaps of patients, each with its words."""
    pairs = list(found)
    about = [alias for alias, _ in pairs]
    return gaps(about, [words for _, words in pairs], facts.next_visit(about), harm)


def person_unknown(facts: Facts) -> pd.DataFrame:
    """Patients of whom no person is on file, where the office keeps people."""
    if facts.records.people is None:
        return gaps([], "")
    missing = dict.fromkeys(row.patient for row in facts.records.patients if row.patient not in facts.people)
    return _gaps(facts, ((alias, "no person is on file under this id") for alias in missing), DOUBTFUL)


def name_missing(facts: Facts) -> pd.DataFrame:
    """Persons without a whole name."""
    found = (
        (alias, "neither a name nor given name and surname together")
        for alias, row in facts.people.items()
        if not (row.name or (row.given_name and row.surname))
    )
    return _gaps(facts, found, DOUBTFUL)


def birth_date_missing(facts: Facts) -> pd.DataFrame:
    """Nobody knows when the patient was born."""
    found = ((alias, "no birth date on file") for alias, born in facts.births.items() if born is None)
    return _gaps(facts, found, DOUBTFUL)


def birth_date_impossible(facts: Facts) -> pd.DataFrame:
    """Birth dates to come, or too long ago."""
    today = facts.records.today
    oldest = years_before(today, OLDEST_YEARS)
    found = (
        (alias, "the birth date is in the future" if born > today else f"born more than {OLDEST_YEARS} years ago")
        for alias, born in facts.births.items()
        if born is not None and not oldest <= born <= today
    )
    return _gaps(facts, found, DOUBTFUL)


def years_before(date: dt.date, years: int) -> dt.date:
    """The same day so many years earlier; 28 February for a leap day that there was not."""
    try:
        return date.replace(year=date.year - years)
    except ValueError:
        return date.replace(year=date.year - years, day=28)


def birth_date_differs(facts: Facts) -> pd.DataFrame:
    """The person's row and the patient's say different days."""
    found = (
        (row.patient, "two tables say different birth dates")
        for row in facts.records.patients
        if row.birth_date and row.patient in facts.people
        and facts.people[row.patient].birth_date not in (None, row.birth_date)
    )  # fmt: skip
    return _gaps(facts, found, DOUBTFUL)


def age_outside(facts: Facts) -> pd.DataFrame:
    """Booked visits of a type that is not for the patient's age."""
    ages = {row.visit_type: (row.min_age, row.max_age) for row in facts.records.visit_types}
    visits, found = facts.visits, []
    for number, (patient, kind, date) in enumerate(
        zip(visits["patient"], visits["visit_type"], visits["date"].dt.date, strict=True)
    ):
        born, (low, high) = facts.births.get(patient), ages.get(kind, (None, None))
        if born is None or (low is None and high is None):
            continue
        age = date.year - born.year - ((date.month, date.day) < (born.month, born.day))
        if not (low or 0) <= age <= (age if high is None else high):
            found.append(number)
    here = visits.loc[found]
    words = "by the birth date on file, the visit type is not for the patient's age on that day"
    return gaps(here["request"], words, here["date"], NOT_HELD)


def no_contact(facts: Facts) -> pd.DataFrame:
    """Neither telephone nor mail, and no channel of their own."""
    reached = {row.person for row in facts.records.restrictions if row.kind == "confidential_channel" and row.told}
    found = (
        (alias, "neither a telephone number nor an e-mail address on file")
        for alias, row in facts.people.items()
        if not row.phone and not row.email and row.person not in reached
    )
    return _gaps(facts, found, NOT_REACHED)


def channel_missing(facts: Facts) -> pd.DataFrame:
    """To be reached only as told, and nobody wrote down how."""
    silent = {row.person for row in facts.records.restrictions if row.kind == "confidential_channel" and not row.told}
    words = "to be reached by a confidential channel only, and it is not said by which"
    return _gaps(facts, ((alias, words) for alias, row in facts.people.items() if row.person in silent), NOT_REACHED)


def phone_impossible(facts: Facts) -> pd.DataFrame:
    """Telephone numbers that cannot be any."""
    rows = [(alias, row.phone) for alias, row in facts.people.items() if row.phone]
    if not rows:
        return gaps([], "")
    faults = numbers.faults((phone for _, phone in rows), numbers.phone_fault(facts.records.region))
    found = (
        (alias, f"the telephone number cannot be one: {fault}")
        for (alias, _), fault in zip(rows, faults, strict=True)
        if fault
    )
    return _gaps(facts, found, NOT_REACHED)


def email_impossible(facts: Facts) -> pd.DataFrame:
    """Mail addresses that cannot be any; who has a telephone can be reached all the same."""
    wrong = [row for row in facts.people.values() if row.email and not numbers.is_email(row.email)]
    about = [row.patient or "" for row in wrong]
    found = gaps(about, "the e-mail address cannot be one", facts.next_visit(about), NOT_REACHED)
    found.loc[[bool(row.phone) for row in wrong], "harm"] = NO_HARM
    return found


def address_incomplete(facts: Facts) -> pd.DataFrame:
    """Addresses to which no letter could be sent."""
    region = facts.records.region
    found = (
        (alias, "the address lacks " + ", ".join(missing))
        for alias, row in facts.people.items()
        if (missing := numbers.missing_parts(row, region))
    )
    return _gaps(facts, found, NOT_REACHED)


def postcode_impossible(facts: Facts) -> pd.DataFrame:
    """Postal codes that no place of the country has."""
    region = facts.records.region
    words = "the postal code is not written as those of the country"
    found = (
        (alias, words)
        for alias, row in facts.people.items()
        if row.postcode and not numbers.is_postcode(row.postcode, region)
    )
    return _gaps(facts, found, NOT_REACHED)


def national_number_impossible(facts: Facts) -> pd.DataFrame:
    """Social security numbers that were never given to anybody."""
    region = facts.records.region
    words = "the social security number was never given to anybody"
    found = (
        (alias, words)
        for alias, row in facts.people.items()
        if row.soc_sec_id and not numbers.is_national_number(row.soc_sec_id, region)
    )
    return _gaps(facts, found, NO_HARM)


def number_shared(facts: Facts) -> pd.DataFrame:
    """Numbers that are one person's only, and stand with several."""
    said: dict[str, list[str]] = {}
    for words, number in (("medical record number", _mrn), ("social security number", _national)):
        counts = Counter(map(number, facts.people.values()))
        for alias, row in facts.people.items():
            if (text := number(row)) and counts[text] > 1:
                said.setdefault(alias, []).append(words)
    found = ((alias, f"the {' and the '.join(words)} stands with another person too") for alias, words in said.items())
    return _gaps(facts, found, DOUBTFUL)


def _mrn(row: Person) -> str:
    return row.mrn.casefold()


def _national(row: Person) -> str:
    return "".join(character for character in row.soc_sec_id.casefold() if character.isalnum())
