"""The sums of an 835 hold to the cent, or the place and the cents are named."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.interop.x12.build import amount
from schedopt.interop.x12.payments import Break, cents
from schedopt.interop.x12.remittance import balance, claims
from schedopt.interop.x12.tree import read
from tests.interop.x12.samples import changed, lines, made, sample


def _breaks(data: bytes) -> list[tuple[str, bytes, int | None]]:
    file = read(data)
    found = balance(file.transactions[0])
    assert found.num_breaks == len(found.breaks)
    return [(one.sum, file.segments[one.number - 1].raw, one.cents) for one in found.breaks]


@given(st.integers(-(10**12), 10**12))
def test_money_reads_back(value: int) -> None:
    """What is written of cents is read as the same cents."""
    assert cents(amount(value)) == value
    assert Decimal(amount(value)) * 100 == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", 0),
        ("5", 500),
        ("-.5", -50),
        ("1.230", 123),
        ("1E2", 10000),
        ("1.005", None),
        ("x", None),
        ("1e999999999", None),
    ],
)
def test_money_as_others_write_it(text: str, value: int | None) -> None:
    """Numbers of all forms are read exactly; what is not a whole number of cents is none."""
    assert cents(text) == value


def test_what_is_paid_is_read() -> None:
    """Claims, their services and their adjustments are values."""
    transaction = read(sample("835")).transactions[0]
    (claim,) = claims(transaction)
    assert (claim.control, claim.status, claim.charge, claim.paid, claim.share) == ("ACCT1", "1", 15000, 9000, 2000)
    assert [(one.procedure, one.charge, one.paid, one.line_control) for one in claim.services] == [
        ("HC:99213", 10000, 6000, "L1"),
        ("HC:85025", 5000, 3000, "L2"),
    ]
    assert [(one.group, one.reason, one.cents) for one in claim.services[0].adjustments] == [
        ("CO", "45", 2000),
        ("PR", "3", 2000),
    ]
    assert [segment.name for segment in claim.segments] == ["CLP", "NM1", "DTM"]
    assert [segment.name for segment in claim.services[1].segments] == ["SVC", "DTM", "CAS", "REF"]
    found = balance(transaction)
    assert (found.holds, found.claims, found.paid, found.check) == (True, 1, 8000, 8000)


@pytest.mark.parametrize(
    ("old", "new", "breaks"),
    [
        ("SVC*HC:99213", "SVC*HC:99213*100*60.01**1", [("service", 1)]),
        ("CLP", "CLP*ACCT1*1*150*95*20*12*ICN1*11*1", [("check", -500), ("claim", 500)]),
        ("CAS*PR", "CAS*PR*3*20.1", [("claim", 10), ("service", 10)]),
        ("PLB", "PLB*1234567893*20261231*WO:ICN0*-10", [("check", -2000)]),
        ("BPR", "BPR*I*-80*C*NON************20261127", [("check", -16000)]),
        ("BPR", "BPR*I*80*D*NON************20261127", [("check", -16000)]),
        ("BPR", "BPR*I**C*NON************20261127", [("check", None)]),
        ("SVC*HC:99213", "SVC*HC:99213*100*x**1", [("service", None)]),
        ("CLP", "CLP*ACCT1*1*150*x*20*12*ICN1*11*1", [("check", None), ("claim", None)]),
        ("CAS*PR", "CAS*PR*3", [("claim", None), ("service", None)]),
    ],
)
def test_a_sum_that_does_not_hold_is_named(old: str, new: str, breaks: list[tuple[str, int | None]]) -> None:
    """The place and the difference in cents of every sum that does not hold."""
    found = _breaks(changed("835", old, new))
    assert [(name, difference) for name, _, difference in found] == breaks
    names = {"service": b"SVC", "claim": b"CLP", "check": b"BPR"}
    assert all(raw.startswith(names[name]) for name, raw, _ in found)


def test_a_reversal_and_adjustments_of_a_claim() -> None:
    """Negative claims and adjustments of whole claims are part of the sums."""
    whole = lines("835")
    at = next(place for place, line in enumerate(whole) if line.startswith("PLB"))
    more = [
        "CLP*ACCT0*22*-100*-80**12*ICN2*11*1",
        "NM1*QC*1*NAME*GIVEN",
        "SVC*HC:99213*-100*-80**1",
        "CAS*CO*45*-20",
        "CLP*ACCT0*1*100*80**12*ICN3*11*7",
        "CAS*CO*45*15**23*5",
        "NM1*QC*1*NAME*GIVEN",
    ]
    assert _breaks(made([*whole[:at], *more, *whole[at:]])) == []


def test_a_check_that_is_missing_breaks_its_sum() -> None:
    """An 835 without BPR does not balance."""
    data = made([line for line in lines("835") if not line.startswith("BPR")])
    assert balance(read(data).transactions[0]).breaks == (Break("check", 3, data.index(b"ST*835"), None),)
