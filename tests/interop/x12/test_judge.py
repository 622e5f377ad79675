"""What is wrong with a file is found, with its place, and shows nobody's data."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.x12_damage import DAMAGES, LOCATED, is_located
from schedopt.interop.x12.judge import judge
from schedopt.interop.x12.problems import Problem
from tests.effort import examples
from tests.interop.x12.samples import BODIES, changed, lines, made, sample

KINDS = sorted(BODIES)


def _first(data: bytes) -> Problem:
    found = judge(data).first_problem
    assert found is not None
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_file_is_accepted(kind: str) -> None:
    """Nothing is wrong with a file that keeps to its guide, by its envelopes or without them."""
    found = judge(sample(kind))
    assert (found.accepted, found.problems) == (True, ())
    assert [one.kind for one in found.transactions] == [kind]
    bare = judge(made(lines(kind)[2:-2]))
    assert bare.accepted
    assert [one.kind for one in bare.transactions] == [kind]
    assert [one.severity for one in bare.problems] == ["warning"]


@settings(max_examples=examples(72))
@given(st.sampled_from(KINDS), st.sampled_from(sorted(DAMAGES)), st.integers(0, 2**32))
def test_damage_never_raises(kind: str, name: str, seed: int) -> None:
    """A damaged file is judged as any other."""
    damaged = DAMAGES[name](sample(kind), random.Random(seed))
    if damaged:
        for problem in judge(damaged.data).problems:
            assert problem.expected
            assert problem.number >= 0


@given(st.binary(max_size=200), st.integers(0, 400))
def test_any_bytes_are_judged(junk: bytes, at: int) -> None:
    """Whatever stands in a file, it is judged: what is refused has an error, and every problem lies within the file."""
    data = sample("837P")
    for content in (junk, data[:at] + junk + data[at:]):
        found = judge(content)
        errors = [problem for problem in found.problems if problem.severity == "error"]
        assert found.accepted is not False or errors
        assert all(0 <= problem.offset <= len(content) for problem in found.problems)


@pytest.mark.parametrize("name", LOCATED)
def test_damage_is_found_where_it_is(name: str) -> None:
    """Damage to order, count, type or length shows within one segment of its place."""
    rng = random.Random(7)
    found = []
    for kind in KINDS:
        for _ in range(12):
            damaged = DAMAGES[name](sample(kind), rng)
            if damaged:
                found.append(is_located(damaged))
    assert len(found) >= 100
    assert sum(found) >= 0.97 * len(found)  # some orders are as good as others


@pytest.mark.parametrize(
    ("kind", "old", "new", "element"),
    [
        ("835", "SE*", "SE*9*0001", "SE01"),
        ("835", "SE*", "SE*26*0002", "SE02"),
        ("835", "GE*", "GE*2*1", "GE01"),
        ("835", "GE*", "GE*1*2", "GE02"),
        ("835", "IEA*", "IEA*2*000000001", "IEA01"),
        ("835", "IEA*", "IEA*1*000000002", "IEA02"),
        ("835", "BPR*", "BPR*I*80x*C*NON************20261127", "BPR02"),
        ("835", "BPR*", "BPR*I*80*C*NON************20260230", "BPR16"),
        ("835", "BPR*", "BPR*I*80*C*NON", "BPR16"),
        ("835", "SVC*", "SVC*HC*100*60**1", "SVC01-2"),
        ("835", "CAS*", "CAS*CO*45", "CAS03"),
        ("835", "DTM*472", "DTM*999*20261101", "DTM01"),
        ("837P", "DTP*472", "DTP*472*RD8*20261101", "DTP03"),
        ("837P", "NM1*IL", "NM1*IL*3*NAME", "NM102"),
        ("837P", "NM1*IL", "NM1*IL*1*NAME*GIVEN****MI", "NM109"),
        ("837P", "LX*2", "LX*3", "LX01"),
        ("270", "HL*3", "HL*3*7*22*0", "HL02"),
        ("270", "HL*3", "HL*4*2*22*0", "HL01"),
        ("999", "AK9", "AK9*R*1*1", "AK904"),
    ],
)
def test_an_element_is_named(kind: str, old: str, new: str, element: str) -> None:
    """The first problem names the element and the number of its segment."""
    found = _first(changed(kind, old, new))
    assert (found.element, found.severity) == (element, "error")
    assert changed(kind, old, new)[found.offset :].startswith(new.encode())


def test_order_and_number_of_segments() -> None:
    """A segment that is missing, too many, out of order or unknown is named with its loop."""
    whole = lines("835")
    at = whole.index("REF*6R*L1")
    assert "AMT in loop 2110" in _first(made([*whole[: at + 1], *["AMT*B6*1"] * 10, *whole[at + 1 :]])).words
    assert _first(made([*whole[:at], "ZZZ*1", *whole[at:]])).segment == "(unknown)"
    assert _first(made([*whole[:at], "SV1*HC:1", *whole[at:]])).loop == "2110"
    late = _first(made([*whole[: at + 2], "DTM*150*20261101", *whole[at + 2 :]]))
    assert (late.segment, late.loop, "earlier" in late.expected) == ("DTM", "2110", True)
    lacking = _first(made([line for line in whole if not line.startswith("N1*PE")]))
    assert lacking.expected == "expected N1 with PE (loop 1000B) before this segment"


def test_what_lists_do_not_know_is_a_warning() -> None:
    """A code that a list may have got since it was made does not refuse a file."""
    found = judge(changed("271", "EB*1", "EB*1**ZZ"))
    assert found.accepted
    assert [(one.element, one.severity) for one in found.problems] == [("EB03", "warning")]


def test_what_has_no_guide_is_not_judged() -> None:
    """A transaction without a guide is read, its counts are checked, and nothing is said of what is in it."""
    data = made([line.replace("005010X222A1", "005010X223A3") for line in lines("837P")])
    found = judge(data)
    assert found.accepted is None
    assert [(one.kind, one.judged) for one in found.transactions] == [("837", False)]
    assert judge(data.replace(b"SE*30", b"SE*31")).accepted is False


@pytest.mark.parametrize("data", [b"", b"not X12 at all", "ISA*00*".encode("utf-16"), b"\xef\xbb\xbf"])
def test_what_is_no_file_is_refused(data: bytes) -> None:
    """Bytes that are no X12 have one problem."""
    found = judge(data)
    assert found.accepted is False
    assert len(found.problems) == 1


@settings(max_examples=examples(48))
@given(st.sampled_from(KINDS), st.sampled_from(sorted(DAMAGES)), st.integers(0, 2**32))
def test_problems_show_nobody(kind: str, name: str, seed: int) -> None:
    """No name, id, address or date of the file is in the words of a problem."""
    canary = {b"NAME": b"QUINCANARY", b"GIVEN": b"ZELCANARY", b"MEMBER1": b"IDCANARY77", b"19800101": b"19471109"}
    data = sample(kind)
    for old, new in canary.items():
        data = data.replace(old, new)
    damaged = DAMAGES[name](data, random.Random(seed))
    if damaged:
        words = "\n".join(str(problem) for problem in judge(damaged.data).problems)
        assert not any(part in words for part in ("CANARY", "19471109", "SOME STREET", "45209"))


def test_time_grows_with_size_only() -> None:
    """A file of many broken claims is judged, and keeps a bounded number of problems."""
    whole = lines("835")
    start, end = whole.index("LX*1") + 1, whole.index(next(line for line in whole if line.startswith("PLB")))
    body = [line.replace("*20261101", "*never") for line in whole[start:end]]
    found = judge(made([*whole[:start], *body * 500, *whole[end:]]))
    assert found.accepted is False
    assert 1000 <= len(found.problems) < 1100


def test_warnings_do_not_hide_errors() -> None:
    """However many warnings there are, an error behind them refuses the file."""
    whole = [line.replace("CAS*CO", "CAS*CR") for line in lines("835")]
    start, end = whole.index("LX*1") + 1, whole.index(next(line for line in whole if line.startswith("PLB")))
    many = [*whole[:start], *whole[start:end] * 600, *whole[end:]]
    many[-3] = f"SE*{len(many) - 4}*0001"
    assert judge(made(many)).accepted
    assert len(judge(made(many)).problems) == 1000
    broken = [*many[:-4], "PLB*1", *many[-3:]]
    assert judge(made(broken)).accepted is False


@pytest.mark.parametrize(
    "data",
    [
        b"GS" + b"*" * 100_000,
        b"ST" + b"*" * 100_000,
        b"ISA" * 50_000,
        b"ISA*" * 50_000,
        sample("835") + b"IEA*~" * 50_000,
        sample("835").replace(b"HC:99213", b"HC:" + b":" * 200_000),
        sample("271").replace(b"EB*1**30", b"EB*1**" + b"30^" * 200_000),
        b"\n" * 300_000,
    ],
    ids=range(8),
)
def test_no_file_takes_long(data: bytes) -> None:
    """Nothing in a file makes judging it take longer than its size does."""
    start = time.process_time()
    assert judge(data).accepted is False
    assert time.process_time() - start < 2
