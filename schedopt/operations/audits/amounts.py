"""What a sample says of an amount, such as what was overpaid in all: estimates with limits by Student's t."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import stats

from schedopt.arrays import Floats
from schedopt.operations.audits.limits import Limits, expect_share
from schedopt.operations.audits.shares import Verdict
from schedopt.operations.audits.sizes import money_factor, percent


class Values(NamedTuple):
    """What was measured in one stratum.

    Attributes
    ----------
    name : str
        Its name.
    values : float array
        Of each item looked at: what was found, or by how much the book is too high.
    population : int
        All items of the stratum.
    book : float array or None
        The book amount of each item looked at; for estimates by ratio.
    whole_book : float
        The book amount of all items of the stratum.
    """

    name: str
    values: Floats
    population: int
    book: Floats | None = None
    whole_book: float = 0.0


@dataclass(frozen=True)
class AmountFound:
    """An amount for all items, as a sample shows it.

    Attributes
    ----------
    items, population : int
        Looked at, and all.
    mean, total : float
        Estimates of an item's mean and of the sum of all.
    error : float
        Standard error of the total.
    limits : Limits
        Of the total, two-sided at `confidence`.
    confidence : float
        Such as 0.90.
    precision : float
        Half the interval, over the total; infinite where that is nothing.
    method : str
        By what.
    """

    items: int
    population: int
    mean: float
    total: float
    error: float
    limits: Limits
    confidence: float
    precision: float
    method: str

    @property
    def words(self) -> str:
        """The same in a sentence."""
        return (
            f"{self.total:,.2f} for all {self.population:,} items, between {self.limits.low:,.2f} and "
            f"{self.limits.high:,.2f} at {percent(self.confidence)} confidence ({self.items:,} looked at)."
        )


def found_total(strata: Iterable[Values], *, confidence: float = 0.90) -> AmountFound:
    """The sum of what is measured, for all items: mean per unit, by stratum.

    Measured by differences (book less audited amount), it is the difference estimate: what was overpaid. The Office of
    Inspector General takes the lower limit of the two-sided interval at 90 % as what is owed.

    Parameters
    ----------
    strata : iterable of Values
        One where the sample is not stratified; each with two items at least, but where all of its items were looked at.
    confidence : float
        Two-sided.

    Notes
    -----
    Cochran 1977, sections 2.8, 5.3 and 5.4: degrees of freedom are n − 1, or by Satterthwaite where there are strata.
    """
    rows = _looked_at(strata, confidence)
    total = sum(one.population * float(one.values.mean()) for one in rows)
    parts = [(_part(one.values, one.population), len(one.values)) for one in rows]
    method = "mean per unit" if len(rows) == 1 else "stratified mean per unit"
    return _found(rows, total, parts, confidence, method)


def found_by_ratio(strata: Iterable[Values], *, confidence: float = 0.90) -> AmountFound:
    """The same by the ratio of what was measured to the book amount, whose sum for all items is known.

    Shorter limits than :func:`found_total` where what is measured goes with the book amount. With strata the ratio is
    that of all of them together (combined ratio estimate, Cochran 1977, sections 6.3 and 6.11).
    """
    rows = _looked_at(strata, confidence)
    books = [one.book for one in rows if one.book is not None]
    whole = sum(one.whole_book for one in rows)
    if len(books) < len(rows) or whole <= 0:
        raise ValueError("expected book amounts, of the items looked at and of all")
    below = sum(one.population * float(book.mean()) for one, book in zip(rows, books, strict=True))
    above = sum(one.population * float(one.values.mean()) for one in rows)
    if below <= 0:
        raise ValueError("expected items with book amounts above 0")
    ratio = above / below
    left = [one.values - ratio * book for one, book in zip(rows, books, strict=True)]
    parts = [(_part(rest, one.population), len(rest)) for rest, one in zip(left, rows, strict=True)]
    return _found(rows, ratio * whole, parts, confidence, "ratio" if len(rows) == 1 else "combined ratio")


def found_money(
    taints: Floats, items: int, book: float, *, risk: float = 0.05
) -> tuple[float, float]:  # fmt: skip
    """What is wrong of a book value, by a sample of money units: the estimate and Stringer's upper bound.

    Parameters
    ----------
    taints : float array
        By unit that is wrong: how much of its item is, from 0 to 1.
    items : int
        Units drawn.
    book : float
        The book value of all.
    risk : float
        Of the bound.

    Notes
    -----
    The bound by Poisson factors (AICPA Audit Sampling): taints from the largest on, each times what its factor adds.
    """
    expect_share("risk", risk)
    sorted_ = np.sort(np.asarray(taints, dtype=float))[::-1]
    if items < len(sorted_) or items < 1:
        raise ValueError("expected items to be no fewer than those that are wrong")
    if len(sorted_) and (sorted_[0] > 1 or sorted_[-1] < 0):
        raise ValueError("expected taints from 0 to 1")
    factors = np.array([money_factor(count, risk) for count in range(len(sorted_) + 1)])
    step = book / items
    bound = step * (factors[0] + float(np.sum(np.diff(factors) * sorted_)))
    return step * float(sorted_.sum()), min(book, bound)


def against(found: Limits, tolerable: float) -> Verdict:
    """An amount against one that is tolerable."""
    return "within" if found.high <= tolerable else "over" if found.low > tolerable else "open"


def _looked_at(strata: Iterable[Values], confidence: float) -> list[Values]:
    expect_share("confidence", confidence)
    rows = [one for one in strata if one.population]
    for one in rows:
        if len(one.values) > one.population:
            raise ValueError("expected population to be no smaller than the sample")
        if len(one.values) < min(2, one.population):
            raise ValueError("expected two items of each stratum at least")
    if not rows:
        raise ValueError("expected items that were looked at")
    return rows


def _part(values: Floats, population: int) -> float:
    """A stratum's part of the variance of a total."""
    if len(values) >= population:
        return 0.0
    return population**2 * (1 - len(values) / population) * float(values.var(ddof=1)) / len(values)


def _found(
    rows: list[Values], total: float, parts: list[tuple[float, int]], confidence: float, method: str
) -> AmountFound:  # fmt: skip
    population, items = sum(one.population for one in rows), sum(len(one.values) for one in rows)
    variance = sum(part for part, _ in parts)
    error = math.sqrt(variance)
    half = 0.0
    if variance > 0:
        free = variance**2 / sum(part**2 / (count - 1) for part, count in parts if part > 0)
        half = float(stats.t.ppf((1 + confidence) / 2, free)) * error
    precision = half / abs(total) if total else (math.inf if half else 0.0)
    limits = Limits(total - half, total + half)
    return AmountFound(items, population, total / population, total, error, limits, confidence, precision, method)
