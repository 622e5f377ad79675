"""Find candidates for one person among many, at once."""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.records.identity.blocking import KEYS, hinted, key_of, mixed
from schedopt.records.identity.people import Hashes, People

LARGEST = 1_000
"""People in a block that are all looked at; a larger block is cut by further keys."""


class Lookup:
    """People in order of each key.

    Parameters
    ----------
    people : People
        Who is looked up.
    """

    def __init__(self, people: People) -> None:
        self._people = people
        self._sorted: dict[tuple[tuple[str, ...], ...], tuple[Hashes, Ints]] = {}
        for names, further in KEYS:
            key = key_of(people, names)
            self._add((names,), key)
            crowded = self._crowded(names, key)
            for more in further:
                self._add((names, more), np.where(crowded, mixed(key, key_of(people, more)), np.uint64(0)))

    def _add(self, name: tuple[tuple[str, ...], ...], key: Hashes) -> None:
        rows = np.flatnonzero(key)
        rows = rows[np.argsort(key[rows], kind="stable")]
        self._sorted[name] = key[rows], rows

    def _crowded(self, names: tuple[str, ...], key: Hashes) -> Flags:
        """Who is in a block that is too large."""
        ordered, _ = self._sorted[(names,)]
        size = np.searchsorted(ordered, key, "right") - np.searchsorted(ordered, key, "left")
        crowded: Flags = (size > LARGEST) & (key != 0)
        return crowded

    def candidates(self, person: People) -> Ints:
        """Rows of people who may be this person, in order."""
        found = [np.empty(0, np.int64)]
        for names, further in KEYS:
            key = key_of(person, names)
            rows = self._block((names,), key)
            if len(rows) <= LARGEST:
                found.append(rows)
                continue
            for more in further:
                rows = self._block((names, more), mixed(key, key_of(person, more)))
                found.append(rows[: 10 * LARGEST])
        rows = np.unique(np.concatenate(found))
        return rows[hinted(person, self._people, np.zeros(len(rows), np.int64), rows)]

    def _block(self, name: tuple[tuple[str, ...], ...], key: Hashes) -> Ints:
        if not key[0]:
            return np.empty(0, np.int64)
        ordered, rows = self._sorted[name]
        return rows[slice(*np.searchsorted(ordered, [key[0], key[0] + np.uint64(1)]))]
