"""A file that is read and written is the same bytes."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schedopt.interop.x12.build import rebuilt
from schedopt.interop.x12.scan import join, split
from schedopt.interop.x12.tree import read, write
from schedopt.interop.x12.values import Separators
from tests.interop.x12.samples import BODIES, HEADER, lines, sample

PIECE = st.sampled_from([b"ISA*", b"GS*", b"ST*835*1~", b"SE*", b"IEA*1*1~", b"~", b"\n", b"*", b":", b"\xef\xbb\xbf"])


@given(st.binary(max_size=300) | st.lists(PIECE | st.binary(max_size=8)).map(b"".join))
@example(b"ISA")
@example(b"ISA*00*          *00*          *ZZ*S              *ZZ*R              *261127*1200*^*00501*000000001*0*T*")
def test_any_bytes_come_back(data: bytes) -> None:
    """Whatever the bytes are, they are written as they were read, and so are those made from elements again."""
    assert write(read(data)) == data
    lead, segments = split(data)
    kept = list(segments)
    assert join(lead, [segment._replace(raw=rebuilt(segment)) for segment in kept]) == data


MARKS = "!\"'(),/;<=>?@[\\]^_`{|}*:~\x01\x1c\x1d\x1e\x1f\x7f\xa7\xff"


@given(st.sampled_from(sorted(BODIES)), st.permutations(MARKS), st.sampled_from(["", "\n", "\r\n"]), st.booleans())
def test_separators_are_found(kind: str, marks: list[str], after: str, lines_end: bool) -> None:
    """Any four characters that the file does not use otherwise separate it as the usual four do."""
    if lines_end:
        marks, after = [*marks[:3], "\n"], ""
    table = str.maketrans(dict(zip("*:^~", marks, strict=False)))
    wanted = [line.translate(table).encode("latin-1") for line in lines(kind)]
    end = (marks[3] + after).encode("latin-1")
    found = read(b"".join(line + end for line in wanted)).segments
    assert [segment.raw for segment in found] == wanted
    assert found[0].separators == Separators(*(mark.encode("latin-1") for mark in marks[:4]))
    assert [len(segment.elements) for segment in found] == [line.count("*") + 1 for line in lines(kind)]


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_a_file_without_envelopes_is_split(kind: str) -> None:
    """A file that begins with ST shows its separators."""
    whole = lines(kind)
    bare = "".join(line + "~\r\n" for line in whole[2:-2]).encode()
    found = read(bare)
    assert [segment.raw.decode() for segment in found.segments] == whole[2:-2]
    assert [one.code for one in found.transactions] == [kind[:3]]
    assert found.interchanges[0].header is None


@pytest.mark.parametrize("repetition", ["U", ":", "~", "*", "9", " "])
def test_what_cannot_separate_repetitions_does_not(repetition: str) -> None:
    """ISA11 that is a letter, a blank or another separator is no separator."""
    data = sample("835").replace(b"*^*", f"*{repetition}*".encode(), 1)
    if repetition in "*~":
        assert write(read(data)) == data
    else:
        assert read(data).segments[0].separators == Separators(repetition=None)


def test_marks_junk_and_several_interchanges() -> None:
    """A byte-order mark leads; interchanges have separators of their own; what follows the last is kept."""
    other = sample("270").replace(b"*", b"|").replace(b"~\n", b"!\r\n")
    data = b"\xef\xbb\xbf" + sample("835") + b"\n" + other + b"the end\x1a"
    found = read(data)
    assert write(found) == data
    assert found.lead == b"\xef\xbb\xbf"
    assert [one.code for one in found.transactions] == ["835", "270"]
    assert len(found.interchanges) == 2
    assert found.segments[-1].raw == b"the end\x1a"
    assert all(data[segment.offset :].startswith(segment.raw) for segment in found.segments)
    assert [segment.number for segment in found.segments] == list(range(1, len(found.segments) + 1))


def test_groups_and_transactions() -> None:
    """A group holds several transactions, an interchange several groups, and TA1 stands between ISA and the first."""
    one = lines("270")
    group = one[1:-1]
    again = [line.replace("0001", "0002") if line[:2] in ("ST", "SE") else line for line in one[2:-2]]
    whole = [HEADER, "TA1*000000009*261126*1200*A*000", *group[:-1], *again, "GE*2*1", *group, "IEA*2*000000001"]
    found = read("".join(line + "~" for line in whole).encode()).interchanges
    assert [len(part.transactions) for part in found[0].groups] == [2, 1]
    assert [segment.element(4) for segment in found[0].acknowledgements] == ["A"]
    assert found[0].groups[0].transactions[1].control == "0002"
    assert found[0].groups[0].transactions[1].version == "005010X279A1"
