"""A book's sessions annealed, in rounds that break no rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from schedopt.arrays import Flags
from schedopt.models.problem.schedule import Schedule
from schedopt.timing.annealing.chances import Chances
from schedopt.timing.annealing.kernel import NUMBERS, anneal
from schedopt.timing.annealing.making import sessions_of, sheet_of, tables_of
from schedopt.timing.annealing.tables import trial_for
from schedopt.timing.book import Arranged, Book, Change

_ROUNDS = 20
"""After each, the sessions are checked against all rules."""
_HOT, _COLD = 4.0, 0.5
"""Points: temperatures of the first round and of the last."""


def annealed(
    book: Book, chances: Chances, schedule: Schedule, movable: Flags, moves: int, rng: np.random.Generator,
    settle: Callable[[Sequence[Change]], float],
) -> None:  # fmt: skip
    """Anneal a book's sessions; it keeps the best that any round ends with, or what it had.

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
    rng : numpy.random.Generator
        Which moves are tried, and which are kept.
    settle : callable
        Takes changes that the book is to make, none of which shares a session with another; makes those that break no
        rule, and says what the book costs then.
    """
    best, least = dict(book.sessions), settle([])
    tables, left = tables_of(book, chances, schedule, movable)
    visits = np.array([visit for arranged in best.values() for visit in arranged.visits], np.int64)
    if not len(visits):
        return
    for heat in np.geomspace(_HOT, _COLD, _ROUNDS).tolist():
        sheet = sheet_of(book, tables, left)
        trial = trial_for(tables, sheet.visits.shape[1])
        anneal(tables, sheet, trial, visits, heat, rng.random((moves // _ROUNDS + 1, NUMBERS)))
        cost = settle(connected(book.sessions, sessions_of(book, sheet)))
        if cost < least:
            best, least = dict(book.sessions), cost
    book.put({code: arranged for code, arranged in best.items() if book.sessions[code] != arranged}, back=True)


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
