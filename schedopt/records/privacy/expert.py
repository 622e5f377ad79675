"""Records for an expert's determination, 45 CFR 164.514(b)(1): dates shifted, ages in bands, k-anonymity reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from schedopt.records.privacy import cells as coarser
from schedopt.records.privacy.anonymity import is_below, k_anonymity
from schedopt.records.privacy.cells import SPARSE, NewIds
from schedopt.records.privacy.columns import expect_classified
from schedopt.records.privacy.deidentify import Columns, Place, SafeHarbor, treated
from schedopt.records.privacy.owners import owners_of

WEEK = 7
KNOWN = ("age", "sex", "postcode", "state")
"""What others may know of somebody."""


@dataclass(frozen=True, kw_only=True)
class Coarseness:
    """How much is left of what could identify somebody.

    Attributes
    ----------
    most_days : int
        Days by which a person's dates are shifted at most, either way.
    whole_weeks : bool
        Shift by whole weeks, so that weekdays stay.
    band_years : int
        Years in a band of ages.
    zip_digits : int
        First digits of postal codes that stay, 0 to 3.
    sparse : collection of str
        First three digits that are shown as 000.
    """

    most_days: int = 182
    whole_weeks: bool = False
    band_years: int = 5
    zip_digits: int = 3
    sparse: Collection[str] = field(default=SPARSE)

    def __post_init__(self) -> None:
        if self.most_days < (WEEK if self.whole_weeks else 1):
            raise ValueError("expected dates to be shifted by a day at least, or a week where weeks are whole")
        if self.band_years < 1 or not 0 <= self.zip_digits <= 3:
            raise ValueError("expected bands of a year at least, and 0 to 3 digits of postal codes")

    def shifts(self, number: int, random: np.random.Generator) -> Any:
        """So many shifts, in days: each as likely as the others, and none is none."""
        step = WEEK if self.whole_weeks else 1
        return step * random.integers(1, self.most_days // step + 1, number) * random.choice([-1, 1], number)


@dataclass(frozen=True)
class _Shifted(SafeHarbor):
    """Treatments in which a person's dates keep their distances.

    Attributes
    ----------
    how : Coarseness
        How much is left.
    shift : mapping of str to Series
        For each table whose rows are about people, the days by which each row's dates are shifted; none: not known.
    """

    how: Coarseness = field(default_factory=Coarseness)
    shift: Mapping[str, pd.Series[Any]] = field(default_factory=dict)

    def zip(self, at: Place) -> Columns:
        """Some digits."""
        return {at.name: coarser.postcodes(at.cells, self.sparse, self.how.zip_digits)} if self.how.zip_digits else {}

    def birth(self, at: Place) -> Columns:
        """A band of ages."""
        return {"age": coarser.shown_ages(coarser.ages(at.days, self.today), self.how.band_years)}

    def age(self, at: Place) -> Columns:
        """A band."""
        return {at.name: self._ages(at, self.how.band_years)}

    def date(self, at: Place) -> Columns:
        """Shifted as all dates of the person; of tables about nobody, the year."""
        if at.table not in self.shift:
            return super().date(at)
        shift = pd.to_timedelta(self.shift[at.table], unit="D").astype("timedelta64[s]")
        return {at.name: at.days + shift}

    def weekday(self, at: Place) -> Columns:
        """The same where weekdays stay."""
        return {at.name: at.cells} if self.how.whole_weeks else {}

    def time(self, at: Place) -> Columns:
        """The same: on another day."""
        return {at.name: at.cells}


@dataclass(frozen=True)
class Release:
    """What an expert is to look at.

    Attributes
    ----------
    frames : mapping of str to DataFrame
        The tables.
    anonymity : DataFrame
        As :func:`k_anonymity` reports it, before anybody is left out.
    num_suppressed : int
        People who are left out, with all their rows.
    """

    frames: Mapping[str, pd.DataFrame]
    anonymity: pd.DataFrame
    num_suppressed: int = 0


def expert_determination(
    frames: Mapping[str, pd.DataFrame], *, today: dt.date, random: np.random.Generator,
    how: Coarseness | None = None, table: str = "people", quasi_identifiers: Sequence[str] | None = None,
    k: int = 5, suppress: bool = False,
) -> Release:  # fmt: skip
    """Tables that keep distances of days, for somebody who determines how small the risk is.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        As for :func:`~schedopt.records.privacy.deidentify.safe_harbor`; tables that name only a request need the table
        of requests beside them, or their dates are left empty.
    today : date
        When ages are reckoned.
    random : numpy.random.Generator
        What ids, shifts and orders are drawn from; without a seed that anybody knows.
    how : Coarseness, optional
        How much is left.
    table : str
        The table, one row a person, in which people may look alike; rows of people who turned out to be others are left
        out of it.
    quasi_identifiers : sequence of str, optional
        Those of its columns, as released, that others may know of somebody; by default those of `KNOWN` that it has.
    k : int
        As how many people each is to look.
    suppress : bool
        Leave those out who look like fewer, with all their rows.

    Raises
    ------
    InputError
        If it is not said of a table or column what becomes of it.
    """
    how = how or Coarseness()
    ways = _Shifted(today, NewIds(random), how.sparse, how, _shifts(frames, how, random))
    found = treated(frames, ways, random)
    owners, people = owners_of(found), found.get(table, pd.DataFrame())
    if "merged_into" in people:
        people = found[table] = people[people["merged_into"].isna()]
    quasi = [name for name in KNOWN if name in people] if quasi_identifiers is None else [*quasi_identifiers]
    few = is_below(people, quasi, k) & suppress
    return Release(_without(found, table, few, owners), k_anonymity(people, quasi, k), int(few.sum()))


def _without(
    frames: Mapping[str, pd.DataFrame], table: str, few: pd.Series[Any], owners: Mapping[str, pd.Series[Any]]
) -> dict[str, pd.DataFrame]:
    """Tables without some rows of one, and without all rows about the same people."""
    gone = owners[table][few.index[few]].dropna() if table in owners else ()
    found = {}
    for name, frame in frames.items():
        stays = ~owners[name].reindex(frame.index).isin(gone) if name in owners else pd.Series(True, frame.index)
        found[name] = frame[stays & ~few if name == table else stays].reset_index(drop=True)
    return found


def _shifts(
    frames: Mapping[str, pd.DataFrame], how: Coarseness, random: np.random.Generator
) -> dict[str, pd.Series[Any]]:
    """Days by which each row's dates are shifted, in tables whose rows are about people."""
    expect_classified(frames)
    owners = owners_of(frames)
    people = pd.Index(pd.concat([*owners.values(), pd.Series(dtype=object)]).dropna().unique())
    drawn = pd.Series(how.shifts(len(people), random), people, dtype="float64")
    return {name: owner.map(drawn) for name, owner in owners.items()}
