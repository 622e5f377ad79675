"""What payers' sample answers say, as another program read them, and what follows of it for a visit."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from schedopt.billing.coverage.answers import Item, coverage_on
from schedopt.billing.coverage.benefits import benefits_of
from schedopt.interop.x12.eligibility_answers import Answer, Benefit, read_answers
from schedopt.interop.x12.tree import read
from schedopt.payers.eligibility import items_of
from tests.interop.x12.samples import LACKING, SHARED, lines, made

HDI = SHARED / "x12_hdi"
MORE = SHARED / "x12_278_277ca_999_27x"
LINUX = SHARED / "x12_linuxforhealth" / "271_005010X279A1"
needs_samples = pytest.mark.skipif(not HDI.is_dir(), reason=LACKING)
VISIT = dt.date(2026, 12, 1)


def answers(content: bytes) -> list[Answer]:
    """All answers of a file."""
    return [one for transaction in read(content).transactions for one in read_answers(transaction)]


def answered(*body: str) -> Answer:
    """An answer with these segments behind the patient's name and birth date."""
    segments = lines("271")
    at = next(place for place, one in enumerate(segments) if one.startswith("DMG"))
    end = next(place for place, one in enumerate(segments) if one.startswith("SE"))
    (found,) = answers(made([*segments[: at + 1], *body, *segments[end:]]))
    return found


def items(*body: str) -> tuple[Item, ...]:
    """What such an answer says."""
    return items_of(answered(*body), VISIT)


def _values(tree: Any, name: str) -> Iterator[Any]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key == name or (isinstance(value, dict) and value.get("segment_id") == name):
                yield value
            yield from _values(value, name)
    elif isinstance(tree, list):
        for value in tree:
            if isinstance(value, dict) and value.get("segment_id") == name:
                yield value
            yield from _values(value, name)


def _as_other(one: Benefit) -> dict[str, Any]:
    said = {
        "eligibility_or_benefit_information": one.code, "service_type_code": list(one.services) or None,
        "insurance_type_code": one.insurance or None, "time_period_qualifier": one.time or None,
        "benefit_amount": None if one.cents is None else one.cents / 100,
        "in_plan_network_indicator": one.in_network or None,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}


@needs_samples
@pytest.mark.parametrize("file", sorted((HDI / "expected_json" / "271").glob("*response*.json")), ids=lambda f: f.stem)
def test_amounts_and_codes_are_those_of_another_program(file: Path) -> None:
    """Every EB, AAA and TRN that another program rendered is read with the same codes and amounts."""
    tree = json.loads(file.read_text())
    found = answers((HDI / "271" / f"{file.stem}.edi").read_bytes())
    names = _as_other(Benefit(1, "1", "", ("1",), "x", "x", 1, None, None, "", "x")).keys()
    rendered = [{name: one[name] for name in one if name in names} for one in _values(tree, "EB")]
    assert [_as_other(one) for answer in found for one in answer.benefits] == rendered
    refused = [(one["reject_reason_code"], one["followup_action_code"]) for one in _values(tree, "AAA")]
    assert [(one.reason, one.follow_up) for answer in found for one in answer.rejections] == refused
    traces = [
        one["current_transaction_trace_number"]
        for name in ("subscriber_trace_number", "dependent_trace_number")
        for some in _values(tree, name)
        for one in some
    ]
    assert {trace.number for answer in found for trace in answer.traces} == set(traces)


@needs_samples
@pytest.mark.parametrize(
    ("file", "status", "first", "copay"),
    [
        (MORE / "271_active_response.x12", "active", None, None),
        (MORE / "271_multiple_eb_segments.x12", "active", None, 500),
        (MORE / "271_ls_le_wrapper.x12", "active", None, None),
        (MORE / "271_rejected_subscriber.x12", "unknown", None, None),
        (LINUX / "subscriber-health-benefit-check.271", "active", dt.date(2006, 1, 1), 1000),
        (LINUX / "dependent-health-benefit-check.271", "active", dt.date(2006, 1, 1), 1000),
        (LINUX / "subscriber-health-benefit-check-error.271", "unknown", None, None),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else None,
)  # fmt: skip
def test_what_samples_say_of_coverage(file: Path, status: str, first: dt.date | None, copay: int | None) -> None:
    """Status, first day and copay in the network, read off the files by hand."""
    (answer,) = answers(file.read_bytes())
    day = answer.answered
    assert day is not None
    said = items_of(answer, day)
    cover = coverage_on(said, ("98", "30"), day)
    assert (cover.status, cover.first, cover.last) == (status, first, None)
    terms = benefits_of(said, "P1", "271").terms_of("98")
    assert terms.copay == copay
    assert terms.covered == (True if status == "active" else None)


@needs_samples
def test_a_batch_of_answers_is_read_one_by_one() -> None:
    """Of 153 answers those with an EB of 1 say active, and those with an AAA say nothing of coverage."""
    content = (MORE / "gainwell_271_redacted.edi").read_bytes()
    parts = content.decode().split("ST*271*")[1:]
    wanted = ["active" if "~EB*1" in part.replace("\n", "") else "unknown" for part in parts]
    found = answers(content)
    days = [one.answered or VISIT for one in found]
    assert [
        coverage_on(items_of(one, day), ("30",), day).status for one, day in zip(found, days, strict=True)
    ] == wanted
    assert sum(bool(one.rejections) for one in found) == content.count(b"AAA*") == 13
    assert len(found) == 153


def test_days_are_those_of_the_nearest_level() -> None:
    """Dates behind an EB go before the patient's; the latest beginning and the earliest end count."""
    found = coverage_on(items("DTP*346*D8*20260101", "DTP*356*D8*20260301", "EB*1**30"), ("30",), VISIT)
    assert (found.status, found.first, found.last) == ("active", dt.date(2026, 3, 1), None)
    found = coverage_on(items("DTP*346*D8*20260101", "EB*1**30", "DTP*307*RD8*20260201-20261130"), ("30",), VISIT)
    assert (found.first, found.last) == (dt.date(2026, 2, 1), dt.date(2026, 11, 30))
    found = coverage_on(items("DTP*291*D8*20261201", "EB*1**30"), ("30",), VISIT)
    assert (found.first, found.last) == (None, None), "a payer that repeats the question says nothing of other days"
    found = coverage_on(items("DTP*347*D8*20261031", "EB*6**30"), ("30",), VISIT)
    assert (found.status, found.first, found.last) == ("inactive", dt.date(2026, 11, 1), None)


def test_what_a_service_is_told_goes_before_the_plan() -> None:
    """A service that is named may be covered where the plan is not, and the other way round."""
    said = items("EB*1**30", "EB*6**MH", "EB*I**PT*****Y", "EB*I**98********N")
    assert coverage_on(said, ("30",), VISIT).status == "active"
    assert coverage_on(said, ("MH",), VISIT).status == "inactive"
    assert coverage_on(items("EB*1**30", "EB*I**PT"), ("PT",), VISIT).status == "inactive"
    assert coverage_on(items("EB*1**30", "EB*I**PT*********N"), ("PT",), VISIT).status == "active"
    assert coverage_on(items("EB*6**30", "EB*1**PT"), ("PT",), VISIT).status == "active"
    assert coverage_on(items("EB*U**30"), ("30",), VISIT).status == "unknown"
    assert coverage_on(items(), ("30",), VISIT).status == "unknown"


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (["EB*F**PT***29***VS*7"], 7),
        (["EB*F**PT***23***VS*20", "EB*F**PT***24***VS*13"], 7),
        (["EB*F**PT***23***VS*20"], None),
        (["EB*F**PT", "HSD*VS*7***29"], 7),
        (["EB*F**PT***29***VS*9", "EB*F**30***29***VS*7"], 7),
        (["EB*F**PT***29***VS*7****N"], None),
        (["EB*F**PT***29***DY*7"], None),
        (["EB*F**PT***30***VS*9"], 0),
        (["EB*1**PT", "HSD*VS*0***30"], 0),
        (["EB*F**MH***29***VS*2"], None),
    ],
)  # fmt: skip
def test_visits_left(body: list[str], left: int | None) -> None:
    """The lowest number that is left, as said or as the whole less what was used; of this service, in the network."""
    body = [one.replace("***VS*7****N", "***VS*7**N") if one.endswith("****N") else one for one in body]
    assert coverage_on(items("EB*1**30", *body), ("PT",), VISIT).visits_left == left


def test_benefits() -> None:
    """What is left of sums of person and family, in the network and out of it; copay and coinsurance by service."""
    said = items(
        "EB*1**30", "EB*C*IND*30***23*1500*****Y", "EB*C*IND*30***29*400.50*****Y", "EB*C*FAM*30***29*900*****Y",
        "EB*C*IND*30***29*3000*****N", "EB*G*IND*30***29*5000*****W", "EB*A**30*****0.2****Y", "EB*A**30*****.4****N",
        "EB*B**98***27*25*****Y", "EB*B**98***27*60*****N", "EB*B**MH***27*25*****Y", "EB*B**MH***27*40*****Y",
        "EB*I**35",
    )  # fmt: skip
    found = benefits_of(said, "P1", "271 of 27 November 2026")
    assert (found.deductible.kind, found.deductible.person, found.deductible.family) == ("embedded", 40050, 90000)
    assert (found.deductible.person_total, found.until) == (150000, dt.date(2026, 12, 31))
    assert (found.out_of_pocket.kind, found.out_of_pocket.person) == ("person", 500000)
    assert (found.terms_of("98").copay, found.terms_of("98").coinsurance) == (2500, Decimal("0.2"))
    assert found.terms_of("MH").copay is None, "two amounts were said"
    assert (found.terms_of("35").covered, found.terms_of("98").covered) == (False, True)
    out = benefits_of(said, "P1", "271", "out")
    assert (out.deductible.person, out.terms_of("98").copay, out.out_of_pocket.person) == (300000, 6000, 500000)
    assert benefits_of(items("EB*1**30", "EB*C**30***23*0"), "P1", "").deductible.kind == "none"
    assert benefits_of(items("EB*1**30"), "P1", "").deductible.kind is None
    used = benefits_of(items("EB*C*IND*30***23*1000", "EB*C*IND*30***24*250"), "P1", "")
    assert used.deductible.person == 75000


def test_rejections_of_all_levels_are_kept() -> None:
    """AAA of the payer, of the office, of the member and of a benefit, with what to do."""
    segments = lines("271")
    at = next(place for place, one in enumerate(segments) if one.startswith("NM1*1P"))
    segments.insert(at + 1, "AAA*N**43*C")
    end = next(place for place, one in enumerate(segments) if one.startswith("DMG"))
    segments.insert(end, "AAA*N**75*C")
    segments.insert(next(place for place, one in enumerate(segments) if one.startswith("MSG")), "AAA*N**70*C")
    (found,) = answers(made(segments))
    assert [(one.reason, one.follow_up) for one in found.rejections] == [("43", "C"), ("75", "C"), ("70", "C")]


def test_free_text_is_not_shown() -> None:
    """Messages are kept and not shown, as names are."""
    found = answered("EB*1**30", "MSG*ask for Qhidden")
    assert found.benefits[0].messages == ("ask for Qhidden",)
    assert "Qhidden" not in repr(found)
    assert "MEMBER1" not in repr(found)
