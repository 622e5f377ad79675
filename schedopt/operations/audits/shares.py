"""What a sample says of the share that deviates, with limits, and what it means against a tolerable share."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from scipy import stats

from schedopt.operations.audits.limits import Limits, exact, expect_counts, expect_share, wilson
from schedopt.operations.audits.sizes import percent

Verdict = Literal["within", "over", "open"]
"""within: fewer deviate than is tolerable; over: more do; open: the sample shows neither."""


class Stratum(NamedTuple):
    """What was found in one stratum.

    Attributes
    ----------
    name : str
        Its name.
    items : int
        Looked at.
    found : int
        Of them deviate.
    population : int or None
        All items of the stratum; None: so many that it makes no difference.
    """

    name: str
    items: int
    found: int
    population: int | None = None


@dataclass(frozen=True)
class ShareFound:
    """The share that deviates, as a sample shows it.

    Attributes
    ----------
    items, found : int
        Looked at, and deviating.
    population : int or None
        All items.
    share : float
        The estimate for all items.
    limits : Limits
        Two-sided, at `confidence`.
    score : Limits
        Wilson's, of an undivided sample; of a stratified one the same as `limits`.
    lower, upper : float
        One-sided limits, each at `confidence`.
    confidence : float
        Such as 0.95.
    method : str
        By which limits were found.
    tolerable : float or None
        The smallest share that is too many.
    verdict : {"within", "over", "open"} or None
        The sample against it.
    words : str
        The same in a sentence.
    """

    items: int
    found: int
    population: int | None
    share: float
    limits: Limits
    score: Limits
    lower: float
    upper: float
    confidence: float
    method: str
    tolerable: float | None
    verdict: Verdict | None
    words: str


def found_share(
    found: int, items: int, *, population: int | None = None, confidence: float = 0.95, tolerable: float | None = None
) -> ShareFound:
    """What a simple random sample says of the share that deviates.

    Parameters
    ----------
    found, items : int
        Deviations, and items looked at.
    population : int, optional
        All items: limits are exact by the hypergeometric distribution. None: by the binomial one (Clopper and Pearson).
    confidence : float
        Of the limits.
    tolerable : float, optional
        The smallest share of deviations that is too many.
    """
    return found_shares([Stratum("all", items, found, population)], confidence=confidence, tolerable=tolerable)


def found_shares(
    strata: Iterable[Stratum], *, confidence: float = 0.95, tolerable: float | None = None
) -> ShareFound:  # fmt: skip
    """What a stratified sample says of the share that deviates among all items.

    Parameters
    ----------
    strata : iterable of Stratum
        Each with its population, but where there is only one.
    confidence, tolerable
        As in :func:`found_share`.

    Notes
    -----
    The estimate weights each stratum by its population. Limits are those of Clopper and Pearson for the sample size
    that would have the same variance without strata (Korn and Graubard 1998, Survey Methodology 24, 193–201).
    """
    rows = [one for one in strata if one.items or one.population]
    if not rows:
        raise ValueError("expected items that were looked at")
    if tolerable is not None:
        expect_share("tolerable", tolerable)
    for one in rows:
        expect_counts(one.found, one.items, confidence)
        if one.population is not None and one.population < one.items:
            raise ValueError("expected population to be no smaller than the sample")
    items, found = sum(one.items for one in rows), sum(one.found for one in rows)
    twice = 2 * confidence - 1  # two-sided limits at this confidence are one-sided ones at the other
    if twice <= 0:
        raise ValueError("expected confidence to be more than 50 %")
    if len(rows) == 1:
        population = rows[0].population
        share, method = found / items, "exact binomial" if population is None else "exact hypergeometric"
        limits, sides = (exact(found, items, population, level) for level in (confidence, twice))
        score = wilson(found, items, confidence)
    else:
        share, limits, sides = _stratified(rows, confidence, twice)
        score, method = limits, "stratified, effective sample size"
        population = sum(one.population or 0 for one in rows)
    verdict = None if tolerable is None else _verdict(sides, tolerable)
    words = _words(found, items, share, sides, confidence, tolerable, verdict)
    return ShareFound(
        items, found, population, share, limits, score, sides.low, sides.high, confidence, method, tolerable, verdict,
        words,
    )  # fmt: skip


def _stratified(rows: list[Stratum], confidence: float, twice: float) -> tuple[float, Limits, Limits]:
    if any(one.population is None for one in rows):
        raise ValueError("expected the population of each stratum")
    whole = sum(one.population or 0 for one in rows)
    share = sum((one.population or 0) / whole * one.found / one.items for one in rows)
    variance = sum(_variance(one, whole) for one in rows)
    items = sum(one.items for one in rows)
    free = max(1, items - len(rows))
    limits, sides = (_effective(share, variance, items, free, whole, level) for level in (confidence, twice))
    return share, limits, sides


def _variance(one: Stratum, whole: int) -> float:
    """Of a stratum's part of the estimate.

    A stratum of which nothing or everything deviates is taken to vary as if half an item more did, or did not, so that
    few items do not look like certainty.
    """
    population = one.population or 0
    if one.items >= population:
        return 0.0
    share = (one.found + 0.5) / (one.items + 1) if one.found in (0, one.items) else one.found / one.items
    left = 1 - one.items / population
    return (population / whole) ** 2 * left * share * (1 - share) / max(1, one.items - 1)


def _effective(
    share: float, variance: float, items: int, free: int, whole: int, confidence: float
) -> Limits:  # fmt: skip
    """Clopper and Pearson's limits for the sample size that has this variance without strata."""
    if variance == 0:  # all items were looked at
        return Limits(share, share)
    near = min(max(share, 0.5 / (items + 1)), 1 - 0.5 / (items + 1))
    t = (
        float(stats.t.ppf((1 + confidence) / 2, items - 1) / stats.t.ppf((1 + confidence) / 2, free))
        if items > 1
        else 1
    )
    size = min(near * (1 - near) / variance, float(whole)) * t**2
    hits, half = share * size, (1 - confidence) / 2
    low = 0.0 if hits <= 0 else float(stats.beta.ppf(half, hits, size - hits + 1))
    high = 1.0 if hits >= size else float(stats.beta.ppf(1 - half, hits + 1, size - hits))
    return Limits(low, high)


def _verdict(sides: Limits, tolerable: float) -> Verdict:
    if sides.high < tolerable or math.isclose(sides.high, tolerable, rel_tol=1e-12):
        return "within"
    return "over" if sides.low > tolerable else "open"


def _words(
    found: int, items: int, share: float, sides: Limits, confidence: float, tolerable: float | None,
    verdict: Verdict | None,
) -> str:  # fmt: skip
    begin = f"{found:,} of {items:,} items looked at {'deviates' if found == 1 else 'deviate'} ({percent(share)} of all"
    if verdict is None or tolerable is None:
        return f"{begin}, at most {percent(sides.high)} at {percent(confidence)} confidence)."
    sure = f"at {percent(confidence)} confidence"
    if verdict == "within":
        return f"{begin}): at most {percent(sides.high)} {sure}, which is within the tolerable {percent(tolerable)}."
    if verdict == "over":
        return f"{begin}): at least {percent(sides.low)} {sure}, which is over the tolerable {percent(tolerable)}."
    return (
        f"{begin}): between {percent(sides.low)} and {percent(sides.high)}, each {sure}, so that the sample does not "
        f"show whether it is within the tolerable {percent(tolerable)}."
    )
