"""A check, and the gaps that it finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from schedopt.records.quality.facts import Facts

Owner = Literal["billing", "desk", "planner"]
About = Literal["patient", "request"]
Find = Callable[[Facts], pd.DataFrame]
"""The gaps of a check, as :func:`gaps` makes them."""

NOT_HELD, DOUBTFUL, NOT_REACHED, NO_HARM = 3, 2, 1, 0
"""What a gap would do to a booked visit: it cannot be held or paid; perhaps so; nobody can be reached; nothing."""


@dataclass(frozen=True)
class Check:
    """A question asked of the records.

    Attributes
    ----------
    name : str
        Unique.
    says : str
        What is wrong where it finds something, for people.
    owner : str
        The role that sets it right.
    about : str
        What its ids are: patients' or requests'.
    lead : int
        Business days before a booked visit by which it is to be right.
    within : int
        Business days from today by which it is to be right where no visit is booked.
    find : callable
        The gaps, as :func:`gaps` makes them.
    """

    name: str
    says: str
    owner: Owner
    about: About
    lead: int
    within: int
    find: Find


def gaps(
    about: Sequence[str] | pd.Series[Any], detail: Any, visit: Any = None, harm: int = NO_HARM, until: Any = None
) -> pd.DataFrame:
    """Gaps as a frame.

    Parameters
    ----------
    about : sequence of str
        Opaque ids.
    detail : str or sequence of str
        Words without anybody's values.
    visit : sequence of dates, optional
        The next booked visit that each would hurt, or none.
    harm : int
        What each would do to a booked visit; nothing where none is.
    until : sequence of dates, optional
        The day by which each is to be right whatever the visit, or none.
    """
    size, none = len(about), np.datetime64("NaT", "s")
    booked = np.full(size, none) if visit is None else np.asarray(visit, "datetime64[s]")
    return pd.DataFrame(
        {
            "about": pd.Series(list(about), dtype=object),
            "detail": pd.Series([detail] * size if isinstance(detail, str) else list(detail), dtype=object),
            "visit": booked,
            "harm": np.where(np.isnat(booked), NO_HARM, harm),
            "until": np.full(size, none) if until is None else np.asarray(until, "datetime64[s]"),
        }
    )
