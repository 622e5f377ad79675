"""Segments in their envelopes: interchanges, groups and transactions."""

from __future__ import annotations

from collections.abc import Iterable

from schedopt.interop.x12.scan import join, split
from schedopt.interop.x12.values import File, Group, Interchange, Segment, Transaction


def read(data: bytes) -> File:
    """A file, whole. Nothing in it makes this raise; ``judge`` says what is wrong with it.

    Parameters
    ----------
    data : bytes
        The file's content.
    """
    lead, segments = split(data)
    kept = tuple(segments)
    return File(lead, kept, envelopes(kept))


def write(file: File) -> bytes:
    """The bytes that the file was read from."""
    return join(file.lead, file.segments)


def envelopes(segments: Iterable[Segment]) -> tuple[Interchange, ...]:
    """Interchanges with their groups and transactions; segments outside of transactions are in none of them."""
    made = _Envelopes()
    for segment in segments:
        made.add(segment)
    made.end_interchange(None)
    return tuple(made.interchanges)


class _Envelopes:
    """What is open while segments come; an envelope that lacks its end ends where the next one begins."""

    def __init__(self) -> None:
        self.interchanges: list[Interchange] = []
        self.isa: Segment | None = None
        self.gs: Segment | None = None
        self.acknowledgements: list[Segment] = []
        self.groups: list[Group] = []
        self.transactions: list[Transaction] = []
        self.open: list[Segment] = []

    def add(self, segment: Segment) -> None:
        """Take the next segment of the file."""
        name = segment.name
        if name == "ISA":
            self.end_interchange(None)
            self.isa = segment
        elif name == "IEA":
            self.end_interchange(segment)
        elif name == "GS":
            self.end_group(None)
            self.gs = segment
        elif name == "GE":
            self.end_group(segment)
        elif name == "ST":
            self.end_transaction()
            self.open = [segment]
        elif self.open:
            self.open.append(segment)
            if name == "SE":
                self.end_transaction()
        elif name == "TA1":
            self.acknowledgements.append(segment)

    def end_transaction(self) -> None:
        """Close what is open of a transaction."""
        if self.open:
            version = self.open[0].element(3) or (self.gs.element(8) if self.gs else "")
            self.transactions.append(Transaction(tuple(self.open), self.open[0].element(1), version))
        self.open = []

    def end_group(self, trailer: Segment | None) -> None:
        """Close what is open of a group."""
        self.end_transaction()
        if self.gs or self.transactions or trailer:
            self.groups.append(Group(self.gs, tuple(self.transactions), trailer))
        self.gs, self.transactions = None, []

    def end_interchange(self, trailer: Segment | None) -> None:
        """Close what is open of an interchange."""
        self.end_group(None)
        if self.isa or self.groups or self.acknowledgements or trailer:
            sent = Interchange(self.isa, tuple(self.acknowledgements), tuple(self.groups), trailer)
            self.interchanges.append(sent)
        self.isa, self.acknowledgements, self.groups = None, [], []
