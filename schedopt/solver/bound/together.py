r"""Group visits in a session's patterns: several requests that a pattern holds at once, for the time of one.

A group that begins in cell :math:`t` costs what its members' prices add up to, and the price of what the step needs
once, as all of them share it: :math:`m(t) + \sum_{o \in G} \pi_o`. At given prices the best group of one kind takes the
cheapest option that may begin there, and further ones, the cheapest first, while they cost less than nothing and seats
are left. As elsewhere in patterns, a request may come again in another group, which keeps this a lower bound.
"""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.compiled import allocating, inlined, inside
from schedopt.solver.bound.entries import (
    BEFORE,
    BEGIN,
    FIRST,
    GROUP,
    HOLD,
    LAST,
    NOBODY,
    REQUEST,
    SHAPE,
    Entries,
    offer,
)
from schedopt.solver.bound.shapes import Shapes, add_uses

KIND, SEATS = range(2)
"""Columns of :attr:`~schedopt.solver.bound.entries.Entries.shared`."""
ROW_FIRST, ROW_LAST, ROW_HOLD, ROW_OWN, ROW_AT, ROW_ENTRY, ROW_SHARED_AS, ROW_PLACES = range(8)
"""Columns of a session's list of options for group visits: first and last cell to begin in, cells held, provider step
of the shape, cell of the session's start plus buffer, entry, kind, seats."""


@allocating
def insert_sorted(listed: Ints, paid: Floats, count: int, row: Ints, points: float) -> None:
    """Add a row to a list that is sorted by kind, and by points within a kind."""
    place = count
    while place > 0 and (
        listed[place - 1, ROW_SHARED_AS] > row[ROW_SHARED_AS]
        or (listed[place - 1, ROW_SHARED_AS] == row[ROW_SHARED_AS] and paid[place - 1] > points)
    ):
        listed[place], paid[place] = listed[place - 1], paid[place - 1]
        place -= 1
    listed[place], paid[place] = row, points


@inlined
def end_of_kind(listed: Ints, count: int, first: int) -> int:
    """Where the rows of one kind end that begin with a row."""
    end = first
    while end < count and listed[end, ROW_SHARED_AS] == listed[first, ROW_SHARED_AS]:
        end += 1
    return end


@inside
def cheapest_group(listed: Ints, paid: Floats, first: int, end: int, cell: int, chosen: Ints) -> tuple[int, float]:
    """The cheapest group of one kind that begins in a cell: how many, their points; their rows are then in `chosen`."""
    count, total = 0, 0.0
    for k in range(first, end):
        if listed[k, ROW_FIRST] <= cell <= listed[k, ROW_LAST]:
            if count == listed[k, ROW_PLACES] or (count > 0 and paid[k] >= 0):
                break
            chosen[count] = k
            total += paid[k]
            count += 1
    return count, total


@inside
def company(shared: Ints | None, price: Floats, first: int, end: int, entry: int) -> float:
    """Fewest points of others who could share a group visit with an entry, among a session's entries; 0 or less."""
    if shared is None or shared[entry, KIND] < 0:
        return 0.0
    total, last, taken = 0.0, -1.0e300, 0
    while taken < shared[entry, SEATS] - 1:
        least, same = 0.0, 0
        for k in range(first, end):
            if k == entry or shared[k, KIND] != shared[entry, KIND] or price[k] <= last:
                continue
            if price[k] < least:
                least, same = price[k], 1
            elif price[k] == least:
                same += 1
        if least >= 0.0:
            break
        same = min(same, shared[entry, SEATS] - 1 - taken)
        total += least * same
        taken += same
        last = least
    return total


@inside
def in_group(shared: Ints | None, entry: int) -> bool:
    """Whether an option can be in a group visit."""
    return False if shared is None else bool(shared[entry, KIND] >= 0)


@allocating
def list_groups(
    shared: Ints | None, entries: Entries, shapes: Shapes, session: int, price: Floats, listed: Ints, paid: Floats
) -> int:  # fmt: skip
    """List a session's options for group visits that a cheapest pattern can use, sorted; returns how many."""
    if shared is None:
        return 0
    count, row = 0, np.empty(listed.shape[1], np.int64)
    for entry in range(entries.edge[session], entries.edge[session + 1]):
        if shared[entry, KIND] < 0 or price[entry] >= entries.idle * entries.table[entry, HOLD]:
            continue
        row[ROW_FIRST], row[ROW_LAST] = entries.table[entry, FIRST], entries.table[entry, LAST]
        row[ROW_HOLD], row[ROW_OWN] = entries.table[entry, HOLD], shapes.own[entries.table[entry, SHAPE]]
        row[ROW_AT] = entries.session[session, BEGIN] + entries.table[entry, BEFORE]
        row[ROW_ENTRY], row[ROW_SHARED_AS] = entry, shared[entry, KIND]
        row[ROW_PLACES] = shared[entry, SEATS]
        insert_sorted(listed, paid, count, row, price[entry])
        count += 1
    return count


@inside
def offer_groups(
    shared: Ints | None, chain: Floats, cell: int, count: int, listed: Ints, paid: Floats, chosen: Ints,
    points: Floats, last: Ints, came: Ints,
) -> None:  # fmt: skip
    """Go on from the patterns that end at a cell by the cheapest group visit of each kind."""
    if shared is None:
        return
    first = 0
    while first < count:
        end = end_of_kind(listed, count, first)
        found, total = cheapest_group(listed, paid, first, end, cell, chosen)
        if found > 0:
            total += chain[listed[first, ROW_OWN], listed[first, ROW_AT] + cell]
            for mask in range(points.shape[1]):
                offered, after = points[cell, mask, 0] + total, cell + listed[first, ROW_HOLD]
                if offered < points[after, mask, 1]:
                    offer(points, last, came, after, mask, offered, NOBODY, GROUP - first, 0)
        first = end


@inside
def count_group(
    shared: Ints | None, entries: Entries, shapes: Shapes, chain: Floats, cell: int, first: int, listing: int,
    listed: Ints, paid: Floats, chosen: Ints, count: Ints, used: Ints, uses: Ints,
) -> None:  # fmt: skip
    """Count what a group visit that begins in a cell holds."""
    if shared is None:
        return
    end = end_of_kind(listed, listing, first)
    found, _ = cheapest_group(listed, paid, first, end, cell, chosen)
    for k in range(found):
        entry = listed[chosen[k], ROW_ENTRY]
        count[entries.table[entry, REQUEST]] += 1
        used[entry] += 1
    shape = entries.table[listed[first, ROW_ENTRY], SHAPE]
    add_uses(shapes, chain, shape, listed[first, ROW_AT] + cell, uses)


@inside
def add_company(shared: Ints | None, price: Floats, worth: Floats, first: int, end: int, entry: int) -> None:
    """Set what an entry is worth together with those who could share a group visit with it."""
    if shared is not None:
        worth[entry] = price[entry] + company(shared, price, first, end, entry)
