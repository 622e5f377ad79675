"""Service times: what is fitted, what is drawn together, and what real consultations say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from schedopt.uncertainty.distributions import Gamma, Lognormal
from schedopt.uncertainty.history import fit_service
from schedopt.uncertainty.history.goodness import anderson_darling, kolmogorov_smirnov
from schedopt.uncertainty.history.shrinkage import inverse_trigamma, shrunk_means, shrunk_variances
from tests.uncertainty.pasts import served

CONSULTATIONS = Path(__file__).parents[3] / "shared" / "data" / "hangu_clinic_service_times" / "Data.csv.gz"


def test_many_visits_give_their_own_mean() -> None:
    """With a thousand visits each, every combination's mean is found to a few per cent."""
    means = {("check-up", "A"): 20.0, ("check-up", "B"): 26.0, ("follow-up", "A"): 9.0, ("follow-up", "B"): 15.0}
    fitted = fit_service(served(means, dict.fromkeys(means, 1000)))
    for (kind, provider), mean in means.items():
        assert fitted.distribution(kind, provider).mean == pytest.approx(mean, rel=0.05)
    assert fitted.ks < 0.03
    assert set(fitted.table["family"]) == {"lognormal"}


def test_few_visits_are_drawn_to_all() -> None:
    """Of a provider with two visits less is believed than of one with many."""
    means = {("visit", f"D{n}"): 20.0 for n in range(8)} | {("visit", "slow"): 40.0, ("visit", "rare"): 40.0}
    counts = dict.fromkeys(means, 200) | {("visit", "rare"): 2}
    fitted = fit_service(served(means, counts))
    rare = fitted.distribution("visit", "rare").mean
    assert fitted.distribution("visit", "slow").mean == pytest.approx(40, rel=0.1)
    assert 20 < rare < 40
    unknown = fitted.distribution("visit", "nobody")
    assert unknown.scv > fitted.distribution("visit", "slow").scv
    assert fitted.distribution("never seen").mean > 0


def test_alike_providers_share_everything() -> None:
    """Where providers do not differ, the estimates differ less than the means that were measured."""
    means = {("visit", f"D{n}"): 20.0 for n in range(20)}
    table = fit_service(served(means, dict.fromkeys(means, 10))).table
    assert table["fitted_mean"].std() < 0.5 * table["mean"].std()


def test_family() -> None:
    """A family can be asked for; a gamma has the log moments of the lognormal."""
    history = served({("visit", "A"): 20.0}, {("visit", "A"): 300})
    one, two = (fit_service(history, family).distribution("visit", "A") for family in ("lognormal", "gamma"))
    assert isinstance(one, Lognormal)
    assert isinstance(two, Gamma)
    log = np.log(two.sample(np.random.default_rng(1), 200_000))
    assert log.mean() == pytest.approx(one.log_mean, abs=0.01)
    assert log.std() == pytest.approx(one.log_sd, abs=0.01)
    with pytest.raises(ValueError, match="family to be"):
        fit_service(history, "normal")  # type: ignore[arg-type]


def test_too_little_is_refused() -> None:
    """One visit is no history."""
    with pytest.raises(ValueError, match="at least 2 kept visits"):
        fit_service(served({("visit", "A"): 20.0}, {("visit", "A"): 1}))


def test_shrinkage_lowers_the_error() -> None:
    """Shrunk means and variances are nearer the truth than plain ones, over many small groups."""
    rng = np.random.default_rng(5)
    effect, sd = rng.normal(0, 0.3, 400), np.sqrt(0.5 * 6 / rng.chisquare(6, 400))
    group = np.repeat(np.arange(400), 4)
    values = effect[group] + sd[group] * rng.normal(size=1600)
    plain = values.reshape(400, 4).mean(axis=1)
    found = shrunk_means(values, group, 400)
    assert ((found.effect - effect) ** 2).mean() < 0.7 * ((plain - effect) ** 2).mean()
    assert found.variance == pytest.approx(0.09, abs=0.06)
    variance, prior = shrunk_variances(values, group, 400)
    raw = values.reshape(400, 4).var(axis=1, ddof=1)
    assert (np.log(variance / sd**2) ** 2).mean() < 0.7 * (np.log(raw / sd**2) ** 2).mean()
    assert 0.2 < prior < 1.2


@pytest.mark.parametrize("x", [1e-3, 0.2, 1.0, 7.0, 1e4])
def test_inverse_trigamma(x: float) -> None:
    """It undoes the trigamma function."""
    from scipy import special

    assert inverse_trigamma(float(special.polygamma(1, x))) == pytest.approx(x, rel=1e-8)


def test_goodness_of_fit() -> None:
    """Distances agree with scipy's, and are small for the right distribution alone."""
    from scipy import stats

    u = np.random.default_rng(2).random(500)
    assert kolmogorov_smirnov(u) == pytest.approx(stats.kstest(u, "uniform").statistic)
    assert anderson_darling(u) < 2.5 < anderson_darling(u**1.3)
    assert anderson_darling(np.array([0.5])) == pytest.approx(-1 + 2 * np.log(2))


@pytest.mark.skipif(not CONSULTATIONS.is_file(), reason="the consultations are not next to this repository")
def test_real_consultations_are_lognormal() -> None:
    """5,241 real consultations: a lognormal each for new and returning patients is within 1.5 % everywhere."""
    from benchmarks.service_times import read_consultations

    history, left_out = read_consultations(str(CONSULTATIONS))
    assert len(history) + left_out == 5241
    fitted = fit_service(history)
    assert set(fitted.table["family"]) == {"lognormal"}
    assert fitted.ks < 0.015
    assert fitted.distribution("consultation", "physician", new=True).mean == pytest.approx(15.2, abs=0.3)
    assert fitted.distribution("consultation", "physician", new=False).mean == pytest.approx(12.4, abs=0.3)
