"""Batches of claims to be drawn; everybody in them is invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import strategies as st

from schedopt.billing.claims.numbers import line_control, npi_of
from schedopt.interop.x12.professional import (
    Address,
    Batch,
    Billing,
    Human,
    Insured,
    LineDecision,
    Organisation,
    OtherInsurance,
    Practitioner,
    ProfessionalClaim,
    ServiceLine,
    Taken,
)

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31))
MOMENTS = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2027, 12, 31)).map(
    lambda one: one.replace(second=0, microsecond=0)
)
WORDS = st.from_regex(r"[A-Z]{2,12}", fullmatch=True)
NUMBERS = st.from_regex(r"[A-Z][0-9]{4,9}", fullmatch=True)
CENTS = st.integers(0, 99_999_99)
PROCEDURES = st.sampled_from(["99213", "99214", "85025", "97110", "36415", "J0696", "G0438"])
MODIFIERS = st.lists(st.sampled_from(["25", "59", "LT", "RT", "GT", "XU"]), max_size=4, unique=True).map(tuple)
DIAGNOSES = st.lists(
    st.sampled_from(["E119", "I10", "J069", "M545", "Z0000", "R51", "L239", "K219", "N390", "F329", "G43909", "H6590"]),
    min_size=1, max_size=12, unique=True,
).map(tuple)  # fmt: skip
ADDRESSES = st.builds(
    Address, WORDS.map(lambda word: f"{len(word)} {word} STREET"), WORDS, st.sampled_from(["AZ", "OH", "NY"]),
    st.sampled_from(["860450001", "452091234"]),
)  # fmt: skip
NPIS = st.from_regex(r"1[0-9]{8}", fullmatch=True).map(npi_of)
PEOPLE = st.builds(
    Human, WORDS, WORDS, st.sampled_from(["", "Q"]), st.sampled_from(["", "JR"]),
    st.dates(dt.date(1930, 1, 1), dt.date(2023, 12, 31)), st.sampled_from("FMU"), ADDRESSES,
)  # fmt: skip
PAYERS = st.builds(Organisation, WORDS, NUMBERS, st.none() | ADDRESSES)
RELATIONS = ("01", "19", "G8")


@st.composite
def takens(draw: st.DrawFn, total: int) -> tuple[Taken, ...]:
    """Adjustments that come to an amount."""
    if not total:
        return ()
    share = draw(st.integers(0, total))
    parts = [Taken("CO", "45", share)] if share else []
    return (*parts, Taken("PR", draw(st.sampled_from("123")), total - share)) if total > share else tuple(parts)


@st.composite
def lines(draw: st.DrawFn, claim: str, number: int, diagnoses: int, payer: str | None) -> ServiceLine:
    """A line, with what a payer before has decided of it."""
    charge, what, modifiers = draw(CENTS), draw(PROCEDURES), draw(MODIFIERS)
    pointers = draw(st.lists(st.integers(1, diagnoses), min_size=1, max_size=4, unique=True))
    decisions: tuple[LineDecision, ...] = ()
    if payer is not None:
        paid = draw(st.integers(0, charge))
        taken = draw(takens(charge - paid))
        decisions = (LineDecision(payer, paid, what, modifiers, "1", taken, draw(DAYS)),)
    return ServiceLine(
        what, modifiers, charge, str(draw(st.integers(1, 9))), tuple(pointers), draw(DAYS),
        line_control(claim, number), draw(st.sampled_from(["", "22"])), decisions,
    )  # fmt: skip


@st.composite
def claims(draw: st.DrawFn) -> ProfessionalClaim:
    """A claim: of a member or of a dependant, to a first or a second payer."""
    control = draw(st.from_regex(r"c[0-9a-f]{19}", fullmatch=True))
    diagnoses, payer = draw(DIAGNOSES), draw(PAYERS)
    second, dependant = draw(st.booleans()), draw(st.booleans())
    others: tuple[OtherInsurance, ...] = ()
    first: str | None = None
    if second:
        other = draw(PAYERS.filter(lambda one: one.number != payer.number))
        person = replace(draw(PEOPLE), birth_date=None, sex="U")
        insured = Insured("P", "18", person, draw(NUMBERS), other, draw(NUMBERS), "CI")
        first = other.number
        others = (OtherInsurance(insured, draw(CENTS), (), None, draw(st.sampled_from(["", "ICN77"]))),)
    made = tuple(
        draw(lines(control, number, len(diagnoses), first)) for number in range(1, draw(st.integers(1, 4)) + 1)
    )
    frequency = draw(st.sampled_from("178"))
    holder = draw(PEOPLE)
    if dependant:
        holder = replace(holder, address=None, birth_date=None, sex="U")
    return ProfessionalClaim(
        control, sum(line.charge or 0 for line in made), draw(st.sampled_from(["11", "02", "22"])), frequency,
        Insured("S" if second else "P", "" if dependant else "18", holder, draw(NUMBERS), payer, draw(NUMBERS), "CI"),
        diagnoses, made, draw(PEOPLE) if dependant else None, draw(st.sampled_from(RELATIONS)) if dependant else "",
        draw(st.none() | st.builds(Practitioner, NPIS, WORDS, WORDS, st.sampled_from(["", "207Q00000X"]))),
        draw(st.sampled_from(["", "AUTH5"])), "" if frequency == "1" else "ICN42", others,
    )  # fmt: skip


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    """A transaction of one to three claims."""
    billing = Billing(
        draw(NPIS), draw(WORDS), "123456789", draw(ADDRESSES), draw(st.sampled_from(["", "261QP2300X"])),
        draw(st.none() | ADDRESSES),
    )  # fmt: skip
    found = draw(st.lists(claims(), min_size=1, max_size=3, unique_by=lambda one: one.control))
    sender, receiver = Organisation(billing.name, "SENDER1"), Organisation(draw(WORDS), draw(NUMBERS))
    return Batch(draw(NUMBERS), draw(MOMENTS), sender, receiver, "BILLING", "8005550100", billing, tuple(found))
