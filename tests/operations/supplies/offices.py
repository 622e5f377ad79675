"""Small offices with supplies."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from schedopt.models import tables
from schedopt.models.office import Office
from schedopt.operations.supplies.tables import StockLot, SupplyItem, SupplyOrder, SupplyUse
from tests.smallest import FIRST, Smallest

DAY = dt.timedelta(days=1)


def office(
    item: dict[str, Any], stock: list[dict[str, Any]], orders: list[dict[str, Any]] | None = None, **more: Any
) -> Office:  # fmt: skip
    """Two providers who work on two days; talks use one of an item."""
    named = {"item": "film", "unit": "sheets", **item}
    rows = {
        "supplies": (SupplyItem(**named),),
        "supply_uses": (SupplyUse(visit_type="talk", item="film", amount=1),),
        "stock": tuple(StockLot(item="film", **lot) for lot in stock),
        "supply_orders": tuple(
            SupplyOrder(order=f"O{n}", item="film", **order) for n, order in enumerate(orders or (), 1)
        ),
        **more,
    }
    return Smallest(rows).office


def visits(*days: int, visit_type: str = "talk", site: str = "MAIN") -> pd.DataFrame:
    """Planned visits, a row for each day counted from the first."""
    rows = [(f"R{n}", FIRST + day * DAY, "08:00", visit_type, "DR1", site) for n, day in enumerate(days, 1)]
    columns = ["request", "date", "start", "visit_type", "provider", "site"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def past(weeks: int, a_day: int, *, first: dt.date = FIRST, walk_in: bool = False) -> pd.DataFrame:
    """So many talks on each weekday of the weeks before a day, all kept."""
    days = [first - (n + 1) * DAY for n in range(7 * weeks)]
    dates = [day for day in sorted(days) if day.weekday() < 5 for _ in range(a_day)]
    return pd.DataFrame(
        {"date": pd.to_datetime(dates), "visit_type": "talk", "provider": "DR1", "came": True, "walk_in": walk_in}
    )


def request_rows(count: int) -> tuple[tables.Request, ...]:
    """Requests for talks."""
    return tuple(tables.Request(request=f"R{n}", patient="N1", visit_type="talk") for n in range(1, count + 1))
