"""What visits use up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from fractions import Fraction

from schedopt.operations.supplies.tables import StockLot, SupplyItem, SupplyOrder, SupplyUse
from tests.reference.known import Known
from tests.reference.values import Facts


def _exact(amount: float) -> Fraction:
    return Fraction(str(amount))


class Supplies(Known):
    """Breaches of what there is in stock."""

    def over_supplied(self, placed: Sequence[Facts]) -> Iterator[str]:
        """Visits of some days in a row that use, together, more than is there on at least one of these days."""
        for item in self.office.rows(SupplyItem) or ():
            for site in {f.session.site for f in placed} if item.by_site else {None}:
                if item.binding:
                    yield from self._over(placed, item, site)

    def _over(self, placed: Sequence[Facts], item: SupplyItem, site: str | None) -> Iterator[str]:
        lots, orders = self._lots(item, site), self._orders(item, site)
        for first in self.days:
            for last in self.days:
                there = sum(amount for amount, expires in lots if expires is None or expires >= first)
                there += sum(_exact(order.amount) for order in orders if order.due <= last)
                names, used = [], Fraction(0)
                for f in placed:
                    amount = self._each(f.request.visit_type, item)
                    if amount and first <= f.session.date <= last and site in (None, f.session.site):
                        names.append(f.visit.request)
                        used += amount
                if used > there:
                    yield from names

    def _each(self, visit_type: str, item: SupplyItem) -> Fraction:
        """What every visit of a type uses."""
        rows = [
            row for row in self.office.rows(SupplyUse) or () if (row.visit_type, row.item) == (visit_type, item.item)
        ]
        return sum((_exact(row.amount) for row in rows if row.chance == 1), Fraction(0))

    def _orders(self, item: SupplyItem, site: str | None) -> list[SupplyOrder]:
        rows = self.office.rows(SupplyOrder) or ()
        return [row for row in rows if (row.item, row.site, row.received) == (item.item, site, None)]

    def _lots(self, item: SupplyItem, site: str | None) -> list[list]:
        """Amount and last day of each lot that can be used on the first day, less what visits since have used."""
        rows = [row for row in self.office.rows(StockLot) or () if (row.item, row.site) == (item.item, site)]
        rows.sort(key=lambda row: (row.expires is None, row.expires, row.lot))
        lots = [[_exact(row.amount), row.expires] for row in rows]
        if rows and all(row.counted is not None for row in rows):
            counted = max(row.counted for row in rows)
            for date in sorted({row.date for row in self.office.appointments or ()}):
                if counted < date < self.first:
                    self._take(lots, date, self._used_on(date, item, site))
        return [lot for lot in lots if lot[1] is None or lot[1] >= self.first]

    def _used_on(self, date: dt.date, item: SupplyItem, site: str | None) -> Fraction:
        """What the appointments of a date are expected to use; a provider is at the site of most of the shifts."""
        types = {row.request: row.visit_type for row in self.office.requests}
        cancelled = {row.request for row in self.office.cancellations or ()}
        used = Fraction(0)
        for row in self.office.appointments or ():
            shifts = [shift.site for shift in self.office.shifts if shift.provider == row.provider]
            here = site is None or (shifts and max(shifts, key=shifts.count) == site)
            if row.date == date and here and row.request not in cancelled:
                for use in self.office.rows(SupplyUse) or ():
                    if (use.visit_type, use.item) == (types[row.request], item.item):
                        used += _exact(use.amount) * _exact(use.chance)
        return used

    @staticmethod
    def _take(lots: list[list], date: dt.date, amount: Fraction) -> None:
        for lot in lots:
            if lot[1] is None or lot[1] >= date:
                taken = min(amount, lot[0])
                lot[0] -= taken
                amount -= taken
