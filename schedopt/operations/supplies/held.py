"""What an office has of each item on a morning, and what is still to come."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from schedopt.models.office import Office
from schedopt.operations.supplies.tables import StockLot, SupplyItem, SupplyOrder, SupplyUse

NEVER = dt.date.max


class Place(NamedTuple):
    """An item, and where it is kept.

    Attributes
    ----------
    row : SupplyItem
        The item.
    site : str or None
        The site whose own stock it is; None: it is for all.
    """

    row: SupplyItem
    site: str | None

    @property
    def words(self) -> str:
        """The item for people, with its site."""
        return self.row.item if self.site is None else f"{self.row.item} at {self.site}"


class Lot(NamedTuple):
    """So much of a lot, until a day."""

    amount: float
    expires: dt.date
    lot: str | None = None


class Coming(NamedTuple):
    """An order that has not come."""

    amount: float
    due: dt.date
    order: str = ""


class Held(NamedTuple):
    """What there is of an item at a place in the morning of a day, soonest to expire first, and what is to come.

    Attributes
    ----------
    lots : tuple of Lot
        What can be used on that day.
    orders : tuple of Coming
        By the day on which they are due.
    expired : float
        What cannot be used any more, in units.
    missing : float
        What visits since the last count have used beyond what was counted, in units.
    """

    lots: tuple[Lot, ...]
    orders: tuple[Coming, ...]
    expired: float
    missing: float

    @property
    def amount(self) -> float:
        """What can be used, in units."""
        return sum(lot.amount for lot in self.lots)


def sites_of(office: Office) -> tuple[str, ...]:
    """Ids of the sites, in the office's order."""
    named = [row.site for row in office.sites or ()] or [row.site for row in office.shifts]
    return tuple(dict.fromkeys(named))


def places_of(office: Office, sites: Sequence[str]) -> Iterator[Place]:
    """Every item, at every site where each keeps its own."""
    for row in office.rows(SupplyItem) or ():
        for site in sites if row.by_site else (None,):
            yield Place(row, site)


def held_at(office: Office, place: Place, day: dt.date) -> Held:
    """What there is of an item at a place in the morning of a day.

    Parameters
    ----------
    office : Office
        Its stock, and its appointments, of which those between the last count and the day have used what their types
        use (as expected, where not all do), the soonest to expire first.
    place : Place
        Item and site.
    day : datetime.date
        The day.
    """
    mine = (place.row.item, place.site)
    rows = [row for row in office.rows(StockLot) or () if (row.item, row.site) == mine]
    rows.sort(key=lambda row: (row.expires or NEVER, row.lot or ""))
    counts = [row.counted for row in rows]
    known = [one for one in counts if one is not None]
    used = _used_since(office, place, max(known), day) if known and None not in counts else {}
    lots = [Lot(row.amount, row.expires or NEVER, row.lot) for row in rows]
    missing = 0.0
    for date in sorted(used):
        lots, short = used_up(lots, date, used[date])
        missing += short
    orders = sorted(
        Coming(row.amount, row.due, row.order)
        for row in office.rows(SupplyOrder) or ()
        if (row.item, row.site) == mine and row.received is None
    )
    orders.sort(key=lambda order: (order.due, order.order))
    left = [lot for lot in lots if lot.amount > 0]
    return Held(
        tuple(lot for lot in left if lot.expires >= day), tuple(orders),
        sum(lot.amount for lot in left if lot.expires < day), missing,
    )  # fmt: skip


def used_up(lots: Sequence[Lot], date: dt.date, amount: float) -> tuple[list[Lot], float]:
    """Lots after a day has used so much of what could be used on it, in their order; and what it could not have."""
    left = []
    for lot in lots:
        taken = min(amount, lot.amount) if lot.expires >= date else 0.0
        left.append(lot._replace(amount=lot.amount - taken))
        amount -= taken
    return left, amount


def _used_since(office: Office, place: Place, counted: dt.date, day: dt.date) -> dict[dt.date, float]:
    """What appointments after a count and before a day use, by date."""
    amounts = {
        row.visit_type: row.amount * row.chance for row in office.rows(SupplyUse) or () if row.item == place.row.item
    }
    types = {row.request: row.visit_type for row in office.requests}
    sites = sites_of_providers(office) if place.site is not None else {}
    used = defaultdict[dt.date, float](float)
    gone = {row.request for row in office.cancellations or ()}
    for row in office.appointments or ():
        amount = amounts.get(types.get(row.request, ""), 0.0)
        here = place.site is None or sites.get(row.provider) == place.site
        if amount and here and row.request not in gone and counted < row.date < day:
            used[row.date] += amount
    return dict(used)


def sites_of_providers(office: Office) -> dict[str, str]:
    """The site at which each provider has most shifts."""
    counts = defaultdict[str, defaultdict[str, int]](lambda: defaultdict(int))
    for shift in office.shifts:
        counts[shift.provider][shift.site] += 1
    return {name: max(sites, key=lambda site: sites[site]) for name, sites in counts.items()}
