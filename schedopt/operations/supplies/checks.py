"""What must hold of supplies whatever the week."""

from __future__ import annotations

from collections.abc import Iterator

from schedopt.errors import Fault
from schedopt.models.reading import Reading
from schedopt.models.source import Check
from schedopt.operations.supplies.tables import StockLot, SupplyItem, SupplyOrder, SupplyUse


def stocks_are_where_they_are_kept(reading: Reading) -> Iterator[Fault]:
    """Stock and orders of an item name a site where each site keeps its own, and none where one stock is for all."""
    by_site = {row.item: row.by_site for row in reading.office.rows(SupplyItem) or ()}
    tables: tuple[tuple[StockLot | SupplyOrder, ...], ...] = (
        reading.office.rows(StockLot) or (),
        reading.office.rows(SupplyOrder) or (),
    )
    for rows in tables:
        for index, row in enumerate(rows):
            if row.item in by_site and by_site[row.item] != (row.site is not None):
                words = "expected a site, as each keeps its own" if by_site[row.item] else (
                    "expected no site, as one stock is for all (by_site in supplies)"
                )  # fmt: skip
                yield reading.fault(row.table_name, index, "site", row.site, words)


def binding_supplies_are_used(reading: Reading) -> Iterator[Fault]:
    """An item that keeps visits from being planned is used by every visit of some type."""
    used = {row.item for row in reading.office.rows(SupplyUse) or () if row.chance == 1}
    for index, row in enumerate(reading.office.rows(SupplyItem) or ()):
        if row.binding and row.item not in used:
            words = "expected supply_uses to have a row of the item with chance 1; no visit is kept from being planned"
            yield reading.fault("supplies", index, "binding", row.binding, words)


SUPPLY_CHECKS: tuple[Check, ...] = (stocks_are_where_they_are_kept,)
SUPPLY_DOUBTS: tuple[Check, ...] = (binding_supplies_are_used,)
