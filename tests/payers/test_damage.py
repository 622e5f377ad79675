"""Whatever a payer's file holds, reading it gives values or a list of problems, and never another exception."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.insured import MONDAY, Payer
from schedopt.billing.coverage.answers import coverage_on
from schedopt.billing.coverage.benefits import benefits_of
from schedopt.errors import InputError
from schedopt.interop.x12.eligibility_answers import read_answers
from schedopt.interop.x12.inquiries import read_batch
from schedopt.interop.x12.reviews import read_review_answers
from schedopt.interop.x12.tree import read
from schedopt.payers.authorisations import answered
from schedopt.payers.eligibility import items_of
from schedopt.registry import Store
from tests.interop.x12.samples import made, sample
from tests.payers.insured import book_all, insured_store
from tests.payers.test_permissions import Reply, answer

DAY = dt.date(2026, 12, 1)
_RICH = sample("271").replace(
    b"EB*1**30**SOME PLAN~\n",
    b"EB*1**30**SOME PLAN~\nDTP*307*RD8*20260101-20261231~\nEB*C*FAM*30***29*400~\nEB*F**98***29***VS*3~\n"
    b"HSD*VS*4***29~\nEB*A**30*****0.2****Y~\n",
)
SAMPLES = (_RICH, sample("270"), sample("278 response"), sample("278 request"))
_BITS = (
    b"~",
    b"*",
    b"^",
    b":",
    b"1E99",
    b"99999999",
    b"-1",
    b"\xff",
    b";",
    b"",
    b"HL*3*2*22*0~",
    b"AAA*N**75*C~",
    b"A2",
)


@st.composite
def damaged(draw: st.DrawFn, samples: Sequence[bytes] = SAMPLES) -> bytes:
    """A file in which some bytes are others, or segments come twice, not at all, or elsewhere."""
    content = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        if draw(st.booleans()):
            content = content[:at] + draw(st.sampled_from(_BITS)) + content[at + draw(st.integers(0, 3)) :]
            continue
        segments = [part for part in content.decode("latin-1").split("~\n") if part]
        place = draw(st.integers(0, len(segments) - 1))
        moved = segments.pop(place) if draw(st.booleans()) else segments[place]
        segments.insert(draw(st.integers(0, len(segments))), moved)
        content = made(segments) if all(ord(one) < 128 for one in "".join(segments)) else content
    return content


def _said(content: bytes) -> Iterator[object]:
    for transaction in read(content).transactions:
        yield read_batch(transaction)
        for one in read_answers(transaction):
            items = items_of(one, DAY)
            yield coverage_on(items, ("98", "30"), DAY)
            yield benefits_of(items, "P1", "271")
            yield benefits_of(items, "P1", "271", "out")
        for review in read_review_answers(transaction):
            yield answered(review, DAY)


@given(damaged())
def test_damaged_files_are_read(content: bytes) -> None:
    """Every reader gives something."""
    assert len(list(map(repr, _said(content)))) >= 0


def test_damaged_files_are_taken_over_or_refused() -> None:
    """Whatever an answer to our own questions holds: it is taken over, put aside, or refused with what is wrong."""
    outcomes = Counter[str]()
    with insured_store(1) as store:
        book_all(store, 1)
        (asked,) = store.ask_eligibility(MONDAY, MONDAY).files.values()
        name = store.need_permission("N000", "ACME", "scan", visits=6, first=MONDAY, last=MONDAY)
        store.request_permission(name)
        answers = (Payer().answer(asked), answer(name, Reply(0, "A1", 0, 6, 5, "X")))

        @given(damaged(answers))
        def each(content: bytes) -> None:
            outcomes.update(_taken(store, content))

        each()
        assert store.check().empty
        assert store.verify() == []
    assert set(outcomes) <= {"taken over", "nothing new", "read before", "put aside", "refused"}


def _taken(store: Store, content: bytes) -> set[str]:
    try:
        return set(store.read_coverage(content)["outcome"])
    except InputError:
        return {"refused"}
