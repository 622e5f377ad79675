"""Limits from samples: the printed figures, and how often they hold, counted out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from schedopt.operations.audits.amounts import Values, against, found_by_ratio, found_money, found_total
from schedopt.operations.audits.effects import compare, difference_limits
from schedopt.operations.audits.limits import Limits, clopper_pearson, exact, exact_number, wilson
from schedopt.operations.audits.shares import Stratum, found_share, found_shares
from schedopt.operations.audits.sizes import attribute_size


@pytest.mark.parametrize(
    ("found", "items", "score", "tail"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)), (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0, 0.1611), (0.0, 0.1684)), (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)  # fmt: skip
def test_limits_as_newcombe_prints_them(
    found: int, items: int, score: tuple[float, float], tail: tuple[float, float]
) -> None:  # fmt: skip
    """Newcombe 1998, Statistics in Medicine 17, 857–872, table I: methods 3 (Wilson) and 5 (Clopper and Pearson)."""
    assert tuple(round(one, 4) for one in wilson(found, items)) == score
    assert tuple(round(one, 4) for one in clopper_pearson(found, items)) == tail


@pytest.mark.parametrize(
    ("one", "other", "printed"),
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)), ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.0582, 0.8062)), ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)), ((0, 10), (0, 10), (-0.2775, 0.2775)),
        ((10, 10), (0, 20), (0.6791, 1.0)), ((10, 10), (0, 10), (0.6075, 1.0)),
    ],
)  # fmt: skip
def test_differences_as_newcombe_prints_them(
    one: tuple[int, int], other: tuple[int, int], printed: tuple[float, float]
) -> None:  # fmt: skip
    """Newcombe 1998, Statistics in Medicine 17, 873–890, table II, method 10."""
    assert tuple(round(limit, 4) for limit in difference_limits(one, other)) == printed


@pytest.mark.parametrize("confidence", [0.8, 0.95])
@pytest.mark.parametrize(("population", "items"), [(12, 5), (30, 12), (40, 25), (25, 25)])
def test_exact_limits_of_a_population_hold(population: int, items: int, confidence: float) -> None:
    """For each number of deviations that there can be, limits have it at least as often as they say."""
    limits = [exact_number(found, items, population, confidence) for found in range(items + 1)]
    for bad in range(population + 1):
        chances = stats.hypergeom.pmf(np.arange(items + 1), population, bad, items)
        held = sum(p for p, (low, high) in zip(chances, limits, strict=True) if low <= bad <= high)
        assert held >= confidence - 1e-9
    if items == population:
        assert [low for low, _ in limits] == [high for _, high in limits] == list(range(items + 1))


@pytest.mark.parametrize("items", [1, 7, 30])
def test_exact_limits_of_a_share_hold(items: int) -> None:
    """The same of very many items; and Wilson's hold as often on average."""
    shares = np.linspace(0.005, 0.995, 199)
    chances = stats.binom.pmf(np.arange(items + 1)[:, None], items, shares)
    for method, least in ((clopper_pearson, 0.95), (wilson, 0.0)):
        low, high = np.array([method(found, items) for found in range(items + 1)]).T[:, :, None]
        held = (chances * ((low <= shares) & (shares <= high))).sum(axis=0)
        assert held.min() >= least - 1e-9
        assert items < 7 or held.mean() >= 0.945


@pytest.mark.parametrize("sizes", [((40, 8), (25, 6)), ((60, 10), (20, 5)), ((30, 6), (30, 6), (15, 5))], ids=str)
def test_stratified_limits_hold(sizes: tuple[tuple[int, int], ...]) -> None:
    """Of small strata, counted out for many mixes of deviations, 95 % limits hold at least 92 % of the time, and 95 %
    on average.
    """
    outcomes = np.array(np.meshgrid(*(np.arange(items + 1) for _, items in sizes), indexing="ij")).reshape(
        len(sizes), -1
    )
    names = [str(place) for place in range(len(sizes))]
    found = [
        found_shares([Stratum(n, i, int(x), p) for n, (p, i), x in zip(names, sizes, row, strict=True)]).limits
        for row in outcomes.T
    ]
    low, high = np.array(found).T
    whole, held = sum(size for size, _ in sizes), list[float]()
    rng = np.random.default_rng(3)
    for share in np.repeat((0.03, 0.1, 0.3, 0.5), 8):
        bad = [int(rng.binomial(size, share)) for size, _ in sizes]
        chance = np.ones(outcomes.shape[1])
        for (size, items), number, row in zip(sizes, bad, outcomes, strict=True):
            chance *= stats.hypergeom.pmf(row, size, number, items)
        held.append(float(chance[(low <= sum(bad) / whole + 1e-12) & (sum(bad) / whole - 1e-12 <= high)].sum()))
    assert min(held) >= 0.92
    assert np.mean(held) >= 0.95


@given(st.floats(0.02, 0.4), st.integers(0, 3), st.none() | st.integers(60, 500), st.data())
def test_a_planned_sample_shows_what_it_was_planned_for(
    tolerable: float, allowed: int, population: int | None, data: st.DataObject
) -> None:  # fmt: skip
    """With as many deviations as were allowed for, or fewer, the verdict is within; with one more it is not."""
    if population is not None and tolerable * population <= allowed + 1:
        population = None
    items = attribute_size(tolerable, allowed=allowed, population=population).items
    few = data.draw(st.integers(0, allowed))
    assert found_share(few, items, population=population, tolerable=tolerable).verdict == "within"
    if items > allowed + 1 and attribute_size(tolerable, allowed=allowed + 1, population=population).items > items:
        assert found_share(allowed + 1, items, population=population, tolerable=tolerable).verdict != "within"


def test_verdicts_are_sentences() -> None:
    """Within, over and open each say the share that counts."""
    said = [found_share(found, 59, tolerable=0.05) for found in (0, 3, 30)]
    assert [one.verdict for one in said] == ["within", "open", "over"]
    for one, figure in zip(said, (said[0].upper, said[1].upper, said[2].lower), strict=True):
        assert f"{100 * figure:.4g} %" in one.words
        assert "tolerable 5 %" in one.words


@given(st.lists(st.floats(0, 500), min_size=2, max_size=30), st.integers(0, 100))
def test_a_total_by_the_textbook(values: list[float], more: int) -> None:
    """Mean per unit is N times the mean, give or take t s N sqrt((1 − n / N) / n); of all items it is their sum."""
    data, population = np.array(values), len(values) + more
    found = found_total([Values("all", data, population)])
    n, s = len(data), float(data.std(ddof=1))
    half = float(stats.t.ppf(0.95, n - 1)) * s * population * np.sqrt((1 - n / population) / n)
    assert found.total == pytest.approx(population * data.mean())
    assert found.limits.high - found.total == pytest.approx(half, abs=1e-6)
    assert more or found.limits == (pytest.approx(data.sum()), pytest.approx(data.sum()))


def test_limits_of_amounts_hold() -> None:
    """Drawn again and again from a population of differences, 90 % limits of the total hold about 90 % of the time,
    with strata and by ratio too.
    """
    rng = np.random.default_rng(7)
    books = [rng.gamma(9.0, 20.0, size=size) for size in (300, 120)]
    overs = [book * rng.beta(2, 5, size=len(book)) for book in books]
    true, held = sum(map(np.sum, overs)), np.zeros(3)
    for _ in range(600):
        chosen = [rng.permutation(len(over))[:40] for over in overs]
        strata = [
            Values(str(place), over[own], len(over), book[own], float(book.sum()))
            for place, (over, book, own) in enumerate(zip(overs, books, chosen, strict=True))
        ]
        whole = [found_total(strata), found_by_ratio(strata), found_total(strata[:1])]
        for place, one in enumerate(whole):
            held[place] += one.limits.low <= (true if place < 2 else overs[0].sum()) <= one.limits.high
        assert whole[0].method.startswith("stratified")
        assert whole[2].method == "mean per unit"
    assert np.all((held / 600 > 0.86) & (held / 600 < 0.94))


def test_satterthwaite_is_between() -> None:
    """Degrees of freedom of two strata alike are those of both; where one does not vary, those of the other."""
    alike = np.array([1.0, 2.0, 4.0, 8.0])
    both = found_total([Values("a", alike, 100), Values("b", alike, 100)])
    one = found_total([Values("a", alike, 100), Values("b", np.full(4, 3.0), 100)])
    assert (both.limits.high - both.total) / both.error == pytest.approx(float(stats.t.ppf(0.95, 6)))
    assert (one.limits.high - one.total) / one.error == pytest.approx(float(stats.t.ppf(0.95, 3)))


def test_stringers_bound() -> None:
    """Without errors it is the zero factor times the interval; whole errors add a factor each; half ones half of it."""
    none, whole, half = (found_money(np.array(t), 100, 100_000.0) for t in ([], [1.0, 1.0], [0.5]))
    assert [round(one[1]) for one in (none, whole)] == [2996, 6296]
    assert half[1] == pytest.approx(2995.73 + 0.5 * (4743.86 - 2995.73), abs=0.1)
    assert (none[0], whole[0], half[0]) == (0.0, 2000.0, 500.0)


def test_amounts_against_what_is_tolerable() -> None:
    """Within where the most is no more, over where the least is more."""
    assert [against(Limits(5.0, 9.0), most) for most in (10.0, 4.0, 7.0)] == ["within", "over", "open"]


@given(st.integers(1, 15), st.integers(1, 15), st.data())
def test_fishers_test_by_counting(first: int, second: int, data: st.DataObject) -> None:
    """The chance of an improvement is the hypergeometric tail."""
    before, after = data.draw(st.integers(0, first)), data.draw(st.integers(0, second))
    effect = compare((before, first), (after, second))
    tail = float(stats.hypergeom.sf(before - 1, first + second, before + after, first))
    assert effect.chance == pytest.approx(tail)
    assert effect.helped == (tail <= 0.05 + 1e-9)
    assert effect.limits.low <= effect.fewer <= effect.limits.high


def test_what_makes_no_sense_is_refused() -> None:
    """With what was expected."""
    for ask in (
        lambda: exact(3, 2), lambda: exact(0, 0), lambda: exact_number(0, 5, 4), lambda: found_shares([]),
        lambda: found_shares([Stratum("a", 3, 1), Stratum("b", 3, 1)]), lambda: found_share(0, 5, confidence=0.4),
        lambda: found_total([Values("a", np.array([1.0]), 5)]), lambda: found_money(np.array([2.0]), 5, 10.0),
        lambda: found_total([Values("a", np.array([1.0, 2.0]), 1)]),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="expected"):
            ask()


def test_the_effective_sample_size_by_the_formula() -> None:
    """Two strata alike of 40 items, 2 of 8 deviate in each: Korn and Graubard's size is 14 / (1 − 8 / 40), adjusted."""
    found = found_shares([Stratum(name, 8, 2, 40) for name in "ab"])
    size = 14 / (1 - 8 / 40) * float(stats.t.ppf(0.975, 15) / stats.t.ppf(0.975, 14)) ** 2
    low = float(stats.beta.ppf(0.025, size / 4, size * 3 / 4 + 1))
    high = float(stats.beta.ppf(0.975, size / 4 + 1, size * 3 / 4))
    assert found.share == 0.25
    assert found.limits == (pytest.approx(low), pytest.approx(high))
