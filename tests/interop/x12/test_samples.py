"""Public sample files: none is changed by reading, each is judged, and amounts are those that another program read."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from benchmarks.x12 import examine
from schedopt.interop.x12.catalogue import guide_of
from schedopt.interop.x12.payments import Claim
from schedopt.interop.x12.remittance import balance, claims, provider_adjustments
from schedopt.interop.x12.tree import read, write
from schedopt.interop.x12.values import File, Segment
from schedopt.interop.x12.walk import placed
from tests.interop.x12.samples import LACKING, SHARED

needs_samples = pytest.mark.skipif(not (SHARED / "x12_hdi").is_dir(), reason=LACKING)
FILES = sorted(
    file
    for file in SHARED.glob("x12_*/**/*")
    if file.is_file() and file.suffix not in (".json", ".csv", ".xml") and file.name != "SOURCE.txt"
)
HDI = SHARED / "x12_hdi"
RENDERED = sorted((HDI / "expected_json").glob("*/*.json"))
GROUPS = {
    "CONTRACTUAL": "CO",
    "OTHER": "OA",
    "PAYOR_INITIATED": "PI",
    "PATIENT_RESPONSIBILITY": "PR",
}
Numbers = list[tuple[Any, ...]]


@needs_samples
def test_no_file_is_changed() -> None:
    """All sample files are read and written as the same bytes."""
    assert len(FILES) == 156
    for file in FILES:
        data = file.read_bytes()
        assert write(read(data)) == data, file.name


@needs_samples
def test_each_file_is_judged() -> None:
    """Each file is accepted, refused for a reason, or said to have no guide."""
    for file in FILES:
        found = examine(file)
        assert found["bytes_equal"]
        assert found["transactions"]
        if found["accepted"] is False:
            assert found["first_problem"]["words"]
            assert found["first_problem"]["severity"] == "error"
        assert (found["accepted"] is None) <= bool(found["unjudged"])


@needs_samples
def test_the_sums_of_remittances() -> None:
    """Of 19 files 13 hold; the places and cents of the others are those that were worked out by hand."""
    broken = {}
    for file in FILES:
        balances = [balance(one) for one in read(file.read_bytes()).transactions if one.code == "835"]
        if balances:
            broken[file.name] = [(one.sum, one.number, one.cents) for found in balances for one in found.breaks]
    assert len(broken) == 19
    assert {name: found for name, found in broken.items() if found} == {
        "835-all-fields.dat": [("check", 4, -10600), ("claim", 23, 3225900)],
        "835-minimal.dat": [("check", 4, -36800)],
        "835-provider-level-adjustment.dat": [("check", 23, 29818), ("check", 48, 29818)],
        "835-validation-issues.edi": [("check", 4, -36800), ("claim", 17, 10000), ("service", 19, -10000)],
        "negotiated_discount.dat": [("claim", 22, 3231100), ("service", 67, 5200)],
        "tertiary-payment.835": [("service", 20, -2125350)],
    }


def _source(rendered: Path) -> File:
    name = rendered.stem.removesuffix("-control-segments").removesuffix("-validation-only")
    (file,) = [file for file in FILES if file.is_relative_to(HDI) and file.stem == name]
    return read(file.read_bytes())


def _objects(rendered: Path, kind: str) -> list[dict[str, Any]]:
    found = json.loads(rendered.read_text("utf-8"), parse_float=Decimal)
    return [one for one in found if one.get("objectType") == kind]


def _cents(amount: Any) -> int | None:
    return None if amount is None else int(Decimal(amount) * 100)


def _adjusted(one: dict[str, Any]) -> Numbers:
    return [(GROUPS[part["group"]], part["reasonCode"], _cents(part["amount"])) for part in one.get("adjustments", ())]


@needs_samples
def test_payments_are_those_of_the_payers_tables() -> None:
    """Charges, payments and adjustments of three payers' own samples are those of the tables beside them."""
    folder = SHARED / "x12_835_payer_samples"
    for table in sorted((folder / "output").glob("*_sample.csv")):
        transactions = read((folder / "test_edi_835_files" / f"{table.stem}.txt").read_bytes()).transactions
        ours = [
            (claim.control, line.charge, line.paid, [(one.cents, one.reason, one.group) for one in line.adjustments])
            for one in transactions
            for claim in claims(one)
            for line in claim.services
        ]
        with table.open(newline="", encoding="utf-8") as rows:
            theirs = [
                (row["marker"], _cents(row["charge_amount"] or 0), _cents(row["paid_amount"] or 0), _listed(row))
                for row in csv.DictReader(rows)
            ]
        assert len(ours) >= 3
        assert [one[:3] for one in ours] == [one[:3] for one in theirs]
        # the tables keep one adjustment of each CAS
        assert all(set(row[3]) <= set(line[3]) for line, row in zip(ours, theirs, strict=True))


def _listed(row: dict[str, str]) -> Numbers:
    places = [f"adj_{place}" for place in range(4) if row.get(f"adj_{place}_amount")]
    return [
        (_cents(row[f"{one}_amount"]), row[f"{one}_code"].removesuffix(".0"), row[f"{one}_group"]) for one in places
    ]


def _payment(claim: Claim) -> Numbers:
    head = (claim.control, claim.status, claim.charge, claim.paid, claim.share or None)
    services = [
        (one.charge, one.paid, *((a.group, a.reason, a.cents) for a in one.adjustments)) for one in claim.services
    ]
    return [head, *((a.group, a.reason, a.cents) for a in claim.adjustments), *services]


@needs_samples
@pytest.mark.parametrize("rendered", [one for one in RENDERED if one.parent.name == "835"], ids=lambda one: one.stem)
def test_payments_are_what_another_program_read(rendered: Path) -> None:
    """Claims, services, adjustments and provider-level adjustments of 835s: codes and amounts."""
    file = _source(rendered)
    ours = [_payment(claim) for one in file.transactions for claim in claims(one)]
    theirs = [
        [
            (
                one["patientControlNumber"],
                one["claimStatusCode"],
                _cents(one["chargeAmount"]),
                _cents(one["paymentAmount"]),
                _cents(one.get("patientResponsibilityAmount")) or None,
            ),
            *_adjusted(one),
            *(
                (_cents(line["chargeAmount"]), _cents(line["paidAmount"]), *_adjusted(line))
                for line in one.get("serviceLines", ())
            ),
        ]
        for one in _objects(rendered, "PAYMENT")
    ]
    if theirs:
        assert ours == theirs
    plb = [segment for segment in file.segments if segment.name == "PLB"]
    taken = [(one.reason, one.cents) for segment in plb for one in provider_adjustments(segment, segment.elements)]
    said = [
        (part["reason"]["code"], _cents(part["amount"]))
        for one in _objects(rendered, "PROVIDER_ADJUSTMENT")
        for part in one["adjustments"]
    ]
    assert not said or said == taken


def _charges(segments: tuple[Segment, ...]) -> Iterator[tuple[Any, ...]]:
    places = {"SV1": (1, 2), "SV2": (2, 3), "SV3": (1, 2)}
    for segment in segments:
        name = segment.name
        if name == "CLM":
            yield (segment.element(1), Decimal(segment.element(2)))
        elif name in places:
            procedure, charge = places[name]
            yield (segment.element(procedure, 2), Decimal(segment.element(charge)))


@needs_samples
@pytest.mark.parametrize("rendered", [one for one in RENDERED if one.parent.name == "837"], ids=lambda one: one.stem)
def test_claims_are_what_another_program_read(rendered: Path) -> None:
    """Claims and their lines in 837s: control numbers, charges and procedures."""
    theirs: Numbers = []
    for one in _objects(rendered, "CLAIM"):
        theirs.append((one["patientControlNumber"], Decimal(one["chargeAmount"])))
        theirs += [
            (line.get("procedure", {}).get("code", ""), Decimal(line["chargeAmount"])) for line in one["serviceLines"]
        ]
    ours = [line for one in _source(rendered).transactions for line in _charges(one.segments)]
    if theirs:
        assert ours == theirs


def _loops(found: Any) -> Iterator[tuple[str, str]]:
    if isinstance(found, dict):
        if "segment_id" in found:
            yield found["segment_id"], found["loop_id"]
        for value in found.values():
            yield from _loops(value)
    elif isinstance(found, list):
        for value in found:
            yield from _loops(value)


@needs_samples
@pytest.mark.parametrize("rendered", [one for one in RENDERED if one.parent.name == "271"], ids=lambda one: one.stem)
def test_loops_are_those_of_another_program(rendered: Path) -> None:
    """Every segment of 270s and 271s is in the same loop; theirs has names of its own for the heading and LS."""
    file = _source(rendered)
    ours = []
    for one in file.transactions:
        rules = guide_of(one.code)
        assert rules is not None
        ours += [(segment.name, (place.loops or ("0000",))[-1]) for segment, place in placed(rules, one.segments)]
    theirs = list(_loops(json.loads(rendered.read_text("utf-8"))))
    kept = [one for one in theirs if one[0] not in ("ISA", "GS", "GE", "IEA", "LS", "LE")]
    assert sorted(kept) == sorted(one for one in ours if one[0] not in ("LS", "LE"))
