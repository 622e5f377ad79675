"""Other orders, and visits in other sessions, where that saves more minutes than it adds points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from schedopt.arrays import Flags
from schedopt.timing.book import NOBODY, Arranged, Book
from schedopt.timing.guard import Guard

LEAST = 1e-3
"""Points that a change saves at least, so that rounding saves nothing."""
_NEAR = 15.0
"""Points: an exchange that costs less than this more than what there was is judged at its own best times."""
_MOST_BACK = 4
"""Visits that come back in return for one."""
_ONE_WAY = 0.2
"""Share of exchanges in which nothing comes back."""

Change = dict[int, tuple[Arranged, Arranged]]
"""Sessions by code: what they were, and what they are."""


def reorder(book: Book, code: int) -> list[Change]:
    """Exchange two visits of a session or put one elsewhere, then choose the times anew, until nothing saves.

    Returns
    -------
    list of Change
        One, or none.
    """
    first = now = book.sessions[code]
    if not now.visits:
        return []
    by_variance = sorted(now.visits, key=lambda visit: float(book.variance[visit]))
    now = _better(book, code, now, book.laid(code, by_variance, now.starts[0]))
    while True:
        before = now
        now = _descended(book, code, now)
        now = _better(book, code, now, book.timed(code, now))
        if now is before:
            return [] if now is first else [{code: (first, now)}]


def _better(book: Book, code: int, now: Arranged, tried: Arranged | None) -> Arranged:
    if tried is None or tried.cost > now.cost - LEAST or not book.put({code: tried}):
        return now
    return tried


def _descended(book: Book, code: int, now: Arranged) -> Arranged:
    """Go through all moves until a whole round saves nothing."""
    moves, since = list(_moves(len(now.visits))), 0
    while since < len(moves):
        for move in moves:
            new = _better(book, code, now, book.laid(code, _changed(now.visits, *move), now.starts[0]))
            since = since + 1 if new is now else 0
            now = new
            if since >= len(moves):
                break
    return now


def _moves(visits: int) -> Iterator[tuple[int, int, bool]]:
    """Exchanges of two places, close ones first, then moves of a visit to a place."""
    for apart in range(1, visits):
        yield from ((one, one + apart, True) for one in range(visits - apart))
    for one in range(visits):
        yield from ((one, place, False) for place in range(visits) if abs(place - one) > 1)


def _changed(visits: Sequence[int], one: int, place: int, exchange: bool) -> list[int]:
    new = list(visits)
    if exchange:
        new[one], new[place] = new[place], new[one]
    else:
        new.insert(place, new.pop(one))
    return new


class Exchanging:
    """Visits exchanged between sessions at random, kept where both sessions together cost less.

    Parameters
    ----------
    book : Book
        Its sessions change.
    movable : bool array, shape (requests,)
        Requests that may change sessions.
    rng : numpy.random.Generator
        Which exchanges are tried.
    guard : Guard, optional
        Requests left out are booked too, into sessions that then are as it allows. Without it they stay out.
    risky : bool array, shape (requests,), optional
        The group of patients who often do not come, for the guard; without it, all are in one.
    """

    def __init__(
        self, book: Book, movable: Flags, rng: np.random.Generator, *, guard: Guard | None = None,
        risky: Flags | None = None,
    ) -> None:  # fmt: skip
        self._book, self._movable, self._rng, self._guard = book, movable, rng, guard
        self._risky = np.zeros(len(movable), bool) if risky is None else risky
        options = book.problem.options
        at = np.unique(np.column_stack([options.request, options.session]), axis=0)
        at = at[movable[at[:, 0]] & np.isin(at[:, 1], list(book.sessions))]
        self._offset, self._where = np.searchsorted(at[:, 0], np.arange(len(movable) + 1)), at[:, 1]

    def run(self, tries: int) -> list[Change]:
        """Try so many exchanges; those that were kept, in order."""
        session = np.full(len(self._movable), -1, np.int64)
        for code, arranged in self._book.sessions.items():
            session[list(arranged.visits)] = code
        able = np.flatnonzero(self._movable & (np.diff(self._offset) > 0))
        if self._guard is None:
            able = able[session[able] >= 0]
        found = list[Change]()
        for visit in self._rng.choice(able, tries if len(able) else 0).tolist():
            code = int(self._where[self._rng.integers(self._offset[visit], self._offset[visit + 1])])
            if code == session[visit]:
                continue
            change = (
                self._booked(visit, code) if session[visit] < 0 else self._exchanged(visit, int(session[visit]), code)
            )
            if change is not None:
                found.append(change)
                for place, (_, new) in change.items():
                    session[list(new.visits)] = place
        return found

    def _booked(self, visit: int, code: int) -> Change | None:
        """A request that was left out, if the guard allows it."""
        book, old = self._book, self._book.sessions[code]
        worth = float(book.left_out[visit])
        new = self._with(code, list(old.visits), [visit])
        if new is None or new.cost > old.cost + worth + _NEAR:
            return None
        new = book.timed(code, new)
        if new.cost > old.cost + worth - LEAST or not self._allows(code, new) or not book.put({code: new}):
            return None
        return {code: (old, new)}

    def _allows(self, code: int, new: Arranged) -> bool:
        """Whether nobody waits too long in a session."""
        guard = self._guard or Guard()
        return guard.allows(guard.figures(*self._book.waits(code, new), self._risky[list(new.visits)].tolist()))

    def _exchanged(self, visit: int, one: int, other: int) -> Change | None:
        """A visit in another session, and some of that session in return."""
        book = self._book
        old = book.sessions[one], book.sessions[other]
        before, back = old[0].cost + old[1].cost, self._back(visit, one, other)
        there = self._with(other, [v for v in old[1].visits if v not in back], [visit])
        if there is None or there.cost > before + _NEAR:
            return None
        here = self._with(one, [v for v in old[0].visits if v != visit], back)
        if here is None or here.cost + there.cost > before + _NEAR:
            return None
        if here.cost + there.cost > before - LEAST:
            here, there = book.timed(one, here), book.timed(other, there)
        if here.cost + there.cost > before - LEAST or not book.put({one: here, other: there}):
            return None
        return {one: (old[0], here), other: (old[1], there)}

    def _back(self, visit: int, one: int, other: int) -> list[int]:
        """Visits of the other session that come in return: none, or some that take about as long together."""
        book, rng, found = self._book, self._rng, list[int]()
        if rng.random() < _ONE_WAY:
            return found
        inside = [v for v in book.sessions[other].visits if self._movable[v] and book.ranges(one, v)]
        left = int(book.length[visit]) + int(rng.integers(-1, 3))
        for place in rng.permutation(len(inside)).tolist():
            if 0 < book.length[inside[place]] <= left and len(found) < _MOST_BACK:
                found.append(inside[place])
                left -= int(book.length[inside[place]])
        return found

    def _with(self, code: int, stay: list[int], come: Sequence[int]) -> Arranged | None:
        """A session with visits put where their variance says."""
        book, visits = self._book, list(stay)
        for visit in come:
            visits.insert(sum(bool(book.variance[v] <= book.variance[visit]) for v in visits), visit)
        starts = book.sessions[code].starts
        begin = starts[0] if starts else int(book.problem.week.sessions.start[code])
        return book.laid(code, visits, begin) if visits else NOBODY
