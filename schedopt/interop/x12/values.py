"""What a file of X12 holds: interchanges, groups, transactions and segments, with their places and their very bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Separators(NamedTuple):
    """The bytes that separate, one byte each.

    Attributes
    ----------
    element, component : bytes
        Between elements of a segment, and between components of an element.
    repetition : bytes or None
        Between repetitions of an element. None: the file has none (ISA11 is a letter, or means something else).
    terminator : bytes
        After a segment.
    """

    element: bytes = b"*"
    component: bytes = b":"
    repetition: bytes | None = b"^"
    terminator: bytes = b"~"


class Segment(NamedTuple):
    """One segment as it stands in the file.

    Attributes
    ----------
    number : int
        1 is the first segment of the file.
    offset : int
        Bytes before it in the file.
    raw : bytes
        Its bytes without the terminator.
    after : bytes
        The terminator, where there is one, and line ends and other blanks behind it.
    separators : Separators
        What it is to be split by.
    """

    number: int
    offset: int
    raw: bytes
    after: bytes
    separators: Separators

    @property
    def elements(self) -> list[str]:
        """The segment's name, then its elements: ``elements[2]`` is what guides call 02."""
        if self.raw.isascii():
            return self.raw.decode("ascii").split(self.separators.element.decode("latin-1"))
        return [text(part) for part in self.raw.split(self.separators.element)]

    @property
    def name(self) -> str:
        """The first element."""
        return text(self.raw.partition(self.separators.element)[0])

    def element(self, place: int, component: int = 0) -> str:
        """An element, or one of its components, or the empty string where there is none.

        Parameters
        ----------
        place : int
            From 1.
        component : int
            From 1; 0 is the whole element.
        """
        parts = self.raw.split(self.separators.element, place + 1)
        if place >= len(parts):
            return ""
        if component == 0:
            return text(parts[place])
        components = parts[place].split(self.separators.component)
        return text(components[component - 1]) if component <= len(components) else ""


def text(part: bytes) -> str:
    """Bytes as text, from which ``raw_bytes`` makes the same bytes again, whatever their encoding."""
    return part.decode("utf-8", "surrogateescape")


def raw_bytes(part: str) -> bytes:
    """The bytes that ``text`` was given."""
    return part.encode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Transaction:
    """From ST to SE, or to where SE should have been.

    Attributes
    ----------
    segments : tuple of Segment
        With ST and SE.
    code : str
        ST01, such as 835.
    version : str
        The guide that it follows, by ST03 or else GS08, such as 005010X221A1; empty where neither says.
    """

    segments: tuple[Segment, ...]
    code: str
    version: str

    @property
    def control(self) -> str:
        """ST02."""
        return self.segments[0].element(2)


@dataclass(frozen=True, slots=True)
class Group:
    """From GS to GE; a file without envelopes has its transactions in a group without either."""

    header: Segment | None
    transactions: tuple[Transaction, ...]
    trailer: Segment | None


@dataclass(frozen=True, slots=True)
class Interchange:
    """From ISA to IEA; a file without envelopes is an interchange without either.

    Attributes
    ----------
    header, trailer : Segment or None
        ISA and IEA.
    acknowledgements : tuple of Segment
        TA1.
    groups : tuple of Group
        In the order of the file.
    """

    header: Segment | None
    acknowledgements: tuple[Segment, ...]
    groups: tuple[Group, ...]
    trailer: Segment | None


@dataclass(frozen=True, slots=True)
class File:
    """All of a file.

    Attributes
    ----------
    lead : bytes
        What stands before the first segment, such as a byte-order mark.
    segments : tuple of Segment
        All of them, also those that belong to no transaction.
    interchanges : tuple of Interchange
        The same segments in their envelopes.
    """

    lead: bytes
    segments: tuple[Segment, ...]
    interchanges: tuple[Interchange, ...]

    @property
    def transactions(self) -> tuple[Transaction, ...]:
        """Every transaction, in the order of the file."""
        return tuple(one for sent in self.interchanges for group in sent.groups for one in group.transactions)
