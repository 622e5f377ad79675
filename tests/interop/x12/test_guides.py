"""The guides' tables say what they are meant to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from schedopt.interop.x12.catalogue import TABLES, guide_of
from schedopt.interop.x12.loops import Loop, loops
from schedopt.interop.x12.notation import LoopRule, SegmentRule, dictionary, guide, segment_rule
from schedopt.interop.x12.tree import read
from schedopt.interop.x12.walk import placed
from tests.interop.x12.samples import sample


def _rules(loop: LoopRule) -> Iterator[tuple[LoopRule, SegmentRule]]:
    for part in loop.parts:
        if isinstance(part, LoopRule):
            yield from _rules(part)
        else:
            yield loop, part


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_every_guide_is_whole(kind: str) -> None:
    """A guide begins with ST and ends with SE; a loop begins with a segment that must be there once."""
    found = guide_of(kind)
    assert found is not None
    assert [found.parts[0].first.name, found.parts[-1].first.name] == ["ST", "SE"]
    for loop, rule in _rules(found):
        assert loop.first.must
        assert loop.first.most == 1
        assert rule.name in dictionary()


def test_elements_of_the_dictionary_are_counted() -> None:
    """Elements are numbered from 1 without a gap, and no length is less than nothing."""
    for elements, needs in dictionary().values():
        assert all(1 <= one.least <= one.most for one in elements if not one.components)
        assert all(place <= len(elements) for _, places in needs for place in places)


def test_segments_are_put_into_loops() -> None:
    """Every segment has its loops, from the outermost."""
    found = guide_of("837P")
    assert found is not None
    loops = {
        segment.raw.decode().partition("*")[0] + segment.element(1): ".".join(place.loops)
        for segment, place in placed(found, read(sample("837P")).transactions[0].segments)
    }
    assert loops["NM185"] == "2000A.2010AA"
    assert loops["NM1IL"] == "2000A.2000B.2010BA"
    assert loops["REFD9"] == "2000A.2000B.2300"
    assert loops["NM182"] == "2000A.2000B.2300.2310B"
    assert loops["REF6R"] == "2000A.2000B.2300.2400"
    assert loops["SE30"] == ""


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_a_tree_of_loops_holds_every_segment(kind: str) -> None:
    """Every segment is in one loop of the tree, in the order of the file."""

    def all_of(loop: Loop) -> list[int]:
        return [one.number for one in loop.segments] + [number for inner in loop.loops for number in all_of(inner)]

    transaction = read(sample(kind)).transactions[0]
    tree = loops(transaction)
    assert tree is not None
    assert sorted(all_of(tree)) == [segment.number for segment in transaction.segments]


def test_loops_are_found_by_name() -> None:
    """The loops of a claim, with what is in them."""
    tree = loops(read(sample("837P")).transactions[0])
    assert tree is not None
    (claim,) = tree.named("2300")
    assert [line.segments[1].element(1, 2) for line in claim.named("2400")] == ["99213", "85025"]
    assert [loop.name for loop in claim.loops] == ["2310B", "2400", "2400"]
    assert [segment.name for segment in tree.segments] == ["ST", "BHT", "SE"]
    benefit, other = (loops(read(sample("271")).transactions[0]) or tree).named("2110C")
    assert (benefit.loops, [loop.name for loop in other.loops]) == ((), ["2120C"])
    assert [segment.name for segment in other.segments] == ["EB", "MSG", "LS", "LE"]


def test_what_has_no_guide_has_no_loops() -> None:
    """A transaction without a guide is not put into loops."""
    assert loops(read(sample("837P").replace(b"005010X222A1", b"005010X223A3")).transactions[0]) is None


@pytest.mark.parametrize("table", ["ST R 1\n  BHT R 1", "ST R 1 01", "@X R 1\n ST R 1 nonsense"])
def test_a_table_that_is_wrong_is_no_guide(table: str) -> None:
    """A table that does not follow its own notation is refused when it is read."""
    with pytest.raises(ValueError, match=r"not what|indented"):
        guide(table)


def test_a_segment_asks_what_the_guide_adds() -> None:
    """What a guide asks of an element is added to what the dictionary does."""
    rule = segment_rule("NM1", asked=("01=IL", "03!", "09-", "08~MI"))
    assert rule.key == {"IL"}
    assert rule.elements[2].must
    assert rule.elements[8].banned
    assert rule.elements[7].grows
