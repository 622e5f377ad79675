"""Whether interchanges and groups are whole: what they begin and end with, their counts and control numbers."""

from __future__ import annotations

from schedopt.interop.x12.catalogue import function
from schedopt.interop.x12.elements import Elements
from schedopt.interop.x12.notation import segment_rule
from schedopt.interop.x12.problems import Problem, Severity
from schedopt.interop.x12.values import Segment

_MOST_PROBLEMS = 1000
_RULES = {name: segment_rule(name) for name in ("ISA", "TA1", "GS", "GE", "IEA")}


class Envelope:
    """What is open of envelopes while segments come that belong to no transaction.

    Parameters
    ----------
    problems : list of Problem
        What is found is put here.
    """

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._isa: list[str] | None = None
        self._gs: list[str] | None = None
        self._bare = False
        self._groups = 0
        self._transactions = 0
        self._controls: set[str] = set()

    def step(self, segment: Segment, elements: list[str], judge: Elements) -> None:
        """Take the next segment outside of transactions."""
        name = elements[0]
        if name not in _RULES:
            after = "the end of the interchange" if self._isa is None and not self._bare else "the envelopes"
            self._say(segment, "(unknown)", "", f"expected nothing that is not part of {after}")
            return
        if len(self._problems) < _MOST_PROBLEMS:
            self._problems += judge.judge(segment, _RULES[name], elements, "")
        if name == "ISA":
            self._open_interchange(segment, elements)
        elif name == "GS":
            self._open_group(segment, elements)
        elif name == "GE":
            self._close_group(segment, elements)
        elif name == "IEA":
            self._close_interchange(segment, elements)
        elif self._isa is None or self._gs is not None:
            self._say(segment, name, "", "expected TA1 between ISA and the first group")

    def open_transaction(self, segment: Segment, elements: list[str]) -> str:
        """Take ST; gives the version of the transaction's guide."""
        if self._gs is None:
            bare = self._isa is None and (self._bare or segment.number == 1)
            self._bare = self._bare or bare
            expected = "expected ISA and GS before the first transaction" if bare else "expected GS before this segment"
            self._say(segment, "ST", "", expected, "warning" if bare else "error")
        self._transactions += 1
        control = _at(elements, 2)
        if control in self._controls:
            self._say(segment, "ST", "ST02", "expected a control number that no transaction before it has")
        self._controls.add(control)
        version = _at(elements, 3)
        if self._gs is None:
            return version
        wanted = function(_at(elements, 1))
        if wanted and _at(self._gs, 1) != wanted:
            self._say(segment, "ST", "ST01", f"expected GS01 to be {wanted} around it", "warning")
        if version and _at(self._gs, 8) != version:
            self._say(segment, "ST", "ST03", "expected the version of GS08", "warning")
        return version or _at(self._gs, 8)

    def end(self, last: Segment) -> None:
        """The file has ended."""
        if self._gs is not None:
            self._say(last, "GE", "", "expected GE at the end of the group")
        if self._isa is not None:
            self._say(last, "IEA", "", "expected IEA at the end of the interchange")
        if self._bare and self._transactions == 0:
            self._say(last, "ST", "", "expected a transaction")

    def _open_interchange(self, segment: Segment, elements: list[str]) -> None:
        if self._isa is not None or self._gs is not None:
            self._say(segment, "IEA", "", "expected IEA before the next interchange")
        self._isa, self._gs, self._groups = elements, None, 0

    def _open_group(self, segment: Segment, elements: list[str]) -> None:
        if self._gs is not None:
            self._say(segment, "GE", "", "expected GE before the next group")
        if self._isa is None:
            bare = self._bare or segment.number == 1
            self._bare = bare
            self._say(segment, "GS", "", "expected ISA before the first group", "warning" if bare else "error")
        self._gs, self._transactions, self._controls = elements, 0, set()
        self._groups += 1

    def _close_group(self, segment: Segment, elements: list[str]) -> None:
        if self._gs is None:
            self._say(segment, "GE", "", "expected GS before this segment")
            return
        self._count(segment, "GE", _at(elements, 1), self._transactions, "transactions")
        if _number(_at(elements, 2)) != _number(_at(self._gs, 6)):
            self._say(segment, "GE", "GE02", "expected the control number of GS06")
        self._gs, self._transactions, self._controls = None, 0, set()

    def _close_interchange(self, segment: Segment, elements: list[str]) -> None:
        if self._gs is not None:
            self._say(segment, "GE", "", "expected GE before the end of the interchange")
        if self._isa is None:
            self._say(segment, "IEA", "", "expected ISA before this segment")
        else:
            self._count(segment, "IEA", _at(elements, 1), self._groups, "groups")
            if _at(elements, 2) != _at(self._isa, 13):
                self._say(segment, "IEA", "IEA02", "expected the control number of ISA13")
        self._isa, self._gs, self._groups, self._bare = None, None, 0, False

    def _count(self, segment: Segment, name: str, stated: str, counted: int, what: str) -> None:
        if _number(stated) != str(counted):
            self._say(segment, name, f"{name}01", f"expected {counted}, as there are so many {what}")

    def _say(self, segment: Segment, name: str, element: str, expected: str, severity: Severity = "error") -> None:
        if len(self._problems) < _MOST_PROBLEMS:
            self._problems.append(Problem(segment.number, segment.offset, name, "", element, expected, "", severity))


def _at(elements: list[str], place: int) -> str:
    return elements[place] if place < len(elements) else ""


def _number(value: str) -> str:
    return value.lstrip("0") or "0"
