"""Distributions of minutes as validated, immutable values."""

from schedopt.timing.distributions.base import Distribution, PhaseType
from schedopt.timing.distributions.continuous import Gamma, Lognormal
from schedopt.timing.distributions.erlang import Erlang, MixedErlang
from schedopt.timing.distributions.exponential import Exponential, Hyperexponential
from schedopt.timing.distributions.finite import Discrete, Empirical, Finite, constant
from schedopt.timing.distributions.fit import fit_moments

__all__ = [
    "Discrete", "Distribution", "Empirical", "Erlang", "Exponential", "Finite", "Gamma", "Hyperexponential",
    "Lognormal", "MixedErlang", "PhaseType", "constant", "fit_moments",
]  # fmt: skip
