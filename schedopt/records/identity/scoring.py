"""How likely it is that two records are one person's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.records.identity.compare import Levels, Pairs
from schedopt.records.identity.levels import FIELDS
from schedopt.records.identity.model import KINDS, Model, table_of
from schedopt.records.identity.people import People

_ONE_PERSON = 2
"""The first kinds are one person."""


@dataclass(frozen=True, repr=False)
class Counts:
    """How often each person's values occur in a table.

    Attributes
    ----------
    people : int
        People in the table.
    of : mapping of str to int array, shape (people,)
        For each text whose frequency matters: in how many records the person's own value stands.
    """

    people: int
    of: Mapping[str, Ints]


def count(people: People) -> Counts:
    """Count values."""
    found: dict[str, Ints] = {}
    for field in FIELDS:
        if field.by_frequency:
            _, where, counts = np.unique(people.keys[field.by_frequency], return_inverse=True, return_counts=True)
            found[field.by_frequency] = counts[where]
    return Counts(len(people), found)


def rarity(pairs: Pairs, levels: Levels, counts: Counts, model: Model) -> Floats:
    """By how much more or less two others agree by chance than they do on average, as they agree on a certain value.

    A value that stands in c of n records has the frequency c / (n + 1 / u), where u is how often two others agree: in a
    small table, nothing is known but u; in a large one, c / n is.

    Returns
    -------
    float array, shape (pairs, fields)
        Logarithms; 0 where the field does not agree exactly.
    """
    found = np.zeros(levels.shape)
    for place, field in enumerate(FIELDS):
        if not field.by_frequency:
            continue
        exact = np.array(field.exact)
        chance = float(np.exp(model.logs(field.name)[-1][exact]).sum())
        rows = np.flatnonzero(np.isin(levels[:, place], exact))
        occurs = counts.of[field.by_frequency][pairs.second[rows]]
        found[rows, place] = np.log(np.maximum(occurs, 1) / (counts.people + 1 / chance) / chance)
    return found


def likelihoods(levels: Levels, rare: Floats, model: Model) -> Floats:
    """How likely each kind of pair is to agree as these pairs do.

    Returns
    -------
    float array, shape (kinds, pairs)
        Logarithms, in the order of ``KINDS``.
    """
    found = np.zeros((len(KINDS), len(levels)))
    for place, field in enumerate(FIELDS):
        if levels[:, place].any():
            found += model.logs(field.name)[:, levels[:, place]]
            by_chance = [number for number, kind in enumerate(KINDS) if table_of(kind, field.name) == "other"]
            found[by_chance] += rare[:, place]
    return found


def posteriors(likely: Floats, shares: Floats) -> Floats:
    """The probability of each kind, shape (kinds, pairs), from likelihoods and the share of each kind."""
    with np.errstate(divide="ignore"):
        joint = likely + np.log(shares)[:, None]
    joint = np.exp(joint - joint.max(axis=0, initial=-np.inf)) if joint.size else joint
    found: Floats = joint / joint.sum(axis=0)
    return found


def probability(kinds: Floats) -> Floats:
    """The probability that two records are one person's."""
    found: Floats = kinds[:_ONE_PERSON].sum(axis=0)
    return found


def weights(likely: Floats, shares: Floats) -> Floats:
    """Bits for or against one person: the binary logarithm of the likelihood ratio."""
    if not likely.size:
        return np.zeros(likely.shape[1])
    with np.errstate(divide="ignore"):
        one = np.log(shares[:_ONE_PERSON] / shares[:_ONE_PERSON].sum())[:, None] + likely[:_ONE_PERSON]
        two = np.log(shares[_ONE_PERSON:] / shares[_ONE_PERSON:].sum())[:, None] + likely[_ONE_PERSON:]
    found: Floats = (np.logaddexp(*one) - np.logaddexp(*two)) / np.log(2.0)
    return found
