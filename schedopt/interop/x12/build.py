"""Segments, transactions and interchanges from values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from schedopt.errors import Fault, InputError
from schedopt.interop.x12.catalogue import function
from schedopt.interop.x12.scan import join
from schedopt.interop.x12.tree import read
from schedopt.interop.x12.values import File, Segment, Separators, raw_bytes

USUAL = Separators()
Simple = str | int | Decimal | dt.date | None
Value = Simple | tuple[Simple, ...] | list[Simple | tuple[Simple, ...]]
"""An element: a value, a tuple of components, or a list of repetitions; None is an element that is left out."""
Line = tuple[str, *tuple[Value, ...]]
"""A segment: its name, and its elements from 01 on."""


@dataclass(frozen=True, slots=True)
class Sending:
    """Who sends to whom, and when.

    Attributes
    ----------
    sender, receiver : str
        ISA06 and ISA08; at most 15 characters.
    moment : datetime.datetime
        When it is sent.
    control : int
        ISA13, and GS06 of the first group; later groups count on from it.
    sender_kind, receiver_kind : str
        ISA05 and ISA07.
    group_sender, group_receiver : str
        GS02 and GS03; empty: as in ISA.
    production : bool
        Whether it is meant: ISA15 is P, or else T.
    asks_acknowledgement : bool
        ISA14.
    """

    sender: str
    receiver: str
    moment: dt.datetime
    control: int
    sender_kind: str = "ZZ"
    receiver_kind: str = "ZZ"
    group_sender: str = ""
    group_receiver: str = ""
    production: bool = False
    asks_acknowledgement: bool = False


def amount(cents: int) -> str:
    """Cents as the standard writes money: without zeros that say nothing."""
    whole, rest = divmod(abs(cents), 100)
    digits = f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
    return f"-{digits}" if cents < 0 else digits


def raw_segment(line: Line, separators: Separators = USUAL) -> bytes:
    """A segment's bytes without the terminator; empty elements at its end are left out.

    Raises
    ------
    InputError
        If a value holds a separator or a character that is not text.
    """
    name, *values = line
    made = [raw_bytes(_element(line[0], place, value, separators)) for place, value in enumerate(values, 1)]
    while made and not made[-1]:
        made.pop()
    return separators.element.join([raw_bytes(name), *made])


def rebuilt(segment: Segment) -> bytes:
    """The segment's bytes, made from its elements again."""
    elements, separator = segment.elements, segment.separators.element
    if separator.isascii():
        return raw_bytes(separator.decode("ascii").join(elements))
    return separator.join(map(raw_bytes, elements))


def transaction(code: str, version: str, control: int, lines: Sequence[Line]) -> tuple[Line, ...]:
    """A transaction's segments between an ST and an SE that counts them.

    Parameters
    ----------
    code, version : str
        ST01 and ST03. An 835 has no ST03.
    control : int
        ST02, written with four digits or more.
    lines : sequence of Line
        What is between ST and SE.
    """
    start: Line = ("ST", code, f"{control:04d}", None if code == "835" else version)
    return (start, *lines, ("SE", len(lines) + 2, f"{control:04d}"))


def interchange(
    sending: Sending,
    groups: Sequence[tuple[str, Sequence[tuple[Line, ...]]]],
    separators: Separators = USUAL,
    line_end: bytes = b"\n",
) -> File:
    """An interchange of groups of transactions.

    Parameters
    ----------
    sending : Sending
        Who sends to whom, and when.
    groups : sequence of (str, sequence of tuple of Line)
        Each group's version, such as 005010X222A2, and its transactions, each made by ``transaction``.
    separators : Separators
        What separates.
    line_end : bytes
        What follows a terminator.
    """
    lines: list[Line] = []
    for at, (version, transactions) in enumerate(groups):
        control = sending.control + at
        sender, receiver = sending.group_sender or sending.sender, sending.group_receiver or sending.receiver
        code = _code(transactions[0][0]) if transactions else ""
        when = (sending.moment.date(), f"{sending.moment:%H%M}")
        lines.append(("GS", function(code), sender, receiver, *when, control, "X", version))
        lines += [line for one in transactions for line in one]
        lines.append(("GE", len(transactions), control))
    lines.append(("IEA", len(groups), f"{sending.control:09d}"))
    raw = [_isa(sending, separators), *(raw_segment(line, separators) for line in lines)]
    after = separators.terminator + line_end
    made = [Segment(number, 0, part, after, separators) for number, part in enumerate(raw, 1)]
    return read(join(b"", made))


def _code(start: Line) -> str:
    _, *values = start
    return str(values[0])


def _isa(sending: Sending, separators: Separators) -> bytes:
    who = [f"{one:<15}" for one in (sending.sender, sending.receiver)]
    if any(len(one) > 15 for one in who):
        raise InputError([Fault("ISA", None, "ISA06 or ISA08", "(hidden)", "expected at most 15 characters")])
    if not 0 <= sending.control < 10**9:
        raise InputError([Fault("ISA", None, "ISA13", str(sending.control), "expected at most 9 digits")])
    fixed: Line = (
        *("ISA", "00", " " * 10, "00", " " * 10, sending.sender_kind, who[0], sending.receiver_kind, who[1]),
        *(f"{sending.moment:%y%m%d}", f"{sending.moment:%H%M}"),
    )
    head = raw_segment(fixed, separators)
    repetition = separators.repetition or b"U"
    tail = raw_segment(
        ("", "00501", f"{sending.control:09d}", str(int(sending.asks_acknowledgement)), "TP"[sending.production]),
        separators,
    )
    element = separators.element
    return head + element + repetition + tail + element + separators.component


def _element(name: str, place: int, value: Value, separators: Separators) -> str:
    if isinstance(value, list):
        if len(value) > 1 and separators.repetition is None:
            raise InputError([_fault(name, place, "expected one value, as nothing separates repetitions")])
        between = (separators.repetition or b"").decode("latin-1")
        return between.join(_element(name, place, one, separators) for one in value)
    if not isinstance(value, tuple):
        return _simple(name, place, value, separators)
    parts = [_simple(name, place, one, separators) for one in value]
    while parts and not parts[-1]:
        parts.pop()
    return separators.component.decode("latin-1").join(parts)


def _simple(name: str, place: int, value: Simple, separators: Separators) -> str:
    if value is None:
        return ""
    written = (
        f"{value:%Y%m%d}" if isinstance(value, dt.date) else f"{value:f}" if isinstance(value, Decimal) else str(value)
    )
    taken = {one.decode("latin-1") for one in separators if one}
    if any(mark in taken or ord(mark) < 32 for mark in written):
        raise InputError([_fault(name, place, "expected no separator and no control character")])
    return written


def _fault(name: str, place: int, expected: str) -> Fault:
    return Fault(name, None, f"{name}{place:02d}", "(hidden)", expected)
