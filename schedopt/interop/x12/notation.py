"""From the guides' tables to frozen values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from schedopt.interop.x12.dictionary import TABLE

_ELEMENT = re.compile(
    r"(?P<place>\d\d)(?P<must>!?)(?:(?P<composite>C\d{3})|(?P<kind>AN|ID|DT|TM|N0|R)(?P<least>\d+)-(?P<most>\d+))"
    r"(?:x(?P<times>\d+))?(?:=(?P<codes>\S+))?"
)
_ASKED = re.compile(r"(?P<place>\d\d)(?:\.(?P<component>\d))?(?:(?P<how>[!-])|(?P<list>[=~])(?P<codes>\S+))")


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """What is asked of an element or a component.

    Attributes
    ----------
    must, banned : bool
        Whether it must be there, and whether it must not.
    kind : str
        AN, ID, DT, TM, N0 or R; the composite's name where it has components.
    least, most : int
        Characters.
    times : int
        How often it may be repeated.
    codes : frozenset of str
        What it may be; empty: anything.
    grows : bool
        Whether the list of codes grows, so that others are only warned of.
    components : tuple of Element
        In their order; empty where it has none.
    needs : tuple of (str, tuple of int)
        Which components need each other.
    """

    must: bool
    kind: str
    least: int = 1
    most: int = 99
    times: int = 1
    codes: frozenset[str] = frozenset()
    grows: bool = False
    banned: bool = False
    components: tuple[Element, ...] = ()
    needs: tuple[tuple[str, tuple[int, ...]], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SegmentRule:
    """A segment in a place of a guide.

    Attributes
    ----------
    name : str
        Such as NM1.
    must : bool
        Whether it must be there.
    most : int
        How often it may be there.
    elements : tuple of Element
        From element 01 on.
    needs : tuple of (str, tuple of int)
        Which elements need each other.
    key : frozenset of str
        What its element at ``key_place`` may be for the segment to be this one; empty: whatever it is.
    key_place : (int, int)
        Element and component, from 1; component 0 is the whole element.
    """

    name: str
    must: bool
    most: int
    elements: tuple[Element, ...]
    needs: tuple[tuple[str, tuple[int, ...]], ...]
    key: frozenset[str] = frozenset()
    key_place: tuple[int, int] = (1, 0)

    @property
    def first(self) -> SegmentRule:
        """Itself: a segment begins with itself, as a loop does with its first segment."""
        return self


@dataclass(frozen=True, slots=True, eq=False)
class LoopRule:
    """A loop in a place of a guide: what may be in it, in which order.

    Attributes
    ----------
    name : str
        Such as 2010AA; empty for the transaction itself.
    must : bool
        Whether it must be there.
    most : int
        How often it may be there.
    first : SegmentRule
        What it begins with.
    parts : tuple of SegmentRule or LoopRule
        What may be in it.
    by_name : mapping of str to tuple of (int, int, SegmentRule or LoopRule)
        Where segments of a name may belong: rank, index in ``parts``, and part. A part of a lower rank comes first,
        parts of the same rank in any order.
    musts : tuple of (int, int, SegmentRule or LoopRule)
        The parts that must be there, likewise.
    """

    name: str
    must: bool
    most: int
    first: SegmentRule
    parts: tuple[SegmentRule | LoopRule, ...]
    by_name: Mapping[str, tuple[Place, ...]]
    musts: tuple[Place, ...]


Place = tuple[int, int, SegmentRule | LoopRule]


def loop_rule(name: str, must: bool, most: int, parts: tuple[SegmentRule | LoopRule, ...]) -> LoopRule:
    """A loop of parts in their order; neighbours that begin with the same segment are of one rank."""
    places: list[Place] = []
    rank = -1
    for index, part in enumerate(parts):
        rank += not (index > 1 and parts[index - 1].first.name == part.first.name)
        places.append((rank, index, part))
    by_name: dict[str, tuple[Place, ...]] = {}
    for place in places:
        start = place[2].first.name
        by_name[start] = (*by_name.get(start, ()), place)
    musts = tuple(place for place in places if place[2].must)
    return LoopRule(name, must, most, parts[0].first, parts, by_name, musts)


@cache
def dictionary() -> dict[str, tuple[tuple[Element, ...], tuple[tuple[str, tuple[int, ...]], ...]]]:
    """By the name of a segment: its elements, and which of them need each other."""
    lines = {line.split()[0]: line.split()[1:] for line in TABLE.strip().splitlines()}
    composites = {name: words for name, words in lines.items() if re.fullmatch(r"C\d{3}", name)}
    return {
        name: (tuple(_element(word, composites) for word in words if word[0] != "~"), _needs(words))
        for name, words in lines.items()
        if name not in composites
    }


def _needs(words: list[str]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    marked = [word[1:] for word in words if word[0] == "~"]
    return tuple((word[0], tuple(int(word[at : at + 2]) for at in range(1, len(word), 2))) for word in marked)


def _element(word: str, composites: dict[str, list[str]]) -> Element:
    found = _ELEMENT.fullmatch(word)
    if not found:
        raise ValueError(f"not an element of the dictionary: {word}")
    must, times = bool(found["must"]), int(found["times"] or 1)
    if found["composite"]:
        words = composites[found["composite"]]
        components = tuple(_element(part, composites) for part in words if part[0] != "~")
        return Element(must, found["composite"], times=times, components=components, needs=_needs(words))
    codes = frozenset(found["codes"].split(",")) if found["codes"] else frozenset()
    return Element(must, found["kind"], int(found["least"]), int(found["most"]), times, codes)


def segment_rule(name: str, must: bool = True, most: int = 1, asked: tuple[str, ...] = ()) -> SegmentRule:
    """A segment of the dictionary, and what a guide asks of it besides.

    Parameters
    ----------
    name : str
        Of the dictionary.
    must : bool
        Whether it must be there.
    most : int
        How often it may be there.
    asked : tuple of str
        Such as ``01=PR``.
    """
    elements, needs = dictionary()[name]
    changed = list(elements)
    key: frozenset[str] = frozenset()
    key_place = (1, 0)
    for word in asked:
        found = _ASKED.fullmatch(word)
        if not found:
            raise ValueError(f"not what a guide can ask of {name}: {word}")
        place, component = int(found["place"]), int(found["component"] or 0)
        changed[place - 1] = _changed(changed[place - 1], component, found)
        if found["list"] == "=" and place == (3 if name == "HL" else 1) and name not in ("SVC", "SV1", "PLB", "EB"):
            key, key_place = frozenset(found["codes"].split(",")), (place, component)
    return SegmentRule(name, must, most, tuple(changed), needs, key, key_place)


def _changed(element: Element, component: int, found: re.Match[str]) -> Element:
    if component:
        parts = list(element.components)
        parts[component - 1] = _changed(parts[component - 1], 0, found)
        return _replaced(element, components=tuple(parts))
    if found["how"] == "!":
        return _replaced(element, must=True)
    if found["how"] == "-":
        return _replaced(element, banned=True)
    return _replaced(element, codes=frozenset(found["codes"].split(",")), grows=found["list"] == "~")


def _replaced(element: Element, **changes: object) -> Element:
    fields = {name: getattr(element, name) for name in Element.__slots__}
    return Element(**{**fields, **changes})


def guide(table: str) -> LoopRule:
    """A guide's table as the loop that is a whole transaction."""
    lines = [(len(line) - len(line.lstrip()), line.split()) for line in table.splitlines() if line.strip()]
    parts, rest = _parts(lines, 0, 0)
    if rest != len(lines):
        raise ValueError(f"line {rest + 1} of the table is indented less than the first")
    return loop_rule("", True, 1, parts)


def _parts(lines: list[tuple[int, list[str]]], at: int, depth: int) -> tuple[tuple[SegmentRule | LoopRule, ...], int]:
    parts: list[SegmentRule | LoopRule] = []
    while at < len(lines) and lines[at][0] == depth:
        name, usage, most, *asked = lines[at][1]
        times = 10**9 if most == ">" else int(most)
        at += 1
        if name[0] == "@":
            inner, at = _parts(lines, at, depth + 1)
            parts.append(loop_rule(name[1:], usage == "R", times, inner))
        else:
            parts.append(segment_rule(name, usage == "R", times, tuple(asked)))
    return tuple(parts), at
