"""``schedopt supplies``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import schedopt
from schedopt.cli.offices import Actor, is_store, opened
from schedopt.cli.operations.supply_desk import Booked, book
from schedopt.cli.planned import expect_known, read_planned
from schedopt.cli.speech import OfficeFolder, expect_unasked, long_date, parse_week, say, speaks_plainly
from schedopt.cli.store.told import tell_table, try_out
from schedopt.cli.tables import NOTHING, text_table

if TYPE_CHECKING:
    import pandas as pd

    from schedopt.operations.supplies.orders import SupplyList

_ORDERS = {
    "item": "item", "in_stock": "in stock", "coming": "coming", "lasts": "lasts to", "order": "order",
    "reason": "why",
}  # fmt: skip
_MISSING = {"request": "request", "date": "date", "start": "start", "item": "item", "detail": "what is missing"}
ItemAmount = tuple[str, float]


Planned = Annotated[
    Path | None,
    typer.Argument(metavar="PLAN", help="Folder that 'schedopt plan' has written: what its visits will use."),
]
Day = Annotated[
    dt.date | None,
    typer.Option(parser=parse_week, metavar="DATE", help="Day of ordering; else the plan's first, or today."),
]
Past = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Past visits, to learn from; docs/history.md lists its columns. A store has its own."
    ),
]
Supplier = Annotated[str | None, typer.Option(metavar="ID", help="Items of this supplier only.")]
Out = Annotated[Path | None, typer.Option(metavar="FILE", help="Write the order list to this CSV file.")]
Page = Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page for people, HTML.")]
Receive = Annotated[
    ItemAmount | None, typer.Option(metavar="ITEM AMOUNT", help="Store: so much has come; with --lot, --expires.")
]
Count = Annotated[
    ItemAmount | None, typer.Option(metavar="ITEM AMOUNT", help="Store: so much is there; with --reason.")
]
Discard = Annotated[
    ItemAmount | None, typer.Option(metavar="ITEM AMOUNT", help="Store: so much was thrown away; with --reason.")
]
Use = Annotated[bool, typer.Option("--use", help="Store: take off what fulfilled visits have used.")]
Place = Annotated[bool, typer.Option("--place", help="Store: the orders listed are made now.")]
Lot = Annotated[str | None, typer.Option(metavar="LOT", help="Of which lot.")]
Expires = Annotated[
    dt.date | None, typer.Option(parser=parse_week, metavar="DATE", help="Last day on which it can be used.")
]
At = Annotated[str | None, typer.Option(metavar="SITE", help="Where, for items with by_site.")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; it is sealed in the store.")]


@speaks_plainly
def supplies(
    office: OfficeFolder, plan: Planned = None, day: Day = None, history: Past = None, supplier: Supplier = None,
    out: Out = None, page: Page = None, receive: Receive = None, count: Count = None, discard: Discard = None,
    use: Use = False, place: Place = False, lot: Lot = None, expires: Expires = None, site: At = None,
    reason: Reason = "", actor: Actor = None,
) -> None:  # fmt: skip
    """List what to order today and why, how long each item lasts, and planned visits that will lack something.

    What will be used is what is planned, as far as patients come, and beyond the plan what past visits show. A folder's
    stock is as its files say. A store also keeps it: --receive, --count, --discard, --use and --place change it, and
    its history stays.

    Exit status: 0 nothing to order, nothing will be missing; 1 something to order, or visits that will lack something;
    2 the office's data, the plan or the store cannot be used.
    """
    try_out(out, page)
    booked = Booked(receive, count, discard, use, lot, expires, site, reason, day)
    if not (receive or count or discard):
        said = {"--lot": lot, "--expires": expires, "--site": site, "--reason": reason}
        expect_unasked(said, "beside --receive, --count or --discard alone")
    if booked.anything or place:
        if not is_store(office):
            raise typer.BadParameter("expected a store for --receive, --count, --discard, --use and --place")
        if booked.anything:
            book(office, booked, actor)
            if not place and plan is None and out is None and page is None:
                return
    found = _listed(office, plan, day, history, actor)
    if supplier is not None:
        expect_known("--supplier", supplier, sorted({*found.orders["supplier"]} - {""}), "a supplier of the office")
        found = found._replace(orders=found.orders[found.orders["supplier"] == supplier].reset_index(drop=True))
    _tell(found, out, page)
    if place:
        with opened(office, actor) as store:
            say(f"Orders made: {store.place_supply_orders(found.orders, found.day)}")
    raise typer.Exit(1 if (found.orders["order"] > 0).any() or len(found.missing) else 0)


def _listed(
    place: Path, folder: Path | None, day: dt.date | None, history: Path | None, actor: str | None
) -> SupplyList:  # fmt: skip
    from schedopt.folders import read_record
    from schedopt.operations.supplies.demand import past_of
    from schedopt.operations.supplies.orders import order_supplies

    first = None if folder is None else read_record(folder).first
    when = day or first or dt.date.today()
    past = None if history is None else past_of(schedopt.read_history(history))
    if is_store(place):
        with opened(place, actor) as store:
            office = store.office(first or when)
            past = store.past_supply_uses(when) if past is None else past
            kept = store.office_of_supplies(office, when)
    else:
        office = kept = schedopt.read_office(place)
    plan = None if folder is None else read_planned(office, folder)
    return order_supplies(kept, when, plan, past)


def _tell(found: SupplyList, out: Path | None, page: Path | None) -> None:
    from schedopt.operations.supplies.page import supplies_page
    from schedopt.writing import write_files

    orders, missing = found.orders, found.missing
    if page is not None:
        write_files({page: supplies_page(found).encode()})
        say(f"Wrote {page}")
    if orders.empty:
        say("The office has no supplies: docs/supplies.md says what tables they need.")
        return
    if out is not None:
        tell_table(orders, _ORDERS, out, "")
    else:
        count = int((orders["order"] > 0).sum())
        say(f"Order list of {long_date(found.day)}: {count} of {len(orders)} items to order\n")
        say(text_table(_shown(found), _ORDERS))
    if len(missing):
        say(f"\nPlanned visits that will lack something: {missing['request'].nunique()}\n")
        say(text_table(missing, _MISSING))


def _shown(found: SupplyList) -> pd.DataFrame:
    """The order list as a terminal shows it."""
    from schedopt.operations.supplies.words import units

    orders = found.orders.sort_values("order", ascending=False, kind="stable", key=lambda amount: amount > 0)
    asked = (orders[name] for name in ("lasts_from", "lasts_to", "method"))
    lasts = [_lasts_words(low, high, method) for low, high, method in zip(*asked, strict=True)]
    names = orders["item"] + orders["site"].map(lambda site: f" at {site}" if site else "")
    amounts = {
        name: [
            units(amount, unit) if amount else NOTHING
            for amount, unit in zip(orders[name], orders["unit"], strict=True)
        ]
        for name in ("in_stock", "coming", "order")
    }
    return orders.assign(lasts=lasts, item=names, **amounts)


def _lasts_words(low: dt.date | None, high: dt.date | None, method: str) -> str:
    from schedopt.operations.supplies.demand import PROMISED

    if low is None:
        return "not known" if method == PROMISED else "all days"
    return f"{low:%d %b}" if low == high or high is None else f"{low:%d %b} – {high:%d %b}"
