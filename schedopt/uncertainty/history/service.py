"""How long visits take, by visit type, provider, and whether the patient is new."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from schedopt.arrays import Floats, Ints
from schedopt.models.history import History
from schedopt.uncertainty.distributions import Distribution, Gamma, Lognormal
from schedopt.uncertainty.history.goodness import anderson_darling, kolmogorov_smirnov
from schedopt.uncertainty.history.shrinkage import Effects, inverse_trigamma, shrunk_means, shrunk_variances

Family = Literal["lognormal", "gamma"]
Level = tuple[str, ...]

_FAMILIES: tuple[Family, ...] = ("lognormal", "gamma")
_LEVELS: tuple[Level, ...] = (
    ("visit_type",), ("visit_type", "new"), ("provider",), ("visit_type", "new", "provider"),
)  # fmt: skip
_CELL = _LEVELS[-1]
_FEWEST = 2


@dataclass(frozen=True)
class ServiceTimes:
    """Distributions of the minutes that providers spend on a visit.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a combination that was seen: ``visit_type``, ``new``, ``provider``, ``visits``, ``mean`` (minutes, as
        measured), ``fitted_mean``, ``fitted_sd`` (minutes), ``family``, ``weight`` (share of the combination's own
        mean in its estimate, beyond what visit type and provider say), ``ks`` (Kolmogorov-Smirnov distance, 0 to 1),
        ``anderson_darling`` (statistic A², which looks at the tails). Distances, not tests: the parameters were
        fitted to the same visits.
    ks : float
        Kolmogorov-Smirnov distance of all visits, each from its own distribution.
    left_out : int
        Kept visits without both times, or of no length.
    """

    table: pd.DataFrame = field(repr=False)
    ks: float
    left_out: int
    _log_mean: float = field(repr=False)
    _effects: Mapping[Level, Mapping[tuple[object, ...], float]] = field(repr=False)
    _between: Mapping[Level, float] = field(repr=False)
    _variance: Mapping[tuple[object, ...], float] = field(repr=False)
    _prior_variance: float = field(repr=False)
    _family: Mapping[str, Family] = field(repr=False)
    _usual_family: Family = field(repr=False)

    def distribution(self, visit_type: str, provider: str | None = None, *, new: bool = False) -> Distribution:
        """Minutes of a visit.

        Parameters
        ----------
        visit_type, provider : str
            Ids. What is not known, or None, is taken as one of its kind: with the mean of all, and wider.
        new : bool
            The patient is new to the office.
        """
        family = self._family.get(visit_type, self._usual_family)
        return _distribution(family, *self.log_moments(visit_type, provider, new=new))

    def log_moments(self, visit_type: str, provider: str | None = None, *, new: bool = False) -> tuple[float, float]:
        """Mean and variance of the logarithm of a visit's minutes; arguments as in :meth:`distribution`."""
        cell: dict[str, object] = {"visit_type": visit_type, "provider": provider, "new": new}
        log_mean, unknown = self._log_mean, 0.0
        for level, effects in self._effects.items():
            key = tuple(cell[name] for name in level)
            if key in effects:
                log_mean += effects[key]
            else:
                unknown += self._between[level]
        within = self._variance.get(tuple(cell[name] for name in _CELL), self._prior_variance)
        return log_mean, within + unknown


def fit_service(history: History, family: Family | Literal["likelihood"] = "likelihood") -> ServiceTimes:
    """Fit service times to what was measured.

    Log minutes are the mean of all, plus effects of the visit type, of new patients within it, of the provider, and
    of the provider with this very combination; each is estimated from what the ones before left over, and shrunk
    towards 0 as its group is small (:func:`~schedopt.uncertainty.history.shrinkage.shrunk_means`). The variance of log
    minutes is a combination's own, shrunk towards that of all. A gamma gets the same mean and variance of log minutes
    as a lognormal.

    Parameters
    ----------
    history : History
        Kept visits with ``began`` and ``ended`` are looked at.
    family : {"likelihood", "lognormal", "gamma"}
        ``likelihood``: for each visit type, the one under which its visits are likelier.

    Returns
    -------
    ServiceTimes

    Raises
    ------
    ValueError
        If fewer than two visits were measured, or there is no such family.
    """
    if family not in ("likelihood", *_FAMILIES):
        raise ValueError(f"expected family to be likelihood, lognormal or gamma, not {family!r}")
    visits = measured_visits(history)
    minutes = (visits["ended"] - visits["began"]).to_numpy(float)
    if len(minutes) < _FEWEST:
        raise ValueError(f"expected at least {_FEWEST} kept visits with began and ended, found {len(minutes)}")
    kept = int((history.visits["outcome"] == "kept").sum())
    log = np.log(minutes)
    rest = log - log.mean()
    groups = {level: _codes(visits, level) for level in _LEVELS}
    effects: dict[Level, Effects] = {}
    for level, (code, keys) in groups.items():
        effects[level] = shrunk_means(rest, code, len(keys))
        rest = rest - effects[level].effect[code]
    cell, cells = groups[_CELL]
    variance, prior = shrunk_variances(rest, cell, len(cells))
    parameters = pd.DataFrame({"log_mean": log - rest, "log_variance": variance[cell]}).groupby(cell).first()
    own = np.split(minutes[np.argsort(cell, kind="stable")], np.cumsum(np.bincount(cell))[:-1])
    moments = list(zip(parameters["log_mean"], parameters["log_variance"], strict=True))
    by_kind: dict[str, list[tuple[Floats, tuple[float, float]]]] = defaultdict(list)
    for key, minutes_of, moment in zip(cells, own, moments, strict=True):
        by_kind[str(key[0])].append((minutes_of, moment))
    chosen = {kind: _chosen(family, samples) for kind, samples in by_kind.items()}
    fitted = [_distribution(chosen[str(key[0])], *moment) for key, moment in zip(cells, moments, strict=True)]
    table, reached = _table(own, cells, fitted, effects[_CELL].weight, chosen)
    return ServiceTimes(
        table, kolmogorov_smirnov(reached), kept - len(minutes), float(log.mean()),
        {level: dict(zip(groups[level][1], found.effect.tolist(), strict=True)) for level, found in effects.items()},
        {level: found.variance for level, found in effects.items()},
        dict(zip(cells, variance.tolist(), strict=True)), prior, chosen,
        max(_FAMILIES, key=list(chosen.values()).count),
    )  # fmt: skip


def measured_visits(history: History) -> pd.DataFrame:
    """Rows of the kept visits of which both times are known, and that took any time."""
    kept = history.visits[history.visits["outcome"] == "kept"]
    return kept[(kept["ended"] - kept["began"]) > 0]  # not NaN either


def _codes(visits: pd.DataFrame, level: Level) -> tuple[Ints, list[tuple[object, ...]]]:
    """Group of each visit, and what each group is."""
    cells = visits[[*level]]
    keys = sorted(set(zip(*(column.tolist() for _, column in cells.drop_duplicates().items()), strict=True)))
    return np.asarray(cells.groupby([*level]).ngroup(), np.int64), keys


def _distribution(family: Family, log_mean: float, log_variance: float) -> Lognormal | Gamma:
    """The one of a family with this mean and variance of log minutes."""
    if family == "lognormal":
        return Lognormal(log_mean, math.sqrt(log_variance))
    shape = inverse_trigamma(log_variance)
    return Gamma(shape, math.exp(log_mean - float(special.digamma(shape))))


def _chosen(family: str, samples: Iterable[tuple[Floats, tuple[float, float]]]) -> Family:
    """The family of a visit type's visits: minutes of each of its combinations, with the moments of their logarithm."""
    if family != "likelihood":
        return "gamma" if family == "gamma" else "lognormal"
    total = dict.fromkeys(_FAMILIES, 0.0)
    for minutes, moments in samples:
        for name in _FAMILIES:
            density = _distribution(name, *moments).density(minutes)
            total[name] += float(np.log(np.maximum(density, 1e-300)).sum())
    return max(_FAMILIES, key=lambda name: total[name])


def _table(
    measured: list[Floats], cells: list[tuple[object, ...]], fitted: list[Lognormal | Gamma], weight: Floats,
    chosen: Mapping[str, Family],
) -> tuple[pd.DataFrame, Floats]:  # fmt: skip
    """The table of combinations, and where each visit lies in its distribution, 0 to 1, by combination."""
    reached = [distribution.cdf(minutes) for distribution, minutes in zip(fitted, measured, strict=True)]
    rows = [
        {
            **dict(zip(_CELL, key, strict=True)), "visits": len(minutes), "mean": float(minutes.mean()),
            "fitted_mean": distribution.mean, "fitted_sd": distribution.sd, "family": chosen[str(key[0])],
            "weight": float(share), "ks": kolmogorov_smirnov(own), "anderson_darling": anderson_darling(own),
        }
        for key, minutes, distribution, own, share in zip(cells, measured, fitted, reached, weight, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows), np.concatenate(reached)
