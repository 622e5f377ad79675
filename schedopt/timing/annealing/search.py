"""A book's sessions annealed, in rounds that break no rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from schedopt.arrays import Flags, Floats
from schedopt.models.problem.schedule import Schedule
from schedopt.timing.annealing.chances import Chances
from schedopt.timing.annealing.kernel import NUMBERS, anneal
from schedopt.timing.annealing.making import sessions_of, sheet_of, tables_of
from schedopt.timing.annealing.tables import DAY, GROUP, Sheet, Tables, trial_for
from schedopt.timing.book import Arranged, Book, Change

_ROUNDS = 20
"""After each, the sessions are checked against all rules."""
_HOT, _COLD = 4.0, 0.5
"""Points: temperatures of the first round and of the last."""


def annealed(
    book: Book, chances: Chances, schedule: Schedule, movable: Flags, moves: int, workers: int,
    rng: np.random.Generator, settle: Callable[[Sequence[Change]], float],
) -> None:  # fmt: skip
    """Anneal a book's sessions; it keeps the best that any round ends with, or what it had.

    In each round the days are dealt to the workers, and visits stay within a worker's days. So the result depends on
    how many there are.

    Parameters
    ----------
    book : Book
        Changes in place.
    chances : Chances
        What may happen to its visits.
    schedule : Schedule
        Who is in which session, those included that are none of the book's.
    movable : bool array, shape (requests,)
        Requests that may change sessions.
    moves : int
        To try, in all rounds together.
    workers : int
        Threads.
    rng : numpy.random.Generator
        Which moves are tried, and which are kept.
    settle : callable
        Takes changes that the book is to make, none of which shares a session with another; makes those that break no
        rule, and says what the book costs then.
    """
    best, least = dict(book.sessions), settle([])
    tables, left = tables_of(book, chances, schedule, movable)
    if not any(arranged.visits for arranged in best.values()):
        return
    with ThreadPoolExecutor(workers) as pool:
        for heat in np.geomspace(_HOT, _COLD, _ROUNDS).tolist():
            sheet = sheet_of(book, tables, left)
            dealt = deal(tables, sheet, workers, rng)
            numbers = [rng.random((round(moves * share / _ROUNDS) + 1, NUMBERS)) for _, _, share in dealt]
            rounds = [
                pool.submit(_round, tables, part, mine, heat, drawn)
                for (part, mine, _), drawn in zip(dealt, numbers, strict=True)
            ]
            new = {code: arranged for done in rounds for code, arranged in sessions_of(book, done.result()).items()}
            cost = settle(connected(book.sessions, new))
            if cost < least:
                best, least = dict(book.sessions), cost
    book.put({code: arranged for code, arranged in best.items() if book.sessions[code] != arranged}, back=True)


def _round(tables: Tables, sheet: Sheet, mine: Flags, heat: float, numbers: Floats) -> Sheet:
    """One worker's moves."""
    here = np.concatenate([sheet.visits[code, : sheet.number[code]] for code in np.flatnonzero(mine)])
    anneal(tables, sheet, trial_for(tables, sheet.visits.shape[1]), here, mine, heat, numbers)
    return sheet


def deal(
    tables: Tables, sheet: Sheet, workers: int, rng: np.random.Generator
) -> list[tuple[Sheet, Flags, float]]:  # fmt: skip
    """Deal a week's days to workers that have visits there.

    Days share no cells of pools and no provider's day. A limit that days of several workers share is there for the
    first of them; the others take no more of it than they give back.

    Parameters
    ----------
    tables, sheet : Tables, Sheet
        The week.
    workers : int
        How many.
    rng : numpy.random.Generator
        Which day goes to whom.

    Returns
    -------
    list of (Sheet, bool array, float)
        For each worker a sheet of its own, shape (sessions,) which sessions it may change, and its share of the visits.
    """
    days = rng.permutation(np.unique(tables.hours[sheet.number > 0, DAY]))
    parts = [np.isin(tables.hours[:, DAY], some) for some in np.array_split(days, min(workers, len(days)))]
    place = np.repeat(np.arange(len(tables.session)), np.diff(tables.taking_offset))
    dealt, known = [], np.zeros(len(sheet.left), bool)
    for mine in parts:
        own = sheet if len(parts) == 1 else Sheet._make(column.copy() for column in sheet)
        own.left[known] = np.minimum(own.left[known], 0)
        known[tables.takings[mine[tables.session[place]], GROUP]] = True
        dealt.append((own, mine, float(sheet.number[mine].sum() / sheet.number.sum())))
    return dealt


def connected(old: dict[int, Arranged], new: dict[int, Arranged]) -> list[Change]:
    """Changes of sessions, those together between which visits move."""
    came_from = {visit: code for code in new for visit in old[code].visits}
    group = {code: code for code in new}

    def head(code: int) -> int:
        while group[code] != code:
            code = group[code]
        return code

    for code, arranged in new.items():
        for visit in arranged.visits:
            group[head(code)] = head(came_from[visit])
    found = dict[int, Change]()
    for code, arranged in new.items():
        found.setdefault(head(code), {})[code] = old[code], arranged
    return list(found.values())
