r"""The table of a session's cheapest patterns, and what part of it need not be filled.

A path up to a cell can be part of a pattern of at most :math:`U` points only if its own points and those of the
cheapest rest from there, marks not counted, are at most :math:`U`. So the table is first filled without marks, which is
quick. If the cheapest path breaks a mark, :math:`U` is set a little above it, and the table with marks is filled with
what can lie on a path of :math:`U` points (a completion bound; Baldacci, Mingozzi and Roberti 2011). If that leads to a
pattern, it is the cheapest one. If not, none costs :math:`U` or less, and :math:`U` rises.

References
----------
R. Baldacci, A. Mingozzi and R. Roberti, New route relaxation and pricing strategies for the vehicle routing problem,
Operations Research 59 (2011) 1269-1283.
"""

from __future__ import annotations

from schedopt.arrays import Floats, Ints
from schedopt.compiled import inlined, inside
from schedopt.solver.bound.entries import (
    BEFORE,
    BEGIN,
    FIRST,
    HOLD,
    IDLE,
    LAST,
    NOBODY,
    NOWHERE,
    OVER,
    REQUEST,
    SHAPE,
    SIZE,
    Entries,
    offer,
)
from schedopt.solver.bound.shapes import BIG, Shapes
from schedopt.solver.bound.together import in_group, offer_groups

ENDLESS = 4 * BIG
"""A limit that leaves nothing out."""


@inlined
def list_active(
    entries: Entries, shapes: Shapes, session: int, price: Floats, marked: Ints, active: Ints, points: Floats
) -> int:  # fmt: skip
    """Copy together the entries that a cheapest pattern can use: those that cost less than as many idle cells."""
    count, begin = 0, entries.session[session, BEGIN]
    for entry in range(entries.edge[session], entries.edge[session + 1]):
        if in_group(entries.shared, entry):
            continue
        if price[entry] < entries.idle * entries.table[entry, HOLD]:
            active[count, 0], active[count, 1] = entries.table[entry, FIRST], entries.table[entry, LAST]
            active[count, 2], active[count, 3] = entries.table[entry, HOLD], entries.table[entry, REQUEST]
            active[count, 4] = shapes.own[entries.table[entry, SHAPE]]
            active[count, 5], active[count, 6] = begin + entries.table[entry, BEFORE], entry
            active[count, 7] = 0
            for k in range(marked.shape[1]):
                if marked[session, k] == entries.table[entry, REQUEST]:
                    active[count, 7] = 1 << k
            points[count] = price[entry]
            count += 1
    return count


@inside
def fill_table(
    entries: Entries, chain: Floats, session: int, active: Ints, paid: Floats, num_active: int, masks: int,
    points: Floats, last: Ints, came: Ints, listing: int, listed: Ints, group_paid: Floats, chosen: Ints,
    ahead: Floats, behind: Floats, first: Ints, limit: float,
) -> tuple[int, int]:  # fmt: skip
    """Fill a session's table of cheapest patterns by the cell they end at and the marked requests they hold.

    With one mask, marks are not looked at. `ahead`, `behind` and `first` are points of the cheapest path up to each
    cell, and points and first requests of the two cheapest from there on; what costs more than `limit` with them is
    left out. Returns the cell in which the cheapest of all ends, 0 for the empty one, and what it holds.
    """
    size = entries.session[session, SIZE]
    points[: size + 1, :masks] = BIG
    last[: size + 1, :masks] = NOWHERE
    points[0, 0, 0], last[0, 0, 0] = 0.0, NOBODY
    best, end, holds = 0.0, 0, 0
    for cell in range(size + 1):
        over = entries.overtime * max(0, cell - entries.session[session, OVER])
        for mask in range(masks if cell > 0 else 0):
            if points[cell, mask, 0] + over < best:
                best, end, holds = points[cell, mask, 0] + over, cell, mask
            for which in range(2):
                idle = points[cell - 1, mask, which] + entries.idle
                if idle < BIG and idle + behind[cell, 0] <= limit:
                    offer(points, last, came, cell, mask, idle, last[cell - 1, mask, which], IDLE, which)
        offer_groups(entries.shared, chain, cell, listing, listed, group_paid, chosen, points, last, came)
        for k in range(num_active):
            if cell < active[k, 0] or cell > active[k, 1]:
                continue
            request, after, bit = active[k, 3], cell + active[k, 2], active[k, 7] if masks > 1 else 0
            price_here = paid[k] + chain[active[k, 4], active[k, 5] + cell]
            most = limit - behind[after, 1 if first[after, 0] == request else 0]
            if ahead[cell] + price_here > most:
                continue
            for mask in range(masks):
                if mask & bit:
                    continue
                which = 1 if last[cell, mask, 0] == request else 0
                offered = points[cell, mask, which] + price_here
                if offered < points[after, mask | bit, 1] and offered <= most:
                    offer(points, last, came, after, mask | bit, offered, request, active[k, 6], which)
    return end, holds


@inside
def fill_behind(
    entries: Entries, chain: Floats, session: int, active: Ints, paid: Floats, num_active: int, behind: Floats,
    first: Ints,
) -> None:  # fmt: skip
    """The two cheapest rests of a pattern from each cell on that begin with different requests; marks not counted."""
    size = entries.session[session, SIZE]
    for cell in range(size, -1, -1):
        behind[cell, 0] = entries.overtime * max(0, cell - entries.session[session, OVER])
        first[cell, 0], behind[cell, 1], first[cell, 1] = NOBODY, behind[cell, 0], NOBODY
        if cell < size:
            _offer_rest(behind, first, cell, behind[cell + 1, 1] + entries.idle, first[cell + 1, 1])
            _offer_rest(behind, first, cell, behind[cell + 1, 0] + entries.idle, first[cell + 1, 0])
        for k in range(num_active):
            if active[k, 0] <= cell <= active[k, 1]:
                request, after = active[k, 3], cell + active[k, 2]
                rest = behind[after, 1 if first[after, 0] == request else 0]
                points = paid[k] + chain[active[k, 4], active[k, 5] + cell] + rest
                if points < behind[cell, 1]:
                    _offer_rest(behind, first, cell, points, request)


@inlined
def _offer_rest(behind: Floats, first: Ints, cell: int, points: float, request: int) -> None:
    """Keep the two cheapest rests of a pattern that begin with different requests."""
    if points < behind[cell, 0]:
        if first[cell, 0] != request:
            behind[cell, 1], first[cell, 1] = behind[cell, 0], first[cell, 0]
        behind[cell, 0], first[cell, 0] = points, request
    elif points < behind[cell, 1] and first[cell, 0] != request:
        behind[cell, 1], first[cell, 1] = points, request
