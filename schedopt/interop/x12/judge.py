"""Whether a file keeps to the standard and its transactions to their guides. Nothing in a file makes this raise."""

from __future__ import annotations

from collections.abc import Iterable

from schedopt.interop.x12.catalogue import guide_of, kind_of
from schedopt.interop.x12.elements import Elements
from schedopt.interop.x12.envelope import Envelope
from schedopt.interop.x12.notation import segment_rule
from schedopt.interop.x12.numbering import LOOKED_AT, Numbering
from schedopt.interop.x12.problems import Problem
from schedopt.interop.x12.remittance import Remittance
from schedopt.interop.x12.scan import MARKS, split
from schedopt.interop.x12.values import Segment
from schedopt.interop.x12.verdict import Judged, Verdict
from schedopt.interop.x12.walk import Walk

_MOST_PROBLEMS = 1000
_LOOK_AHEAD = 400
_ENDS = {name: segment_rule(name) for name in ("ST", "SE")}
_LINES = ("SV1", "SV2", "SV3")


def judge(data: bytes) -> Verdict:
    """What is wrong with a file, and whether the sums of its 835s hold.

    Parameters
    ----------
    data : bytes
        The file's content.
    """
    lead, segments = split(data)
    return judge_segments(segments, lead)


def judge_segments(segments: Iterable[Segment], lead: bytes = b"") -> Verdict:
    """What is wrong with segments, which are looked at once, in their order.

    Parameters
    ----------
    segments : iterable of Segment
        All of a file.
    lead : bytes
        What stands before the first of them.
    """
    found = _File(lead)
    last = None
    for segment in segments:
        found.step(segment)
        last = segment
    return found.end(last)


class _File:
    """What is known of a file while its segments come."""

    def __init__(self, lead: bytes) -> None:
        self._problems: list[Problem] = _of_lead(lead)
        self._envelope = Envelope(self._problems)
        self._elements: Elements | None = None
        self._separators: object = None
        self._done: list[Judged] = []
        self._open: _Transaction | None = None
        self._count = 0

    def step(self, segment: Segment) -> None:
        """Look at the next segment."""
        self._count += 1
        if self._elements is None or segment.separators is not self._separators:
            self._elements, self._separators = Elements(segment.separators), segment.separators
        elements = segment.elements
        name = elements[0]
        if self._open and name not in ("ST", "ISA", "IEA", "GS", "GE"):
            self._open.step(segment, elements)
            if name == "SE":
                self._close(segment, ended=True)
            return
        if self._open:
            self._close(segment, ended=False)
        if name == "ST":
            version = self._envelope.open_transaction(segment, elements)
            self._open = _Transaction(segment, version, self._elements)
            self._open.step(segment, elements)
        else:
            self._envelope.step(segment, elements, self._elements)

    def _close(self, segment: Segment, ended: bool) -> None:
        if self._open:
            judged = self._open.end(segment, ended)
            self._open = None
            self._done.append(judged)

    def end(self, last: Segment | None) -> Verdict:
        """What was found."""
        if last is None:
            if not self._problems:
                self._problems.append(Problem(0, 0, "", "", "", "expected an X12 file; there is none of its segments"))
        else:
            self._close(last, ended=False)
            self._envelope.end(last)
            if not last.after:
                words = "expected a terminator at the end of the file"
                self._problems.append(Problem(last.number, last.offset, "", "", "", words, severity="warning"))
        of_all = [*self._problems, *(problem for one in self._done for problem in one.problems)]
        return Verdict(tuple(self._done), tuple(sorted(of_all, key=lambda one: one.number)), self._count)


class _Transaction:
    """What is known of a transaction while its segments come; the first wait until its kind is known."""

    def __init__(self, start: Segment, version: str, elements: Elements) -> None:
        self._start, self._version, self._judge = start, version, elements
        self._waiting: list[tuple[Segment, list[str]]] | None = []
        self._walk: Walk | None = None
        self._kind = ""
        self._problems: list[Problem] = []
        self._count = 0
        self._money = Remittance(start) if start.element(1) == "835" else None
        self._numbering = Numbering("")
        self._sorted, self._errors, self._warnings = 0, 0, 0

    def step(self, segment: Segment, elements: list[str]) -> None:
        """Look at the next segment."""
        self._count += 1
        if self._money:
            self._money.step(segment, elements)
        if self._waiting is None:
            self._look(segment, elements)
            return
        self._waiting.append((segment, elements))
        bare_claim = not self._version and self._start.element(1) == "837"
        if self._count >= (_LOOK_AHEAD if bare_claim else 2) or elements[0] in _LINES:
            self._begin()

    def _begin(self) -> None:
        waiting, self._waiting = self._waiting or [], None
        self._kind = kind_of(self._version, [segment for segment, _ in waiting])
        guide = guide_of(self._kind)
        self._walk = Walk(guide, self._problems) if guide else None
        self._numbering = Numbering(self._kind)
        for segment, elements in waiting:
            self._look(segment, elements)

    def _look(self, segment: Segment, elements: list[str]) -> None:
        if not self._walk:
            if elements[0] in _ENDS:
                self._problems += self._judge.judge(segment, _ENDS[elements[0]], elements, "")
            return
        if self._errors >= _MOST_PROBLEMS:
            return
        place = self._walk.step(segment, elements[0], elements)
        loop = place.loops[-1] if place.loops else ""
        if place.rule and (found := self._judge.judge(segment, place.rule, elements, loop)):
            self._problems += found
        if elements[0] in LOOKED_AT:
            self._numbering.step(segment, elements, loop, self._problems)
        if len(self._problems) > self._sorted:
            self._sort_out()

    def _sort_out(self) -> None:
        """Count the problems that are new, and keep no more warnings than a thousand; errors are looked for on."""
        found = self._problems[self._sorted :]
        del self._problems[self._sorted :]
        for problem in found:
            is_error = problem.severity == "error"
            if is_error or self._warnings < _MOST_PROBLEMS:
                self._problems.append(problem)
            self._errors, self._warnings = self._errors + is_error, self._warnings + (not is_error)
        self._sorted = len(self._problems)

    def end(self, last: Segment, ended: bool) -> Judged:
        """What was found; ``last`` is SE or, where that is missing, what came instead."""
        if self._waiting is not None:
            self._begin()
        if self._walk and self._errors < _MOST_PROBLEMS and ended:
            self._walk.end(last)
        start = self._start
        if not ended:
            self._problems.append(_problem(last, "SE", "expected SE at the end of the transaction"))
        else:
            self._problems += _counts(start, last, self._count)
        balance = self._money.end()[1] if self._money else None
        problems = tuple(sorted(self._problems, key=lambda one: one.number))
        judged = self._walk is not None
        return Judged(start.number, self._kind, self._version, start.element(2), self._count, judged, problems, balance)


def _counts(start: Segment, end: Segment, count: int) -> list[Problem]:
    problems = []
    if end.element(1).lstrip("0") != str(count):
        problems.append(_problem(end, "SE", f"expected {count}, as there are so many segments", "SE01"))
    if end.element(2) != start.element(2):
        problems.append(_problem(end, "SE", "expected the control number of ST", "SE02"))
    return problems


def _of_lead(lead: bytes) -> list[Problem]:
    if lead.startswith(MARKS[1:]):
        return [Problem(0, 0, "", "", "", "expected bytes of ASCII or UTF-8, not UTF-16")]
    rest = next((lead[len(mark) :] for mark in MARKS if lead.startswith(mark)), lead)
    return [Problem(0, 0, "", "", "", "expected ISA at the start of the file")] if rest.strip() else []


def _problem(segment: Segment, name: str, expected: str, element: str = "") -> Problem:
    return Problem(segment.number, segment.offset, name, "", element, expected)
