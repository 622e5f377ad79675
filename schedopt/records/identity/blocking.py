"""Find pairs that may be one person, without looking at all pairs.

Each of several keys makes blocks of people; whoever shares a block is a candidate. A block that is too large is cut by
further keys, each on its own. Candidates that share too little besides are dropped before anything is compared.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.records.identity.people import Hashes, People

KEYS: tuple[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], ...] = (
    (("social",), (("date",), ("surname_sound",))),
    (("phone_tail",), (("given_sound",), ("date",))),
    (("date",), (("given_sound",), ("surname_sound",), ("postcode",), ("suburb_sound",), ("phone_tail",))),
    (("social_head",), (("year",), ("surname_sound",), ("given_sound",), ("day",))),
    (("social_tail",), (("year",), ("surname_sound",), ("given_sound",), ("day",))),
    (("names",), (("year",), ("day",), ("postcode",), ("suburb_sound",), ("street_sound",), ("surname", "given"))),
    (("surname_sound", "year"), (("day",), ("given_letter",), ("postcode",), ("suburb_sound",))),
    (("surname_sound", "day"), (("given_letter",), ("postcode",), ("suburb_sound",))),
    (("given_sound", "year"), (("day",), ("postcode",), ("suburb_sound",), ("street_sound",))),
    (("given_sound", "day"), (("postcode",), ("suburb_sound",), ("street_sound",))),
    (("surname_end", "day"), (("year",),)),
    (("surname_sound", "postcode"), (("given_letter",), ("street_sound",), ("year",))),
    (("given_sound", "postcode"), (("street_sound",), ("number",))),
    (("given_sound", "suburb_sound"), (("street_sound",), ("number",))),
    (("street_sound", "number"), (("postcode",), ("suburb_sound",), ("given_sound",), ("surname_sound",))),
    (("street_sound", "postcode"), (("given_letter",), ("surname_sound",))),
    (("unit", "suburb_sound"), (("given_letter",), ("surname_sound",))),
    (("surname_sound", "street_sound"), (("given_letter",), ("number",))),
    (("given_sound", "street_sound"), (("number",), ("year",))),
)
"""Keys, each with the further ones that cut its blocks when they are too large."""
LARGEST = 40
"""People in a block that is not cut; what was cut may be ten times as large, and is not looked at beyond."""
_HINTS: tuple[tuple[str, ...], ...] = (
    ("given_sound",), ("surname_sound",), ("year",), ("day",), ("date",), ("social",), ("social_head",),
    ("social_tail",), ("phone_tail",), ("phone_tail",), ("postcode", "suburb_sound"), ("street_sound",), ("number",),
    ("unit",),
)  # fmt: skip
"""What is shared counts one each, also where either of two agrees; a whole date counts three times, a phone twice."""
_FEWEST_HINTS, _FEWEST_IN_SMALL = 3, 2
_SMALL = 20_000
_CHUNK = 1 << 21


def key_of(people: People, names: tuple[str, ...]) -> Hashes:
    """One hash of several; 0 where any of them is missing."""
    if names == ("names",):
        return _either_order(people)
    key = people.keys[names[0]]
    for name in names[1:]:
        key = mixed(key, people.keys[name])
    return key


def mixed(one: Hashes, other: Hashes) -> Hashes:
    """One hash of two; 0 where either is missing."""
    with np.errstate(over="ignore"):
        both = (one * np.uint64(0x9E3779B97F4A7C15)) ^ ((other >> np.uint64(7)) * np.uint64(0xC2B2AE3D27D4EB4F))
    return np.where((one == 0) | (other == 0), np.uint64(0), both | np.uint64(1))


def _either_order(people: People) -> Hashes:
    """Given name and surname, whichever stands first."""
    given, surname = people.keys["given_sound"], people.keys["surname_sound"]
    return mixed(np.minimum(given, surname), np.maximum(given, surname))


def hinted(left: People, right: People, first: Ints, second: Ints) -> Flags:
    """Which candidates share enough to be compared."""
    hints = np.zeros(len(first), np.uint8)
    both = left.known & right.known
    able = 0
    for names in _HINTS:
        if both.isdisjoint(names):
            continue
        able += 1
        shared = np.zeros(len(first), bool)
        for name in names:
            mine = left.keys[name][first]
            shared |= (mine == right.keys[name][second]) & (mine != 0)
        hints += shared
    crossed = left.keys["given_sound"][first]
    hints += (crossed == right.keys["surname_sound"][second]) & (crossed != 0)
    fewest = _FEWEST_HINTS if len(right) > _SMALL else _FEWEST_IN_SMALL
    return hints >= min(fewest, able - 1)


def candidates(people: People, split: int | None = None) -> tuple[Ints, Ints]:
    """Pairs that may be one person, each once.

    Parameters
    ----------
    people : People
        Everybody.
    split : int or None
        Where the second of two tables begins: only pairs across are looked for. None: one table.

    Returns
    -------
    int arrays, shape (pairs,)
        Rows of the two, the smaller one first, in order.
    """
    count = np.int64(len(people))
    found: list[Ints] = []
    for names, further in KEYS:
        for first, second in _pairs(people, names, further, split):
            kept = hinted(people, people, first, second)
            found.append(first[kept] * count + second[kept])
    codes = np.sort(np.concatenate([np.empty(0, np.int64), *found]))
    codes = codes[np.diff(codes, prepend=-1) > 0]
    return (codes // count, codes % count) if len(codes) else (codes, codes.copy())


def _pairs(
    people: People, names: tuple[str, ...], further: tuple[tuple[str, ...], ...], split: int | None
) -> Iterator[tuple[Ints, Ints]]:
    key = key_of(people, names)
    rows = np.flatnonzero(key)
    small, large = _by_size(key, rows, LARGEST)
    yield from _within(key, small, split)
    for more in further if len(large) else ():
        cut = mixed(key, key_of(people, more))
        fitting, _ = _by_size(cut, large[cut[large] != 0], 10 * LARGEST)
        yield from _within(cut, fitting, split)


def _by_size(key: Hashes, rows: Ints, largest: int) -> tuple[Ints, Ints]:
    """Rows in order of the key, of blocks of two or more: those not too large, and the others."""
    rows = rows[np.argsort(key[rows], kind="stable")]
    if not len(rows):
        return rows, rows
    size = _sizes(key[rows])
    size = np.repeat(size, size)
    return rows[(size > 1) & (size <= largest)], rows[size > largest]


def _sizes(ordered: Hashes) -> Ints:
    """How long each run of equal values is."""
    begins = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    sizes: Ints = np.diff(begins, append=len(ordered))
    return sizes


def _within(key: Hashes, rows: Ints, split: int | None) -> Iterator[tuple[Ints, Ints]]:
    """All pairs of blocks; rows stand in order of the key, and ascend within a block."""
    if not len(rows):
        return
    size = _sizes(key[rows])
    end = np.repeat(np.cumsum(size), size)
    place = np.arange(len(rows))
    partners = end - place - 1
    if split is not None:
        block = np.repeat(np.arange(len(size)), size)
        left = np.bincount(block, rows < split).astype(np.int64)
        second_begins = (np.cumsum(size) - size + left)[block]
        partners = np.where(rows < split, end - second_begins, 0)
        begin = second_begins
    else:
        begin = place + 1
    total = np.cumsum(partners)
    if not total[-1]:
        return
    cuts = np.searchsorted(total, np.arange(_CHUNK, int(total[-1]) + _CHUNK, _CHUNK), side="left") + 1
    for low, high in zip(np.concatenate([[0], cuts[:-1]]), cuts, strict=True):
        times = partners[low:high]
        if times.sum():
            offset = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
            yield np.repeat(rows[low:high], times), rows[np.repeat(begin[low:high], times) + offset]
