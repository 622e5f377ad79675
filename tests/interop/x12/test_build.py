"""What is built from values is read as the same values, and is accepted."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from schedopt.errors import InputError
from schedopt.interop.x12.build import Line, Sending, interchange, raw_segment, transaction
from schedopt.interop.x12.judge import judge
from schedopt.interop.x12.tree import write
from schedopt.interop.x12.values import Separators
from tests.interop.x12.samples import BODIES, FUNCTIONS, VERSIONS

MOMENT = dt.datetime(2026, 11, 27, 12, 0)


def _lines(kind: str) -> list[Line]:
    return [
        (name, *(tuple(value.split(":")) if ":" in value else value for value in values))
        for name, *values in (line.split("*") for line in BODIES[kind].splitlines() if line)
    ]


@pytest.mark.parametrize("kind", sorted(BODIES))
@pytest.mark.parametrize("separators", [Separators(), Separators(b"|", b">", None, b"\n")])
def test_what_is_built_is_accepted(kind: str, separators: Separators) -> None:
    """Envelopes are made around lines, with their counts and control numbers."""
    made = transaction(kind[:3], VERSIONS[kind], 1, _lines(kind))
    again = transaction(kind[:3], VERSIONS[kind], 2, _lines(kind))
    sending = Sending("SENDER", "RECEIVER", MOMENT, 41)
    file = interchange(sending, [(VERSIONS[kind], [made, again]), (VERSIONS[kind], [made])], separators, b"")
    found = judge(write(file))
    assert (found.accepted, found.problems) == (True, ())
    assert [one.kind for one in found.transactions] == [kind] * 3
    assert file.interchanges[0].groups[0].header is not None
    assert file.interchanges[0].groups[0].header.element(1) == FUNCTIONS[kind[:3]]


def test_values_are_written_as_the_standard_asks() -> None:
    """Dates, amounts, components and repetitions; what is empty at the end is left out."""
    line: Line = ("EB", 1, None, ["30", "98"], dt.date(2026, 11, 27), Decimal("12.50"), ("HC", "99213", None), None, "")
    assert raw_segment(line) == b"EB*1**30^98*20261127*12.50*HC:99213"


@pytest.mark.parametrize("value", ["a*b", "a:b", "a^b", "a~b", "a\nb"])
def test_a_separator_in_a_value_is_refused(value: str) -> None:
    """A value that would be split is refused, and not shown."""
    with pytest.raises(InputError, match="NTE02") as found:
        raw_segment(("NTE", "ADD", value))
    assert value not in str(found.value)


@pytest.mark.parametrize("sending", [Sending("S" * 16, "R", MOMENT, 1), Sending("S", "R", MOMENT, 10**9)])
def test_a_header_that_does_not_fit_is_refused(sending: Sending) -> None:
    """ISA has fixed lengths."""
    with pytest.raises(InputError, match="at most"):
        interchange(sending, [])


def test_repetitions_need_a_separator() -> None:
    """Several values of an element cannot be written where nothing separates them."""
    with pytest.raises(InputError, match="EB03"):
        raw_segment(("EB", "1", None, ["30", "98"]), Separators(repetition=None))
