"""Minimal parts of a list of demands that cannot be met together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

D = TypeVar("D")


def minimal_part(
    demands: Sequence[D], possible: Callable[[tuple[D, ...]], bool], given: tuple[D, ...] = ()
) -> tuple[D, ...]:
    """Fewest of some demands that are impossible beside those given: without any one of them, they are possible.

    Halves the list again and again (QuickXplain, Junker 2004), so that a part of `k` out of `n` demands takes about
    ``2 k log2(n / k)`` questions. Earlier demands are preferred.

    Parameters
    ----------
    demands : sequence
        Impossible together with `given`.
    possible : callable
        Whether demands can be met together. Fewer demands must never be harder to meet.
    given : tuple
        Demands that stay.

    Returns
    -------
    tuple
        A part of `demands`, in their order; empty where those given are impossible by themselves.
    """
    if not possible(given):
        return ()
    return _part(tuple(demands), possible, given, fresh=False)


def _part(
    demands: tuple[D, ...], possible: Callable[[tuple[D, ...]], bool], given: tuple[D, ...], *, fresh: bool
) -> tuple[D, ...]:
    """The part; `fresh` says that something was added to `given` since it was found possible."""
    if fresh and not possible(given):
        return ()
    if len(demands) == 1:
        return demands
    half = len(demands) // 2
    first, second = demands[:half], demands[half:]
    late = _part(second, possible, (*given, *first), fresh=True)
    early = _part(first, possible, (*given, *late), fresh=bool(late))
    return (*early, *late)
