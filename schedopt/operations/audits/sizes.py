"""How many items an audit has to look at, by published methods."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy import stats

from schedopt.operations.audits.limits import expect_share, is_rare

CHI_SQUARE = 3.841
"""Of Krejcie and Morgan: chi-square of one degree of freedom at 95 % confidence, as their table has it."""
_MOST = 10_000_000


@dataclass(frozen=True)
class Size:
    """How many items, and by what.

    Attributes
    ----------
    items : int
        Sample size.
    method : str
        The method, with its source.
    words : str
        What a sample of this size can say, in a sentence.
    """

    items: int
    method: str
    words: str


def table_size(population: int, *, error: float = 0.05, share: float = 0.5) -> Size:
    """The size that Krejcie and Morgan's table prints: to estimate a share within an error at 95 % confidence.

    Parameters
    ----------
    population : int
        How many items there are, from 1 on.
    error : float
        Half the width of the interval; 0.05 in their table.
    share : float
        The share that is expected; 0.5, which asks for most, in their table.

    Returns
    -------
    Size
        Rounded to the nearest, as their table is: the formula's own value can lie half an item above.
    """
    _expect(population >= 1, "population", "a whole number from 1 on")
    expect_share("error", error)
    expect_share("share", share)
    spread = CHI_SQUARE * share * (1 - share)
    exact = spread * population / (error**2 * (population - 1) + spread)
    items = min(population, max(1, math.floor(exact + 0.5)))
    return Size(
        items, "Krejcie and Morgan 1970",
        f"{items:,} of {population:,} items estimate a share to within {percent(error)} at 95 % confidence.",
    )  # fmt: skip


def share_size(
    population: int | None = None, *, error: float = 0.05, share: float = 0.5, confidence: float = 0.95
) -> Size:
    """To estimate a share within an error: Cochran's size with the normal quantile, rounded up.

    Parameters
    ----------
    population : int, optional
        How many items there are; None: so many that it makes no difference.
    error : float
        Half the width of the interval.
    share : float
        The share that is expected.
    confidence : float
        Two-sided.
    """
    expect_share("error", error)
    expect_share("share", share)
    expect_share("confidence", confidence)
    _expect(population is None or population >= 1, "population", "a whole number from 1 on")
    first = float(stats.norm.ppf((1 + confidence) / 2)) ** 2 * share * (1 - share) / error**2
    exact = first if population is None else first / (1 + (first - 1) / population)
    items = math.ceil(exact - 1e-9)
    items = max(1, items if population is None else min(items, population))
    return Size(
        items, "Cochran 1977, section 4.4",
        f"{items:,} items estimate a share of about {percent(share)} to within {percent(error)} at "
        f"{percent(confidence)} confidence.",
    )  # fmt: skip


def attribute_size(
    tolerable: float, *, allowed: int = 0, risk: float = 0.05, population: int | None = None
) -> Size:  # fmt: skip
    """To show that fewer items than a tolerable share deviate: the smallest sample that does.

    In a population of which just the tolerable share deviates, at most `allowed` deviations are found with no more than
    this risk. So a sample with so few shows, at 1 − risk confidence, that the share is smaller. With 0 allowed it is
    known as discovery sampling.

    Parameters
    ----------
    tolerable : float
        The smallest share of deviations that is too many.
    allowed : int
        Deviations that the sample may have.
    risk : float
        Of accepting a population in which too many deviate.
    population : int, optional
        How many items there are: exact by the hypergeometric distribution. None: by the binomial one, as the AICPA's
        tables are.

    Raises
    ------
    ValueError
        If no sample of the population can show it.
    """
    expect_share("tolerable", tolerable)
    expect_share("risk", risk)
    _expect(allowed >= 0, "allowed", "a whole number from 0 on")
    if population is None:
        items = _smallest(lambda n: is_rare(allowed, n, tolerable, risk), allowed + 1, _MOST)
        method = "exact binomial (AICPA Audit Sampling)"
    else:
        _expect(population >= 1, "population", "a whole number from 1 on")
        bad = math.ceil(round(tolerable * population, 9))
        _expect(
            bad > allowed, "allowed",
            f"fewer than the {bad:,} of {population:,} items that are {percent(tolerable)}: no sample can tell them",
        )  # fmt: skip
        items = _smallest(lambda n: is_rare(allowed, n, bad, risk, population), allowed + 1, population)
        method = "exact hypergeometric"
    found = "none deviates" if allowed == 0 else f"at most {allowed:,} deviate{'s' if allowed == 1 else ''}"
    words = (
        f"If {found} of {items:,} items, then fewer than {percent(tolerable)} of all do, at {percent(1 - risk)} "
        + ("confidence." if population is None else f"confidence, of {population:,} items.")
    )
    return Size(items, method, words)


def mean_size(
    error: float, deviation: float, *, population: int | None = None, confidence: float = 0.95
) -> Size:  # fmt: skip
    """To estimate a mean within an error, by mean per unit or by differences: the smallest size by Student's t.

    Parameters
    ----------
    error : float
        Half the width of the interval for the mean, in the unit of the values.
    deviation : float
        Their standard deviation, as known from a probe sample or an earlier audit.
    population : int, optional
        How many items there are; None: so many that it makes no difference.
    confidence : float
        Two-sided; the Office of Inspector General's is 0.90.
    """
    expect_share("confidence", confidence)
    _expect(error > 0, "error", "more than 0")
    _expect(deviation >= 0, "deviation", "a number from 0 on")
    _expect(population is None or population >= 1, "population", "a whole number from 1 on")

    def reaches(n: int) -> bool:
        left = 1.0 if population is None else 1 - n / population
        if left <= 0 or deviation == 0:
            return True
        return bool(stats.t.ppf((1 + confidence) / 2, n - 1) * deviation * math.sqrt(left / n) <= error)

    first = 1 if population == 1 else 2
    items = _smallest(reaches, first, _MOST if population is None else population)
    return Size(
        items, "mean per unit with Student's t (Cochran 1977, section 4.6)",
        f"{items:,} items estimate a mean to within {error:,g} at {percent(confidence)} confidence.",
    )  # fmt: skip


def money_size(book: float, tolerable: float, *, allowed: int = 0, risk: float = 0.05) -> Size:
    """Of money units: to show that less than a tolerable amount of a book value is wrong.

    Parameters
    ----------
    book : float
        The book value of all items.
    tolerable : float
        The amount that is too much.
    allowed : int
        Items that may be wrong altogether.
    risk : float
        Of accepting a book value of which so much is wrong.
    """
    expect_share("risk", risk)
    _expect(book > 0, "book", "more than 0")
    _expect(0 < tolerable <= book, "tolerable", "more than 0, and no more than the book value")
    _expect(allowed >= 0, "allowed", "a whole number from 0 on")
    items = math.ceil(book / tolerable * money_factor(allowed, risk) - 1e-9)
    found = "none is wrong" if allowed == 0 else f"at most {allowed:,} {'is' if allowed == 1 else 'are'} wrong"
    return Size(
        items, "money units, by the Poisson distribution (AICPA Audit Sampling)",
        f"If {found} of {items:,} money units, then less than {tolerable:,g} of {book:,g} is wrong, at "
        f"{percent(1 - risk)} confidence.",
    )  # fmt: skip


def money_factor(wrong: int, risk: float = 0.05) -> float:
    """The reliability factor: the mean of a Poisson distribution that gives at most so many with just this risk."""
    return float(stats.gamma.ppf(1 - risk, wrong + 1))


def percent(share: float) -> str:
    """A share as people read it, such as ``5 %``."""
    return f"{100 * share:.4g} %"


def _smallest(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The smallest number from one to another of which something holds that holds of all larger ones too."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _expect(holds: bool, name: str, words: str) -> None:
    if not holds:
        raise ValueError(f"expected {name} to be {words}")
