"""A transaction as a tree of loops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from schedopt.interop.x12.catalogue import guide_of, kind_of
from schedopt.interop.x12.values import Segment, Transaction
from schedopt.interop.x12.walk import placed


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop of a transaction.

    Attributes
    ----------
    name : str
        Such as 2010AA; empty for the transaction itself.
    segments : tuple of Segment
        Its own, without those of the loops in it, in the order of the file.
    loops : tuple of Loop
        Those in it, in the order of the file.
    """

    name: str
    segments: tuple[Segment, ...]
    loops: tuple[Loop, ...]

    def named(self, name: str) -> Iterator[Loop]:
        """Every loop of a name that is in this one, at any depth, in the order of the file."""
        for loop in self.loops:
            if loop.name == name:
                yield loop
            yield from loop.named(name)


@dataclass(slots=True)
class _Open:
    """A loop that is not complete yet."""

    name: str
    segments: list[Segment] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)


def loops(transaction: Transaction) -> Loop | None:
    """A transaction's segments in their loops; None where there is no guide for it.

    A segment that does not belong is in the loop that was open when it came.
    """
    guide = guide_of(kind_of(transaction.version, transaction.segments))
    if guide is None:
        return None
    stack = [_Open("")]
    for segment, place in placed(guide, transaction.segments):
        while len(stack) > len(place.loops) + (not place.starts):
            _close(stack)
        if place.starts:
            stack.append(_Open(place.loops[-1]))
        stack[-1].segments.append(segment)
    while len(stack) > 1:
        _close(stack)
    return Loop("", tuple(stack[0].segments), tuple(stack[0].loops))


def _close(stack: list[_Open]) -> None:
    done = stack.pop()
    stack[-1].loops.append(Loop(done.name, tuple(done.segments), tuple(done.loops)))
