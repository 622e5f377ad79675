"""Inquiries and requests that Hypothesis draws; every person in them is invented."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from schedopt.payers.authorisations import Wish
from schedopt.payers.eligibility import Asked
from schedopt.payers.parties import Asker, Member, PayerAddress

ASKER = Asker("Hill Clinic", "1234567893", "HILL1", "123456789")
MOMENT = dt.datetime(2026, 11, 27, 12, 30)
MONDAY = dt.date(2026, 11, 30)
PAYERS = tuple(PayerAddress(f"P{number}", f"8772{number}", f"Payer {number}") for number in range(3))

_words = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghij'-.", min_size=1, max_size=50).map(str.strip).filter(bool)
_maybe = st.just("") | _words
_numbers = st.text("ABC0123456789-", min_size=2, max_size=20).filter(lambda text: text.strip("-") != "")
_births = st.dates(dt.date(1926, 1, 1), MONDAY)


@st.composite
def members(draw: st.DrawFn) -> Member:
    """Somebody who is a member, or whose spouse or parent is one."""
    relation = draw(st.sampled_from(["self", "spouse", "child", "other"]))
    holder = relation != "self"
    return Member(
        draw(_numbers), draw(st.sampled_from(["", "G17"])), draw(_words), draw(_words), draw(st.none() | _births),
        draw(st.sampled_from(["", "female", "male", "other"])), relation,
        draw(_maybe) if holder else "", draw(_maybe) if holder else "", draw(st.none() | _births) if holder else None,
    )  # fmt: skip


@st.composite
def asked(draw: st.DrawFn, number: int) -> Asked:
    """An inquiry of a visit in a week."""
    day = MONDAY + dt.timedelta(days=draw(st.integers(0, 6)))
    services = draw(st.lists(st.sampled_from(["30", "98", "4", "MH", "PT"]), min_size=1, max_size=3, unique=True))
    return Asked(f"q{number:020x}", draw(st.sampled_from(PAYERS)), draw(members()), day, tuple(services))


@st.composite
def weeks(draw: st.DrawFn, most: int = 6) -> list[Asked]:
    """All that is asked of a week."""
    return [draw(asked(number)) for number in range(draw(st.integers(1, most)))]


@st.composite
def wishes(draw: st.DrawFn) -> Wish:
    """A request for visits."""
    first = MONDAY + dt.timedelta(days=draw(st.integers(0, 60)))
    last = first + dt.timedelta(days=draw(st.integers(0, 120)))
    diagnoses = draw(st.lists(st.sampled_from(["M54.5", "Z00.00", "J02.0"]), max_size=3, unique=True))
    provider = draw(st.none() | st.just(("Surname", "Given", "1234567893")))
    procedure = draw(st.sampled_from(["", "97110"]))
    kind = draw(st.sampled_from(["authorisation", "referral"]))
    return Wish(
        "a0123456789abcdef0123", kind, draw(st.sampled_from(PAYERS)), draw(members()), draw(st.integers(1, 99)), first,
        last, "3", tuple(diagnoses), procedure, provider,
    )  # fmt: skip
