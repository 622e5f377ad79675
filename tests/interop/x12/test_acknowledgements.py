"""999, TA1, 277, 277CA and 276: read as what they say; what we write is accepted and read back."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.x12_damage import DAMAGES
from schedopt.interop.x12.acknowledgements import (
    ACCEPTED,
    VERSION_999,
    acknowledge,
    build_acknowledgement,
    read_acknowledgement,
    read_received,
)
from schedopt.interop.x12.build import Sending, interchange
from schedopt.interop.x12.claim_status import VERSION_276, Asked, StatusInquiry, build_inquiry, read_status
from schedopt.interop.x12.judge import judge
from schedopt.interop.x12.professional import Organisation
from schedopt.interop.x12.tree import read, write
from tests.interop.x12.claims import CENTS, DAYS, MOMENTS, NUMBERS, PEOPLE, WORDS
from tests.interop.x12.samples import BODIES, SHARED, sample

MOMENT = dt.datetime(2026, 11, 27, 12, 0)


@given(st.sampled_from(sorted(set(BODIES) - {"999"})), st.sampled_from([None, *sorted(DAMAGES)]), st.integers(0, 999))
def test_a_999_of_any_file_is_accepted_and_says_what_was_found(kind: str, damage: str | None, seed: int) -> None:
    """A transaction that our judge accepts is accepted, one with errors is not; the counts are right."""
    data = sample(kind)
    if damage is not None:
        found = DAMAGES[damage](data, random.Random(seed))
        data = data if found is None else found[0]
    judged = list(judge(data).transactions)
    said = acknowledge("HC", 17, "005010X222A1", judged)
    made = interchange(Sending("SENDER", "RECEIVER", MOMENT, 1), [(VERSION_999, [build_acknowledgement(said, 1)])])
    assert [str(one) for one in judge(write(made)).problems if one.severity == "error"] == []
    again = read_acknowledgement(made.transactions[0])
    assert again == said
    assert [one.code in ACCEPTED for one in said.transactions] == [one.accepted is True for one in judged]
    assert (said.accepted, said.received) == (sum(one.accepted is True for one in judged), len(judged))
    assert said.code == ("A" if said.accepted == said.received else "P" if said.accepted else "R")


def test_a_ta1_says_of_which_file() -> None:
    """Its number, its day, and whether it could be read."""
    segment = read(b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *261127*1200*^*00501*"
                   b"000000001*0*T*:~TA1*000000042*261126*1200*R*006~IEA*0*000000001~").interchanges[0]  # fmt: skip
    found = read_received(segment.acknowledgements[0])
    assert found == (42, dt.date(2026, 11, 26), "R", "006")


ASKED = st.builds(
    Asked, NUMBERS, NUMBERS, PEOPLE, NUMBERS, CENTS, DAYS, st.none() | PEOPLE, st.sampled_from(["", "I7"])
)
ORGANISATIONS = st.builds(Organisation, WORDS, NUMBERS)


@given(st.builds(
    StatusInquiry, NUMBERS, MOMENTS, ORGANISATIONS, ORGANISATIONS, ORGANISATIONS,
    st.lists(ASKED, min_size=1, max_size=4).map(tuple),
))  # fmt: skip
def test_an_inquiry_is_accepted(inquiry: StatusInquiry) -> None:
    """A 276 keeps to its guide, and every claim is asked about under its own number."""
    made = interchange(Sending("SENDER", "RECEIVER", MOMENT, 1), [(VERSION_276, [build_inquiry(inquiry, 1)])])
    assert [str(one) for one in judge(write(made)).problems] == []
    traces = [one.element(2) for one in made.segments if one.name == "TRN"]
    assert traces == [one.trace for one in inquiry.asked]


def test_an_answer_is_read() -> None:
    """A status of each level, the payer's number, and amounts."""
    report = read_status(read(sample("277CA")).transactions[0])
    assert report is not None
    assert (report.kind, report.reference) == ("277CA", "BATCH1")
    (claim,) = report.claims
    assert (claim.trace, claim.payer_control, claim.charge) == ("ACCT1", "ICN1", 15000)
    assert [one.words for one in claim.statuses] == ["A2:20"]
    answer = read_status(read(sample("277")).transactions[0])
    assert answer is not None
    assert (answer.claims[0].trace, answer.claims[0].paid) == ("TRACE1", 9000)
    assert read_status(read(sample("835")).transactions[0]) is None


@pytest.mark.skipif(not SHARED.is_dir(), reason="no samples")
def test_public_samples_are_read() -> None:
    """Every claim of the samples has a trace and a status; what a sample says of one is what its text says."""
    claims = 0
    for path in sorted(SHARED.glob("x12_*/**/*")):
        if path.is_file():
            file = read(path.read_bytes())
            for transaction in file.transactions:
                read_acknowledgement(transaction)
                if report := read_status(transaction):
                    claims += len(report.claims)
                    assert all(one.trace and one.statuses for one in report.claims)
    assert claims > 15
    path = SHARED / "x12_278_277ca_999_27x" / "277ca_rejected.txt"
    report = read_status(read(path.read_bytes()).transactions[0])
    assert report is not None
    assert [one.words for one in report.claims[0].statuses] == ["A7:562:85"]
    said = read_acknowledgement(read((path.parent / "999_rejected.txt").read_bytes()).transactions[0])
    assert said is not None
    assert (said.code, said.group, said.transactions[0].control, said.transactions[0].code) == ("R", 28, "0028", "R")
