"""Distributions of minutes: moments, quantiles, fits, grids, and what they refuse."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.uncertainty.distributions import (
    Discrete,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    MixedErlang,
    PhaseType,
    constant,
    fit_moments,
)

MEANS = st.floats(0.5, 200)
SCVS = st.floats(0.01, 6)


@st.composite
def discretes(draw: st.DrawFn) -> Discrete:
    values = sorted(draw(st.sets(st.integers(0, 400), min_size=1, max_size=8)))
    weights = np.array([draw(st.integers(1, 9)) for _ in values], float)
    return Discrete(tuple(v / 4 for v in values), tuple((weights / weights.sum()).tolist()))


CONTINUOUS = st.one_of(
    st.builds(lambda m, c: Lognormal.from_mean(m, scv=c), MEANS, SCVS),
    st.builds(lambda m, c: Gamma.from_mean(m, scv=c), MEANS, SCVS),
    st.builds(Exponential.from_mean, MEANS),
    st.builds(Erlang.from_mean, MEANS, st.integers(1, 40)),
    st.builds(lambda m, c: MixedErlang.from_mean(m, scv=c), MEANS, st.floats(0.01, 0.999)),
    st.builds(lambda m, c: Hyperexponential.from_mean(m, scv=c), MEANS, st.floats(1, 6)),
)
FINITE = st.one_of(
    discretes(), st.builds(Empirical, st.lists(st.floats(0, 90), min_size=1, max_size=20).map(tuple))
)  # fmt: skip
ANY = st.one_of(CONTINUOUS, FINITE)


@given(ANY, st.integers(0, 2**32))
def test_samples_have_the_moments(distribution: Distribution, seed: int) -> None:
    """The mean of 20,000 samples is within five standard errors, and none is negative or of another shape."""
    x = distribution.sample(np.random.default_rng(seed), (100, 200))
    assert x.shape == (100, 200)
    assert (x >= 0).all()
    # for heavy tails the normal approximation is rough, hence five and not three
    assert abs(x.mean() - distribution.mean) <= 5 * distribution.sd / math.sqrt(x.size) + 1e-9


@given(CONTINUOUS, st.integers(0, 2**32))
def test_samples_follow_the_cdf(distribution: Distribution, seed: int) -> None:
    """The cdf of 4,000 samples is uniform: its largest error is below Kolmogorov's bound for one in a million."""
    u = np.sort(distribution.cdf(distribution.sample(np.random.default_rng(seed), 4000)))
    above = np.arange(1, 4001) / 4000
    assert max((above - u).max(), (u - above + 1 / 4000).max()) < 2.7 / math.sqrt(4000)


@given(CONTINUOUS, st.lists(st.floats(1e-6, 1 - 1e-6), min_size=1, max_size=9))
def test_quantile_inverts_cdf(distribution: Distribution, p: list[float]) -> None:
    """The cdf of the quantile of p is p."""
    assert distribution.cdf(distribution.quantile(p)) == pytest.approx(np.array(p), abs=1e-9)


@given(FINITE, st.floats(0, 1))
def test_quantile_is_the_least_that_reaches(distribution: Distribution, p: float) -> None:
    """The cdf reaches p at the quantile, and not before it."""
    x = float(distribution.quantile(p))
    assert distribution.cdf(x) >= p - 1e-12
    assert p == 0 or distribution.cdf(np.nextafter(x, -np.inf)) < p


@given(ANY)
def test_moments_are_those_of_the_quantiles(distribution: Distribution) -> None:
    """Mean and limited mean agree with the integral of the quantile function (a midpoint sum)."""
    x = distribution.quantile((np.arange(8_000) + 0.5) / 8_000)
    scale = distribution.mean + 1
    assert x.mean() == pytest.approx(distribution.mean, abs=0.02 * scale)
    limit = float(distribution.quantile(0.8))
    assert np.minimum(x, limit).mean() == pytest.approx(float(distribution.limited_mean(limit)), abs=1e-3 * scale)


@given(MEANS, st.one_of(st.floats(1e-4, 8), st.integers(1, 60).map(lambda k: 1 / k), st.just(1.0)))
def test_fit_matches_both_moments(mean: float, scv: float) -> None:
    """The two-moment fit has the mean and the scv asked for, and so has its chain of phases."""
    fitted = fit_moments(mean, scv)
    assert fitted.mean == pytest.approx(mean, rel=1e-9)
    assert fitted.scv == pytest.approx(scv, rel=1e-7)
    assert isinstance(fitted, PhaseType)
    if scv < 1 / 400:
        return  # the matrix is large
    initial, subgenerator = fitted.phases()
    first = -np.linalg.solve(subgenerator, np.ones(len(initial)))
    second = -np.linalg.solve(subgenerator, 2 * first)
    assert initial.sum() == pytest.approx(1)
    assert (subgenerator.sum(axis=1) <= 1e-12).all()
    assert initial @ first == pytest.approx(mean, rel=1e-9)
    assert initial @ second - mean**2 == pytest.approx(scv * mean**2, rel=1e-6)


@pytest.mark.parametrize(
    ("scv", "kind"), [(0.0, Discrete), (0.3, MixedErlang), (0.5, MixedErlang), (1, Exponential), (2, Hyperexponential)]
)
def test_fit_kind(scv: float, kind: type[Distribution]) -> None:
    """Which distribution is fitted depends on the scv alone."""
    assert type(fit_moments(20, scv)) is kind


def test_an_scv_of_one_over_k_is_an_erlang() -> None:
    """At 1 / k nothing is mixed."""
    for k in range(2, 200):
        fitted = MixedErlang.from_mean(12, scv=1 / k)
        assert (fitted.num_phases, fitted.rate) == (k, pytest.approx(k / 12, rel=1e-6))
        assert fitted.one_fewer == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("scv", [1e-3, 1e-6, 1e-9, 0.0])
@pytest.mark.parametrize("fit", [fit_moments, lambda m, c: Lognormal.from_mean(m, scv=c)])
def test_less_and_less_variance_gives_a_constant(scv: float, fit: Callable[[float, float], Distribution]) -> None:
    """As the scv goes to 0 all quantiles go to the mean."""
    near = fit(20.0, scv).quantile([0.001, 0.5, 0.999])
    assert near == pytest.approx(20, abs=20 * 4 * math.sqrt(scv) + 1e-9)
    assert constant(20).variance == 0


@given(ANY, st.sampled_from([0.5, 1.0, 5.0, 7.5]))
def test_grid_keeps_the_mean(distribution: Distribution, grid: float) -> None:
    """On a grid every value is a multiple; the mean stays, and the variance grows by a quarter cell squared at most."""
    moved = distribution.on_grid(grid)
    cells = np.array(moved.values) / grid
    assert cells == pytest.approx(np.round(cells), abs=1e-9)
    assert moved.mean == pytest.approx(distribution.mean, rel=1e-4, abs=1e-9)
    slack = 0.02 * distribution.variance + 1e-9
    assert -slack <= moved.variance - distribution.variance <= grid**2 / 4 + slack
    assert moved.on_grid(grid) == moved or moved.on_grid(grid).mean == pytest.approx(moved.mean)


def test_values_are_values() -> None:
    """Equal distributions are equal and hash alike; the order of measurements does not matter."""
    assert Empirical((3, 1, 2, 2)) == Empirical((2, 3, 2, 1))
    assert hash(Empirical((1.0, 2.0))) == hash(Empirical((2.0, 1.0)))
    assert Lognormal.from_mean(20, sd=10) == Lognormal.from_mean(20, scv=0.25)
    assert Empirical((-5, 5, 5)).cdf([-6, -5, 5]).tolist() == pytest.approx([0, 1 / 3, 1])


def test_seeds_repeat() -> None:
    """The same generator state gives the same samples."""
    one, two = (Lognormal.from_mean(9, scv=0.4).sample(np.random.default_rng(3), 5) for _ in range(2))
    assert one.tolist() == two.tolist()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Lognormal.from_mean(0, scv=1), "mean to be a finite number above 0, not 0"),
        (lambda: Lognormal.from_mean(5, scv=-1), "scv to be a finite number of at least 0, not -1"),
        (lambda: Lognormal.from_mean(5), "either scv or sd"),
        (lambda: Lognormal.from_mean(5, scv=1, sd=5), "either scv or sd"),
        (lambda: Lognormal(math.nan, 1), "log_mean to be a finite number"),
        (lambda: Gamma(0, 1), "shape to be a finite number above 0"),
        (lambda: Gamma.from_mean(5, sd=0), "sd to be a finite number above 0"),
        (lambda: Exponential(math.inf), "rate to be a finite number above 0"),
        (lambda: Erlang(0, 1), "num_phases to be a whole number of at least 1"),
        (lambda: Erlang(2.5, 1), "num_phases to be a whole number of at least 1"),  # type: ignore[arg-type]
        (lambda: MixedErlang(1, 1, 0.5), "num_phases to be at least 2"),
        (lambda: MixedErlang(2, 1, 1.5), "one_fewer to be a number from 0 to 1"),
        (lambda: MixedErlang.from_mean(5, scv=1), "below 1, not 1"),
        (lambda: MixedErlang.from_mean(5, scv=1e-6).phases(), "at most 2,000 phases"),
        (lambda: Hyperexponential.from_mean(5, scv=0.5), "scv of at least 1"),
        (lambda: Hyperexponential((0.5, 0.4), (1, 2)), "sum to 1"),
        (lambda: Hyperexponential((1.0,), (1, 2)), "as many probabilities as rates"),
        (lambda: Discrete((1, 1), (0.5, 0.5)), "ascending order, none twice"),
        (lambda: Discrete((1, 2), (0.5, 0.4)), "sum to 1"),
        (lambda: Discrete((1, 2), (1.5, -0.5)), "probabilities from 0 to 1"),
        (lambda: Discrete((), ()), "at least one"),
        (lambda: Empirical(()), "at least one"),
        (lambda: Empirical((1, math.nan)), "finite values"),
        (lambda: constant(3).quantile(1.2), "p from 0 to 1"),
        (lambda: Exponential(1).on_grid(0), "minutes to be a finite number above 0"),
        (lambda: Exponential(1e-5).on_grid(0.1), "at most 1,000,000 points"),
        (lambda: fit_moments(-1, 1), "mean"),
        (lambda: fit_moments(1, math.nan), "scv"),
    ],
)  # fmt: skip
def test_invalid_values_are_refused(make: Callable[[], object], words: str) -> None:
    """A value that makes no sense raises ValueError and says what was expected."""
    with pytest.raises(ValueError, match=words):
        make()
