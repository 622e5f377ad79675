"""Who in a table a new person may be, asked one at a time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from schedopt.errors import Fault, InputError
from schedopt.records.identity.compare import Pairs, compare
from schedopt.records.identity.lookup import Lookup
from schedopt.records.identity.model import Model, default_model
from schedopt.records.identity.people import People, read_people, read_person
from schedopt.records.identity.reporting import Scored, report
from schedopt.records.identity.scoring import count, likelihoods, posteriors, probability, rarity, weights


class Index:
    """A table of people, kept ready to ask who in it a new person may be. It never changes.

    Parameters
    ----------
    people : pandas.DataFrame
        As for ``duplicates``.
    model : Model, optional
        As for ``duplicates``, but its number of duplicates is believed.
    """

    def __init__(self, people: pd.DataFrame, model: Model | None = None) -> None:
        self._model = model or default_model()
        self._parts: tuple[_Part, ...] = (_Part(read_people(people)),)

    def __len__(self) -> int:
        return sum(len(part.people) for part in self._parts)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} people)"

    def and_people(self, people: pd.DataFrame) -> Index:
        """An index that has further people too.

        What was there is shared, so that this takes as long as the people that were added since the first index was
        made. How often a value occurs is counted among these and among the first, not in both.

        Raises
        ------
        InputError
            As for ``duplicates``, or somebody's id is there already.
        """
        more = read_people(people)
        known = sum(int(more.ids.isin(part.people.ids).sum()) for part in self._parts)
        if known:
            raise InputError([Fault("people", None, "rec_id", None, f"new ids; {known} are there already")])
        found = Index.__new__(Index)
        found._model = self._model
        added = self._parts[1].people.and_others(more) if len(self._parts) > 1 else more
        found._parts = (self._parts[0], _Part(added))
        return found

    def matches(self, person: Mapping[str, object]) -> pd.DataFrame:
        """Who the person may be.

        Parameters
        ----------
        person : mapping
            Column and value, of the columns of ``duplicates``.

        Returns
        -------
        pandas.DataFrame
            As for ``duplicates``, without ``left``; ``right`` is an id of the table. If two people are sure, neither
            is.

        Raises
        ------
        InputError
            Not a mapping, or it has none of the columns.
        """
        asked = read_person(person, day_first=self._parts[0].people.day_first)
        found = [part.matches(asked, self._model, len(self)) for part in self._parts]
        table = found[0]
        if len(found) > 1:
            table = pd.concat([some for some in found if len(some)] or found[:1], ignore_index=True)
            table = table.sort_values("weight", ascending=False, kind="stable", ignore_index=True)
        if table["sure"].sum() > 1:
            table = table.assign(sure=False)
        return table.drop(columns="left")


class _Part:
    """People who were read at once."""

    def __init__(self, people: People) -> None:
        self.people = people
        self._counts = count(people)
        self._lookup = Lookup(people)

    def matches(self, asked: People, model: Model, size: int) -> pd.DataFrame:
        rows = self._lookup.candidates(asked)
        pairs = Pairs(asked, self.people, np.zeros(len(rows), np.int64), rows)
        levels = compare(pairs)
        shares = model.shares(size + 1, (size + 1) * size / 2)
        likely = likelihoods(levels, rarity(pairs, levels, self._counts, model), model)
        scored = Scored(pairs, levels, weights(likely, shares), probability(posteriors(likely, shares)))
        return report(scored, scored.probability >= model.threshold, asked.ids, self.people.ids)
