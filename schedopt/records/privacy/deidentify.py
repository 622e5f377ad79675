"""Records without what identifies people, by Safe Harbor: 45 CFR 164.514(b)(2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from schedopt.records.privacy import cells as coarser
from schedopt.records.privacy.cells import SPARSE, NewIds
from schedopt.records.privacy.columns import Treatment, expect_classified, treatments

LEAST_SHARED = 11
"""What people write freely, such as a language, is kept where so many have it."""

Columns = dict[str, "pd.Series[Any]"]


@dataclass(frozen=True)
class Place:
    """A column in its table.

    Attributes
    ----------
    table, name : str
        Of both.
    frame : DataFrame
        The whole table.
    """

    table: str
    name: str
    frame: pd.DataFrame

    @property
    def cells(self) -> pd.Series[Any]:
        """Its cells; what is empty is None."""
        return coarser.filled(self.frame[self.name])

    @property
    def days(self) -> pd.Series[Any]:
        """Its cells as days."""
        return coarser.dates(self.frame[self.name])


@dataclass(frozen=True)
class SafeHarbor:
    """What becomes of cells, by the kind of their treatment: a method for each, from a column to the new ones.

    Attributes
    ----------
    today : date
        When ages are reckoned.
    ids : NewIds
        Ids in place of others.
    sparse : collection of str
        First digits of postal codes that are not shown.
    """

    today: dt.date
    ids: NewIds
    sparse: Collection[str] = field(default=SPARSE)

    def column(self, at: Place, treatment: Treatment) -> Columns:
        """What becomes of a column."""
        if treatment.kind == "id":
            return {at.name: self.ids.of(treatment.ids, at.cells)}
        found: Columns = getattr(self, treatment.kind)(at)
        return found

    def remove(self, at: Place) -> Columns:
        """Nothing."""
        return {}

    def keep(self, at: Place) -> Columns:
        """The same."""
        return {at.name: at.cells}

    def shared(self, at: Place) -> Columns:
        """What many have."""
        return {at.name: coarser.shared(at.cells, LEAST_SHARED)}

    def state(self, at: Place) -> Columns:
        """A state's letters."""
        return {at.name: coarser.states(at.cells)}

    def zip(self, at: Place) -> Columns:
        """Three digits."""
        return {at.name: coarser.postcodes(at.cells, self.sparse)}

    def birth(self, at: Place) -> Columns:
        """Year and age; the age that is reached this year, or both would say whether the birthday is over."""
        year = coarser.birth_years(at.days, self.today)
        age = self.today.year - year
        return {"birth_year": year.where(age <= coarser.OLDEST_SHOWN), "age": coarser.shown_ages(age)}

    def age(self, at: Place) -> Columns:
        """Up to 89, and only of those who are not older by now."""
        return {at.name: self._ages(at, 1)}

    def _ages(self, at: Place, band: int) -> pd.Series[Any]:
        """Ages on the day of each row, in bands of some years."""
        age = whole_numbers(at.cells)
        then = Place(at.table, "date", at.frame).days if "date" in at.frame else pd.Series(pd.NaT, age.index)
        now = coarser.ages_now(age, then.astype("datetime64[s]"), self.today)
        shown = coarser.shown_ages(age, band)
        return shown.where(now <= coarser.OLDEST_SHOWN, "90+").where(now.notna(), None)

    def date(self, at: Place) -> Columns:
        """The year."""
        return {at.name: coarser.years(at.days)}

    def weekday(self, at: Place) -> Columns:
        """Nothing: part of a date."""
        return {}

    def time(self, at: Place) -> Columns:
        """Nothing: part of a date."""
        return {}


def whole_numbers(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Cells as whole numbers; what is none is empty."""
    numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
    return numbers.where(numbers >= 0).round().astype("Int64")


def treated(
    frames: Mapping[str, pd.DataFrame], ways: SafeHarbor, random: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """Each table with what becomes of its columns, its rows in an order that is drawn.

    Raises
    ------
    InputError
        If it is not said of a table or column what becomes of it.
    """
    expect_classified(frames)
    known, found = treatments(), {}
    for table, frame in frames.items():
        columns: Columns = {}
        for name in frame.columns:
            columns |= ways.column(Place(table, name, frame), known[table, name])
        new = pd.DataFrame(columns, index=frame.index)
        found[table] = new.iloc[random.permutation(len(new))].reset_index(drop=True)
    return found


def safe_harbor(
    frames: Mapping[str, pd.DataFrame], *, today: dt.date, random: np.random.Generator, sparse: Collection[str] = SPARSE
) -> dict[str, pd.DataFrame]:
    """Tables without the eighteen classes of identifiers.

    What remains is what :func:`~schedopt.records.privacy.identifiers.identifiers` and ``docs/deidentification.md`` say.
    Rows come in an order that is drawn, so that their place says nothing. That the office knows of nothing else by
    which what remains could identify somebody (164.514(b)(2)(ii)) is for people to say.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Tables by name, with columns as their rows have; cells as values or as text.
    today : date
        When ages are reckoned.
    random : numpy.random.Generator
        What new ids and orders are drawn from; without a seed that anybody knows.
    sparse : collection of str
        First three digits of postal codes of at most 20,000 people, by the current census.

    Returns
    -------
    dict of str to DataFrame
        Dates are years; ``birth_date`` becomes ``birth_year`` and ``age``, the one that is reached this year.

    Raises
    ------
    InputError
        If it is not said of a table or column what becomes of it.
    """
    return treated(frames, SafeHarbor(today, NewIds(random), sparse), random)
