"""Visits are planned only as far as what they use lasts until its next delivery."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.clock import is_known_day
from schedopt.models.office import Office
from schedopt.models.problem.calendar import Calendar
from schedopt.models.problem.couplings import Coupling, Limit
from schedopt.models.problem.week import Week
from schedopt.operations.supplies.held import Place, held_at, places_of
from schedopt.operations.supplies.tables import SupplyItem, SupplyUse

PARTS = 1000
"""Amounts are added up exactly in parts of a unit."""


@dataclass(frozen=True)
class SupplyLeft(Limit):
    """Visits use no more of a supply than there is, from a day on which some of it has expired to the next delivery.

    Attributes
    ----------
    takes_of : int array, shape (visit types, stocks)
        What a visit takes of a stock, in whole shares of what all of these are multiples of.
    kept_for : bool array, shape (sites, stocks)
        Whether visits at a site take from a stock.
    stock, first, last, amount : int array
        One entry each stretch of days: whose, which days, and the most that visits of these days can take.
    share : tuple of float
        Units of a share, by stock.
    names, units : tuple of str
        How a stock and its units are called.
    until : tuple of str
        What ends a stretch, in words.
    """

    takes_of: Ints
    kept_for: Flags
    stock: Ints
    first: Ints
    last: Ints
    amount: Ints
    share: tuple[float, ...]
    names: tuple[str, ...]
    units: tuple[str, ...]
    until: tuple[str, ...]

    name = "supply_left"
    source = "operations"
    reason = "the office has no more of a supply before its next delivery"

    def groups(self, week: Week, request: Ints, session: Ints) -> tuple[Ints, Ints]:
        """A group is a stretch of days of a stock."""
        visit_type, site = week.requests.visit_type[request], week.sessions.site[session]
        day = week.sessions.day[session]
        rows, groups = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for group, stock in enumerate(self.stock.tolist()):
            inside = (self.takes_of[visit_type, stock] > 0) & self.kept_for[site, stock]
            row = np.flatnonzero(inside & (day >= self.first[group]) & (day <= self.last[group]))
            rows.append(row)
            groups.append(np.full(len(row), group))
        return np.concatenate(rows), np.concatenate(groups)

    def takes(self, week: Week, request: Ints, group: Ints) -> Ints:
        """What the visit's type takes of the stock."""
        return self.takes_of[week.requests.visit_type[request], self.stock[group]]

    def most(self, week: Week, group: int) -> int:
        """What there is on those days."""
        return int(self.amount[group])

    def amount_words(self, week: Week, group: int, amount: int) -> str:
        """In the supply's units."""
        stock = self.stock[group]
        return f"{amount * self.share[stock]:g} {self.units[stock]}"

    def group_words(self, week: Week, group: int) -> str:
        """The supply, and its days."""
        first = week.calendar.date(self.first[group])
        return f"{self.names[self.stock[group]]} from {first} {self.until[group]}"


class _Stretch(NamedTuple):
    """Days of a stock, and the most that visits of these days can take of it."""

    first: int
    last: int
    amount: float
    until: str


def supply_couplings(office: Office, week: Week) -> Iterator[Coupling]:
    """The limit, where an item is binding."""
    items = [row for row in office.rows(SupplyItem) or () if row.binding]
    uses = [row for row in office.rows(SupplyUse) or () if row.chance == 1]
    used = {row.item for row in uses}
    places = [place for place in places_of(office, week.sessions.site_ids) if place.row in items]
    places = [place for place in places if place.row.item in used]
    if not places:
        return
    code = {name: number for number, name in enumerate(week.requests.visit_type_ids)}
    parts = np.zeros((len(code), len(places)), np.int64)
    for number, place in enumerate(places):
        for row in uses:
            if row.item == place.row.item:
                parts[code[row.visit_type], number] = max(1, round(row.amount * PARTS))
    share = [math.gcd(*parts[:, number].tolist()) for number in range(len(places))]
    stretches = [
        (number, stretch) for number, place in enumerate(places) for stretch in _stretches(office, place, week.calendar)
    ]
    most = [int(stretch.amount * PARTS + 1e-6) // share[number] for number, stretch in stretches]
    sites = np.array(week.sessions.site_ids)
    yield SupplyLeft(
        parts // np.array(share),
        np.array([[place.site in (None, site) for place in places] for site in sites], bool).reshape(-1, len(places)),
        np.array([number for number, _ in stretches], np.int64),
        np.array([stretch.first for _, stretch in stretches], np.int64),
        np.array([stretch.last for _, stretch in stretches], np.int64),
        np.array(most, np.int64), tuple(one / PARTS for one in share), tuple(place.words for place in places),
        tuple(place.row.unit for place in places), tuple(stretch.until for _, stretch in stretches),
    )  # fmt: skip


def _stretches(office: Office, place: Place, calendar: Calendar) -> Iterator[_Stretch]:
    """From the first day planned, or the day after some has expired, to the day before a delivery, or the last planned.

    What is there on none of the days of such a stretch is no use to its visits. With deliveries that keep for the days
    planned, the visits can be served if and only if all stretches have enough (a Hall condition of intervals).
    """
    last = calendar.num_days - 1
    held = held_at(office, place, calendar.first)
    lots = [(_day(calendar, lot.expires, last), lot.amount) for lot in held.lots]
    comes = [(max(0, calendar.day(order.due)), order.amount, order.due) for order in held.orders]
    begins = sorted({0, *(expires + 1 for expires, _ in lots if 0 <= expires < last)})
    ends = [(day - 1, f"to the day before its delivery on {due}") for day, _, due in comes if 0 < day <= last]
    ends = [*dict(sorted(ends)).items(), (last, f"to {calendar.date(last)}")]
    for begin in begins:
        for end, words in ends:
            if begin <= end:
                there = [amount for expires, amount in lots if expires >= begin]
                there += [amount for day, amount, _ in comes if day <= end]
                yield _Stretch(begin, end, sum(there), words)


def _day(calendar: Calendar, expires: dt.date | None, last: int) -> int:
    return last if expires is None or not is_known_day(expires) else calendar.day(expires)
