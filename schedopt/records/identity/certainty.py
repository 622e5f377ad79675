"""Which pairs are sure: may be merged without anybody looking."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from schedopt.arrays import Flags, Floats, Ints
from schedopt.records.identity.compare import Levels, Pairs
from schedopt.records.identity.levels import AT, level

SURE_FROM = 0.999
"""The least probability of a sure pair."""
_AGREES = {
    "given_name": ("exact",),
    "surname": ("exact", "part", "close"),
    "date_of_birth": ("exact",),
    "soc_sec_id": ("exact",),
}
"""What has to agree: an identifier, and each of the demographics. A given name that is merely close, or
familiar, may be the other twin's, whose number was written down for both."""
_MAY_NOT = {"sex": ("different",), "suffix": ("one", "different")}


def _at(levels: Levels, field: str, names: tuple[str, ...]) -> Flags:
    return np.isin(levels[:, AT[field]], [level(field, name) for name in names])


def agreeing(pairs: Pairs, levels: Levels, probability: Floats) -> Flags:
    """Pairs whose social security number, given name, surname and birth date agree, with nothing that speaks against.

    Never sure are newborns without a name, one of a pair with a suffix (Jr, Sr) that the other has not, different
    sexes, and all for whom no number is known.
    """
    sure = probability >= SURE_FROM
    for field, names in _AGREES.items():
        sure &= _at(levels, field, names)
    for field, names in _MAY_NOT.items():
        sure &= ~_at(levels, field, names)
    return sure & ~pairs.left.newborn[pairs.first] & ~pairs.right.newborn[pairs.second]


def undisputed(first: Ints, second: Ints, sure: Flags, reported: Flags) -> Flags:
    """Sure pairs all of whose group are sure with each other.

    If somebody is sure to be two people who are not sure to be one, nobody knows which of the three is wrong.

    Parameters
    ----------
    first, second : int array, shape (pairs,)
        Numbers of people, counted through where there are two tables.
    sure, reported : bool array, shape (pairs,)
        Sure by themselves, and reported at all.
    """
    rows = np.flatnonzero(sure & reported)
    if not len(rows):
        return sure & reported
    names, ends = np.unique(np.concatenate([first[rows], second[rows]]), return_inverse=True)
    group = groups(ends[: len(rows)], ends[len(rows) :], len(names))
    people = np.bincount(group, minlength=len(names))
    inside = np.bincount(group[ends[: len(rows)]], minlength=len(names))
    whole = inside == people * (people - 1) // 2
    found = np.zeros(len(sure), bool)
    found[rows] = whole[group[ends[: len(rows)]]]
    return found


def groups(first: Ints, second: Ints, size: int) -> Ints:
    """A number for each person, the same for those whom pairs connect."""
    graph = coo_array((np.ones(len(first), np.int8), (first, second)), shape=(size, size))
    labels: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels
