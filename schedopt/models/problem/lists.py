"""Lists of different lengths, one after the other in one array."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Ints


@dataclass(frozen=True)
class Lists:
    """List `n` holds ``member[offset[n]:offset[n + 1]]``.

    Attributes
    ----------
    offset : int array, shape (lists + 1,)
        Where each list starts, and the end of the last.
    member : int array
        What stands in the lists.
    """

    offset: Ints
    member: Ints

    @classmethod
    def by_key(cls, key: Ints, num_lists: int) -> Lists:
        """List `n` holds the positions at which `key` is `n`, in order; keys lie from 0 to before `num_lists`."""
        order = np.argsort(key, kind="stable")
        return cls(np.searchsorted(key[order], np.arange(num_lists + 1)), order)

    def length(self, numbers: Ints) -> Ints:
        """Length of each of these lists."""
        return self.offset[numbers + 1] - self.offset[numbers]

    def joined(self, numbers: Ints) -> tuple[Ints, Ints]:
        """All members of these lists, one list after the other: position in `numbers`, and member."""
        counts = self.length(numbers)
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.repeat(np.arange(len(numbers)), counts), self.member[np.repeat(self.offset[numbers], counts) + within]

    def with_all(self, num_members: int) -> Lists:
        """One list more, that holds 0 to before `num_members`."""
        end = len(self.member) + num_members
        return Lists(np.append(self.offset, end), np.concatenate([self.member, np.arange(num_members)]))
