"""Compiled: group visits on the grid, in which several requests share what one of them holds.

The first visit of a group, its *leader*, holds the provider's cells and what the step needs. Others join it while seats
are left: they start when it does, hold nothing, and add nothing to idle time. When the leader is taken out, the next of
them leads. `shared` is :attr:`WeekTables.shared`: what is compiled for weeks in which it is None does nothing.
"""

from __future__ import annotations

from schedopt.arrays import Ints
from schedopt.compiled import inlined, inside
from schedopt.solver.search.grid import (
    BASE,
    BEFORE,
    CLOSE,
    EARLIEST,
    HOLD,
    LATEST,
    LEADER,
    NEXT,
    OWN_STEP,
    SEATS,
    SESSION,
    SHARED_AS,
    START,
    TOGETHER,
    Grid,
    WeekTables,
)

NOBODY = -1
"""In place of a request."""


@inlined
def _alike(shared: Ints, one: int, other: int) -> bool:
    """Whether two requests can be one group visit, where they last as long."""
    return bool(shared[one, SHARED_AS] >= 0 and shared[one, SHARED_AS] == shared[other, SHARED_AS])


@inside
def leader_at(shared: Ints | None, tables: WeekTables, grid: Grid, request: int, row: int, start: int) -> int:
    """The leader of the group that starts where a request would by an option, full or not; or -1."""
    if shared is None:
        return NOBODY
    session, begin = tables.option[row, SESSION], start - tables.request[request, BEFORE]
    if begin < tables.session[session, START] or begin >= tables.session[session, CLOSE]:
        return NOBODY
    leader = grid.owner[tables.session[session, BASE] - tables.session[session, START] + begin]
    if leader < 0 or not _alike(shared, request, leader):
        return NOBODY
    if tables.request[leader, HOLD] != tables.request[request, HOLD]:
        return NOBODY
    return int(leader) if grid.step_start[tables.request[leader, OWN_STEP]] == start else NOBODY


@inside
def may_join(shared: Ints | None, tables: WeekTables, grid: Grid, request: int, row: int, start: int) -> bool:
    """Whether a group with a seat left starts where a request would."""
    if shared is None:
        return False
    leader = leader_at(shared, tables, grid, request, row, start)
    return bool(leader >= 0 and grid.group[leader, TOGETHER] < shared[request, SEATS])


@inside
def group_start(shared: Ints | None, tables: WeekTables, grid: Grid, request: int, owner: int) -> int:
    """When the group of whoever holds a cell starts, if a request can be in it; or -1."""
    if shared is None or not _alike(shared, request, owner):
        return NOBODY
    return int(grid.step_start[tables.request[owner, OWN_STEP]])


@inside
def first_group(shared: Ints | None, tables: WeekTables, grid: Grid, request: int, row: int, after: int) -> int:
    """The start, later than a cell, of an option's first group with a seat left; or -1."""
    if shared is None or shared[request, SHARED_AS] < 0:
        return NOBODY
    for start in range(max(tables.option[row, EARLIEST], after + 1), tables.option[row, LATEST] + 1):
        if may_join(shared, tables, grid, request, row, start):
            return start
    return NOBODY


@inside
def joined(shared: Ints | None, tables: WeekTables, grid: Grid, request: int, row: int, start: int) -> bool:
    """Let a request join the group that starts where it does; false where it has to hold its provider itself."""
    if shared is None or shared[request, SHARED_AS] < 0:
        return False
    leader = leader_at(shared, tables, grid, request, row, start)
    if leader < 0:
        grid.group[request, LEADER], grid.group[request, NEXT], grid.group[request, TOGETHER] = request, NOBODY, 1
        return False
    grid.group[request, LEADER], grid.group[request, NEXT] = leader, grid.group[leader, NEXT]
    grid.group[leader, NEXT] = request
    grid.group[leader, TOGETHER] += 1
    return True


@inside
def left(shared: Ints | None, tables: WeekTables, grid: Grid, request: int, begin: int, length: int) -> bool:
    """Let a request leave its group; false where nobody stays, so that what it holds becomes free.

    `begin` and `length` say which entries of :attr:`Grid.owner` the group holds.
    """
    if shared is None or shared[request, SHARED_AS] < 0:
        return False
    leader, after = grid.group[request, LEADER], grid.group[request, NEXT]
    if leader == request and after < 0:
        return False
    if leader != request:
        other = leader
        while grid.group[other, NEXT] != request:
            other = grid.group[other, NEXT]
        grid.group[other, NEXT] = after
        grid.group[leader, TOGETHER] -= 1
        return True
    grid.group[after, TOGETHER] = grid.group[request, TOGETHER] - 1
    other = after
    while other >= 0:
        grid.group[other, LEADER] = after
        other = grid.group[other, NEXT]
    for cell in range(begin, begin + length):
        grid.owner[cell] = after
    return True
