"""What visits use up, as tables of an office that is drawn."""

from __future__ import annotations

import datetime as dt

from schedopt.models.tables.fields import Row
from schedopt.operations.supplies.tables import StockLot, SupplyItem, SupplyOrder, SupplyUse
from tests.offices.drawing import Drawing

ITEMS = ("film", "glue")


def supplies(drawn: Drawing) -> dict[str, tuple[Row, ...]]:
    """Little of what many visits use, for days planned and before."""
    if not drawn.chance(40):
        return {}
    items = ITEMS[: 1 + drawn.upto(1)]
    by_site = {name: drawn.chance(30) for name in items}
    found: dict[str, tuple[Row, ...] | None] = {
        "supplies": tuple(
            SupplyItem(item=name, by_site=by_site[name], binding=drawn.chance(85), unit=drawn.one(("pieces", "ml")))
            for name in items
        ),
        "supply_uses": tuple(
            SupplyUse(
                visit_type=kind, item=name, amount=drawn.one((1, 1, 2, 0.5, 0.75)), chance=drawn.one((1, 1, 1, 0.5))
            )
            for kind in drawn.types
            for name in items
            if drawn.chance(75)
        ),
        "stock": drawn.maybe(80, lambda: tuple(_lots(drawn, by_site))),
        "supply_orders": drawn.maybe(60, lambda: tuple(_orders(drawn, by_site))),
    }
    return {name: rows for name, rows in found.items() if rows is not None}


def _lots(drawn: Drawing, by_site: dict[str, bool]) -> list[StockLot]:
    rows = []
    for name, own in by_site.items():
        for site in drawn.sites if own else (None,):
            for lot in ("L1", "L2")[: drawn.upto(2)]:
                rows.append(
                    StockLot(
                        item=name, site=site, lot=lot, amount=drawn.one((1, 2, 0, 1.5, 4)),
                        expires=drawn.maybe(40, drawn.near),
                        counted=drawn.maybe(60, lambda: drawn.first - dt.timedelta(days=1 + drawn.upto(2))),
                    )
                )  # fmt: skip
    return rows


def _orders(drawn: Drawing, by_site: dict[str, bool]) -> list[SupplyOrder]:
    rows = []
    for name, own in by_site.items():
        for site in drawn.sites if own else (None,):
            for number in range(drawn.upto(2)):
                due = drawn.near()
                rows.append(
                    SupplyOrder(
                        order=f"{name}-{site}-{number}", item=name, site=site, amount=drawn.one((1, 2, 0.5, 10)),
                        due=due, received=drawn.maybe(20, lambda due=due: due),
                    )
                )  # fmt: skip
    return rows
