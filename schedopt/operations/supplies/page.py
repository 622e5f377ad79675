"""A page for people: what to order from whom, how long each item lasts, and who will lack something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schedopt.operations.supplies.demand import PROMISED
from schedopt.operations.supplies.orders import SupplyList
from schedopt.operations.supplies.words import day_words, units
from schedopt.pages import environment

_SHOWN_DAYS = 28
"""Days of cover at which a bar is full."""


def supplies_page(found: SupplyList, office: str = "") -> str:
    """The order list as a page, by supplier.

    Parameters
    ----------
    found : SupplyList
        As :func:`schedopt.order_supplies` returns it.
    office : str
        Name of the office.

    Returns
    -------
    str
        HTML that needs nothing else. It has ids of requests, and no names.
    """
    template = environment("schedopt.operations.supplies").get_template("supplies.html.j2")
    rows = [_row(row, found) for row in found.orders.to_dict("records")]
    suppliers = dict[str, list[dict[str, Any]]]()
    for row in rows:
        if row["packs"]:
            suppliers.setdefault(row["supplier"] or "no supplier named", []).append(row)
    asked = (found.missing[name].tolist() for name in ("request", "date", "start", "detail"))
    missing = [
        {"request": request, "date": day_words(date), "start": start, "detail": detail}
        for request, date, start, detail in zip(*asked, strict=True)
    ]
    return template.render(
        day=f"{found.day:%A} {found.day.day} {found.day:%B %Y}", office=office, rows=rows, suppliers=suppliers,
        missing=missing, costs={name: f"{sum(row['cost'] for row in ours):,.2f}" for name, ours in suppliers.items()},
    )  # fmt: skip


def _row(row: Mapping[Any, Any], found: SupplyList) -> dict[str, Any]:
    """What the page shows of an item."""
    low, high = ((None if one is None else (one - found.day).days + 1) for one in (row["lasts_from"], row["lasts_to"]))
    unknown = low is None and row["method"] == PROMISED
    width = 0 if unknown else _width(low)
    item = row["item"] + (f" at {row['site']}" if row["site"] else "")
    return {
        **row, "item": item, "amount": units(row["order"], row["unit"]),
        "stock": units(row["in_stock"], row["unit"]),
        "comes": units(row["coming"], row["unit"]) if row["coming"] else "",
        "covers": "not known" if unknown else _cover_words(low, high),
        "width": width, "more": 0 if unknown else max(0, _width(high) - width),
        "short": low is not None and low <= (row["until"] - found.day).days,
    }  # fmt: skip


def _cover_words(low: int | None, high: int | None) -> str:
    if low is None:
        return "all days looked at"
    if high is None:
        return f"{max(0, low)} days or more"
    return f"{max(0, low)} days" if low == high else f"{max(0, low)} to {max(0, high)} days"


def _width(days: int | None) -> int:
    """Length of a bar, in percent."""
    return 100 if days is None else max(0, min(100, round(100 * days / _SHOWN_DAYS)))
