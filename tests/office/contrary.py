"""Sources that contradict ours, each in one way."""

from __future__ import annotations

from typing import ClassVar

from schedopt.models.office import Holidays, Points, Section, Weights, price
from schedopt.models.problem.rules import Rule
from schedopt.models.source import Source
from schedopt.models.tables import Request
from schedopt.models.tables.fields import Id, Row, column
from schedopt.records.times import Unscheduled


class _Copy(Row):
    """A table with the name of a method."""

    table_name: ClassVar[str] = "copy"
    key: ClassVar[tuple[str, ...]] = ()


class _Lost(Row):
    """A table that refers to nothing."""

    table_name: ClassVar[str] = "lost"
    key: ClassVar[tuple[str, ...]] = ()

    thing: Id = column("What is lost.", example="T1", references="nowhere")


class _Access(Section):
    """A section with a price of ours."""

    section_name: ClassVar[str] = "found"

    access: Points = price(1, "a thing")


class _Again(Unscheduled):
    """A rule of ours, said again by another source."""

    source = "contrary"


def _source(**said: object) -> Source:
    return Source("contrary", "who contradicts", __name__, **said)  # type: ignore[arg-type]


SAME_TABLE = _source(row_classes=(Request,))
METHOD = _source(row_classes=(_Copy,))
LOST = _source(row_classes=(_Lost,))
SAME_SECTION = _source(sections=(Holidays,))
COMMON_SECTION = _source(sections=(Weights,))
SAME_PRICE = _source(sections=(_Access,))


def _false(*_given: object) -> tuple[Rule, ...]:
    return (Unscheduled(1),)


def _same(*_given: object) -> tuple[Rule, ...]:
    return (_Again(1),)


FALSE_NAME = _source(rules=_false)
SAME_RULE = _source(rules=_same)
