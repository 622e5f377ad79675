"""Segments into loops: where in its guide each segment of a transaction belongs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from schedopt.interop.x12.dictionary import TABLE
from schedopt.interop.x12.notation import LoopRule, Place, SegmentRule
from schedopt.interop.x12.problems import Problem, shown
from schedopt.interop.x12.values import Segment

_KNOWN = frozenset(line.split()[0] for line in TABLE.strip().splitlines())


class Placed(NamedTuple):
    """A segment in its place.

    Attributes
    ----------
    rule : SegmentRule or None
        What its guide asks of it; None where it does not belong.
    loops : tuple of str
        The names of the loops around it, from the outermost.
    starts : bool
        Whether it begins the innermost of them.
    """

    rule: SegmentRule | None
    loops: tuple[str, ...]
    starts: bool


class _Frame:
    """A loop that is open: how far it has come."""

    __slots__ = ("counts", "loop", "names", "placed", "rank")

    def __init__(self, loop: LoopRule, names: tuple[str, ...]) -> None:
        self.loop, self.names, self.rank = loop, names, 0
        self.counts: dict[int, int] = {}
        self.placed: dict[int, Placed] = {}


class Walk:
    """A transaction on its way through its guide.

    Parameters
    ----------
    guide : LoopRule
        The guide.
    problems : list of Problem
        What is found is put here.
    """

    def __init__(self, guide: LoopRule, problems: list[Problem]) -> None:
        self._open = [_Frame(guide, ())]
        self._problems = problems

    def step(self, segment: Segment, name: str, elements: list[str]) -> Placed:
        """Find the place of the next segment, and say what is missing before it."""
        found = self._in_order(segment, name, elements) or self._out_of_order(segment, name, elements)
        if found:
            return found
        frame = self._open[-1]
        self._problems.append(self._misplaced(segment, name, frame))
        return Placed(None, frame.names, False)

    def end(self, segment: Segment) -> None:
        """Say what is missing when the transaction ends at or before a segment."""
        while self._open:
            self._pass(segment, self._open.pop(), None)

    def _in_order(self, segment: Segment, name: str, elements: list[str]) -> Placed | None:
        for depth in range(len(self._open) - 1, -1, -1):
            frame = self._open[depth]
            places = frame.loop.by_name.get(name)
            if places and (place := _choose(frame, places, elements, segment, frame.rank)):
                while len(self._open) > depth + 1:
                    self._pass(segment, self._open.pop(), None)
                if place[0] > frame.rank:
                    self._pass(segment, frame, place[0])
                    frame.rank = place[0]
                return self._enter(segment, frame, place[1], place[2])
        return None

    def _out_of_order(self, segment: Segment, name: str, elements: list[str]) -> Placed | None:
        for depth in range(len(self._open) - 1, -1, -1):
            frame = self._open[depth]
            places = frame.loop.by_name.get(name)
            if places and (place := _choose(frame, places, elements, segment, -1)):
                self._say(segment, frame.names, name, "expected earlier in its loop")
                if isinstance(place[2], LoopRule):
                    del self._open[depth + 1 :]
                return self._enter(segment, frame, place[1], place[2])
        return None

    def _enter(self, segment: Segment, frame: _Frame, index: int, part: SegmentRule | LoopRule) -> Placed:
        count = frame.counts.get(index, 0) + 1
        frame.counts[index] = count
        if count > part.most:
            what = f"loop {part.name}" if isinstance(part, LoopRule) else part.name
            self._say(segment, frame.names, part.first.name, f"expected {what} at most {_times(part.most)}")
        if isinstance(part, SegmentRule):
            return frame.placed.get(index) or frame.placed.setdefault(index, Placed(part, frame.names, False))
        inner = _Frame(part, (*frame.names, part.name))
        inner.counts[0] = 1
        self._open.append(inner)
        return Placed(part.first, inner.names, True)

    def _pass(self, segment: Segment, frame: _Frame, rank: int | None) -> None:
        """Say what a loop lacks before a rank; None: before its end."""
        for place, index, part in frame.loop.musts:
            if place >= frame.rank and (rank is None or place < rank) and not frame.counts.get(index):
                self._say(segment, frame.names, part.first.name, f"expected {_described(part)} before this segment")

    def _misplaced(self, segment: Segment, name: str, frame: _Frame) -> Problem:
        if name not in _KNOWN:
            return _problem(segment, frame.names, "(unknown)", "expected a segment that this guide has here")
        keys = [
            part.first
            for one in reversed(self._open)
            for _, _, part in one.loop.by_name.get(name, ())
            if part.first.key
        ]
        if not keys:
            return _problem(segment, frame.names, name, "expected another segment; this one does not belong here")
        place, component = keys[0].key_place
        element = f"{name}{place:02d}" + (f"-{component}" if component else "")
        codes = sorted({code for rule in keys for code in rule.key})
        wanted = ", ".join(codes[:12]) + (" …" if len(codes) > 12 else "")
        where = ".".join(frame.names[-1:])
        given = shown(segment.element(place, component), "ID")
        return Problem(segment.number, segment.offset, name, where, element, f"expected one of {wanted} here", given)

    def _say(self, segment: Segment, names: tuple[str, ...], name: str, expected: str) -> None:
        self._problems.append(_problem(segment, names, name, expected))


def _problem(segment: Segment, names: tuple[str, ...], name: str, expected: str) -> Problem:
    return Problem(segment.number, segment.offset, name, names[-1] if names else "", "", expected)


def _times(most: int) -> str:
    return "once" if most == 1 else f"{most} times"


def _described(part: SegmentRule | LoopRule) -> str:
    key = f" with {', '.join(sorted(part.first.key)[:4])}" if part.first.key else ""
    return f"{part.first.name}{key}" + (f" (loop {part.name})" if isinstance(part, LoopRule) else "")


def _choose(
    frame: _Frame, places: tuple[Place, ...], elements: list[str], segment: Segment, least: int
) -> Place | None:
    """The first part that the segment can be; one that is full already only where there is no other."""
    full = None
    for place in places:
        rank, index, part = place
        if rank < least or (index == 0 and frame.names):
            continue  # what begins the loop begins another one
        first = part.first
        if not first.key or _fits(first, elements, segment):
            if frame.counts.get(index, 0) < part.most:
                return place
            full = full or place
    return full


def _fits(rule: SegmentRule, elements: list[str], segment: Segment) -> bool:
    place, component = rule.key_place
    value = elements[place] if place < len(elements) else ""
    if component:
        value = value.split(segment.separators.component.decode("latin-1"))[component - 1]
    return value in rule.key


def placed(guide: LoopRule, segments: tuple[Segment, ...]) -> Iterator[tuple[Segment, Placed]]:
    """Every segment of a transaction with its place; nothing is judged."""
    walk = Walk(guide, [])
    for segment in segments:
        elements = segment.elements
        yield segment, walk.step(segment, elements[0], elements)
