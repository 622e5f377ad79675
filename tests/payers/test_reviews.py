"""Requests for authorisations and referrals, and what their answers decide."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given

from schedopt.billing.coverage.reviews import Answered
from schedopt.interop.x12.judge import judge
from schedopt.interop.x12.reviews import ReviewAnswer, read_review_answers
from schedopt.interop.x12.tree import read
from schedopt.payers.authorisations import Wish, answered, review_file
from tests.interop.x12.samples import LACKING, SHARED, lines, made
from tests.payers.drawn import ASKER, MOMENT, wishes

SAMPLES = SHARED / "x12_278_277ca_999_27x"
DAY = dt.date(2026, 11, 27)


def answers(content: bytes) -> list[ReviewAnswer]:
    """All answers of a file."""
    return [one for transaction in read(content).transactions for one in read_review_answers(transaction)]


def decided(*body: str) -> Answered | None:
    """What an answer with these segments behind UM decides."""
    segments = lines("278 response")
    at = next(place for place, one in enumerate(segments) if one.startswith("UM"))
    end = next(place for place, one in enumerate(segments) if one.startswith("SE"))
    content = made([*segments[: at + 1], *body, *segments[end:]])
    (found,) = answers(content)
    return answered(found, DAY)


@given(wishes())
def test_requests_are_accepted_and_say_what_is_wanted(wish: Wish) -> None:
    """Our judge accepts every request; visits, days, category, trace and diagnoses are those wanted."""
    file = review_file(wish, ASKER, MOMENT, 7)
    found = judge(file.content)
    assert (found.accepted, found.problems) == (True, ())
    said = {one.name: one for one in read(file.content).transactions[0].segments}
    assert (said["HSD"].element(1), said["HSD"].element(2)) == ("VS", str(wish.visits))
    assert said["DTP"].element(3) == f"{wish.first:%Y%m%d}-{wish.last:%Y%m%d}"
    assert said["UM"].element(1) == {"authorisation": "HS", "referral": "SC"}[wish.kind]
    assert said["TRN"].element(2) == wish.trace
    assert (
        [said["HI"].element(place, 2) for place in range(1, len(wish.diagnoses) + 1)]
        == [code.replace(".", "") for code in wish.diagnoses]
        if wish.diagnoses
        else "HI" not in said
    )
    assert review_file(wish, ASKER, MOMENT, 7) == file
    assert all(code not in repr(wish) for code in wish.diagnoses)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason=LACKING)
def test_the_sample_answer() -> None:
    """The sample answers its sample request: one visit in a month, certified under a number."""
    (found,) = answers((SAMPLES / "278_referral_response.edi").read_bytes())
    assert [trace.number for trace in found.traces] == ["111099"]
    assert found.reference == "A12345"
    wanted = Answered(
        dt.date(2005, 5, 2), "A1", 1, dt.date(2005, 5, 2), dt.date(2005, 6, 2), "AUTH0001", None, ()
    )  # fmt: skip
    assert answered(found, DAY) == wanted
    assert answers((SAMPLES / "278_referral_request.edi").read_bytes()) == []


def test_what_is_decided() -> None:
    """The event decides; where it does not, its services do, together."""
    found = decided("HCR*A1*AUTH1", "DTP*AAH*RD8*20261201-20270301", "HSD*VS*6")
    assert found is not None
    assert (found.action, found.visits, found.first, found.last, found.number) == (
        "A1", 6, dt.date(2026, 12, 1), dt.date(2027, 3, 1), "AUTH1",
    )  # fmt: skip
    found = decided("HCR*A3**0F^0U")
    assert found is not None
    assert (found.action, found.reasons, found.visits) == ("A3", ("0F", "0U"), None)
    found = decided("REF*BB*AUTH2", "DTP*036*D8*20270201", "HL*5*4*SS*0", "HCR*A1", "SV1*HC:97110", "HSD*VS*4")
    assert found is not None
    assert (found.action, found.visits, found.last, found.number) == ("A1", 4, dt.date(2027, 2, 1), "AUTH2")
    found = decided("HL*5*4*SS*0", "HCR*A1*X", "SV1*HC:97110", "HSD*VS*4", "HL*6*4*SS*0", "HCR*A3", "SV1*HC:97112")
    assert found is not None
    assert (found.action, found.visits, found.number) == ("A2", 4, "X")
    found = decided("HL*5*4*SS*0", "HCR*A4", "SV1*HC:97110", "HL*6*4*SS*0", "HCR*A1", "SV1*HC:97112")
    assert found is not None
    assert found.action == "A4"
    assert decided() is None
    assert decided("HL*5*4*SS*0", "SV1*HC:97110") is None


def test_rejections_are_kept() -> None:
    """AAA of the patient and of the event."""
    segments = lines("278 response")
    at = next(place for place, one in enumerate(segments) if one.startswith("NM1*IL"))
    segments.insert(at + 1, "AAA*N**75*C")
    segments.insert(next(place for place, one in enumerate(segments) if one.startswith("UM")), "AAA*N**33*C")
    (found,) = answers(made(segments))
    assert [(one.reason, one.follow_up) for one in found.rejections] == [("75", "C"), ("33", "C")]
