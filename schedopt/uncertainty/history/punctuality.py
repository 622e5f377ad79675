"""How many minutes late patients come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from schedopt.models.history import History
from schedopt.uncertainty.distributions import Distribution, Empirical


@dataclass(frozen=True)
class Punctuality:
    """Distributions of minutes late; negative is early.

    Attributes
    ----------
    overall : Distribution
        Of all kept visits with a planned start and an arrival.
    by_visit_type : mapping of str to Distribution
        Of the visit types with enough of them.
    table : pandas.DataFrame
        One row a visit type that was seen: ``visit_type``, ``visits``, ``mean`` (minutes late), ``sd``, ``late``
        (share that came after the planned start), ``own`` (bool: it has a distribution of its own).
    """

    overall: Distribution = field(repr=False)
    by_visit_type: Mapping[str, Distribution] = field(repr=False)
    table: pd.DataFrame = field(repr=False)

    def distribution(self, visit_type: str) -> Distribution:
        """Minutes late at a visit type; that of all where it has none of its own."""
        return self.by_visit_type.get(visit_type, self.overall)


def fit_punctuality(history: History, fewest: int = 50) -> Punctuality:
    """What was measured, as it was measured: arrivals less planned starts of kept visits.

    Parameters
    ----------
    history : History
        Kept visits with ``start`` and ``arrived`` are looked at.
    fewest : int
        A visit type with fewer visits shares the distribution of all.

    Raises
    ------
    ValueError
        If there is no such visit.
    """
    visits = history.visits[history.visits["outcome"] == "kept"]
    late = (visits["arrived"] - visits["start"]).to_numpy(float)
    measured = ~np.isnan(late)
    visits, late = visits[measured], late[measured]
    if not len(late):
        raise ValueError("expected kept visits with start and arrived, found none")
    rows, own = [], {}
    for kind, part in pd.Series(late).groupby(visits["visit_type"].to_numpy(object)):
        enough = len(part) >= fewest
        if enough:
            own[str(kind)] = Empirical(tuple(part.tolist()))
        rows.append(
            {
                "visit_type": kind, "visits": len(part), "mean": float(part.mean()), "sd": float(part.std(ddof=0)),
                "late": float((part > 0).mean()), "own": enough,
            }
        )  # fmt: skip
    return Punctuality(Empirical(tuple(late.tolist())), own, pd.DataFrame(rows))
