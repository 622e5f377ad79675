"""Inquiries ask what they are meant to ask, of whom they are meant to, and any payer can read them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.interop.x12.inquiries import MOST_AT_ONCE, Inquiry, read_batch
from schedopt.interop.x12.judge import judge
from schedopt.interop.x12.tree import read
from schedopt.payers.eligibility import Asked, Outgoing, inquiry_files
from schedopt.payers.parties import Member
from tests.payers.drawn import ASKER, MOMENT, MONDAY, PAYERS, weeks

CONTROL = 41


def _asked_in(file: Outgoing) -> list[Inquiry]:
    return [
        one
        for transaction in read(file.content).transactions
        if (batch := read_batch(transaction)) is not None
        for one in batch.inquiries
    ]


@given(weeks())
def test_each_visit_is_asked_for_on_its_own_day(week: list[Asked]) -> None:
    """Every visit of a week has one inquiry, which asks for the day of the visit, by its trace."""
    found = [one for file in inquiry_files(week, ASKER, MOMENT, CONTROL) for one in _asked_in(file)]
    assert sorted((one.trace.number, one.day, one.services) for one in found) == sorted(
        (one.trace, one.day, one.services) for one in week
    )
    assert all(one.trace.kind == "1" and len(one.trace.origin) == 10 for one in found)


@given(weeks())
def test_files_are_accepted_and_say_who_is_meant(week: list[Asked]) -> None:
    """Our judge accepts every file; payer, member and patient are read as they were given."""
    files = inquiry_files(week, ASKER, MOMENT, CONTROL)
    wanted = {one.trace: one for one in week}
    assert len(files) == len({one.payer.payer_id for one in week})
    for file in files:
        found = judge(file.content)
        assert (found.accepted, found.problems) == (True, ())
        for transaction in read(file.content).transactions:
            batch = read_batch(transaction)
            assert batch is not None
            assert batch.moment == MOMENT
            for one in batch.inquiries:
                asked = wanted[one.trace.number]
                assert batch.payer.id == asked.payer.payer_id
                assert one.subscriber.party.id == asked.member.member_id
                assert (one.dependant is None) == (asked.member.relation == "self")
                assert one.patient.party.name == " ".join(asked.member.surname.split())[:60]
                assert one.patient.party.given_name == " ".join(asked.member.given_name.split())[:35]
                assert one.patient.birth_date == asked.member.birth_date


@given(weeks(), st.randoms())
def test_the_same_is_written_again(week: list[Asked], random: object) -> None:
    """The same inquiries give the same bytes, in whatever order they come."""
    shuffled = list(week)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert inquiry_files(week, ASKER, MOMENT, CONTROL) == inquiry_files(shuffled, ASKER, MOMENT, CONTROL)


def test_many_patients_are_several_transactions() -> None:
    """No transaction asks about more patients than the guide has it, and each has a reference of its own."""
    who = Member("M1", "", "Given", "Surname", dt.date(1980, 1, 1), "female")
    week = [Asked(f"q{number:04d}", PAYERS[0], who, MONDAY, ("30",)) for number in range(2 * MOST_AT_ONCE + 1)]
    (file,) = inquiry_files(week, ASKER, MOMENT, CONTROL)
    assert [len(traces) for _, traces in file.batches] == [MOST_AT_ONCE, MOST_AT_ONCE, 1]
    assert len({reference for reference, _ in file.batches}) == 3
    assert judge(file.content).accepted


@given(weeks(3))
def test_nobody_is_shown(week: list[Asked]) -> None:
    """What stands for inquiries in messages has neither names nor numbers nor days of birth."""
    said = repr(week) + repr(inquiry_files(week, ASKER, MOMENT, CONTROL))
    for one in week:
        birth = one.member.birth_date
        assert birth is None or repr(birth) not in said or birth in {other.day for other in week}
        assert all(len(text) < 4 or text not in said for text in (one.member.surname, one.member.member_id))


@given(weeks(6))
def test_another_program_reads_them(week: list[Asked]) -> None:
    """x12sdk, where it is installed, reads every file and finds the same members."""
    reader = pytest.importorskip("x12sdk.io").X12ModelReader
    for file in inquiry_files(week, ASKER, MOMENT, CONTROL):
        with reader(file.content.decode()) as opened:
            models = list(opened.models())
        assert len(models) == len(file.batches)
