"""The good-faith estimate as a text for the patient, with all that 45 CFR 149.610(c) asks to be in it."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from schedopt.billing.shares.good_faith import DISPUTE_DAYS, SUBSTANTIAL, GoodFaithEstimate, Item
from schedopt.billing.shares.steps import dollars

_WIDTH = 88
MORE = (
    "There may be other items or services that we recommend as part of your care. They are scheduled or requested "
    "separately and are not in this estimate."
)
ONLY_AN_ESTIMATE = (
    "This is only an estimate of the items and services that we could reasonably expect when it was made. What you "
    "get, and what you are charged for it, may differ."
)
DISPUTE = (
    f"If you are billed {dollars(SUBSTANTIAL)} or more above what is expected here of a provider, you have the right "
    "to start the patient-provider dispute resolution process. It has to be started within "
    f"{DISPUTE_DAYS} calendar days of the day you get the bill. How to start it is told at "
    "www.cms.gov/nosurprises/consumers, or by telephone: 1-800-985-3059. Starting it will not affect the quality of "
    "the care that you get."
)
NO_CONTRACT = (
    "This estimate is not a contract. It does not require you to get these items or services from any of the "
    "providers named here."
)
APART = (
    "The following is expected before or after your visit and has to be scheduled separately. You will get an estimate "
    "of its own for it when it is scheduled, or when you ask for one: call us. Diagnoses, codes, charges and providers "
    "of it may therefore be missing here."
)
NOT_CHOSEN = "a provider who is not chosen yet"
DISCLAIMERS = (MORE, ONLY_AN_ESTIMATE, DISPUTE, NO_CONTRACT)


@dataclass(frozen=True)
class Party:
    """A provider, or the office, as the patient is told.

    Attributes
    ----------
    name : str
        Who.
    npi, tax_id : str
        Numbers.
    place : str
        Where the services will be.
    """

    name: str
    npi: str = ""
    tax_id: str = ""
    place: str = ""


@dataclass(frozen=True)
class Addressee:
    """Whom an estimate is for; not shown by ``repr``.

    Attributes
    ----------
    name : str
        Of the patient.
    birth_date : str
        YYYY-MM-DD.
    """

    name: str = field(repr=False)
    birth_date: str = field(repr=False)


def good_faith_text(
    estimate: GoodFaithEstimate, patient: Addressee, office: Party, providers: Mapping[str, Party]
) -> str:  # fmt: skip
    """The document for the patient.

    Parameters
    ----------
    estimate : GoodFaithEstimate
        What it says.
    patient : Addressee
        For whom.
    office : Party
        Who gives it.
    providers : mapping of str to Party
        Who is meant by the ids of providers.

    Returns
    -------
    str
        Plain text, a line each.
    """
    lines = [*_head(estimate, patient, office)]
    for name, items in estimate.by_provider.items():
        lines += ["", *_provider(providers.get(name, Party(name or NOT_CHOSEN)), office, items)]
    lines += ["", f"All expected charges: {dollars(estimate.total)}"]
    if estimate.separate:
        lines += ["", *_wrapped(APART), *(f"  - {words}" for words in estimate.separate)]
    for words in DISCLAIMERS:
        lines += ["", *_wrapped(words)]
    return "\n".join([*lines, ""])


def _head(estimate: GoodFaithEstimate, patient: Addressee, office: Party) -> Iterator[str]:
    yield "Good-faith estimate of expected charges"
    yield ""
    yield f"Patient: {patient.name}, born {patient.birth_date}"
    yield f"Estimate: {estimate.estimate}, made on {_day(estimate.made)}"
    yield f"From: {_party(office)}"
    primary = next(iter(estimate.items), None)
    if primary is not None:
        when = "not scheduled yet" if primary.day is None else f"scheduled for {_day(primary.day)}"
        yield f"Primary service: {primary.about or primary.procedure}, {when}"


def _provider(provider: Party, office: Party, items: Sequence[Item]) -> Iterator[str]:
    told = Party(provider.name, provider.npi or office.npi, provider.tax_id or office.tax_id)
    yield _party(told)
    yield f"  At: {provider.place or office.place or 'place not known'}"
    for item in items:
        code = " ".join((item.procedure, *item.modifiers))
        when = "" if item.day is None else f" on {item.day}"
        about = f"{item.about}, " if item.about else ""
        codes = f", diagnosis {' '.join(item.diagnoses)}" if item.diagnoses else ""
        yield from _wrapped(f"{about}{code}, units: {item.units}{when}{codes}: {dollars(item.charge)}", "  - ", "    ")
    yield f"  Expected charges of {provider.name}: {dollars(sum(item.charge for item in items))}"


def _party(party: Party) -> str:
    numbers = [f"NPI {party.npi}" if party.npi else "", f"tax number {party.tax_id}" if party.tax_id else ""]
    return ", ".join(filter(None, (party.name, *numbers)))


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False)
