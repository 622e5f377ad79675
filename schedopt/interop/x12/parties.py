"""Who is named in a transaction: payers, providers, insured persons; and the days and refusals that go with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from schedopt.interop.x12.build import Line
from schedopt.interop.x12.kinds import is_date
from schedopt.interop.x12.values import Segment
from schedopt.models.clock import is_known_day

_MOST_NAME, _MOST_GIVEN, _MOST_ID = 60, 35, 80


@dataclass(frozen=True, slots=True)
class Party:
    """An NM1: who somebody is. Names and numbers of persons are not shown by ``repr``.

    Attributes
    ----------
    role : str
        NM101, such as PR (payer), 1P (provider), IL (member), 03 (dependant).
    name, given_name : str
        NM103 and NM104; a surname where it is a person.
    is_person : bool
        NM102.
    id_kind, id : str
        NM108 and NM109, such as MI and a member's number.
    """

    role: str
    name: str = field(default="", repr=False)
    given_name: str = field(default="", repr=False)
    is_person: bool = False
    id_kind: str = ""
    id: str = field(default="", repr=False)

    @property
    def line(self) -> Line:
        """As a segment; a name that is too long is cut."""
        names = (self.name[:_MOST_NAME], self.given_name[:_MOST_GIVEN] if self.is_person else None)
        number = (self.id_kind, self.id[:_MOST_ID]) if self.id else ()
        return ("NM1", self.role, "1" if self.is_person else "2", *names, None, None, None, *number)


@dataclass(frozen=True, slots=True)
class Insured:
    """A member or a dependant.

    Attributes
    ----------
    party : Party
        Name, and the member's number.
    birth_date : datetime.date or None
        DMG02.
    sex : str
        DMG03: F, M, U, or empty.
    group : str
        REF 6P or 1L.
    relation : str
        INS02 of a dependant, such as 01 (spouse) and 19 (child).
    """

    party: Party
    birth_date: dt.date | None = field(default=None, repr=False)
    sex: str = field(default="", repr=False)
    group: str = field(default="", repr=False)
    relation: str = ""


class Trace(NamedTuple):
    """A TRN: the number by which an answer leads back to what was asked.

    Attributes
    ----------
    kind : str
        1: of who sends this; 2: of whom it answers.
    number, origin : str
        TRN02 and TRN03.
    """

    kind: str
    number: str
    origin: str = ""


class Period(NamedTuple):
    """A DTP: days and what they are.

    Attributes
    ----------
    qualifier : str
        DTP01.
    first, last : datetime.date
        The same day where it is one.
    is_range : bool
        Whether two days were said.
    """

    qualifier: str
    first: dt.date
    last: dt.date
    is_range: bool


class Rejection(NamedTuple):
    """An AAA: why something was not answered.

    Attributes
    ----------
    number : int
        Of the segment in the file.
    reason : str
        AAA03, such as 72 (member's number not valid) and 75 (member not found).
    follow_up : str
        AAA04, such as C (correct and send again), N (do not send again), R (may be sent again).
    """

    number: int
    reason: str
    follow_up: str


def read_party(segment: Segment) -> Party:
    """What an NM1 says."""
    person = segment.element(2) == "1"
    said = [segment.element(place) for place in (1, 3, 4, 8, 9)]
    return Party(said[0], said[1], said[2], person, said[3], said[4])


def read_insured(segments: Iterable[Segment]) -> Insured | None:
    """What the segments of a loop 2100C, 2100D, 2010C or 2010D say of a person; None without an NM1."""
    party, birth_date, sex, group, relation = None, None, "", "", ""
    for one in segments:
        if one.name == "NM1" and party is None:
            party = read_party(one)
        elif one.name == "DMG":
            birth_date, sex = day(one.element(2)), one.element(3)
        elif one.name == "REF" and one.element(1) in ("6P", "1L") and not group:
            group = one.element(2)
        elif one.name == "INS":
            relation = one.element(2)
    return None if party is None else Insured(party, birth_date, sex, group, relation)


def insured_lines(who: Insured, *, dependant: bool = False) -> Iterator[Line]:
    """NM1, REF, DMG and INS of a person."""
    yield who.party.line
    if who.group:
        yield ("REF", "6P", who.group)
    if who.birth_date is not None:
        yield ("DMG", "D8", who.birth_date, who.sex or None)
    if dependant and who.relation:
        yield ("INS", "N", who.relation)


def read_traces(segments: Iterable[Segment]) -> tuple[Trace, ...]:
    """Every TRN."""
    return tuple(Trace(one.element(1), one.element(2), one.element(3)) for one in segments if one.name == "TRN")


def read_rejections(segments: Iterable[Segment]) -> tuple[Rejection, ...]:
    """Every AAA."""
    return tuple(Rejection(one.number, one.element(3), one.element(4)) for one in segments if one.name == "AAA")


def read_periods(segments: Iterable[Segment]) -> tuple[Period, ...]:
    """Every DTP whose days can be read."""
    found = (_period(one) for one in segments if one.name == "DTP")
    return tuple(one for one in found if one is not None)


def _period(segment: Segment) -> Period | None:
    form, value = segment.element(2), segment.element(3)
    parts = value.split("-") if form == "RD8" else [value[:8]]
    days = [found for part in parts if (found := day(part)) is not None]
    if len(days) != len(parts) or len(days) > 2:
        return None
    return Period(segment.element(1), days[0], days[-1], form == "RD8")


def day(value: str) -> dt.date | None:
    """A day of CCYYMMDD; None where it is none, or so far away that nobody can mean it."""
    if len(value) != 8 or not is_date(value):
        return None
    found = dt.date(int(value[:4]), int(value[4:6]), int(value[6:]))
    return found if is_known_day(found) else None


def number(value: str) -> Decimal | None:
    """A number as it stands in an element; None where it is none."""
    try:
        found = Decimal(value) if value else None
    except InvalidOperation:
        return None
    return found if found is None or found.is_finite() else None
