"""How long each single visit may take: who the patient is, and where in the provider's day the visit stands."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from schedopt.arrays import Floats, Ints
from schedopt.models.history import History
from schedopt.uncertainty.distributions import Lognormal
from schedopt.uncertainty.history.occasions import OCCASION, day_codes, occasions
from schedopt.uncertainty.history.service import ServiceTimes, fit_service, measured_visits

_FOLDS = 5
_PENALTIES = tuple(10.0**power for power in range(0, 8))
"""Of squared coefficients of standardised columns. The last one leaves nothing of them."""


@dataclass(frozen=True)
class VisitLengths:
    """Distributions of the minutes of single visits.

    Attributes
    ----------
    usual : ServiceTimes
        By visit type, provider and whether the patient is new; what the other columns add to.
    coefficients : pandas.Series
        By entry of :data:`~schedopt.uncertainty.history.occasions.OCCASION`: log minutes for one standard deviation.
    penalty : float
        Of their squares, chosen by cross-validation over days.
    visits, days : int
        Learned from.
    explained : float
        Share of the variance of log minutes about the usual ones that is foretold, on days not learned from; about 0
        where single visits cannot be told apart.
    """

    usual: ServiceTimes = field(repr=False)
    coefficients: pd.Series = field(repr=False)
    penalty: float
    visits: int
    days: int
    explained: float
    _model: Any = field(repr=False)
    _scores: Floats = field(repr=False)

    def distributions(self, visits: pd.DataFrame, history: History) -> tuple[Lognormal, ...]:
        """Minutes of each visit, should the patient come.

        Parameters
        ----------
        visits : pandas.DataFrame
            Whole days, as in :func:`~schedopt.uncertainty.history.occasions.occasions`, and ``visit_type``.
        history : History
            Where patients' pasts are looked up; visits on or after a visit's day do not count.

        Returns
        -------
        tuple of Lognormal, one a visit
        """
        mean, sd = self._log(visits, history)
        return tuple(Lognormal(one, spread) for one, spread in zip(mean.tolist(), sd.tolist(), strict=True))

    def intervals(self, visits: pd.DataFrame, history: History, level: float = 0.9) -> Floats:
        """Minutes between which a visit will last with a stated probability, whatever its distribution is.

        Split-conformal intervals with cross-fitted scores (Barber et al. 2021, doi 10.1214/20-AOS1965, with the full
        model in the place of the folds'): the score is how far the log of a visit's minutes was from what was foretold
        by a model without its day, in standard deviations. Half of what is left over lies beyond each end. It rests on
        days being alike, not on the lognormal.

        Parameters
        ----------
        visits, history
            As in :meth:`distributions`.
        level : float
            Above 0 and below 1.

        Returns
        -------
        float array, shape (visits, 2)
            From and to; 0 and infinity where there are too few visits for the level.

        Raises
        ------
        ValueError
            If the level is not between 0 and 1.
        """
        if not 0 < level < 1:
            raise ValueError(f"expected level between 0 and 1, not {level!r}")
        scores = np.sort(np.concatenate([[-np.inf], self._scores, [np.inf]]))
        place = math.floor((1 - level) / 2 * (len(scores) - 1))
        mean, sd = self._log(visits, history)
        low_high: Floats = np.exp(mean[:, None] + sd[:, None] * scores[[place, len(scores) - 1 - place]])
        return low_high

    def _log(self, visits: pd.DataFrame, history: History) -> tuple[Floats, Floats]:
        """Mean and standard deviation of log minutes, shape (visits,) each."""
        mean, variance = _usual(self.usual, visits)
        mean = mean + self._model.predict(occasions(visits, _longer(self.usual, measured_visits(history))))
        return mean, np.sqrt(variance * (1 - max(self.explained, 0.0)))


def fit_lengths(history: History) -> VisitLengths:
    """Learn how long single visits take.

    Log minutes are the usual ones of :func:`~schedopt.uncertainty.history.service.fit_service`, plus a ridge regression
    on :data:`~schedopt.uncertainty.history.occasions.OCCASION` (scikit-learn). The penalty is the one that foretells
    best on days not learned from, in five folds of whole days: rows of one day have its pace in common. Where the
    columns say nothing, it grows until nothing is left of them. The spread is what these folds left unexplained.

    Parameters
    ----------
    history : History
        Kept visits with ``began`` and ``ended`` are looked at.

    Raises
    ------
    ValueError
        If fewer than two visits were measured, or on fewer than five days.
    """
    from sklearn.linear_model import Ridge  # takes a second to load
    from sklearn.model_selection import GroupKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    usual = fit_service(history)
    visits = measured_visits(history)
    visits = visits.assign(start=visits["began"])
    day = day_codes(visits)
    if day.max() + 1 < _FOLDS:
        raise ValueError(f"expected measured visits of at least {_FOLDS} days of providers, found {day.max() + 1}")
    variance, past = _usual(usual, visits)[1], _longer(usual, visits)
    longer, known = past["longer"].to_numpy(float), occasions(visits, past)
    folds = list(GroupKFold(_FOLDS, shuffle=True, random_state=0).split(known, groups=day))
    models = [make_pipeline(StandardScaler(), Ridge(penalty)) for penalty in _PENALTIES]
    left = [longer - _foretold(model, known, longer, folds) for model in models]
    best = int(np.argmin([rest.var() for rest in left]))
    model = models[best].fit(known, longer)
    explained = 1 - float(left[best].var() / longer.var()) if longer.var() else 0.0
    scores = left[best] / np.sqrt(variance * (1 - max(explained, 0.0)))
    coefficients = pd.Series(model[-1].coef_, index=[*OCCASION], dtype=float)
    return VisitLengths(
        usual, coefficients, _PENALTIES[best], len(visits), int(day.max()) + 1, explained, model, scores
    )


def _foretold(model: Any, known: Floats, longer: Floats, folds: list[tuple[Ints, Ints]]) -> Floats:
    """Predictions for each visit by the model of the other folds, shape (visits,)."""
    found = np.empty(len(longer))
    for learned, judged in folds:
        found[judged] = model.fit(known[learned], longer[learned]).predict(known[judged])
    return found


def _longer(usual: ServiceTimes, visits: pd.DataFrame) -> pd.DataFrame:
    """By how much the log of measured minutes was above the usual one: ``patient``, ``date``, ``longer``."""
    log = np.log((visits["ended"] - visits["began"]).to_numpy(float))
    return visits[["patient", "date"]].assign(longer=log - _usual(usual, visits)[0])


def _usual(usual: ServiceTimes, visits: pd.DataFrame) -> tuple[Floats, Floats]:
    """Usual mean and variance of log minutes, shape (visits,) each."""
    cells = [*zip(*(visits[name].tolist() for name in ("visit_type", "provider", "new")), strict=True)]
    moments = {cell: usual.log_moments(cell[0], cell[1], new=cell[2]) for cell in set(cells)}
    found = np.array([moments[cell] for cell in cells]).reshape(-1, 2)
    return found[:, 0], found[:, 1]
