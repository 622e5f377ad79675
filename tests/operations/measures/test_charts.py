"""Control charts: published figures, theory, and rules said once more point by point."""

from __future__ import annotations

import math
from itertools import combinations, pairwise
from statistics import median
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.charts import fires_within, run_length, shift_after_baseline
from schedopt.operations.measures.charts.chart import rate_chart, xmr
from schedopt.operations.measures.charts.drawing import NARROW, WIDE, Subject, draw, nice_ticks, number
from schedopt.operations.measures.charts.rules import RULES, fired
from tests.effort import examples

FLOWRATE = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
"""NIST/SEMATECH e-Handbook 6.3.2.2."""
FAR_POINT = [1, 2, 1, 2, 10, *[1, 2] * 6, 1]
"""NHSRplotthedots, vignette "Deviations from Excel defaults"."""
SVG = "{http://www.w3.org/2000/svg}"


def test_published_limits() -> None:
    """NIST's flow rates have the printed centre and limits."""
    chart = xmr(FLOWRATE)
    assert [f"{float(of[0]):.4f}" for of in (chart.centre, chart.upper, chart.lower)] == [
        "50.8100",
        "55.8041",
        "45.8159",
    ]
    assert not chart.is_signal.any()


def test_a_far_point_widens_its_own_limits() -> None:
    """1, 2, 1, 2, 10, 1, 2, …: 35 / 18 ± 2.660 × 32 / 17; without the two far ranges, × 15 / 15; with medians, less."""
    plain, screened, medians = xmr(FAR_POINT), xmr(FAR_POINT, screened=True), xmr(FAR_POINT, medians=True)
    printed = [[f"{float(of[0]):.2f}" for of in (c.lower, c.centre, c.upper)] for c in (plain, screened)]
    assert printed == [["-3.06", "1.94", "6.95"], ["-0.72", "1.94", "4.60"]]
    assert (medians.centre[0], round(float(medians.upper[0]), 3)) == (1.5, round(1.5 + 3.145 * 1, 3))
    for chart in (plain, screened, medians):
        assert np.flatnonzero(chart.signals[0]).tolist() == [4]
    assert float(plain.range_upper[0]) == pytest.approx(3.268 * 32 / 17)


def test_theory_is_the_published_one() -> None:
    """Champ & Woodall (1987), mean run lengths of the Western Electric rules, to the printed digit."""
    published = {(0,): 370.40, (0, 1): 225.44, (0, 2): 166.05, (0, 3): 152.73, (0, 1, 2): 132.89, (0, 1, 3): 122.05,
                 (0, 2, 3): 105.78, (0, 1, 2, 3): 91.75}  # fmt: skip
    for which, length in published.items():
        assert round(run_length([RULES[number] for number in which]), 2) == length


@pytest.mark.parametrize("rules", [RULES[:1], RULES[1:2], RULES[2:3], RULES[3:], RULES], ids=[*"1234", "all"])
def test_false_alarms_are_as_theory_says(rules: tuple) -> None:
    """Of series of noise, the share with an alarm within 25 points is within a tenth of theory."""
    alarms = fired(np.random.default_rng(7).standard_normal((20_000, 25)), rules).any(axis=(0, -1)).mean()
    assert alarms == pytest.approx(fires_within(rules, 25), rel=0.1)


def test_a_shift_is_found_soon() -> None:
    """A shift of 1.5 sigma after a baseline is found within seven points in the median."""
    assert shift_after_baseline(150, np.random.default_rng(3))["median"] <= 7
    series = np.random.default_rng(4).standard_normal((2_000, 60)) + 1.5
    first = fired(series).any(axis=0).argmax(axis=1) + 1
    assert median(first.tolist()) <= 7


POINTS = st.lists(st.integers(-8, 8).map(lambda half: half / 2), min_size=1, max_size=20)


@given(points=POINTS)
@settings(max_examples=examples(48))
def test_rules_fire_where_their_words_say(points: list[float]) -> None:
    """A rule fires at a point that lies far itself, with enough of the last ones far on the same side."""
    found = fired(np.array(points))
    for number_, rule in enumerate(RULES):
        for last in range(len(points)):
            window = points[max(0, last - rule.of + 1) : last + 1]
            sides = [[side * point > rule.sigma for point in window] for side in (1, -1)]
            assert found[number_, last] == any(side[-1] and sum(side) >= rule.least for side in sides)
    assert [(rule.least, rule.of, rule.sigma) for rule in RULES] == [(1, 1, 3), (2, 3, 2), (4, 5, 1), (8, 8, 0)]


VALUES = st.lists(st.integers(0, 40).map(float) | st.just(math.nan), min_size=2, max_size=25)


@given(values=VALUES, change=st.integers(1, 24), baseline=st.integers(2, 12))
@settings(max_examples=examples(48))
def test_limits_are_those_of_each_stretch(values: list[float], change: int, baseline: int) -> None:
    """Every stretch has the limits of its own first known points, and unknown points are passed over."""
    chart = xmr(values, changes=[change], baseline=baseline)
    for first, last in ((0, min(change, len(values))), (min(change, len(values)), len(values))):
        known = [value for value in values[first:last] if not math.isnan(value)]
        if last <= first:
            continue
        if len(known) < 2:
            assert np.isnan(chart.centre[first:last]).all()
            continue
        base = known[:baseline]
        ranges = [abs(after - before) for before, after in pairwise(base)]
        centre, sigma = sum(base) / len(base), sum(ranges) / len(ranges) / 1.128
        assert chart.centre[first:last] == pytest.approx([centre] * (last - first))
        assert chart.upper[first:last] == pytest.approx([centre + 3 * sigma] * (last - first))
        assert chart.lower[first:last] == pytest.approx([centre - 3 * sigma] * (last - first))
    assert not chart.is_signal[np.isnan(values)].any()


def test_what_does_not_vary_has_no_signal() -> None:
    """Equal values have no signal, though their mean is not exact; a different one is beyond."""
    assert not xmr([0.1] * 10).is_signal.any()
    assert xmr([0.1] * 10 + [0.2], baseline=10).signals[0].tolist() == [False] * 10 + [True]
    assert np.isnan(xmr([1.0, 2, 3], fewest=6).centre).all()


@given(
    counts=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 30)), min_size=3, max_size=12).map(
        lambda pairs: [(min(pair), max(pair)) for pair in pairs]
    )
)
@settings(max_examples=examples(32))
def test_limits_of_rates(counts: list[tuple[int, int]]) -> None:
    """p- and u-charts have the limits of binomial and Poisson counts, wider where less was counted."""
    many, sizes = map(list, zip(*counts, strict=True))
    for kind in ("p", "u"):
        chart = rate_chart(many, sizes, kind=kind)
        if not sum(sizes):
            assert np.isnan(chart.centre).all()
            continue
        mean = sum(many) / sum(sizes)
        for size, centre, lower, upper in zip(sizes, chart.centre, chart.lower, chart.upper, strict=True):
            if not size:
                assert math.isnan(centre)
                continue
            sigma = math.sqrt((mean * (1 - mean) if kind == "p" else mean) / size)
            assert centre == pytest.approx(mean)
            assert lower == pytest.approx(max(0, mean - 3 * sigma))
            assert upper == pytest.approx(min(1 if kind == "p" else math.inf, mean + 3 * sigma))
    with pytest.raises(ValueError, match="kind p or u"):
        rate_chart(many, sizes, kind="q")


def test_laney_widens_what_varies_more_than_chance() -> None:
    """Where chance is all there is, sigma stays about the same; where rates themselves vary, it grows."""
    rng, size = np.random.default_rng(5), np.full(4_000, 200)
    for spread, low, high in ((0.0, 0.93, 1.07), (0.08, 2.6, 3.3)):
        many = rng.binomial(size, np.clip(0.2 + spread * rng.standard_normal(4_000), 0, 1))
        plain, laney = (rate_chart(many, size, laney=of) for of in (False, True))
        ratio = (laney.upper[0] - laney.centre[0]) / (plain.upper[0] - plain.centre[0])
        assert low < ratio < high


@given(values=VALUES, width=st.sampled_from([WIDE, NARROW]))
@settings(max_examples=examples(20))
def test_drawings_hold_every_point(values: list[float], width: int) -> None:
    """Each known point is drawn, inside the drawing; those at which a rule fires have another shape."""
    chart = xmr(values, rules=RULES)
    weeks = list(pd.date_range("2026-01-05", periods=len(values), freq="7D"))
    subject = Subject("no_show", "No-shows & <others>", "%", weeks, [5.0] * len(values), [(1, "texts <b>")])
    drawn = ElementTree.fromstring(draw(chart, subject, width))
    circles = [(float(c.get("cx", "")), float(c.get("cy", ""))) for c in drawn.iter(f"{SVG}circle")]
    diamonds = [path for path in drawn.iter(f"{SVG}path") if path.find(f"{SVG}title") is not None]
    known = int((~np.isnan(chart.values)).sum())
    ranges = int((~np.isnan(chart.ranges)).sum()) if not np.isnan(chart.centre).all() else 0
    assert len(diamonds) == int(chart.is_signal.sum())
    assert len(circles) + len(diamonds) == known + ranges
    high = float(drawn.get("height", ""))
    assert all(0 < x < width and 0 < y < high for x, y in circles)
    assert drawn.find(f"{SVG}title").text == "No-shows & <others>, %, week by week"  # type: ignore[union-attr]
    assert str(known) in drawn.find(f"{SVG}desc").text or not known  # type: ignore[union-attr, operator]


@given(values=st.lists(st.floats(-1e6, 1e6), max_size=6))
@settings(max_examples=examples(32))
def test_ticks_take_all_values_in(values: list[float]) -> None:
    """Ticks rise in equal steps, few of them, and no value lies outside."""
    ticks = nice_ticks(np.array(values))
    steps = [after - before for before, after in combinations(ticks, 2)][:1] + [b - a for a, b in pairwise(ticks)]
    assert 2 <= len(ticks) <= 9
    assert all(step == pytest.approx(steps[0]) and step > 0 for step in steps)
    span = ticks[-1] - ticks[0]
    assert all(ticks[0] - 1e-6 * span <= value <= ticks[-1] + 1e-6 * span for value in values)


def test_figures_have_the_digits_they_need() -> None:
    """A figure for people is short, and right."""
    assert [number(value) for value in (0.0, 0.456, 3.14159, 12.34, 12.0, 123.4, 1234.5, -0.5)] == [
        "0", "0.46", "3.14", "12.3", "12", "123", "1,234", "-0.5"
    ]  # fmt: skip
