"""What a store is asked of supplies: what has come, what was counted and used, what has been ordered."""

from __future__ import annotations

import datetime as dt
import math
from typing import Literal, NamedTuple

import pandas as pd

from schedopt.errors import Fault, InputError
from schedopt.models.office import Office
from schedopt.models.tables import Site
from schedopt.operations.supplies.held import NEVER, Lot, Place, used_up
from schedopt.operations.supplies.tables import StockLot, StockMove, SupplyItem, SupplyOrder, SupplyUse
from schedopt.operations.supplies.words import units
from schedopt.registry.asked import Asked
from schedopt.registry.desk import has_table
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.registry.operations.visits import visit_events
from schedopt.store.session import Call, random_id

_DAY = dt.timedelta(days=1)
_YEARS = dt.timedelta(days=3 * 364)
_CAME = ("fulfilled", "checked-in", "arrived", "booked")
"""Statuses of visits that have been and use something; who is still booked the day after is taken to have come."""
Kind = Literal["received", "counted", "discarded"]


class Counted(NamedTuple):
    """What somebody says of a stock.

    Attributes
    ----------
    item : str
        Which item.
    amount : float
        Units: that have come, are there, or were thrown away.
    site, lot : str, optional
        Where, and of which lot.
    expires : datetime.date, optional
        Last day on which it can be used.
    reason : str
        Why; sealed.
    day : datetime.date, optional
        When; today by default.
    """

    item: str
    amount: float
    site: str | None = None
    lot: str | None = None
    expires: dt.date | None = None
    reason: str = ""
    day: dt.date | None = None


class Supplies(Asked):
    """What a store is asked of supplies."""

    def change_stock(self, kind: Kind, said: Counted) -> float:
        """Write that something has come, was counted in the evening, or was thrown away.

        What came ends the oldest orders of the item, as far as it goes. Before a count, what visits have used is taken
        off all lots, so that the difference is what nobody knows of.

        Parameters
        ----------
        kind : {"received", "counted", "discarded"}
            What happened.
        said : Counted
            Of what.

        Returns
        -------
        float
            Units of the item there now, at this site.

        Raises
        ------
        InputError
            If there is no such item, site or lot, the amount is below 0 or none, or more is thrown away than is there.
        AccessDenied
            If the actor may not.
        """
        if not 0 <= said.amount < math.inf:
            raise InputError([Fault("stock", None, "amount", str(said.amount), "expected a number from 0 on")])

        def body(call: Call) -> float:
            day = said.day or dt.date.fromisoformat(call.today)
            place = _place_of(call, said)
            changes = _Stock(call, place, day)
            if kind == "received":
                changes.receive(said)
            else:
                if kind == "counted":
                    changes.use(visit_events(call, day - _YEARS, day))
                changes.set(kind, said)
            return changes.write()

        return self._do(f"supplies {kind}", body, about=said.item)

    def use_supplies(self, day: dt.date | None = None) -> dict[str, float]:
        """Take off stocks what visits since the last count have used, up to a day.

        Asked again, nothing is taken off twice. Stocks that were never counted stay as they are.

        Parameters
        ----------
        day : datetime.date, optional
            The last day; yesterday by default.

        Returns
        -------
        dict of str to float
            Units by item, with its site.
        """

        def body(call: Call) -> dict[str, float]:
            last = day or dt.date.fromisoformat(call.today) - _DAY
            seen, found = visit_events(call, last - _YEARS, last), dict[str, float]()
            for place in _places(call):
                changes = _Stock(call, place, last)
                if used := changes.use(seen):
                    found[place.words] = used
                changes.write()
            return found

        return self._do("use supplies", body)

    def place_supply_orders(self, orders: pd.DataFrame, day: dt.date) -> int:
        """Write the orders of a list as made.

        Parameters
        ----------
        orders : pandas.DataFrame
            As :func:`schedopt.order_supplies` returns it.
        day : datetime.date
            When.

        Returns
        -------
        int
            How many there were.
        """

        def body(call: Call) -> int:
            changes = Changes()
            for row in orders[orders["order"] > 0].to_dict("records"):
                made = SupplyOrder(
                    order=random_id("o"), item=row["item"], site=row["site"] or None, amount=row["order"], ordered=day,
                    due=row["comes_on"],
                )  # fmt: skip
                changes.add(made)
            if found := changes.write(call):
                has_table(call, SupplyOrder.table_name)
            return found

        return self._do("order supplies", body)

    def past_supply_uses(self, day: dt.date) -> pd.DataFrame:
        """Visits of the three years before a day, as demand is learned from.

        Returns
        -------
        pandas.DataFrame
            As :func:`schedopt.operations.supplies.demand.past_of` makes it of a history.
        """

        def body(call: Call) -> pd.DataFrame:
            found = visit_events(call, day - _YEARS, day - _DAY)
            found = found[found["status"].isin([*_CAME, "no-show"])]
            columns = found[["date", "visit_type", "provider"]]
            came, walked = found["status"] != "no-show", found["booked_on"] == found["date"]
            return columns.assign(came=came, walk_in=walked).reset_index(drop=True)

        return self.session.do("read past visits", body)

    def office_of_supplies(self, office: Office, day: dt.date) -> Office:
        """An office with its stock as in the morning of a day: without what visits since the last count have used.

        Parameters
        ----------
        office : Office
            As :meth:`office` gives it.
        day : datetime.date
            The day.
        """

        def body(call: Call) -> Office:
            seen, rows = visit_events(call, day - _YEARS, day - _DAY), list[StockLot]()
            for place in _places(call):
                changes = _Stock(call, place, day - _DAY)
                changes.use(seen)
                rows += changes.rows()
            return office.model_copy(update={"stock": tuple(rows)})

        return self.session.do("read stock", body)


class _Stock:
    """The lots of an item at a place, and what becomes of them in a call."""

    def __init__(self, call: Call, place: Place, day: dt.date) -> None:
        self._call, self._place, self._day = call, place, day
        mine = (place.row.item, place.site)
        self._kept: list[Kept[StockLot]] = [one for one in kept(call, StockLot) if (one.row.item, one.row.site) == mine]
        self._kept.sort(key=lambda one: (one.row.expires or NEVER, one.row.lot or ""))
        self._now = [one.row for one in self._kept]
        self._changes, self._mine = Changes(), mine

    def rows(self) -> list[StockLot]:
        """The lots as they are now."""
        return self._now

    def use(self, seen: pd.DataFrame) -> float:
        """Take off what visits after the last count, up to the day, have used; how much."""
        counts = [row.counted for row in self._now]
        known = [one for one in counts if one is not None]
        if not known or len(known) < len(counts) or max(known) >= self._day:
            return 0.0
        uses = {row.visit_type: row for row in _rows(self._call, SupplyUse) if row.item == self._mine[0]}
        mine = seen[seen["status"].isin(_CAME) & seen["visit_type"].isin(uses.keys())]
        if self._place.site is not None:
            mine = mine[mine["site"] == self._place.site]
        since = (mine["date"] > pd.Timestamp(max(known))) & (mine["date"] <= pd.Timestamp(self._day))
        lots = [Lot(row.amount, row.expires or NEVER, row.lot) for row in self._now]
        for date, name in zip(mine["date"][since], mine["visit_type"][since], strict=True):
            lots, _ = used_up(lots, date.date(), uses[name].amount * uses[name].chance)
        before = sum(row.amount for row in self._now)
        for number, lot in enumerate(lots):
            self._put(number, "used", lot.amount, counted=self._day)
        return before - sum(row.amount for row in self._now)

    def receive(self, said: Counted) -> None:
        """Add what has come, and end the orders that it was for."""
        orders = [one for one in kept(self._call, SupplyOrder) if (one.row.item, one.row.site) == self._mine]
        orders = sorted((one for one in orders if one.row.received is None), key=lambda one: one.row.due)
        left, name = said.amount, None
        for one in orders:
            if left <= 0:
                break
            name = name or one.row.order
            if left >= one.row.amount - 1e-9:
                self._changes.change(one.fact, one.row.model_copy(update={"received": self._day}))
            else:
                self._changes.change(one.fact, one.row.model_copy(update={"amount": one.row.amount - left}))
            left -= one.row.amount
        number = next((n for n, row in enumerate(self._now) if row.lot == said.lot), None)
        if number is None:
            number = self._new(said)
        self._put(number, "received", self._now[number].amount + said.amount, said, order=name)

    def set(self, kind: Kind, said: Counted) -> None:
        """Say how much there is of a lot, or that so much less is."""
        wanted = [n for n, row in enumerate(self._now) if said.lot in (None, row.lot)]
        if not wanted and kind == "counted":
            wanted = [self._new(said)]
        if len(wanted) != 1:
            words = "expected the lot, as there are several" if wanted else "expected a lot that is in stock"
            raise InputError([Fault("stock", None, "lot", said.lot, words)])
        there = self._now[wanted[0]].amount
        if kind == "discarded" and said.amount > there + 1e-9:
            words = f"expected at most {units(there, self._place.row.unit)}: so much is there; or count what is left"
            raise InputError([Fault("stock", None, "amount", f"{said.amount:g}", words)])
        amount = said.amount if kind == "counted" else max(0.0, there - said.amount)
        self._put(wanted[0], kind, amount, said, counted=self._day if kind == "counted" else None)
        if kind == "counted":
            for number, row in enumerate(self._now):
                self._now[number] = row.model_copy(update={"counted": self._day})

    def _new(self, said: Counted) -> int:
        counts = [row.counted for row in self._now]
        row = StockLot(
            item=self._mine[0], site=self._mine[1], lot=said.lot, amount=0, expires=said.expires or self._expires(),
            counted=max((one for one in counts if one is not None), default=self._day - _DAY),
        )  # fmt: skip
        self._now.append(row)
        return len(self._now) - 1

    def _expires(self) -> dt.date | None:
        days = self._place.row.shelf_days
        return None if days is None else self._day + dt.timedelta(days=days - 1)

    def _put(
        self, number: int, kind: str, amount: float, said: Counted | None = None, *, counted: dt.date | None = None,
        order: str | None = None,
    ) -> None:  # fmt: skip
        row, amount = self._now[number], round(amount, 6)
        self._now[number] = row.model_copy(update={"amount": amount, "counted": counted or row.counted})
        if said is not None or amount != row.amount:
            move = StockMove(
                move=random_id("m"), item=row.item, site=row.site, lot=row.lot, day=self._day, kind=kind,
                before=row.amount, after=amount, order=order, reason="" if said is None else said.reason,
            )  # fmt: skip
            self._changes.add(move)

    def write(self) -> float:
        """Write it; what there is now."""
        for number, row in enumerate(self._now):
            if number >= len(self._kept):
                self._changes.add(row)
            elif row != self._kept[number].row:
                self._changes.change(self._kept[number].fact, row)
        if self._changes.write(self._call):
            has_table(self._call, StockLot.table_name)
        return sum(row.amount for row in self._now)


def _rows(call: Call, row_class: type[SupplyUse]) -> list[SupplyUse]:
    call.may("read", row_class.table_name, tuple(row_class.model_fields))
    return [one.row for one in kept(call, row_class)]


def _places(call: Call) -> list[Place]:
    for row_class in (SupplyItem, StockLot):
        call.may("read", row_class.table_name, tuple(row_class.model_fields))
    items = tuple(one.row for one in kept(call, SupplyItem))
    sites = [one.row.site for one in kept(call, Site)]
    return [Place(row, site) for row in items for site in (sites if row.by_site else (None,))]


def _place_of(call: Call, said: Counted) -> Place:
    """The place that is meant.

    Raises
    ------
    InputError
        If there is none.
    """
    places = _places(call)
    items = {place.row.item for place in places}
    if said.item not in items:
        raise InputError([Fault("supplies", None, "item", None, "expected the id of an item of the office")])
    found = [place for place in places if (place.row.item, place.site) == (said.item, said.site)]
    if not found:
        words = "expected a site of the office for an item that each site keeps, and none for others"
        raise InputError([Fault("stock", None, "site", said.site, words)])
    return found[0]
