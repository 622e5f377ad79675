"""Spans of cells by key: a join table for rules about times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Ints

ALWAYS = (-(2**40), 2**40)


@dataclass(frozen=True)
class SpanTable:
    """For each key, spans of cells that are sorted and do not touch.

    Attributes
    ----------
    offset : int array, shape (keys + 1,)
        Key k has spans ``offset[k]`` to ``offset[k + 1] - 1``.
    start, end : int array
        First cell, and cell after the last.
    """

    offset: Ints
    start: Ints
    end: Ints

    @classmethod
    def of(cls, num_keys: int, spans: Iterable[tuple[int, int, int]] | Ints) -> SpanTable:
        """Build from (key, start, end); spans of one key that overlap or touch are merged, empty ones left out."""
        table = spans if isinstance(spans, np.ndarray) else np.array(list(spans), np.int64).reshape(-1, 3)
        table = table[table[:, 1] < table[:, 2]]
        key, start, end = table[np.lexsort((table[:, 2], table[:, 1], table[:, 0]))].T
        shift = key * (int(end.max(initial=0)) - int(start.min(initial=0)) + 2)
        reach = np.maximum.accumulate(end + shift) if len(key) else end
        opens = np.ones(len(key), bool)
        opens[1:] = start[1:] + shift[1:] > reach[:-1]
        opens[1:] |= key[1:] != key[:-1]
        heads = np.flatnonzero(opens)
        merged_end = np.maximum.reduceat(end, heads) if len(key) else end
        offset = np.concatenate([[0], np.cumsum(np.bincount(key[heads], minlength=num_keys))]).astype(np.int64)
        return cls(offset, start[heads], merged_end)

    def join(self, keys: Ints) -> tuple[Ints, Ints, Ints]:
        """All spans of each key in turn: (position in `keys`, start, end)."""
        counts = self.offset[keys + 1] - self.offset[keys]
        row = np.repeat(np.arange(len(keys)), counts)
        place = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts) + self.offset[keys][row]
        return row, self.start[place], self.end[place]

    def complement(self) -> SpanTable:
        """For each key, what its spans leave uncovered."""
        num_keys = len(self.offset) - 1
        counts = np.diff(self.offset)
        key = np.repeat(np.arange(num_keys), counts + 1)
        first = np.cumsum(counts + 1) - (counts + 1)
        start = np.full(len(key), ALWAYS[0], np.int64)
        end = np.full(len(key), ALWAYS[1], np.int64)
        inner = np.ones(len(key), bool)
        inner[first] = False
        start[inner] = self.end
        inner[:] = True
        inner[first + counts] = False
        end[inner] = self.start
        offset = np.concatenate([[0], np.cumsum(counts + 1)]).astype(np.int64)
        return SpanTable(offset, start, end)


def minus(whole: tuple[int, int], holes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What holes, which may overlap or reach beyond, leave of a span; pieces in order, maybe empty ones among them."""
    start = whole[0]
    for first, last in sorted(holes):
        if first > start:
            yield start, min(first, whole[1])
        start = max(start, last)
        if start >= whole[1]:
            return
    yield start, whole[1]


def overlaps(
    spans: Sequence[tuple[int, int, int]], also: Callable[[int, int], bool] = lambda _first, _second: True
) -> Iterator[tuple[int, int]]:
    """Pairs of half-open stretches that overlap: for each stretch at most one that starts no later.

    Parameters
    ----------
    spans : sequence of (int, int, int)
        Start, end and index of each stretch.
    also : callable, optional
        What two indices must fulfil beside.

    Yields
    ------
    tuple of int
        The smaller and the greater index of the two.
    """
    open_spans: list[tuple[int, int]] = []
    for start, end, index in sorted(spans):
        open_spans = [span for span in open_spans if span[0] > start]
        other = next((earlier for _, earlier in open_spans if also(earlier, index)), None)
        if other is not None:
            yield min(other, index), max(other, index)
        open_spans.append((end, index))
