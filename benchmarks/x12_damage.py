"""``python -m benchmarks.x12_damage FILE… --count 10000``: files that are accepted, damaged in eight ways, and judged.

Printed is a JSON line for each kind of damage: how many files, how many raised, how many were refused, in how many the
first problem is within one segment of the damage, and the longest time that one took.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from schedopt.interop.x12.judge import judge
from schedopt.interop.x12.notation import dictionary
from schedopt.interop.x12.scan import join, split
from schedopt.interop.x12.tree import read, write
from schedopt.interop.x12.values import Segment


class Damaged(NamedTuple):
    """A damaged file, and the numbers of the first and last of its segments that are not what they were."""

    data: bytes
    first: int
    last: int


Damage = Callable[[bytes, random.Random], Damaged | None]
_COUNTS = (b"SE", b"GE", b"IEA")
_FIXED = (b"ISA", b"IEA", b"GS", b"GE", b"ST", b"SE")


def _parts(data: bytes) -> tuple[bytes, list[Segment]]:
    lead, segments = split(data)
    return lead, list(segments)


def _inner(segments: Sequence[Segment]) -> list[int]:
    return [at for at, one in enumerate(segments) if one.raw.split(one.separators.element)[0] not in _FIXED]


def truncated(data: bytes, rng: random.Random) -> Damaged | None:
    """The end is missing, from anywhere behind the first segment on."""
    segments = _parts(data)[1]
    if len(segments) < 3:
        return None
    cut = rng.randrange(segments[1].offset, len(data))
    left = len(_parts(data[:cut])[1])
    return Damaged(data[:cut], left, left)


def changed_count(data: bytes, rng: random.Random) -> Damaged | None:
    """The count of an SE, GE or IEA is another number."""
    lead, segments = _parts(data)
    places = [at for at, one in enumerate(segments) if one.raw.split(one.separators.element)[0] in _COUNTS]
    if not places:
        return None
    at = rng.choice(places)
    parts = segments[at].raw.split(segments[at].separators.element)
    stated = int(parts[1])
    parts[1] = str(
        rng.choice([one for one in (stated - 1, stated + 1, stated + 10, 0) if one != stated and one >= 0])
    ).encode()
    return _with(lead, segments, at, segments[at].separators.element.join(parts))


def swapped(data: bytes, rng: random.Random) -> Damaged | None:
    """Two neighbours of different names have changed places."""
    lead, segments = _parts(data)
    inner = _inner(segments)
    pairs = [at for at in inner if at + 1 in inner and segments[at].name != segments[at + 1].name]
    if not pairs:
        return None
    at = rng.choice(pairs)
    segments[at], segments[at + 1] = segments[at + 1], segments[at]
    return Damaged(join(lead, segments), at + 1, at + 2)


def dropped(data: bytes, rng: random.Random) -> Damaged | None:
    """A segment is missing."""
    lead, segments = _parts(data)
    at = rng.randrange(len(segments))
    del segments[at]
    return Damaged(join(lead, segments), at + 1, at + 1)


def repeated(data: bytes, rng: random.Random) -> Damaged | None:
    """A segment is there twice."""
    lead, segments = _parts(data)
    at = rng.randrange(len(segments))
    segments.insert(at, segments[at])
    return Damaged(join(lead, segments), at + 1, at + 2)


def wrong_type(data: bytes, rng: random.Random) -> Damaged | None:
    """A number, date or time holds letters."""
    return _element_changed(
        data, rng, ("DT", "TM", "N0", "R"), lambda value, most: b"X" * max(1, min(len(value), most))
    )


def over_long(data: bytes, rng: random.Random) -> Damaged | None:
    """An element is longer than it may be."""
    return _element_changed(data, rng, ("AN", "ID", "DT", "TM", "N0", "R"), _longer)


def _longer(value: bytes, most: int) -> bytes:
    return value + value[-1:] * (most + 1) if value[-1:] != b"." else value + b"1" * (most + 1)


def _element_changed(
    data: bytes, rng: random.Random, kinds: tuple[str, ...], change: Callable[[bytes, int], bytes]
) -> Damaged | None:
    lead, segments = _parts(data)
    places = []
    for at, one in enumerate(segments):
        elements = dictionary().get(one.name, ((), ()))[0]
        parts = one.raw.split(one.separators.element)
        if one.name == "ISA":
            continue
        places += [
            (at, place, element.most)
            for place, element in enumerate(elements, 1)
            if element.kind in kinds and element.times == 1 and place < len(parts) and parts[place]
        ]
    if not places:
        return None
    at, place, most = rng.choice(places)
    element_separator = segments[at].separators.element
    parts = segments[at].raw.split(element_separator)
    parts[place] = change(parts[place], most)
    return _with(lead, segments, at, element_separator.join(parts))


def changed_separator(data: bytes, rng: random.Random) -> Damaged | None:
    """A separator somewhere is another character."""
    segments = _parts(data)[1]
    marks = [at for at, byte in enumerate(data) if bytes([byte]) in segments[0].separators[:2]]
    if not marks:
        return None
    at = rng.choice(marks)
    found = max(number for number, one in enumerate(segments, 1) if one.offset <= at)
    other = rng.choice([mark for mark in (b"|", b"^", b"~", b"!", b"\n", b"\xff", b"*") if mark[0] != data[at]])
    return Damaged(data[:at] + other + data[at + 1 :], found, found)


def _with(lead: bytes, segments: list[Segment], at: int, raw: bytes) -> Damaged:
    segments[at] = segments[at]._replace(raw=raw)
    return Damaged(join(lead, segments), at + 1, at + 1)


DAMAGES: dict[str, Damage] = {
    "truncated": truncated,
    "changed count": changed_count,
    "swapped": swapped,
    "dropped": dropped,
    "repeated": repeated,
    "wrong type": wrong_type,
    "over-long": over_long,
    "changed separator": changed_separator,
}
LOCATED = ("changed count", "swapped", "wrong type", "over-long")
"""Damage to order, count, type or length: what shows where it is."""


def is_located(damaged: Damaged) -> bool:
    """Whether the first problem is within one segment of the damage."""
    first = judge(damaged.data).first_problem
    return first is not None and damaged.first - 1 <= first.number <= damaged.last + 1


def _tried(name: str, files: list[bytes], count: int, rng: random.Random, show: bool) -> dict[str, object]:
    raised = refused = located = done = 0
    longest = 0.0
    while done < count:
        damaged = DAMAGES[name](rng.choice(files), rng)
        if damaged is None:
            continue
        done += 1
        start = time.perf_counter()
        try:
            verdict = judge(damaged.data)
            raised += write(read(damaged.data)) != damaged.data
        except Exception:  # what must not happen is counted
            raised += 1
            continue
        longest = max(longest, time.perf_counter() - start)
        refused += verdict.accepted is not True
        first = verdict.first_problem
        found = first is not None and damaged.first - 1 <= first.number <= damaged.last + 1
        located += found
        if show and not found:
            lines = [one.raw.decode("latin-1") for one in read(damaged.data).segments]
            print(name, damaged.first, lines[max(0, damaged.first - 2) : damaged.last + 2], first)
    shares = {"refused": round(refused / count, 4), "located": round(located / count, 4)}
    return {"damage": name, "files": count, "raised": raised, **shares, "longest_seconds": round(longest, 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=10_000, help="damaged files, an eighth of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print the places that were not found")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    files = [data for data in (file.read_bytes() for file in options.files) if judge(data).accepted]
    for name in DAMAGES:
        print(json.dumps(_tried(name, files, options.count // len(DAMAGES), rng, options.show)), flush=True)


if __name__ == "__main__":
    main()
