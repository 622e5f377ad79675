"""Other orders, and visits in other sessions, where that saves more minutes than it adds points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from schedopt.arrays import Ints
from schedopt.timing.book import Arranged, Book

_LEAST = 1e-3
"""Points that an exchange saves at least, so that rounding saves nothing."""


def reorder(book: Book, code: int) -> None:
    """Exchange two visits of a session or put one elsewhere, then choose the times anew, until nothing saves."""
    now = book.sessions[code]
    if len(now.visits) < 2:
        return
    tried = book.laid(code, sorted(now.visits, key=lambda visit: book.variance[visit]), now.starts[0])
    now = _better(book, code, now, tried)
    while True:
        before = now
        now = _descended(book, code, now)
        now = _better(book, code, now, book.timed(code, now))
        if now is before or now.cost > before.cost - _LEAST:
            return


def _better(book: Book, code: int, now: Arranged, tried: Arranged | None) -> Arranged:
    if tried is None or tried.cost >= now.cost - _LEAST or not book.fits({code: tried}):
        return now
    book.put({code: tried})
    return tried


def _descended(book: Book, code: int, now: Arranged) -> Arranged:
    """Go through all moves until a whole round saves nothing."""
    moves, since = list(_moves(len(now.visits))), 0
    while since < len(moves):
        for one, place, swap in moves:
            new = _better(book, code, now, book.laid(code, _changed(now.visits, one, place, swap), now.starts[0]))
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


def _changed(visits: Sequence[int], one: int, place: int, swap: bool) -> list[int]:
    new = list(visits)
    if swap:
        new[one], new[place] = new[place], new[one]
    else:
        new.insert(place, new.pop(one))
    return new


class Exchanging:
    """Visits exchanged between sessions at random, kept where the two sessions together cost less.

    Parameters
    ----------
    book : Book
        Its sessions change.
    movable : bool array, shape (requests,)
        Requests that may change sessions.
    rng : numpy.random.Generator
        Which exchanges are tried.

    Attributes
    ----------
    tried, kept : int
        Exchanges so far.
    """

    def __init__(self, book: Book, movable: np.ndarray, rng: np.random.Generator) -> None:
        self.book, self.movable, self.rng = book, movable, rng
        options = book.problem.options
        at = np.unique(np.column_stack([options.request, options.session]), axis=0)
        at = at[movable[at[:, 0]] & np.isin(at[:, 1], list(book.sessions))]
        self.offset = np.searchsorted(at[:, 0], np.arange(len(movable) + 1))
        self.where = at[:, 1]
        self.able = np.flatnonzero(movable & (np.diff(self.offset) > 1))
        self.session = np.full(len(movable), -1, np.int64)
        for code, arranged in book.sessions.items():
            self.session[list(arranged.visits)] = code
        self.able = self.able[self.session[self.able] >= 0]
        self.tried = self.kept = 0

    def step(self) -> dict[int, Arranged] | None:
        """Try one exchange; what the two sessions were, where it was kept."""
        self.tried += 1
        book, rng = self.book, self.rng
        visit = int(self.able[rng.integers(len(self.able))])
        one = int(self.session[visit])
        other = int(self.where[rng.integers(self.offset[visit], self.offset[visit + 1])])
        if other == one:
            return None
        back = self._back(visit, one, other)
        old = book.sessions[one], book.sessions[other]
        gone, come = {visit}, set(back)
        new_other = self._with(other, [v for v in old[1].visits if v not in come], [visit], old[1])
        if new_other is None or new_other.cost - old[1].cost > old[0].cost:
            return None
        new_one = self._with(one, [v for v in old[0].visits if v not in gone], back, old[0])
        if new_one is None or new_one.cost + new_other.cost > old[0].cost + old[1].cost - _LEAST:
            return None
        new = {one: new_one, other: new_other}
        if not book.fits(new):
            return None
        book.put(new)
        self.session[visit] = other
        self.session[back] = one
        self.kept += 1
        return {one: old[0], other: old[1]}

    def _back(self, visit: int, one: int, other: int) -> list[int]:
        """Visits of the other session that come in return: none, or some that take about as long together."""
        book, rng = self.book, self.rng
        inside = [v for v in book.sessions[other].visits if self.movable[v] and book.ranges(one, v)]
        rng.shuffle(inside)
        most, found = int(book.length[visit]) + int(rng.integers(-1, 3)), list[int]()
        if rng.random() < 0.2:
            return found
        for v in inside:
            if book.length[v] <= most:
                found.append(v)
                most -= int(book.length[v])
            if most <= 0 or len(found) == 4:
                break
        return found

    def _with(self, code: int, stay: list[int], come: list[int], old: Arranged) -> Arranged | None:
        """A session with visits added where their variance says."""
        book, visits = self.book, list(stay)
        begin = old.starts[0] if old.starts else int(book.problem.week.sessions.start[code])
        for visit in come:
            place = sum(book.variance[v] <= book.variance[visit] for v in visits)
            visits.insert(place, visit)
        return book.laid(code, visits, begin) if visits else Arranged((), (), 0.0)
