"""What became of past visits, as columns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class History:
    """Past visits, read and checked. Nothing in it says to which group a patient belongs.

    Attributes
    ----------
    visits : pandas.DataFrame
        One row a visit, by date: ``visit``, ``patient``, ``provider``, ``visit_type`` (ids, as text), ``new`` (bool),
        ``booked``, ``date`` (datetime64; NaT where not known), ``start``, ``arrived``, ``began``, ``ended`` (minutes
        after midnight of the date; NaN where not known), ``minutes`` (planned length; NaN where not known),
        ``outcome`` (``kept``, ``no-show`` or ``cancelled``), ``age`` (years; NaN where not known). Not to be changed.
    """

    visits: pd.DataFrame = field(repr=False)

    def __len__(self) -> int:
        return len(self.visits)

    def before(self, date: str | dt.date) -> History:
        """The visits of the days before a date."""
        return History(self.visits[self.visits["date"] < pd.Timestamp(date)].reset_index(drop=True))
