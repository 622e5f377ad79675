"""Learn a model from a table of people, without being told who is who.

All pairs are a mixture of four kinds (``KINDS``), within each of which fields agree independently. How two others agree
is counted among random pairs; how one person's records agree, and how many there are, follows by expectation and
maximisation from the candidates. Pairs that are no candidates are taken for two others'. What a table says little about
stays near the default: it counts as so many pairs seen before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from schedopt.arrays import Floats
from schedopt.records.identity.compare import Levels, Pairs, compare
from schedopt.records.identity.levels import AT, FIELDS
from schedopt.records.identity.model import KINDS, OWN_TABLES, Model, Table, table_of
from schedopt.records.identity.people import People
from schedopt.records.identity.scoring import Counts, likelihoods, posteriors, rarity

RANDOM_PAIRS = 200_000
_SEEN_BEFORE: Mapping[str, float] = {"same": 30.0, "moved": 100.0, "relative": 1000.0, "other": 300.0}
"""As how many pairs the default counts."""
_LEARNED_OF_RELATIVES = ("phone",)
"""The rest of what relatives agree in is believed, not learned: father and son of one name, and twins, are easily taken
for one person with a fault, and the other way round. How many relatives there are is learned from all the others."""
_AT_MOST: Mapping[tuple[str, str], float] = {("given_name", "different"): 0.04, ("date_of_birth", "different"): 0.06}
"""Brothers and sisters differ in no more than given name and birth date, twins in the given name alone: nothing but
belief tells them from one person's records with that fault."""
_LEAST, _COUNTABLE, _WELL_COUNTED = 1e-9, 2e-5, 1e-3
_ROUNDS, _RATE_ROUNDS = 40, 12
_SETTLED = 1e-4
_MAY_BE = 1e-4
_DUPLICATES_BEFORE, _RELATIVES_LEAST, _APART_LEAST = 1.0, 0.01, 0.001


@dataclass(frozen=True, repr=False)
class Evidence:
    """What is learned from.

    Attributes
    ----------
    pairs : Pairs
        Candidates.
    levels : uint8 array, shape (pairs, fields)
        How they agree.
    counts : Counts
        How often values occur.
    people, all_pairs : int
        People in the smaller table, and pairs that there are.
    """

    pairs: Pairs
    levels: Levels
    counts: Counts
    people: int
    all_pairs: int


def random_pairs(people: People, split: int | None, rng: np.random.Generator) -> Pairs:
    """Pairs of two people, drawn with replacement; across two tables where there are two."""
    size = len(people)
    if split is None:
        drawn = min(RANDOM_PAIRS, size * (size - 1) // 2)
        first = rng.integers(0, size, drawn)
        second = (first + rng.integers(1, max(size, 2), drawn)) % size
    else:
        drawn = min(RANDOM_PAIRS, split * (size - split))
        first, second = rng.integers(0, split, drawn), rng.integers(split, size, drawn)
    return Pairs(people, people, np.minimum(first, second), np.maximum(first, second))


def learn(evidence: Evidence, sample: Pairs, start: Model) -> Model:
    """Fit a model.

    Parameters
    ----------
    evidence : Evidence
        Candidates.
    sample : Pairs
        Random pairs.
    start : Model
        Where to begin, and what counts as seen before.
    """
    patterns, counted = np.unique(compare(sample), axis=0, return_counts=True)
    times = counted.astype(np.float64)
    evidence = _likely(evidence, start)
    model = _with_others(start, start, patterns, times)
    before = -np.inf
    for _ in range(_ROUNDS):
        rare = rarity(evidence.pairs, evidence.levels, evidence.counts, model)
        likely = likelihoods(evidence.levels, rare, model)
        shares = model.shares(evidence.people, evidence.all_pairs)
        kinds = posteriors(likely, shares)
        model = _with_same(model, start, evidence, kinds)
        model = _with_others(model, start, patterns, times, shares)
        now = _total(likely, shares)
        if abs(now - before) < _SETTLED * len(evidence.levels) ** 0.5:
            break
        before = now
    return model


def _likely(evidence: Evidence, model: Model) -> Evidence:
    """The candidates that may be anything but two others; the rest would teach nothing."""
    rare = rarity(evidence.pairs, evidence.levels, evidence.counts, model)
    kinds = posteriors(likelihoods(evidence.levels, rare, model), model.shares(evidence.people, evidence.all_pairs))
    kept = kinds[KINDS.index("other")] < 1 - _MAY_BE
    return replace(evidence, pairs=evidence.pairs.some(kept), levels=evidence.levels[kept])


def with_rates(model: Model, evidence: Evidence, likely: Floats) -> Model:
    """The model with the rates of these people: how many duplicates and relatives there are, and how many moved."""
    for _ in range(_RATE_ROUNDS):
        kinds = posteriors(likely, model.shares(evidence.people, evidence.all_pairs))
        model = _rates(model, evidence.people, kinds)
    return model


def _total(likely: Floats, shares: Floats) -> float:
    with np.errstate(divide="ignore"):
        return float(np.logaddexp.reduce(likely + np.log(shares)[:, None], axis=0).sum())


def _rates(model: Model, people: int, kinds: Floats) -> Model:
    same, moved, relative, apart, _ = kinds.sum(axis=1).tolist()
    ours = same + moved + _DUPLICATES_BEFORE
    return replace(
        model,
        duplicates=max(ours / max(people, 1), 1e-6),
        moved=float(np.clip((moved + model.moved * _DUPLICATES_BEFORE) / ours, 1e-3, 0.9)),
        relatives=max(relative / max(people, 1), _RELATIVES_LEAST),
        apart=max(apart / max(people, 1), _APART_LEAST),
    )


def _counted(column: Levels, number: int, weights: Floats) -> Floats:
    """The weight of each level from 1 on."""
    found: Floats = np.bincount(column, weights, number)[1:number].astype(np.float64)
    return found


def _bounded(field: str, kind: str, found: tuple[float, ...]) -> tuple[float, ...]:
    """Levels that a family has too are kept within what is believed of one person's records and of relatives'."""
    names = FIELDS[AT[field]].levels[1:]
    values = np.array(found)
    for (which, name), bound in _AT_MOST.items():
        if kind == "same" and which == field:
            values[names.index(name)] = min(values[names.index(name)], bound)
    return tuple((values / values.sum()).tolist())


def _mixed(before: tuple[float, ...], strength: float, counted: Floats) -> tuple[float, ...]:
    mixed = (np.array(before) * strength + counted) / (strength + counted.sum())
    mixed = np.maximum(mixed, _LEAST)
    return tuple((mixed / mixed.sum()).tolist())


def _not_too_rare(found: tuple[float, ...], before: tuple[float, ...]) -> tuple[float, ...]:
    """What random pairs are too few to count, such as numbers that are nearly equal, is not rarer than believed.

    What they are hardly enough for, such as equal birth dates, is not much rarer. Else a few pairs of others would be
    taken for one person's, and be missing here, for ever.
    """
    values, known = np.array(found), np.array(before)
    least = np.where(known < _COUNTABLE, known, np.where(known < _WELL_COUNTED, known / 4, 0.0))
    values = np.maximum(values, least)
    return tuple((values / values.sum()).tolist())


def _with_same(model: Model, start: Model, evidence: Evidence, kinds: Floats) -> Model:
    """Probabilities of one person's pairs, and all rates."""
    weight = dict(zip(KINDS, kinds, strict=True))
    tables: dict[str, Mapping[str, tuple[float, ...]]] = dict(model.tables)
    for kind in ("same", "moved", "relative"):
        rows = {}
        for place, field in enumerate(FIELDS):
            if field.name not in OWN_TABLES[kind]:
                continue
            if kind == "relative" and field.name not in _LEARNED_OF_RELATIVES:
                rows[field.name] = start.tables[kind][field.name]
            else:
                own = sum(
                    (weight[other] for other in KINDS if table_of(other, field.name) == kind),
                    start=np.zeros(len(evidence.levels)),
                )
                counted = _counted(evidence.levels[:, place], len(field.levels), own)
                before = start.tables[kind][field.name]
                mixed = _mixed(before, _SEEN_BEFORE[kind], counted)
                rows[field.name] = _bounded(field.name, kind, mixed)
        tables[kind] = rows
    return _rates(replace(model, tables=tables), evidence.people, kinds)


def _with_others(model: Model, start: Model, patterns: Levels, times: Floats, shares: Floats | None = None) -> Model:
    """Probabilities of two others, from random pairs without those that are likely one person's."""
    alone: Floats = np.ones(len(patterns))
    if shares is not None:
        alone = posteriors(likelihoods(patterns, np.zeros(patterns.shape), model), shares)[KINDS.index("other")]
    rows = {}
    for place, field in enumerate(FIELDS):
        counted = _counted(patterns[:, place], len(field.levels), alone * times)
        before = start.tables["other"][field.name]
        rows[field.name] = _not_too_rare(_mixed(before, _SEEN_BEFORE["other"], counted), before)
    tables: Table = {**model.tables, "other": rows}
    return replace(model, tables=tables)
