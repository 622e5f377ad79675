"""Requests that were left out, booked beyond what fits where that costs less and nobody waits too long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from schedopt.arrays import Flags
from schedopt.timing.book import LEAST, Arranged, Book, Change
from schedopt.timing.guard import Guard

_NEAR = 15.0
"""Points: a booking that costs less than this more than what there was is judged at its own best times."""
_DEARER = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Times as much as a minute of waiting costs, where the guard forbids the best times."""


def booked(book: Book, movable: Flags, guard: Guard, risky: Flags) -> list[Change]:
    """Book requests that no session of a book has, dear ones first, each where it costs least; changes in order.

    Parameters
    ----------
    book : Book
        Changes in place.
    movable : bool array, shape (requests,)
        Requests that may be booked in any of their sessions.
    guard : Guard
        What each session is to keep afterwards.
    risky : bool array, shape (requests,)
        The group of patients who often do not come.
    """
    options, found = book.problem.options, list[Change]()
    waiting = np.flatnonzero(movable & book.out())
    for visit in waiting[np.argsort(-book.left_out[waiting], kind="stable")].tolist():
        rows = slice(int(book.problem.offset[visit]), int(book.problem.offset[visit + 1]))
        tried = [
            (new.cost - book.sessions[code].cost, code, new)
            for code in np.unique(options.session[rows]).tolist()
            if code in book.sessions
            for new in _with(book, code, visit)
        ]
        worth = float(book.left_out[visit])
        for more, code, new in sorted(tried):
            if more > worth + _NEAR:
                break
            old = book.sessions[code]
            allowed = _allowed(book, code, new, old.cost + worth - LEAST, guard, risky)
            if allowed is not None and book.put({code: allowed}):
                found.append({code: (old, allowed)})
                break
    return found


def _with(book: Book, code: int, visit: int) -> Iterator[Arranged]:
    """A session with one visit more, put where its variance says, or last."""
    old = book.sessions[code]
    begin = old.starts[0] if old.starts else int(book.week.sessions.start[code])
    place = sum(bool(book.variance[other] <= book.variance[visit]) for other in old.visits)
    for at in {place, len(old.visits)}:
        new = book.laid(code, [*old.visits[:at], visit, *old.visits[at:]], begin)
        if new is not None:
            yield new


def _allowed(book: Book, code: int, new: Arranged, most: float, guard: Guard, risky: Flags) -> Arranged | None:
    """A session at its best times, or at those for a dearer minute of waiting, as a guard allows it at such a cost."""
    groups = risky[list(new.visits)].tolist()
    for dearer in _DEARER:
        timed = book.timed(code, new, replace(book.costs, waiting=dearer * book.costs.waiting))
        if timed.cost > most:
            return None
        if guard.allows(guard.figures(*book.waits(code, timed), groups)):
            return timed
    return None
