"""How far measured values are from a distribution."""

from __future__ import annotations

import numpy as np
from scipy import stats

from schedopt.arrays import Floats


def kolmogorov_smirnov(reached: Floats) -> float:
    """Largest difference between the share of values up to a point and the probability of it.

    Parameters
    ----------
    reached : float array, shape (values,)
        The distribution's cdf at each value; uniform where it is the right one.
    """
    return float(stats.ks_1samp(reached, stats.uniform.cdf, method="asymp").statistic)


def anderson_darling(reached: Floats) -> float:
    """The statistic A², which weighs differences in the tails more (Anderson and Darling 1954).

    Parameters
    ----------
    reached : float array, shape (values,)
        The distribution's cdf at each value.
    """
    ordered, num = np.clip(np.sort(reached), 1e-15, 1 - 1e-15), len(reached)
    odd = 2 * np.arange(1, num + 1) - 1
    return float(-num - (odd * (np.log(ordered) + np.log1p(-ordered[::-1]))).sum() / num)
