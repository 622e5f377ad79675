"""Stretches that overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence


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
