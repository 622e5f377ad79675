"""Sizes of samples: the printed figures, and that no smaller sample would do."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from schedopt.operations.audits.allocation import deviation_of_mean, equal, neyman, proportional, stratified_size
from schedopt.operations.audits.sizes import (
    attribute_size,
    mean_size,
    money_factor,
    money_size,
    share_size,
    table_size,
)

PRINTED = {
    10: 10, 15: 14, 20: 19, 25: 24, 30: 28, 35: 32, 40: 36, 45: 40, 50: 44, 55: 48, 60: 52, 65: 56, 70: 59, 75: 63,
    80: 66, 85: 70, 90: 73, 95: 76, 100: 80, 110: 86, 120: 92, 130: 97, 140: 103, 200: 132, 220: 140, 230: 144,
    240: 148, 250: 152, 500: 217, 1000: 278, 1200: 291, 1300: 297, 1400: 302, 1500: 306, 2800: 338, 5000: 357,
    9000: 368, 10000: 370, 75000: 382,
}  # fmt: skip
"""Of the table of Krejcie and Morgan 1970."""

strata = st.lists(st.tuples(st.integers(1, 12), st.floats(0, 50)), min_size=1, max_size=3)


@pytest.mark.parametrize(("population", "items"), PRINTED.items())
def test_the_table_of_krejcie_and_morgan(population: int, items: int) -> None:
    """Populations have the sizes that their table prints."""
    assert table_size(population).items == items


@pytest.mark.parametrize(
    ("tolerable", "allowed", "items"),
    [(0.02, 0, 149), (0.02, 1, 236), (0.05, 0, 59), (0.05, 1, 93), (0.10, 0, 29), (0.10, 1, 46)],
)
def test_attribute_samples_as_printed(tolerable: float, allowed: int, items: int) -> None:
    """The AICPA's sizes at 5 % risk."""
    assert attribute_size(tolerable, allowed=allowed).items == items


def test_poisson_factors_as_printed() -> None:
    """The AICPA's factors for 0 to 4 at 5 % and 10 % risk, which are rounded up to two digits."""
    up = [[math.ceil(100 * money_factor(wrong, risk)) / 100 for wrong in range(5)] for risk in (0.05, 0.10)]
    assert up == [[3.00, 4.75, 6.30, 7.76, 9.16], [2.31, 3.89, 5.33, 6.69, 8.00]]


def test_cochran_and_money() -> None:
    """385 items estimate a share to within 5 %; a fiftieth of the book at 5 % risk takes 150 units of money."""
    assert share_size().items == 385
    assert money_size(500_000, 10_000).items == 150


@given(st.floats(0.01, 0.6), st.integers(0, 4), st.floats(0.01, 0.2), st.none() | st.integers(20, 400))
def test_one_item_less_would_not_do(tolerable: float, allowed: int, risk: float, population: int | None) -> None:
    """Among all sizes, the one that is given is the smallest at which so few deviations are so rare."""
    bad = None if population is None else math.ceil(round(tolerable * population, 9))
    if bad is not None and bad <= allowed:
        with pytest.raises(ValueError, match="no sample"):
            attribute_size(tolerable, allowed=allowed, risk=risk, population=population)
        return
    items = attribute_size(tolerable, allowed=allowed, risk=risk, population=population).items

    def chance(n: int) -> float:
        if population is None or bad is None:
            return sum(math.comb(n, k) * tolerable**k * (1 - tolerable) ** (n - k) for k in range(allowed + 1))
        ways = sum(math.comb(bad, k) * math.comb(population - bad, n - k) for k in range(min(allowed, n) + 1))
        return ways / math.comb(population, n)

    assert chance(items) <= risk + 1e-9
    assert chance(items - 1) > risk - 1e-9


@given(st.floats(0.5, 20), st.floats(0, 60), st.none() | st.integers(2, 500), st.floats(0.6, 0.99))
def test_a_mean_is_as_near_as_it_should_be(
    error: float, deviation: float, population: int | None, confidence: float
) -> None:  # fmt: skip
    """So many items reach the error by Student's t, and one less does not."""
    items = mean_size(error, deviation, population=population, confidence=confidence).items

    def half(n: int) -> float:
        left = 1 if population is None else 1 - n / population
        return float(stats.t.ppf((1 + confidence) / 2, n - 1)) * deviation * math.sqrt(left / n)

    assert half(items) <= error + 1e-9
    assert items == 2 or half(items - 1) > error - 1e-9


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(1, 60), min_size=1), st.data())
def test_divided_samples_sum_up(sizes: dict[str, int], data: st.DataObject) -> None:
    """Every way to divide a sample gives all of it, something of each stratum, and no more than it has."""
    items = data.draw(st.integers(len(sizes), sum(sizes.values())))
    for given_ in (
        proportional(sizes, items),
        equal(sizes, items),
        neyman(sizes, dict.fromkeys(sizes, 1.0), items, least=1),
    ):
        assert sum(given_.values()) == items
        assert all(1 <= given_[name] <= size for name, size in sizes.items())


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(20, 60), min_size=1), st.integers(1, 20))
def test_shares_are_in_proportion(sizes: dict[str, int], items: int) -> None:
    """Where no stratum is at its limits, none is an item away from its share."""
    given_, whole = proportional(sizes, items, least=0), sum(sizes.values())
    assert all(abs(given_[name] - items * size / whole) < 1 for name, size in sizes.items())


@given(strata, st.data())
def test_no_other_division_varies_less(rows: list[tuple[int, float]], data: st.DataObject) -> None:
    """Of all ways to divide a sample, by brute force, Neyman's in whole numbers has the smallest variance."""
    sizes = {str(place): size for place, (size, _) in enumerate(rows)}
    spread = {str(place): deviation for place, (_, deviation) in enumerate(rows)}
    items = data.draw(st.integers(len(sizes), sum(sizes.values())))
    best = min(
        deviation_of_mean(sizes, spread, dict(zip(sizes, taken, strict=True)))
        for taken in itertools.product(*(range(1, size + 1) for size in sizes.values()))
        if sum(taken) == items
    )
    assert deviation_of_mean(sizes, spread, neyman(sizes, spread, items, least=1)) == pytest.approx(best, abs=1e-9)


@given(strata, st.floats(0.5, 10))
def test_the_smallest_stratified_sample(rows: list[tuple[int, float]], error: float) -> None:
    """It is precise enough, and the best division of one item less is not."""
    sizes = {str(place): size for place, (size, _) in enumerate(rows)}
    spread = {str(place): deviation for place, (_, deviation) in enumerate(rows)}
    taken = stratified_size(sizes, spread, error)
    wanted, items = error / 1.959963984540054, sum(taken.values())
    assert deviation_of_mean(sizes, spread, taken) <= wanted + 1e-9
    least = sum(min(2, size) for size in sizes.values())
    assert items == least or deviation_of_mean(sizes, spread, neyman(sizes, spread, items - 1)) > wanted - 1e-9


@pytest.mark.parametrize(
    "ask",
    [
        lambda: table_size(0), lambda: table_size(10, error=0), lambda: attribute_size(1.5),
        lambda: attribute_size(0.05, allowed=-1), lambda: mean_size(0, 1), lambda: money_size(10, 20),
        lambda: proportional({"a": 3}, 4), lambda: neyman({"a": 3, "b": 3}, {"a": 1, "b": 1}, 3),
        lambda: stratified_size({"a": 3}, {"a": 1}, 0),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(ask: object) -> None:
    """With what was expected."""
    with pytest.raises(ValueError, match="expected"):
        ask()  # type: ignore[operator]
