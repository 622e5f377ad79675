"""One level of a transaction, with those above and below it, as a file of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schedopt.interop.x12.build import USUAL
from schedopt.interop.x12.catalogue import function
from schedopt.interop.x12.scan import join
from schedopt.interop.x12.values import Segment, Transaction, raw_bytes

_NOBODY = f"{'EXCERPT':<15}"
_ISA = f"ISA*00*{'':10}*00*{'':10}*ZZ*{_NOBODY}*ZZ*{_NOBODY}*000101*0000*^*00501*000000001*0*T*:"


@dataclass
class _Level:
    """An HL and what follows it."""

    segments: list[Segment]
    above: _Level | None = None

    def is_in(self, other: _Level) -> bool:
        """Whether it is another one, or in it."""
        return self is other or (self.above is not None and self.above.is_in(other))


def excerpt(transaction: Transaction, number: int) -> bytes:
    """A file of what a transaction says of one level; envelopes, levels and counts are its own.

    Parameters
    ----------
    transaction : Transaction
        Of levels (HL).
    number : int
        Of the segment with which the level begins; where none does, all levels are kept.

    Returns
    -------
    bytes
        With the usual separators; what would be one of them inside a value is a blank.
    """
    head, levels = _levels(transaction.segments)
    chosen = next((one for one in levels if one.segments[0].number == number), None)
    kept = [one for one in levels if chosen is None or one.is_in(chosen) or chosen.is_in(one)]
    place = {id(one): str(at) for at, one in enumerate(kept, 1)}
    body = [_usual(one) for one in head]
    for level in kept:
        start = _usual(level.segments[0]).split("*")
        start += [""] * (5 - len(start))
        above = place.get(id(level.above), "")
        below = any(other.above is level for other in kept)
        body.append("*".join([start[0], place[id(level)], above, start[3], str(int(below))]))
        body += [_usual(one) for one in level.segments[1:]]
    code, control = transaction.code, transaction.control
    lines = [_ISA, f"GS*{function(code)}*EXCERPT*EXCERPT*20000101*0000*1*X*{transaction.version}", *body]
    lines += [f"SE*{len(body) + 1}*{control}", "GE*1*1", "IEA*1*000000001"]
    after = USUAL.terminator + b"\n"
    return join(b"", [Segment(at, 0, raw_bytes(line), after, USUAL) for at, line in enumerate(lines, 1)])


def _levels(segments: Sequence[Segment]) -> tuple[list[Segment], list[_Level]]:
    """What stands before the first level, and the levels; the last segment ends the transaction."""
    head, levels, by_id = list[Segment](), list[_Level](), dict[str, _Level]()
    for segment in segments:
        if segment.name == "SE":
            break
        if segment.name == "HL":
            levels.append(_Level([segment], by_id.get(segment.element(2))))
            by_id[segment.element(1)] = levels[-1]
        elif levels:
            levels[-1].segments.append(segment)
        else:
            head.append(segment)
    return head, levels


def _usual(segment: Segment) -> str:
    own, elements = segment.separators, list[str]()
    for element in segment.elements:
        text = "".join(" " if mark in "*~" else mark for mark in element)
        for mark, usual in ((own.component, ":"), (own.repetition, "^")):
            if mark is not None and mark.isascii():
                text = text.replace(mark.decode(), usual)
        elements.append(text)
    return "*".join(elements)
