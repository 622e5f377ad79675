"""Distributions of minutes as validated, immutable values."""

from schedopt.uncertainty.distributions.base import Discrete, Distribution, Finite, PhaseType
from schedopt.uncertainty.distributions.continuous import Gamma, Lognormal
from schedopt.uncertainty.distributions.erlang import Erlang, MixedErlang
from schedopt.uncertainty.distributions.exponential import Exponential, Hyperexponential
from schedopt.uncertainty.distributions.fit import fit_moments
from schedopt.uncertainty.distributions.measured import Empirical, constant

__all__ = [
    "Discrete", "Distribution", "Empirical", "Erlang", "Exponential", "Finite", "Gamma", "Hyperexponential",
    "Lognormal", "MixedErlang", "PhaseType", "constant", "fit_moments",
]  # fmt: skip
