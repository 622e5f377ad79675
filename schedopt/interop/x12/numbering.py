"""Numbers that segments of a transaction must have by where they stand."""

from __future__ import annotations

from schedopt.interop.x12.payments import cents
from schedopt.interop.x12.problems import Problem
from schedopt.interop.x12.values import Segment

LOOKED_AT = frozenset(["HL", "LX", "CLM", "EB", "LS", "LE", "SE", "SV1"])


class Numbering:
    """What segments say of each other: numbers that count, and parentheses.

    Levels (HL) and lines of claims (LX) are counted from 1; a level names one before it as its parent. LE follows LS,
    before the next benefit. A claim's charge is the sum of those of its lines.

    Parameters
    ----------
    kind : str
        Of the transaction.
    """

    def __init__(self, kind: str) -> None:
        self._counts_lines = kind == "837P"
        self._levels = 0
        self._known: set[str] = set()
        self._lines = 0
        self._inside = False
        self._claim: tuple[Segment, list[str], str] | None = None
        self._charged: int | None = 0

    def step(self, segment: Segment, elements: list[str], loop: str, problems: list[Problem]) -> None:
        """Look at the next segment."""
        name = elements[0]
        if name in ("LS", "LE", "EB", "SE", "HL"):
            if self._inside and name != "LE":
                problems.append(_problem(segment, loop, name, "expected LE before this segment"))
            elif name == "LE" and not self._inside:
                problems.append(_problem(segment, loop, name, "expected LS before this segment"))
            self._inside = name == "LS"
        if name == "HL":
            self._levels += 1
            own, above = elements[1] if len(elements) > 1 else "", elements[2] if len(elements) > 2 else ""
            if own != str(self._levels):
                problems.append(_problem(segment, loop, "HL01", f"expected {self._levels}, as levels are counted"))
                self._levels = int(own) if own.isascii() and own.isdigit() and len(own) < 12 else self._levels
            if above and above not in self._known:
                problems.append(_problem(segment, loop, "HL02", "expected the number of a level before this one"))
            self._known.add(own)
        if name in ("CLM", "HL", "SE"):
            self._end_claim(problems)
        if name == "CLM":
            self._lines, self._claim, self._charged = 0, (segment, elements, loop), 0
        elif name == "SV1" and self._claim:
            charge = cents(elements[2]) if len(elements) > 2 else None
            self._charged = None if charge is None or self._charged is None else self._charged + charge
        elif name == "LX" and self._counts_lines:
            self._lines += 1
            if len(elements) < 2 or elements[1] != str(self._lines):
                problems.append(_problem(segment, loop, "LX01", f"expected {self._lines}, as lines are counted"))

    def _end_claim(self, problems: list[Problem]) -> None:
        if self._claim and self._counts_lines and self._charged is not None:
            segment, elements, loop = self._claim
            if len(elements) > 2 and cents(elements[2]) != self._charged:
                expected = "expected the sum of the charges of the claim's lines"
                place = (segment.number, segment.offset)
                problems.append(Problem(*place, "CLM", loop, "CLM02", expected, severity="warning"))
        self._claim = None


def _problem(segment: Segment, loop: str, what: str, expected: str) -> Problem:
    return Problem(segment.number, segment.offset, what[:2], loop, what[2:] and what, expected)
