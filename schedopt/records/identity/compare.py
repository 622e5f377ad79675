"""Compare pairs of people field by field."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from schedopt.arrays import Flags, Ints
from schedopt.records.identity.levels import AT, FIELDS, level
from schedopt.records.identity.people import People, Texts

Levels = NDArray[np.uint8]
_CLOSE, _SIMILAR = 0.92, 0.82
"""Jaro–Winkler similarity from which two words are taken for one mistyped, and for perhaps so."""
_DISTANT = 0.7
"""Below this similarity the edits are not counted: more than one apart, unless short, which ``_SHORT`` sees to."""


@dataclass(frozen=True, repr=False)
class Pairs:
    """Pairs of people: somebody of one table and somebody of another, or of the same.

    Attributes
    ----------
    left, right : People
        The tables.
    first, second : int array, shape (pairs,)
        Rows of them.
    """

    left: People
    right: People
    first: Ints
    second: Ints

    def __len__(self) -> int:
        return len(self.first)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} pairs)"

    def some(self, which: Flags | Ints) -> Pairs:
        """Some of the pairs."""
        return Pairs(self.left, self.right, self.first[which], self.second[which])

    def texts(self, name: str, other: str = "") -> tuple[Texts, Texts]:
        """What the two have written in a field, or one in this field and the other in another."""
        return self.left.text[name][self.first], self.right.text[other or name][self.second]

    def same(self, name: str, other: str = "") -> Flags:
        """Where both are known and equal."""
        mine = self.left.keys[name][self.first]
        found: Flags = (mine == self.right.keys[other or name][self.second]) & (mine != 0)
        return found

    def known(self, name: str, other: str = "") -> Flags:
        """Where both are known."""
        theirs = self.right.keys[other or name][self.second]
        found: Flags = (self.left.keys[name][self.first] != 0) & (theirs != 0)
        return found


def compare(pairs: Pairs) -> Levels:
    """The level of each field.

    Parameters
    ----------
    pairs : Pairs
        Whom to compare.

    Returns
    -------
    uint8 array, shape (pairs, fields)
        Levels in the order of ``FIELDS``; the same whichever of the two stands on the left.
    """
    levels = np.zeros((len(pairs), len(FIELDS)), np.uint8)
    given, surname = _names(pairs)
    columns = {
        "given_name": given,
        "surname": surname,
        "date_of_birth": _dates(pairs),
        "soc_sec_id": _numbers(pairs, "social", "soc_sec_id", similar=True),
        "phone": _numbers(pairs, "phone", "phone"),
        "sex": _plain(pairs, "sex"),
        "suffix": _suffixes(pairs),
        "street_number": _house(pairs),
    }
    columns["address_1"], columns["address_2"] = _streets(pairs)
    columns["locality"], columns["state"] = _localities(pairs)
    for name, column in columns.items():
        levels[:, AT[name]] = column
    return levels


def likeness(mine: Texts, theirs: Texts) -> tuple[Flags, Flags]:
    """Where two words are close: one mistyped, and where they are similar or close; symmetrical."""
    if not len(mine):
        return np.zeros(0, bool), np.zeros(0, bool)
    alike = process.cpdist(mine, theirs, scorer=JaroWinkler.similarity, dtype=np.float32)
    close, similar = alike >= _CLOSE, alike >= _SIMILAR
    open_ = np.flatnonzero(~close & (alike >= _DISTANT))
    if len(open_):
        edits = process.cpdist(mine[open_], theirs[open_], scorer=OSA.distance, dtype=np.uint8)
        shorter = np.array([min(len(a), len(b)) for a, b in zip(mine[open_], theirs[open_], strict=True)])
        close[open_] |= (edits <= 1) & (shorter >= 3)
        similar[open_] |= (edits <= 2) & (shorter >= 5)
    return close, similar | close


def _graded(pairs: Pairs, name: str, kind: str, out: Levels) -> None:
    """Set exact, close, similar and different."""
    out[pairs.known(name)] = level(kind, "different")
    same = pairs.same(name)
    rest = np.flatnonzero((out > 0) & ~same)
    close, similar = likeness(*pairs.some(rest).texts(name))
    out[rest[similar]] = level(kind, "similar")
    out[rest[close]] = level(kind, "close")
    out[same] = level(kind, "exact")


def _names(pairs: Pairs) -> tuple[Levels, Levels]:
    given, surname = np.zeros(len(pairs), np.uint8), np.zeros(len(pairs), np.uint8)
    _graded(pairs, "given", "given_name", given)
    _graded(pairs, "surname", "surname", surname)
    _initials(pairs, given)
    _parts(pairs, "given", given, level("given_name", "nickname"), level("given_name", "close"))
    _parts(pairs, "surname", surname, level("surname", "part"), level("surname", "similar"))
    rest = np.flatnonzero(given > level("given_name", "exact"))
    rest = rest[~_both_double(pairs.some(rest), "given")]
    mine, theirs = pairs.left.nicknames[pairs.first[rest]], pairs.right.nicknames[pairs.second[rest]]
    shared = ((mine[:, :, None] == theirs[:, None, :]) & (mine[:, :, None] >= 0)).any(axis=(1, 2))
    given[rest[shared]] = level("given_name", "nickname")
    _crossed(pairs, given, surname)
    return given, surname


def _initials(pairs: Pairs, given: Levels) -> None:
    """Where one of the given names is the other's first letter, or its beginning: "J", "Jo" and "Joanne"."""
    rest = np.flatnonzero((given > level("given_name", "close")) & pairs.same("given_letter"))
    mine, theirs = pairs.some(rest).texts("given")
    begins = [a.startswith(b) or b.startswith(a) for a, b in zip(mine, theirs, strict=True)]
    short = [min(len(a), len(b)) <= 3 for a, b in zip(mine, theirs, strict=True)]
    given[rest[np.array(begins, bool) & np.array(short, bool)]] = level("given_name", "initial")


def _parts(pairs: Pairs, name: str, out: Levels, equal: int, close: int) -> None:
    """Where one's name is a part of the other's double name; of two double names, all parts have to agree."""
    first, last = f"{name}_first", f"{name}_last"
    double = (pairs.left.keys[last][pairs.first] != 0) | (pairs.right.keys[last][pairs.second] != 0)
    rest = np.flatnonzero(double & (out > equal))
    both = _both_double(pairs.some(rest), name)
    turned = pairs.some(rest).same(first, last) & pairs.some(rest).same(last, first)
    out[rest[both & turned]] = equal
    rest = rest[~both]
    some = pairs.some(rest)
    for mine, theirs in ((first, first), (first, last), (last, first), (last, last)):
        near, _ = likeness(*some.texts(mine, theirs))
        near &= some.known(mine, theirs)
        out[rest[near]] = np.where(out[rest[near]] == equal, equal, np.minimum(out[rest[near]], close))
        out[rest[some.same(mine, theirs)]] = equal


def _both_double(pairs: Pairs, name: str) -> Flags:
    """Where both have a double name."""
    return pairs.known(f"{name}_last")


def _crossed(pairs: Pairs, given: Levels, surname: Levels) -> None:
    """Where one's given name is the other's surname: both ways, or one way and nothing against it.

    The surname's level then says it all, and the given name's is missing.
    """
    far = ~np.isin(given, (1, 2, 3)) & ~np.isin(surname, (1, 2, 3))
    hint = pairs.same("given_sound", "surname_sound") | pairs.same("surname_sound", "given_sound")
    hint |= pairs.same("given_first", "surname_last") | pairs.same("surname_last", "given_first")
    rest = np.flatnonzero(far & hint)
    some = pairs.some(rest)
    there, back = _across(some, "given", "surname"), _across(some, "surname", "given")
    half = (there & ~some.known("surname", "given")) | (back & ~some.known("given", "surname"))
    for which, name in ((there & back, "swapped"), (half, "crossed")):
        surname[rest[which]] = level("surname", name)
        given[rest[which]] = 0


def _across(pairs: Pairs, one: str, other: str) -> Flags:
    """Where one's name of one kind is the other's of the other kind, or a part of it."""
    found = likeness(*pairs.texts(one, other))[0] & pairs.known(one, other)
    for mine, theirs in (("first", "first"), ("first", "last"), ("last", "first")):
        found |= pairs.same(f"{one}_{mine}", f"{other}_{theirs}")
    return found


def _digits(texts: Texts) -> NDArray[np.uint8]:
    """Dates as rows of eight characters."""
    return np.frombuffer("".join(texts).encode("ascii"), np.uint8).reshape(len(texts), 8)


def _dates(pairs: Pairs) -> Levels:
    out = np.zeros(len(pairs), np.uint8)
    known = np.flatnonzero(pairs.known("birth"))
    out[known] = level("date_of_birth", "different")
    mine, theirs = (_digits(texts) for texts in pairs.some(known).texts("birth"))
    differ = mine != theirs
    count = differ.sum(axis=1)
    year, month, day = (~differ[:, part].any(axis=1) for part in (slice(0, 4), slice(4, 6), slice(6, 8)))
    turned = (mine[:, :-1] == theirs[:, 1:]) & (mine[:, 1:] == theirs[:, :-1]) & differ[:, :-1] & differ[:, 1:]
    near = (count == 1) | ((count == 2) & turned.any(axis=1))
    swapped = year & (mine[:, 4:6] == theirs[:, 6:8]).all(axis=1) & (mine[:, 6:8] == theirs[:, 4:6]).all(axis=1)
    out[known[(year.astype(int) + month + day) == 2]] = level("date_of_birth", "parts")
    out[known[near]] = level("date_of_birth", "near")
    out[known[swapped]] = level("date_of_birth", "swapped")
    out[known[count == 0]] = level("date_of_birth", "exact")
    return out


def _numbers(pairs: Pairs, name: str, kind: str, *, similar: bool = False) -> Levels:
    """Equal, one edit apart, two edits apart, different."""
    out = np.zeros(len(pairs), np.uint8)
    known, same = pairs.known(name), pairs.same(name)
    out[known] = level(kind, "different")
    rest = np.flatnonzero(known & ~same)
    if len(rest):
        mine, theirs = pairs.some(rest).texts(name)
        edits = process.cpdist(mine, theirs, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
        if similar:
            out[rest[edits == 2]] = level(kind, "similar")
        out[rest[edits <= 1]] = level(kind, "close")
    out[same] = level(kind, "exact")
    return out


def _plain(pairs: Pairs, name: str) -> Levels:
    out = np.zeros(len(pairs), np.uint8)
    out[pairs.known(name)] = level(name, "different")
    out[pairs.same(name)] = level(name, "same")
    return out


def _suffixes(pairs: Pairs) -> Levels:
    out = _plain(pairs, "suffix")
    mine, theirs = pairs.left.keys["suffix"][pairs.first] != 0, pairs.right.keys["suffix"][pairs.second] != 0
    out[mine != theirs] = level("suffix", "one")
    return out


def _house(pairs: Pairs) -> Levels:
    """House numbers; close are one edit apart, and "12" and "12a"."""
    out = _numbers(pairs, "number", "street_number")
    rest = np.flatnonzero(out == level("street_number", "close"))
    mine, theirs = pairs.some(rest).texts("number")
    single = [len(a) == len(b) == 1 for a, b in zip(mine, theirs, strict=True)]
    out[rest[np.array(single, bool)]] = level("street_number", "different")
    return out


def _streets(pairs: Pairs) -> tuple[Levels, Levels]:
    """The two lines of an address, in either order."""
    street, unit = np.zeros(len(pairs), np.uint8), np.zeros(len(pairs), np.uint8)
    _graded(pairs, "street", "address_1", street)
    unit[pairs.known("unit")] = level("address_2", "different")
    rest = np.flatnonzero((unit > 0) & ~pairs.same("unit"))
    close, _ = likeness(*pairs.some(rest).texts("unit"))
    unit[rest[close]] = level("address_2", "close")
    unit[pairs.same("unit")] = level("address_2", "exact")
    mine, theirs = pairs.left.keys, pairs.right.keys
    hint = np.zeros(len(pairs), bool)
    for one, other in (("street_sound", "unit_sound"), ("unit_sound", "street_sound")):
        hint |= (mine[one][pairs.first] == theirs[other][pairs.second]) & (mine[one][pairs.first] != 0)
    rest = np.flatnonzero(hint & ~np.isin(street, (1, 2)) & ~np.isin(unit, (1, 2)))
    some = pairs.some(rest)
    for one, other in (("street", "unit"), ("unit", "street")):
        near = likeness(*some.texts(one, other))[0] & some.known(one, other)
        street[rest[near]] = level("address_1", "close")
        unit[rest[near]] = 0
    return street, unit


def _localities(pairs: Pairs) -> tuple[Levels, Levels]:
    """Suburb and postcode together; the state where neither agrees, as it follows from them."""
    suburb, code = np.zeros(len(pairs), np.uint8), np.zeros(len(pairs), np.uint8)
    suburb[pairs.known("suburb")] = 3
    rest = np.flatnonzero((suburb > 0) & ~pairs.same("suburb"))
    close, _ = likeness(*pairs.some(rest).texts("suburb"))
    suburb[rest[close]] = 2
    suburb[pairs.same("suburb")] = 1
    code[:] = _numbers(pairs, "postcode", "phone")
    state = _plain(pairs, "state")
    state[(suburb == 1) | (code == 1)] = 0
    return 4 * suburb + code, state
