"""The arrays of a book, and its sessions as arrays have them."""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Flags, Floats, Ints
from schedopt.models.problem.couplings import (
    Limit,
    PoolCapacity,
    ProviderDay,
    ProviderTime,
    SessionsApart,
    StepOrder,
    tied_requests,
)
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.timing.annealing.chances import Chances
from schedopt.timing.annealing.playing import open_sheet
from schedopt.timing.annealing.tables import AMOUNT, GROUP, START, Sheet, Tables, trial_for
from schedopt.timing.book import Arranged, Book

_SEEN = (ProviderTime, PoolCapacity, StepOrder, SessionsApart, ProviderDay, Limit)
"""Couplings that annealing keeps by itself, and those about providers' days, which new sessions seldom break."""
_SPARE = 8
"""Visits that a session may have more than any has at first."""
_OVER = 480
"""Minutes after the day's end for which it is noted when providers are free."""
_ROOM = 0.7
"""Share of a pool's units that may be expected to be held before patients wait for one."""


def tied(problem: Problem) -> Flags:
    """Requests that couplings may tie to others in ways that annealing does not see; shape (requests,)."""
    week, found = problem.week, np.zeros(len(problem.week.requests), bool)
    couplings = [coupling for coupling in problem.couplings if not isinstance(coupling, _SEEN)]
    member, _ = tied_requests(week, couplings, problem.options.placements, np.arange(len(week.sessions)))
    found[member] = True
    return found


def tables_of(book: Book, chances: Chances, schedule: Schedule, movable: Flags) -> tuple[Tables, Ints]:
    """A book's week, and how much of each limit is there for its visits.

    Parameters
    ----------
    book : Book
        Sessions.
    chances : Chances
        What may happen.
    schedule : Schedule
        Who is in which session, those included that are none of the book's.
    movable : bool array, shape (requests,)
        Requests that may change sessions.
    """
    week = book.week
    request, session, ranges = _ranges(book, movable)
    new = np.ones(len(request), bool)
    new[1:] = (np.diff(request) != 0) | (np.diff(session) != 0)
    first = np.flatnonzero(new)
    requests, steps, sessions = week.requests, week.steps, week.sessions
    needs = Lists.by_key(steps.request[steps.need_step], len(requests))
    step, kind = steps.need_step[needs.member], steps.need_kind[needs.member]
    own = step == steps.provider_step[steps.request[step]]
    place_taking, takings, left = _limits(book.problem, schedule, request[first], session[first])
    drawn, place = book.drawn, np.searchsorted(request[first], np.arange(len(requests) + 1))
    tables = Tables(
        place=place,
        session=session[first],
        offset=np.append(first, len(request)),
        ranges=ranges,
        visit=np.column_stack([book.length, book.shortest, requests.buffer_before, requests.buffer_after]),
        need_offset=needs.offset,
        needs=np.column_stack([kind, book.relative[step], np.where(own, -1, steps.length[step])]),
        hours=np.column_stack([sessions.start, sessions.end, sessions.site, *_days(book)]),
        pool=week.pools.at.copy(),
        turnover=week.pools.turnover.copy(),
        taking_offset=place_taking,
        takings=takings,
        chances=chances,
        ticks=round(book.grid / chances.tick),
        width=(week.calendar.cells_per_day + -(-_OVER // book.grid)) * round(book.grid / chances.tick),
        prices=np.array([book.costs.waiting, book.costs.idle, book.costs.overtime], float),
        present=_present(book, step, kind),
        roomy=np.pad(_ROOM * week.pools.available(week.calendar.num_cells), ((0, 0), (0, drawn.going.shape[1]))),
        strain=float(book.costs.waiting + book.costs.idle) * book.grid,
    )
    return tables, left + _taken(tables, _places(book, tables), len(left))


def _days(book: Book) -> tuple[Ints, Ints, Ints]:
    """Of each session, the same provider's before and after it on the day, or -1, and the day's first cell."""
    sessions = book.week.sessions
    former, later, last = np.full(len(sessions), -1), np.full(len(sessions), -1), dict[tuple[int, int], int]()
    for code in np.argsort(sessions.start, kind="stable").tolist():
        day = int(sessions.provider[code]), int(sessions.day[code])
        if code in book.sessions:
            former[code] = last.get(day, -1)
            if day in last:
                later[last[day]] = code
            last[day] = code
    return former, later, sessions.day * book.week.calendar.cells_per_day


def _present(book: Book, step: Ints, kind: Ints) -> Floats:
    """Probability that needs of some steps hold pools of some kinds, by cells after the planned start.

    Steps from that with the provider on begin as late as visits of the book do; earlier ones begin as planned.
    """
    steps, pools, (_, cells) = book.week.steps, book.week.pools, book.drawn.going.shape
    late = np.zeros(cells)
    for code, arranged in book.sessions.items():
        if not arranged.visits:
            continue
        wait, came = book.waits(code, arranged)
        late += np.bincount(np.minimum(np.rint(wait[came] / book.grid), cells - 1).astype(np.int64), minlength=cells)
    late /= max(1.0, late.sum())
    turnover = np.zeros(len(pools.kind_ids), np.int64)
    np.maximum.at(turnover, pools.kind, pools.turnover)
    own = steps.provider_step[steps.request[step]]
    found = np.zeros((len(step), cells))
    for need, (one, turned) in enumerate(zip(step.tolist(), turnover[kind].tolist(), strict=True)):
        held = np.concatenate([np.full(turned, book.drawn.going[one, 0]), book.drawn.going[one]])[:cells]
        found[need] = np.convolve(late, held)[:cells] if one >= own[need] else held
    return found


def _ranges(book: Book, movable: Flags) -> tuple[Ints, Ints, Ints]:
    """Request, session, and first and last start with points, one row a range; by request, session and start.

    As :meth:`Book.ranges` has them: of a visit that may not change sessions, in its own alone.
    """
    rows = list[tuple[int, int, int, int, int]]()
    options = book.problem.options
    usable = movable[options.request] & np.isin(options.session, list(book.sessions))
    pairs = set(zip(options.request[usable].tolist(), options.session[usable].tolist(), strict=True))
    inside = {visit: code for code, arranged in book.sessions.items() for visit in arranged.visits}
    for visit, code in sorted({pair for pair in pairs if pair[0] in inside} | set(inside.items())):
        rows.extend((visit, code, *found) for found in sorted(book.ranges(code, visit)))
    columns = np.array(rows, np.int64).reshape(-1, 5)
    return columns[:, 0], columns[:, 1], np.ascontiguousarray(columns[:, 2:])


def _limits(problem: Problem, schedule: Schedule, request: Ints, session: Ints) -> tuple[Ints, Ints, Ints]:
    """Where each place's takings begin, group and amount of each taking, and what a schedule leaves of the groups."""
    week, placed = problem.week, schedule.placed
    rows, groups, amounts, left = [], [], [], list[int]()
    for coupling in problem.couplings:
        if not isinstance(coupling, Limit):
            continue
        row, group = coupling.groups(week, request, session)
        names, number = np.unique(group, return_inverse=True)
        rows.append(row)
        groups.append(number + len(left))
        amounts.append(coupling.takes(week, request[row], group))
        taken = coupling.taken(week, placed, schedule.session[placed])
        left.extend(coupling.most(week, name) - taken.get(name, 0) for name in names.tolist())
    nobody = np.zeros(0, np.int64)
    row = np.concatenate([nobody, *rows])
    order = np.argsort(row, kind="stable")
    takings = np.column_stack([np.concatenate([nobody, *groups]), np.concatenate([nobody, *amounts])])[order]
    return np.searchsorted(row[order], np.arange(len(request) + 1)), takings, np.array(left, np.int64)


def _places(book: Book, tables: Tables) -> Ints:
    """Where each request is, or -1; shape (requests,)."""
    found = np.full(len(tables.visit), -1)
    for code, arranged in book.sessions.items():
        for visit in arranged.visits:
            places = range(tables.place[visit], tables.place[visit + 1])
            found[visit] = next(number for number in places if tables.session[number] == code)
    return found


def _taken(tables: Tables, place: Ints, groups: int) -> Ints:
    """What visits in these places take of each limit; shape (groups,)."""
    _, rows = Lists(tables.taking_offset, np.arange(len(tables.takings))).joined(place[place >= 0])
    found = np.zeros(groups, np.int64)
    np.add.at(found, tables.takings[rows, GROUP], tables.takings[rows, AMOUNT])
    return found


def sheet_of(book: Book, tables: Tables, limits: Ints) -> Sheet:
    """A book's sessions as they are.

    Parameters
    ----------
    book : Book
        The book.
    tables : Tables
        Of it.
    limits : int array, shape (groups,)
        How much of each limit is there for its visits.
    """
    most = max((len(arranged.visits) for arranged in book.sessions.values()), default=0) + _SPARE
    sessions, place = len(tables.hours), _places(book, tables)
    points, moments = np.zeros(sessions, np.int64), (sessions, most + 1)
    count, begin, given = np.zeros(sessions, np.int64), tables.hours[:, START].copy(), book.length.copy()
    visits, starts = np.full((sessions, most), -1), np.full((sessions, most), -1)
    for code, arranged in book.sessions.items():
        inside = np.array(arranged.visits, np.int64)
        count[code], points[code] = len(inside), arranged.points
        visits[code, : len(inside)], starts[code, : len(inside)] = arranged.visits, arranged.starts
        if len(inside):
            begin[code] = arranged.starts[0]
            given[inside[:-1]] = np.diff(arranged.starts)
    left = limits - _taken(tables, place, len(limits))
    sheet = Sheet(
        count, visits, starts, begin, place, given, np.zeros(sessions), points, np.zeros(sessions),
        book.units.free.copy(), left, np.zeros((*moments, tables.width), np.float32), np.zeros((*moments, 2), np.int64),
        np.zeros((*moments, 2)),
        np.zeros((sessions, tables.width + tables.chances.service.shape[1])), np.zeros(sessions, np.int64),
        np.zeros_like(tables.roomy),
    )  # fmt: skip
    open_sheet(tables, sheet, trial_for(tables, most))
    return sheet


def sessions_of(book: Book, sheet: Sheet) -> dict[int, Arranged]:
    """The sessions that are otherwise than the book has them."""
    found = dict[int, Arranged]()
    for code, old in book.sessions.items():
        count = int(sheet.number[code])
        visits, starts = (column[code, :count].tolist() for column in (sheet.visits, sheet.starts))
        if (tuple(visits), tuple(starts)) != (old.visits, old.starts):
            found[code] = book.at(code, visits, starts)
    return found
