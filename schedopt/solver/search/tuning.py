"""Compiled: visits whose length depends on who gives them.

The tables of the week say how long such a visit is by one option at a time: that of its placement or, while it is out,
by the one that is being tried. `lengths` is :attr:`WeekTables.lengths`; what is compiled for weeks in which it is None
does nothing.
"""

from __future__ import annotations

from schedopt.arrays import Ints
from schedopt.compiled import bare, inside
from schedopt.solver.search.grid import HOLD, LENGTH, OWN_STEP, WeekTables


@bare
def tune(lengths: Ints | None, tables: WeekTables, request: int, row: int) -> None:
    """Let a request's visit be as long as it is by an option."""
    if lengths is not None:
        own = tables.request[request, OWN_STEP]
        change = lengths[row] - tables.step[own, LENGTH]
        tables.step[own, LENGTH] += change
        tables.request[request, HOLD] += change


@inside
def hold_by(lengths: Ints | None, tables: WeekTables, request: int, row: int) -> int:
    """Cells that a request holds by an option; what it holds now stays as it is."""
    if lengths is None:
        return int(tables.request[request, HOLD])
    return int(tables.request[request, HOLD] + lengths[row] - tables.step[tables.request[request, OWN_STEP], LENGTH])
