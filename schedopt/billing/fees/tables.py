"""Tables of fees and contracts that a store keeps beside the office's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from schedopt.errors import Fault
from schedopt.models.table import Table
from schedopt.models.tables.fields import Date, Flag, Id, Positive, Row, Text, column
from schedopt.models.tables.money import Money, Percent


class InForce(Row):
    """Base of rows that hold from a first to a last day, both included; ``apart`` names what holds once at a time."""

    apart: ClassVar[tuple[str, ...]]

    valid_from: Date | None = column("First day it holds; empty: always has.", example="2026-01-01", default=None)
    valid_until: Date | None = column("Last day it holds; empty: no end known.", example="2026-12-31", default=None)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first > self.last:
            raise ValueError("expected valid_until on or after valid_from")
        return self

    @property
    def first(self) -> dt.date:
        """First day it holds."""
        return self.valid_from or dt.date.min

    @property
    def last(self) -> dt.date:
        """Last day it holds."""
        return self.valid_until or dt.date.max

    def holds(self, day: dt.date) -> bool:
        """Whether it holds on a day."""
        return self.first <= day <= self.last


class Contract(InForce):
    """What an insurer allows for a service, by contract with the office. It goes before shares of a schedule."""

    table_name: ClassVar[str] = "contracts"
    apart: ClassVar[tuple[str, ...]] = ("insurer", "procedure", "modifier")
    key: ClassVar[tuple[str, ...]] = (*apart, "valid_from")

    insurer: Id = column("With whom.", example="ACME-PPO", references="payers")
    procedure: Id = column("CPT or HCPCS code.", example="G0101")
    modifier: Text = column("Modifiers by which it differs, such as 26; separated by blanks.", example="26", default="")
    amount: Money = column("What is allowed for one unit.", example="95.00", unit="currency")


class ContractShare(InForce):
    """That an insurer allows a share of a fee schedule for whatever its contract does not name."""

    table_name: ClassVar[str] = "contract_shares"
    apart: ClassVar[tuple[str, ...]] = ("insurer",)
    key: ClassVar[tuple[str, ...]] = (*apart, "valid_from")

    insurer: Id = column("With whom.", example="ACME-PPO", references="payers")
    schedule: Id = column("Of which schedule, as in fee_schedule.csv.", example="medicare")
    share: Percent = column("How much of it.", example="112.5", unit="percent")
    priced_on: Date | None = column(
        "Day whose amounts hold, such as one of the year in a contract; empty: the day of the visit.",
        example="2025-07-01",
        default=None,
    )
    unpaid_too: Flag = column(
        "Whether services that Medicare does not pay are allowed by their relative values.",
        example="yes",
        default=False,
    )


class VisitService(Row):
    """A service as which a visit of a type is expected to be billed."""

    table_name: ClassVar[str] = "services"
    key: ClassVar[tuple[str, ...]] = ("visit_type", "procedure", "modifiers")

    visit_type: Id = column("Which visits.", example="check-up", references="visit_types")
    procedure: Id = column("CPT or HCPCS code.", example="G0101")
    modifiers: Text = column("Up to four, separated by blanks.", example="25", default="")
    units: Positive = column("How many.", example="1", default=1)
    service_type: Id = column(
        "By which benefits are named: X12 code, 98 for an office visit.", example="98", default="98"
    )
    setting: Literal["office", "facility"] = column(
        "Who bears the expense of practice.", example="office", default="office"
    )


class Charge(InForce):
    """What the office asks for a service."""

    table_name: ClassVar[str] = "charges"
    apart: ClassVar[tuple[str, ...]] = ("procedure", "modifier")
    key: ClassVar[tuple[str, ...]] = (*apart, "valid_from")

    procedure: Id = column("CPT or HCPCS code.", example="G0101")
    modifier: Text = column("Modifiers by which it differs, such as 26; separated by blanks.", example="26", default="")
    amount: Money = column("What is asked for one unit.", example="180.00", unit="currency")


class ScheduledFee(InForce):
    """What a fee schedule says of a service at the office's place."""

    table_name: ClassVar[str] = "fee_schedule"
    apart: ClassVar[tuple[str, ...]] = ("schedule", "procedure", "modifier")
    key: ClassVar[tuple[str, ...]] = (*apart, "valid_from")

    schedule: Id = column("Which schedule.", example="medicare")
    procedure: Id = column("CPT or HCPCS code.", example="G0101")
    modifier: Text = column("26, TC, 53 or none.", example="26", default="")
    status: Text = column("CMS's status code: A, R and T are paid by relative values.", example="A", default="A")
    amount: Money | None = column("In the office.", example="90.82", default=None, unit="currency")
    facility_amount: Money | None = column("In a facility.", example="66.08", default=None, unit="currency")
    locality: Text = column("Contractor and locality.", example="03102-00", default="")


FEE_GIVEN: tuple[type[Row], ...] = (Contract, ContractShare, VisitService, Charge)
"""What an office brings as files."""

FEE_MADE: tuple[type[Row], ...] = (ScheduledFee,)
"""What commands write."""


def overlaps(table: Table) -> Iterator[Fault]:
    """Rows of a table that hold on days on which another row of the same already does."""
    if not issubclass(table.row_class, InForce):
        return
    names = table.row_class.apart
    rows = [(number, row) for number, row in zip(table.numbers, table.rows, strict=True) if isinstance(row, InForce)]
    until = dict[tuple[object, ...], tuple[dt.date, int]]()
    for number, row in sorted(rows, key=lambda one: (one[1].first, one[0])):
        key = tuple(getattr(row, name) for name in names)
        last, other = until.get(key, (dt.date.min, 0))
        if other and row.first <= last:
            words = f"expected days apart from those of row {other}, which is of the same {', '.join(names)}"
            yield Fault(
                table.file, number, "valid_from", None if row.valid_from is None else str(row.valid_from), words
            )
        if not other or row.last >= last:
            until[key] = row.last, number
