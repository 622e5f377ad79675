"""Bytes into segments and back, without the loss of a byte.

Separators are where the standard puts them: the element separator is the byte behind ``ISA``, the repetition separator
is ISA11, the component separator ISA16 and the terminator the byte behind ISA16. A file without ISA shows them by how
its first segment ends and the next begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from schedopt.interop.x12.values import Segment, Separators

MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_BLANKS = re.compile(rb"[\r\n\t \x00\x1a\x0b\x0c]*")
_START = re.compile(rb"(?<![A-Za-z0-9])(?:ISA|GS|ST)(?=[^A-Za-z0-9\s])|(?<![A-Za-z0-9])(?:ISA)(?=\t)")
_NEXT_ISA = re.compile(rb"ISA(?=[^A-Za-z0-9\s])")
_BARE = re.compile(
    rb"(?:ST(?P<st>[^A-Za-z0-9])\d{3}(?P=st)[^*|~\r\n]{1,9}?(?:(?P=st)[A-Za-z0-9]{0,35})?"
    rb"|GS(?P<gs>[^A-Za-z0-9])(?:(?:(?!(?P=gs))[^\r\n]){0,40}(?P=gs)){6}[XT](?P=gs)[A-Za-z0-9]{1,12})"
    rb"(?P<terminator>[^A-Za-z0-9 ])\s*(?:[A-Z][A-Z0-9]{1,2})(?:(?P=st)|(?P=gs))"
)
_BARE_COMPONENT = re.compile(rb"(?:SVC|SV1|SV2)[^A-Za-z0-9](?:HC|AD|N4|ER|WK|NU|IV|HP|SV)([^A-Za-z0-9])")
_ISA_SEPARATORS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
_FIXED = 106
_SAMPLE = 200_000


def split(data: bytes) -> tuple[bytes, Iterator[Segment]]:
    """A file's lead and its segments, one after the other.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    bytes
        What stands before the first segment: a byte-order mark, blanks, or what is not X12.
    iterator of Segment
        What ``join`` makes into the same bytes again. A file that is not X12 has none, and is all lead.
    """
    start = _start(data)
    return data[:start], _segments(data, start)


def join(lead: bytes, segments: Iterable[Segment]) -> bytes:
    """The bytes of a file: the opposite of ``split``."""
    return b"".join([lead, *(part for segment in segments for part in (segment.raw, segment.after))])


def _start(data: bytes) -> int:
    at = next((len(mark) for mark in MARKS if data.startswith(mark)), 0)
    at = _end_of(_BLANKS, data, at)
    if _START.match(data, at):
        return at
    found = _NEXT_ISA.search(data, at)
    return found.start() if found else len(data)


def _end_of(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    found = pattern.match(data, at)
    return found.end() if found else at


def _segments(data: bytes, at: int) -> Iterator[Segment]:
    separators = bare_separators(data, at)
    number, size, known = 0, len(data), {b"": b""}
    blanks, find, terminator, ended = _BLANKS.match, data.find, separators.terminator, False
    while at < size:
        number += 1
        starts = data.startswith(b"ISA", at) and not data[at + 3 : at + 4].isalnum()
        if starts:
            separators = isa_separators(data, at)
            terminator = separators.terminator
        end = find(terminator, at)
        if end < 0:
            end = size
        if ended and not starts and (found := _NEXT_ISA.search(data, at, end)):
            yield Segment(number, at, data[at : found.start()], b"", separators)
            at = found.start()
            continue
        match = blanks(data, end + 1)
        behind = match.end() if match and end < size else size
        raw, after = data[at:end], data[end:behind]
        yield Segment(number, at, raw, known.setdefault(after, after), separators)
        ended = not starts and (ended or raw.startswith(b"IEA" + separators.element))
        at = behind


def isa_separators(data: bytes, at: int) -> Separators:
    """The separators that the ISA at a place shows, by its fixed lengths or, where they are not kept, by counting."""
    element = data[at + 3 : at + 4]
    places = [at + place for place in _ISA_SEPARATORS]
    if len(data) >= at + _FIXED and all(data[place : place + 1] == element for place in places):
        return _checked(element, data[at + 82 : at + 83], data[at + 104 : at + 105], data[at + 105 : at + 106])
    places = [found.start() for found in re.finditer(re.escape(element), data[at : at + 300])][:16]
    if len(places) == 16 and b"GS" + element not in data[at : at + places[15]]:
        last = at + places[15]
        repetition = data[at + places[10] + 1 : at + places[11]]
        return _checked(element, repetition[:1], data[last + 1 : last + 2], data[last + 2 : last + 3])
    group = re.search(rb"(.)(.)\s*GS" + re.escape(element), data[at : at + 400], re.DOTALL)
    if group:
        return _checked(element, b"", group[1], group[2])
    return Separators(element or b"*")


def _checked(element: bytes, repetition: bytes, component: bytes, terminator: bytes) -> Separators:
    """Separators that can be told apart; ISA11 that is a letter or any other separator is none."""
    if not terminator or terminator == element or terminator.isalnum():
        terminator = b"~"
    if not component or component in (element, terminator):
        component = b":"
    told = repetition and not repetition.isalnum() and not repetition.isspace()
    taken = repetition in (element, component, terminator)
    return Separators(element, component, repetition if told and not taken else None, terminator)


def bare_separators(data: bytes, at: int = 0) -> Separators:
    """The separators of a file that begins with ST or GS; the usual ones where it does not show them."""
    found = _BARE.match(data, at)
    if not found:
        return Separators(data[at + 2 : at + 3] or b"*") if data[at : at + 2] in (b"ST", b"GS") else Separators()
    element = found["st"] or found["gs"]
    component = _BARE_COMPONENT.search(data, at, at + _SAMPLE)
    shown = component[1] if component and component[1] not in (element, found["terminator"]) else b":"
    return Separators(element, shown, b"^" if shown != b"^" else None, found["terminator"])
