"""TA1 and 999: whether a file could be read, and whether its transactions keep to their guides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from schedopt.interop.x12.build import Line, Value, transaction
from schedopt.interop.x12.loops import loops
from schedopt.interop.x12.reading import at, find
from schedopt.interop.x12.values import Segment, Transaction
from schedopt.interop.x12.verdict import Judged

VERSION_999 = "005010X231A1"

ACCEPTED = frozenset("AE")
"""Codes of IK501 and AK901: accepted, accepted with errors. AK901 has P, partly, beside; all others refuse."""

_NO_GUIDE, _NO_END, _HAS_FAULTS = "1", "2", "5"
_OF_END = {"SE01": "4", "SE02": "3"}
"""IK502: not known here, SE is missing, segments have faults; SE01 and SE02 do not fit."""
_MOST_FAULTS = 50


class Received(NamedTuple):
    """A TA1.

    Attributes
    ----------
    control : int or None
        ISA13 of the file that it is about.
    date : datetime.date or None
        ISA09 of that file.
    code : str
        A: accepted, E: accepted with errors, R: rejected.
    note : str
        Why; 000: nothing is wrong.
    """

    control: int | None
    date: dt.date | None
    code: str
    note: str


class Fault(NamedTuple):
    """What is wrong with a segment: IK3.

    Attributes
    ----------
    segment : str
        Its name.
    place : int
        Its place in the transaction; ST is 1.
    loop : str
        In which loop.
    code : str
        What is wrong with it: 3 missing, 7 out of order, 8 has elements in error.
    """

    segment: str
    place: int
    loop: str
    code: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a 999 says of one transaction: AK2 to IK5.

    Attributes
    ----------
    kind, control, version : str
        AK201, AK202 and AK203.
    code : str
        IK501.
    notes : tuple of str
        IK502 and what follows.
    faults : tuple of Fault
        IK3.
    """

    kind: str
    control: str
    version: str
    code: str
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A 999.

    Attributes
    ----------
    function, version : str
        AK101 and AK103.
    group : int or None
        AK102: GS06 of the group that it is about.
    transactions : tuple of Checked
        A payer may leave out those it accepts.
    code : str
        AK901.
    included, received, accepted : int or None
        AK902, AK903 and AK904.
    """

    function: str
    group: int | None
    version: str
    transactions: tuple[Checked, ...]
    code: str
    included: int | None
    received: int | None
    accepted: int | None


def read_received(segment: Segment) -> Received:
    """A TA1."""
    day = at(segment, 2)
    date = None
    if len(day) == 6 and day.isascii() and day.isdigit():
        try:
            date = dt.date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
        except ValueError:
            date = None
    return Received(_whole(at(segment, 1)), date, at(segment, 4), at(segment, 5))


def read_acknowledgement(transaction: Transaction) -> Acknowledgement | None:
    """What a 999 says; None where it is none.

    Parameters
    ----------
    transaction : Transaction
        With a guide of ours.
    """
    tree = loops(transaction) if transaction.code == "999" else None
    if tree is None:
        return None
    head, end = find(tree.segments, "AK1"), find(tree.segments, "AK9")
    checked = []
    for loop in tree.named("2000"):
        name, verdict = find(loop.segments, "AK2"), find(loop.segments, "IK5")
        faults = tuple(_fault(find(one.segments, "IK3")) for one in loop.named("2100"))
        notes = tuple(code for place in range(2, 7) if (code := at(verdict, place)))
        checked.append(Checked(at(name, 1), at(name, 2), at(name, 3), at(verdict, 1), notes, faults))
    counts = (_whole(at(end, place)) for place in (2, 3, 4))
    return Acknowledgement(at(head, 1), _whole(at(head, 2)), at(head, 3), tuple(checked), at(end, 1), *counts)


def _fault(segment: Segment | None) -> Fault:
    return Fault(at(segment, 1), _whole(at(segment, 2)) or 0, at(segment, 3), at(segment, 4))


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def build_acknowledgement(said: Acknowledgement, control: int) -> tuple[Line, ...]:
    """The segments of a 999.

    Parameters
    ----------
    said : Acknowledgement
        What it says.
    control : int
        ST02.
    """
    return transaction("999", VERSION_999, control, list(_lines(said)))


def _lines(said: Acknowledgement) -> Iterator[Line]:
    yield ("AK1", said.function, said.group, said.version)
    for one in said.transactions:
        yield ("AK2", one.kind, one.control, one.version)
        for fault in one.faults:
            yield ("IK3", fault.segment, fault.place, fault.loop or None, fault.code)
        verdict: list[Value] = [one.code, *one.notes]
        yield ("IK5", *verdict)
    yield ("AK9", said.code, said.included, said.received, said.accepted)


def acknowledge(function: str, group: int, version: str, judged: list[Judged]) -> Acknowledgement:
    """The 999 for a group that was received and judged.

    Parameters
    ----------
    function, group, version : str, int and str
        GS01, GS06 and GS08 of the group.
    judged : list of Judged
        What was found of its transactions.
    """
    checked = tuple(_checked(one) for one in judged)
    accepted = sum(one.code in ACCEPTED for one in checked)
    code = "A" if accepted == len(checked) else "P" if accepted else "R"
    if code == "A" and any(one.code == "E" for one in checked):
        code = "E"
    return Acknowledgement(function, group, version, checked, code, len(checked), len(checked), accepted)


def _checked(judged: Judged) -> Checked:
    kind = judged.kind[:3]
    errors = [one for one in judged.problems if one.severity == "error"]
    if not judged.judged and not errors:
        return Checked(kind, judged.control, judged.version, "R", (_NO_GUIDE,))
    of_end = {_OF_END.get(one.element, _NO_END) for one in errors if one.segment == "SE"}
    inside = [one for one in errors if one.segment != "SE" and one.number >= judged.number]
    faults = tuple(
        Fault(one.segment[:3], one.number - judged.number + 1, one.loop[:4], "8" if one.element else "2")
        for one in inside[:_MOST_FAULTS]
    )
    notes = (*([_HAS_FAULTS] if inside else []), *sorted(of_end))
    return Checked(kind, judged.control, judged.version, "R" if errors else "A", notes[:5], faults)
