"""What is allowed for a service: the contract in force on the day, a share of a schedule, or nothing that is known."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schedopt.billing.fees.prices import CHANGES_PRICE, Prices, Wanted
from schedopt.billing.fees.tables import Charge, Contract, ContractShare, InForce, ScheduledFee, VisitService
from schedopt.errors import InputError
from schedopt.models.tables.fields import Row
from schedopt.registry.money.given import read_given

DAY = dt.date(2026, 11, 30)


def _contract(**cells: object) -> Contract:
    return Contract.model_validate({"insurer": "A", "procedure": "G9001", "amount": 10_000, **cells})


def _fee(**cells: object) -> ScheduledFee:
    said = {"schedule": "medicare", "procedure": "G9001", "amount": 9_082, "facility_amount": 6_608, **cells}
    return ScheduledFee.model_validate(said)


def _share(**cells: object) -> ContractShare:
    return ContractShare.model_validate({"insurer": "A", "schedule": "medicare", "share": "112.5", **cells})


def _allowed(rows: list[Row], *modifiers: str, day: dt.date = DAY, units: int = 1) -> int | None:
    return Prices.of(rows).price("A", Wanted("G9001", day, modifiers, units)).allowed


def test_the_contract_goes_before_a_share_and_both_before_nothing() -> None:
    """Own row, share of the schedule rounded half up, unknown with the reason in words."""
    assert _allowed([_contract(), _share(), _fee()], units=2) == 20_000
    assert _allowed([_share(), _fee()]) == 10_217  # 112.5 % of 90.82 is 102.1725
    found = Prices.of([_fee()]).price("A", Wanted("G9001", DAY))
    assert (found.allowed, found.charge) == (None, None)
    assert found.source == "no contract with A says what is allowed for G9001 on that day"


def test_no_more_is_allowed_than_is_asked() -> None:
    """The lower of contract and charge, each for all units."""
    charge = Charge.model_validate({"procedure": "G9001", "amount": "80.00"})
    found = Prices.of([_contract(), charge]).price("A", Wanted("G9001", DAY, (), 3))
    assert (found.allowed, found.charge) == (24_000, 24_000)
    assert found.source.endswith("no more than is asked")


def test_what_is_in_force_on_the_day_decides() -> None:
    """The last day of one row and the first of the next are told apart."""
    rows: list[Row] = [_contract(valid_until=DAY), _contract(valid_from=DAY + dt.timedelta(1), amount=11_000)]
    assert [_allowed(rows, day=DAY + dt.timedelta(ahead)) for ahead in (0, 1)] == [10_000, 11_000]
    with pytest.raises(InputError, match="expected one row of A, G9001"):
        _allowed([*rows, _contract(valid_from=DAY)])


def test_a_contract_may_be_of_the_amounts_of_a_day() -> None:
    """Of a year that is over, in place of the year of the visit."""
    ahead = DAY + dt.timedelta(1)
    fees: list[Row] = [_fee(valid_until=DAY), _fee(valid_from=ahead, amount=20_000)]
    assert _allowed([*fees, _share(share="100", priced_on=DAY)], day=ahead) == 9_082
    assert _allowed([*fees, _share(share="100")], day=ahead) == 20_000


@pytest.mark.parametrize(
    ("modifiers", "allowed"),
    [((), 10_000), (("25",), 10_000), (("26",), 3_000), (("26", "59"), 3_000), (("50",), None),
     (("59", "GT"), 10_000), (("33",), 9_000), (("33", "25"), 9_000), (("TC", "33"), None)],
)  # fmt: skip
def test_modifiers_that_change_the_price_need_a_row_of_their_own(
    modifiers: tuple[str, ...], allowed: int | None
) -> None:
    """The row of the whole service is not taken for its professional part; other modifiers leave it as it is."""
    rows: list[Row] = [_contract(), _contract(modifier="26", amount=3_000), _contract(modifier="33", amount=9_000)]
    assert _allowed(rows, *modifiers) == allowed


def test_what_medicare_does_not_pay_is_not_taken_from_its_schedule() -> None:
    """Unless the contract says that relative values hold for it too."""
    fee = _fee(status="N")
    assert _allowed([fee, _share(share="100")]) is None
    assert _allowed([fee, _share(share="100", unpaid_too=True)]) == 9_082


def test_a_visit_is_the_sum_of_its_services() -> None:
    """Unknown where one of them is, or none is expected."""
    rows: list[Row] = [
        _contract(), _contract(procedure="G9002", amount=500),
        VisitService.model_validate({"visit_type": "check", "procedure": "G9001", "modifiers": "25"}),
        VisitService.model_validate({"visit_type": "check", "procedure": "G9002", "units": 3}),
        VisitService.model_validate({"visit_type": "other", "procedure": "G9003"}),
    ]  # fmt: skip
    prices = Prices.of(rows)
    assert prices.visit("A", "check", DAY).allowed == 11_500
    assert prices.visit("A", "other", DAY).allowed is prices.visit("A", "none", DAY).allowed is None


spans = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(sorted)


@example(rows=[("A", [0, 3]), ("A", [3, 5])], on=3)
@example(rows=[("A", [0, 3]), ("A", [4, 5]), ("B", [3, 4])], on=3)
@given(rows=st.lists(st.tuples(st.sampled_from("AB"), spans), max_size=6), on=st.integers(0, 9))
def test_rows_that_overlap_are_refused_and_others_are_not(
    rows: list[tuple[str, list[int]]], on: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Reading refuses just those tables of which two rows of the same hold on one day."""
    folder = tmp_path_factory.mktemp("given")
    days = [(name, *(DAY + dt.timedelta(ahead) for ahead in span)) for name, span in dict.fromkeys(
        (name, tuple(span)) for name, span in rows)]  # fmt: skip
    lines = [f"{name},G9001,95.00,{first},{last}" for name, first, last in days]
    text = "\n".join(["insurer,procedure,amount,valid_from,valid_until", *lines])
    (folder / "contracts.csv").write_text(text)
    meet = any(
        one[0] == other[0] and one[1] <= other[2] and other[1] <= one[2]
        for place, one in enumerate(days) for other in days[:place]
    )  # fmt: skip
    if meet:
        with pytest.raises(InputError, match=r"expected (days apart|insurer, procedure)"):
            read_given(folder)
    else:
        table = read_given(folder)["contracts"]
        found = [row for row in table.rows if isinstance(row, InForce) and row.holds(DAY + dt.timedelta(on))]
        assert len({row.insurer for row in table.rows if isinstance(row, Contract) and row in found}) == len(found)


def test_every_fault_of_the_files_is_told(tmp_path: Path) -> None:
    """Of amounts, shares and days, with file, row and column."""
    (tmp_path / "contracts.csv").write_text("insurer,procedure,amount\nA,G9001,12.345\n")
    (tmp_path / "contract_shares.csv").write_text(
        "insurer,schedule,share,valid_from,valid_until\nA,m,110%,,\nA,m,100,2026-01-01,\nB,m,-3,,\n"
        "C,m,100,2026-02-01,2026-01-01\n"
    )
    with pytest.raises(InputError) as caught:
        read_given(tmp_path)
    places = {(fault.file, fault.row, fault.column) for fault in caught.value.faults}
    assert places >= {
        ("contracts.csv", 2, "amount"), ("contract_shares.csv", 3, "valid_from"), ("contract_shares.csv", 4, "share"),
    }  # fmt: skip
    assert any(fault.row == 5 for fault in caught.value.faults)


@given(st.integers(0, 10**6), st.decimals(0, 300, places=3))
def test_a_share_is_rounded_once(amount: int, share: Decimal) -> None:
    """To the nearest cent of one unit, half up."""
    found = _allowed([_fee(amount=amount), _share(share=share)])
    assert found is not None
    assert Decimal("-0.5") < found - share * amount / 100 <= Decimal("0.5")


def test_components_change_the_price() -> None:
    """Professional and technical parts, and what is broken off, are among the modifiers that need a row."""
    assert {"26", "TC", "53"} <= CHANGES_PRICE
