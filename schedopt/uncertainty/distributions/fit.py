"""The phase-type distribution with a given mean and variability."""

from __future__ import annotations

from schedopt.uncertainty.distributions.base import Distribution
from schedopt.uncertainty.distributions.erlang import MixedErlang
from schedopt.uncertainty.distributions.exponential import Exponential, Hyperexponential
from schedopt.uncertainty.distributions.measured import constant
from schedopt.uncertainty.distributions.numbers import not_negative, positive

_CONSTANT = 1e-9
"""Below this scv a distribution is a constant: it would have more than a thousand million phases."""


def fit_moments(mean: float, scv: float) -> Distribution:
    """The two-moment phase-type fit.

    A mixed Erlang with equal rates for an scv below 1, an exponential for 1, a hyperexponential with balanced means
    above 1 (Tijms, Stochastic Models, 1994; Kuiper and Mandjes 2015, doi 10.1002/qre.1863).

    Parameters
    ----------
    mean : float
        Minutes, above 0.
    scv : float
        Squared coefficient of variation, variance / mean²; at least 0.

    Returns
    -------
    MixedErlang, Exponential, Hyperexponential or Discrete
        With exactly these two moments; below an scv of 1e-9 the constant.

    Raises
    ------
    ValueError
        If `mean` is not above 0 or `scv` is negative.
    """
    positive("mean", mean)
    not_negative("scv", scv)
    if scv < _CONSTANT:
        return constant(mean)
    if scv < 1:
        return MixedErlang.from_mean(mean, scv=scv)
    return Exponential.from_mean(mean) if scv == 1 else Hyperexponential.from_mean(mean, scv=scv)
