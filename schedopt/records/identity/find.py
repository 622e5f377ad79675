"""Find duplicates in one table and links between two; learn how they agree."""

from __future__ import annotations

import numpy as np
import pandas as pd

from schedopt.records.identity.blocking import candidates
from schedopt.records.identity.compare import Pairs, compare
from schedopt.records.identity.matching import best_for_each, is_clean
from schedopt.records.identity.model import Model, default_model
from schedopt.records.identity.people import People, read_people
from schedopt.records.identity.reporting import Scored, report
from schedopt.records.identity.scoring import count, likelihoods, posteriors, probability, rarity, weights
from schedopt.records.identity.training import Evidence, learn, random_pairs, with_rates


def train(
    people: pd.DataFrame,
    other: pd.DataFrame | None = None,
    *,
    rng: np.random.Generator | None = None,
    start: Model | None = None,
) -> Model:
    """Learn a model from one table with duplicates or from two tables, without being told who is who.

    Parameters
    ----------
    people : pandas.DataFrame
        A table of people; see ``duplicates``.
    other : pandas.DataFrame, optional
        A second table, to learn how the two are linked.
    rng : numpy.random.Generator, optional
        Draws random pairs. The same everytime if left out.
    start : Model, optional
        Where to begin; counts as a few pairs seen before. The default model if left out.

    Returns
    -------
    Model
        To be passed on, or stored by ``to_json``.
    """
    everybody, split = _read(people, other)
    return _learned(everybody, split, _evidence(everybody, split), rng, start)


def train_and_find(
    people: pd.DataFrame,
    other: pd.DataFrame | None = None,
    *,
    rng: np.random.Generator | None = None,
    start: Model | None = None,
    one_to_one: bool | None = None,
) -> tuple[pd.DataFrame, Model]:
    """What ``train`` and then ``duplicates`` or ``links`` give, in little more than half the time.

    Returns
    -------
    pandas.DataFrame, Model
        The pairs and the model.
    """
    everybody, split = _read(people, other)
    evidence = _evidence(everybody, split)
    model = _learned(everybody, split, evidence, rng, start)
    return _found(everybody, split, evidence, model, one_to_one), model


def duplicates(people: pd.DataFrame, model: Model | None = None) -> pd.DataFrame:
    """Pairs of records in one table that may be one person's.

    Parameters
    ----------
    people : pandas.DataFrame
        Columns ``given_name``, ``surname``, ``street_number``, ``address_1``, ``address_2``, ``suburb``, ``postcode``,
        ``state``, ``date_of_birth``, ``soc_sec_id``, ``phone``, ``sex``; any may be missing or have gaps. Ids are in
        ``rec_id``, else in the index.
    model : Model, optional
        How fields agree. The default model if left out. How many duplicates there are is found anew in any case.

    Returns
    -------
    pandas.DataFrame
        One row for each pair whose probability reaches the model's threshold, the likeliest first:

        - ``left``, ``right``: ids, the one that stands first in the table on the left;
        - ``weight``: bits for one person, the binary logarithm of the likelihood ratio;
        - ``probability``: that both are one person;
        - ``sure``: may be merged by itself; else somebody has to look;
        - a column for each field with what comparing it came to, such as "exact" or "missing".

        It has no values of the people's own.

    Raises
    ------
    InputError
        The table has none of the columns, has one twice, or its ids are missing or not unique.
    """
    everybody, _ = _read(people, None)
    return _found(everybody, None, _evidence(everybody, None), model or default_model(), False)


def links(
    left: pd.DataFrame, right: pd.DataFrame, model: Model | None = None, *, one_to_one: bool | None = None
) -> pd.DataFrame:
    """Pairs of a record in one table and a record in another that may be one person's.

    Parameters
    ----------
    left, right : pandas.DataFrame
        As for ``duplicates``.
    model : Model, optional
        As for ``duplicates``.
    one_to_one : bool, optional
        Whether nobody stands in a table twice, so that each record is linked once at most, such that the sum of
        weights is greatest. Found out if left out: it is so if hardly any record has two likely partners.

    Returns
    -------
    pandas.DataFrame
        As for ``duplicates``, ids of the two tables in ``left`` and ``right``.
    """
    everybody, split = _read(left, right)
    return _found(everybody, split, _evidence(everybody, split), model or default_model(), one_to_one)


def _read(left: pd.DataFrame, right: pd.DataFrame | None) -> tuple[People, int | None]:
    mine = read_people(left)
    if right is None:
        return mine, None
    return mine.and_others(read_people(right)), len(mine)


def _evidence(everybody: People, split: int | None) -> Evidence:
    first, second = candidates(everybody, split)
    pairs = Pairs(everybody, everybody, first, second)
    size = len(everybody)
    smaller = size if split is None else min(split, size - split)
    all_pairs = size * (size - 1) // 2 if split is None else split * (size - split)
    return Evidence(pairs, compare(pairs), count(everybody), smaller, all_pairs)


def _learned(
    everybody: People, split: int | None, evidence: Evidence, rng: np.random.Generator | None, start: Model | None
) -> Model:
    start = start or default_model()
    if not evidence.all_pairs:
        return start
    return learn(evidence, random_pairs(everybody, split, rng or np.random.default_rng(0)), start)


def _found(
    everybody: People, split: int | None, evidence: Evidence, model: Model, one_to_one: bool | None
) -> pd.DataFrame:
    likely = likelihoods(evidence.levels, rarity(evidence.pairs, evidence.levels, evidence.counts, model), model)
    shares = with_rates(model, evidence, likely).shares(evidence.people, evidence.all_pairs)
    found = probability(posteriors(likely, shares))
    scored = Scored(evidence.pairs, evidence.levels, weights(likely, shares), found)
    kept = found >= model.threshold
    if split is not None and (one_to_one or (one_to_one is None and is_clean(scored.pairs, found))):
        kept &= best_for_each(scored.pairs, scored.weight, found)
    return report(scored, kept, everybody.ids, everybody.ids)
