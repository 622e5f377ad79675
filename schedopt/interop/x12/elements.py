"""Whether a segment's elements are as its guide asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from schedopt.interop.x12.kinds import fault, period_fault
from schedopt.interop.x12.notation import Element, SegmentRule
from schedopt.interop.x12.problems import HIDDEN, Problem, Severity, shown
from schedopt.interop.x12.values import Segment, Separators

_PERIODS = {"DTP": (2, 3), "DMG": (1, 2), "PAT": (5, 6), "CR6": (3, 4)}
Found = tuple[str, str, str, Severity]
"""Element, what was expected, what may be shown of the value, severity."""
_MOST_VALUES, _MOST_SHAPES = 200_000, 1000
_Quick = Callable[[str], object] | None


class _Known(NamedTuple):
    """What is known of a rule: what is wrong where elements are left out, and which values are good."""

    shapes: dict[tuple[bool, ...], tuple[Found, ...]]
    good: list[tuple[set[str], _Quick]]


class Elements:
    """Judges elements; remembers which values, and which elements left out, it has found good.

    Parameters
    ----------
    separators : Separators
        Of the file.
    """

    def __init__(self, separators: Separators) -> None:
        self._component = separators.component.decode("latin-1")
        self._repetition = separators.repetition.decode("latin-1") if separators.repetition else None
        self._known: dict[SegmentRule, _Known] = {}
        self._held = 0

    def judge(self, segment: Segment, rule: SegmentRule, elements: list[str], loop: str) -> Sequence[Problem]:
        """What is wrong with the elements of a segment."""
        known = self._known.get(rule)
        if known is None:
            known = self._known[rule] = _Known({}, [(set(), _quick(element)) for element in rule.elements])
        shape = tuple(map(bool, elements))
        absent = known.shapes.get(shape)
        if absent is None:
            absent = tuple(_absences(rule, shape))
            if len(known.shapes) < _MOST_SHAPES and len(shape) < _MOST_SHAPES:
                known.shapes[shape] = absent
        found = self._values(rule, elements, known.good)
        if not absent and not found:
            return ()
        return [
            Problem(segment.number, segment.offset, rule.name, loop, element, expected, value, severity)
            for element, expected, value, severity in sorted([*absent, *found], key=lambda one: one[0])
        ]

    def _values(self, rule: SegmentRule, elements: list[str], good: list[tuple[set[str], _Quick]]) -> list[Found]:
        found: list[Found] = []
        place = -1
        for value in elements:
            if value and place >= 0:
                if place >= len(good):
                    break
                known, quick = good[place]
                if not (quick(value) if quick else value in known):
                    faults = list(self._value(f"{rule.name}{place + 1:02d}", rule.elements[place], value))
                    if not faults:
                        self._keep(known, value)
                    found += faults
            place += 1
        if rule.name in _PERIODS:
            found += _period(rule.name, elements)
        return found

    def _keep(self, known: set[str], value: str) -> None:
        if self._held >= _MOST_VALUES:
            for one in self._known.values():
                for values, _ in one.good:
                    values.clear()
            self._held = 0
        known.add(value)
        self._held += 1

    def _value(self, name: str, element: Element, value: str) -> Iterator[Found]:
        if element.banned:
            yield name, "expected nothing here in this guide", "", "warning"
        parts = value.split(self._repetition) if self._repetition and element.times > 1 else [value]
        if len(parts) > element.times:
            yield name, f"expected at most {element.times} repetitions, not {len(parts)}", "", "error"
        for part in parts[: element.times]:
            if element.components:
                yield from self._composite(name, element, part)
            elif part:
                yield from _simple(name, element, part)

    def _composite(self, name: str, element: Element, value: str) -> Iterator[Found]:
        values = value.split(self._component)
        for place, component in enumerate(element.components):
            given = values[place] if place < len(values) else ""
            if given:
                yield from _simple(f"{name}-{place + 1}", component, given)
            elif component.must:
                yield f"{name}-{place + 1}", "expected a value", "", "error"
        if len(values) > len(element.components):
            most = len(element.components)
            yield name, f"expected at most {most} components, not {len(values)}", "", "error"
        if element.needs:
            yield from _needs(name, element.needs, [value != "" for value in values], "{}-{}")


def _quick(element: Element) -> _Quick:
    """What finds most good values good at once; None where looking them up is quicker."""
    if element.codes or element.components or element.banned:
        return None
    if element.kind == "AN":
        return re.compile(f"[!-~][ -~]{{{element.least - 1},{element.most - 1}}}").fullmatch
    if element.kind == "R" and element.least == 1 and element.most > 2:
        return re.compile(rf"-?\d{{1,{element.most - 2}}}(?:\.\d{{1,2}})?", re.ASCII).fullmatch
    return None


def _simple(name: str, element: Element, value: str) -> Iterator[Found]:
    wrong = fault(value, element.kind, element.least, element.most)
    if wrong:
        yield name, wrong, HIDDEN if "not" in wrong else shown(value, element.kind), "error"
    elif element.codes and value not in element.codes:
        codes = sorted(element.codes)
        wanted = ", ".join(codes[:12]) + (" …" if len(codes) > 12 else "")
        severity: Severity = "warning" if element.grows else "error"
        yield name, f"expected one of {wanted}", shown(value, element.kind), severity
    elif element.kind == "AN" and element.must and element.least < element.most and value.isspace():
        yield name, "expected more than blanks", "", "warning"


def _absences(rule: SegmentRule, shape: tuple[bool, ...]) -> Iterator[Found]:
    """What is wrong with which elements are there."""
    asked, given = rule.elements, len(shape) - 1
    for place, element in enumerate(asked, 1):
        if element.must and not (place <= given and shape[place]):
            yield f"{rule.name}{place:02d}", "expected a value", "", "error"
    if given > len(asked):
        yield f"{rule.name}{len(asked) + 1:02d}", f"expected at most {len(asked)} elements, not {given}", "", "error"
    yield from _needs(rule.name, rule.needs, shape[1:], "{}{:02d}")


def _needs(
    name: str, needs: tuple[tuple[str, tuple[int, ...]], ...], given: Sequence[bool], form: str
) -> Iterator[Found]:
    for how, places in needs:
        there = [place <= len(given) and given[place - 1] for place in places]
        named = [form.format(name, place) for place in places]
        if how == "P" and any(there) and not all(there):
            yield named[there.index(False)], f"expected a value, as {named[there.index(True)]} has one", "", "error"
        elif how == "R" and not any(there):
            yield named[0], f"expected a value in one of {', '.join(named)}", "", "error"
        elif how == "E" and sum(there) > 1:
            yield named[there.index(True)], f"expected a value in at most one of {', '.join(named)}", "", "error"
        elif how == "C" and there[0] and not all(there[1:]):
            yield named[1 + there[1:].index(False)], f"expected a value, as {named[0]} has one", "", "error"
        elif how == "L" and there[0] and not any(there[1:]):
            yield named[1], f"expected a value in one of {', '.join(named[1:])}, as {named[0]} has one", "", "error"


def _period(name: str, elements: list[str]) -> Iterator[Found]:
    form, value = _PERIODS[name]
    if value < len(elements) and elements[value]:
        wrong = period_fault(elements[value], elements[form])
        if wrong:
            yield f"{name}{value:02d}", wrong, HIDDEN, "error"
