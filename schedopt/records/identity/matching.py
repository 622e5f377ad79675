"""One-to-one links between two tables in which nobody stands twice."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from schedopt.arrays import Flags, Floats, Ints
from schedopt.records.identity.certainty import groups
from schedopt.records.identity.compare import Pairs

_LIKELY = 0.99
_MOST_DOUBLE = 0.02
_CONSIDERED = 0.01
_LARGEST = 2_000


def is_clean(pairs: Pairs, probability: Floats) -> bool:
    """Whether hardly anybody has two likely partners: at most 2 % of those who have one."""
    likely = probability >= _LIKELY
    for side in (pairs.first[likely], pairs.second[likely]):
        _, partners = np.unique(side, return_counts=True)
        if len(partners) and (partners > 1).mean() > _MOST_DOUBLE:
            return False
    return True


def best_for_each(pairs: Pairs, weight: Floats, probability: Floats) -> Flags:
    """Pairs such that nobody is in two, and the sum of log odds is greatest."""
    chosen = np.zeros(len(pairs), bool)
    rows = np.flatnonzero(probability >= _CONSIDERED)
    first, second = pairs.first[rows], pairs.second[rows]
    alone = (_occurs(first) == 1) & (_occurs(second) == 1)
    chosen[rows[alone]] = True
    rows = rows[~alone]
    if len(rows):
        group = groups(pairs.first[rows], pairs.second[rows], int(pairs.second.max()) + 1)[pairs.first[rows]]
        rows = rows[np.argsort(group, kind="stable")]
        cuts = np.flatnonzero(np.diff(np.sort(group))) + 1
        for part in np.split(rows, cuts):
            chosen[_assigned(part, pairs, weight)] = True
    return chosen


def _occurs(values: Ints) -> Ints:
    _, where, times = np.unique(values, return_inverse=True, return_counts=True)
    found: Ints = times[where]
    return found


def _assigned(rows: Ints, pairs: Pairs, weight: Floats) -> Ints:
    """The best assignment among connected pairs; greedy in a group too large for that."""
    left, at_left = np.unique(pairs.first[rows], return_inverse=True)
    right, at_right = np.unique(pairs.second[rows], return_inverse=True)
    if len(left) * len(right) > _LARGEST**2:
        return _greedy(rows, pairs, weight)
    gains = np.zeros((len(left), len(right)))
    gains[at_left, at_right] = weight[rows] - weight[rows].min() + 1.0
    chosen = set(zip(*linear_sum_assignment(gains, maximize=True), strict=True))
    taken = [(a, b) in chosen for a, b in zip(at_left, at_right, strict=True)]
    best: Ints = rows[np.array(taken, bool)]
    return best


def _greedy(rows: Ints, pairs: Pairs, weight: Floats) -> Ints:
    used_left, used_right, chosen = set(), set(), []
    for row in rows[np.argsort(-weight[rows], kind="stable")]:
        if pairs.first[row] not in used_left and pairs.second[row] not in used_right:
            used_left.add(pairs.first[row])
            used_right.add(pairs.second[row])
            chosen.append(row)
    return np.array(chosen, np.int64)
