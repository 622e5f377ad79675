"""270: what is asked of a payer, as values; to segments and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schedopt.interop.x12.build import Line, Simple
from schedopt.interop.x12.loops import Loop, loops
from schedopt.interop.x12.parties import (
    Insured,
    Party,
    Trace,
    insured_lines,
    read_insured,
    read_party,
    read_periods,
    read_traces,
)
from schedopt.interop.x12.values import Transaction

VERSION = "005010X279A1"
MOST_AT_ONCE = 99
"""Patients in one transaction of a batch, as the guide has it."""
_PLAN = "291"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Is this person covered on this day, and for what.

    Attributes
    ----------
    trace : Trace
        Comes back with the answer.
    subscriber : Insured
        The member.
    dependant : Insured or None
        The patient, where it is not the member.
    day : datetime.date or None
        The day that is asked for; None: the day on which the payer reads it.
    services : tuple of str
        Service types (EQ01).
    """

    trace: Trace
    subscriber: Insured
    dependant: Insured | None
    day: dt.date | None
    services: tuple[str, ...]

    @property
    def patient(self) -> Insured:
        """Whom it is about."""
        return self.dependant or self.subscriber


@dataclass(frozen=True, slots=True)
class Batch:
    """A transaction of inquiries to one payer.

    Attributes
    ----------
    reference : str
        BHT03.
    moment : datetime.datetime
        BHT04 and BHT05.
    payer, provider : Party
        Who is asked (2100A), and who asks (2100B).
    inquiries : tuple of Inquiry
        At most ``MOST_AT_ONCE``.
    """

    reference: str
    moment: dt.datetime
    payer: Party
    provider: Party
    inquiries: tuple[Inquiry, ...]


def inquiry_lines(batch: Batch) -> list[Line]:
    """What stands between ST and SE."""
    lines: list[Line] = [
        ("BHT", "0022", "13", batch.reference, batch.moment.date(), f"{batch.moment:%H%M}"),
        ("HL", 1, None, "20", 1),
        batch.payer.line,
        ("HL", 2, 1, "21", 1),
        batch.provider.line,
    ]
    level = 2
    for one in batch.inquiries:
        lines += _asked(one, level + 1)
        level += 2 if one.dependant else 1
    return lines


def _asked(one: Inquiry, level: int) -> Iterator[Line]:
    trace: Line = ("TRN", one.trace.kind, one.trace.number, one.trace.origin or None)
    yield ("HL", level, 2, "22", int(one.dependant is not None))
    if one.dependant is None:
        yield trace
    yield from insured_lines(one.subscriber)
    if one.dependant is not None:
        yield ("HL", level + 1, level, "23", 0)
        yield trace
        yield from insured_lines(one.dependant, dependant=True)
    if one.day is not None:
        yield ("DTP", _PLAN, "D8", one.day)
    services: list[Simple | tuple[Simple, ...]] = [*one.services]
    yield ("EQ", services)


def read_batch(transaction: Transaction) -> Batch | None:
    """What a 270 asks; None where it is none, or names neither payer nor provider."""
    tree = loops(transaction)
    head = transaction.segments[1] if len(transaction.segments) > 1 else None
    if tree is None or transaction.code != "270" or head is None or head.name != "BHT":
        return None
    payer, provider = _named(tree, "2100A"), _named(tree, "2100B")
    if payer is None or provider is None:
        return None
    written = f"{head.element(4)} {head.element(5)[:4]}"
    try:
        moment = dt.datetime.strptime(written, "%Y%m%d %H%M")
    except ValueError:
        return None
    asked = tuple(one for loop in tree.named("2000C") for one in _inquiries(loop))
    return Batch(head.element(3), moment, payer, provider, asked)


def _named(tree: Loop, name: str) -> Party | None:
    found = next(tree.named(name), None)
    return read_party(found.segments[0]) if found else None


def _inquiries(loop: Loop) -> Iterator[Inquiry]:
    member = _level(loop, "2100C")
    if member is None:
        return
    dependants = list(loop.named("2000D"))
    for one in dependants:
        who = _level(one, "2100D")
        if who is not None:
            yield _inquiry(one, "2100D", member, who)
    if not dependants:
        yield _inquiry(loop, "2100C", member, None)


def _level(loop: Loop, name: str) -> Insured | None:
    inner = next(loop.named(name), None)
    return read_insured(inner.segments) if inner else None


def _inquiry(loop: Loop, name: str, member: Insured, who: Insured | None) -> Inquiry:
    inner = next(loop.named(name))
    days = [one.first for one in read_periods(inner.segments) if one.qualifier == _PLAN]
    traces = read_traces(loop.segments)
    repeated = inner.segments[0].separators.repetition
    split = repeated.decode("latin-1") if repeated else None
    asked: list[str] = []
    for segment in _questions(inner):
        asked += segment.split(split) if split else [segment]
    trace = traces[0] if traces else Trace("1", "")
    return Inquiry(trace, member, who, days[0] if days else None, tuple(asked))


def _questions(loop: Loop) -> Sequence[str]:
    segments = [segment for name in ("2110C", "2110D") for one in loop.named(name) for segment in one.segments]
    return [one.element(1) for one in segments if one.name == "EQ" and one.element(1)]
