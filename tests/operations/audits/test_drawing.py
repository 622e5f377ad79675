"""Samples: drawn again they are the same, each item has its chance, and their files are read back."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from schedopt.errors import InputError
from schedopt.operations.audits.drawing import deviations_of, divider, draw
from schedopt.operations.audits.frames import Frame, frame_of
from schedopt.operations.audits.results import evaluate, read_results, sample_sheet

frames = st.lists(
    st.tuples(st.integers(0, 10_000), st.sampled_from("abc"), st.floats(1, 900)), min_size=1, max_size=60,
    unique_by=lambda row: row[0],
)  # fmt: skip
methods = st.sampled_from(["random", "systematic", "money"])


def made(rows: list[tuple[int, str, float]]) -> Frame:
    """A frame of rows."""
    table = pd.DataFrame(rows, columns=["item", "kind", "charge"])
    return frame_of(table, by="kind", amount="charge")


@given(frames, methods, st.randoms(use_true_random=False), st.data())
def test_rows_may_come_in_any_order(rows: list, method: str, random: object, data: st.DataObject) -> None:
    """The same items give the same fingerprint and the same sample; other amounts another fingerprint."""
    items = data.draw(st.integers(len({kind for _, kind, _ in rows}), len(rows)))
    other = list(rows)
    random.shuffle(other)  # type: ignore[attr-defined]
    assert made(rows).fingerprint == made(other).fingerprint
    changed = [(rows[0][0], rows[0][1], rows[0][2] + 1), *rows[1:]]
    assert made(changed).fingerprint != made(rows).fingerprint
    pd.testing.assert_frame_equal(
        draw(made(rows), items, "s", method=method), draw(made(other), items, "s", method=method)  # type: ignore[arg-type]
    )  # fmt: skip


@given(frames, st.sampled_from(["proportional", "equal", "neyman"]), st.data())
def test_every_stratum_has_its_share(rows: list, how: str, data: st.DataObject) -> None:
    """So many items, each once, of each stratum at least one, each with the chance that it had."""
    frame = made(rows)
    items = data.draw(st.integers(len(frame.sizes), len(rows)))
    sample = draw(frame, items, "s", divide=divider(how, deviations_of(frame)))  # type: ignore[arg-type]
    counts = Counter(sample["stratum"])
    assert sample["item"].nunique() == len(sample) == items
    assert set(counts) == set(frame.sizes)
    assert sample["place"].tolist() == list(range(1, items + 1))
    for row in sample.itertuples():
        assert row.chance == pytest.approx(counts[row.stratum] / frame.sizes[row.stratum])


@given(frames, st.data())
def test_a_larger_sample_has_the_smaller_one(rows: list, data: st.DataObject) -> None:
    """And an item that comes to the population moves one item out at most."""
    frame = frame_of(pd.DataFrame(rows, columns=["item", "kind", "charge"]))
    items = data.draw(st.integers(1, len(rows)))
    larger = data.draw(st.integers(items, len(rows)))
    small, large = (draw(frame, count, "s")["item"].tolist() for count in (items, larger))
    assert large[:items] == small
    more = frame_of(pd.DataFrame([*rows, (99_999, "a", 1.0)], columns=["item", "kind", "charge"]))
    assert len(set(small) - set(draw(more, items, "s")["item"])) <= 1


@pytest.mark.parametrize("method", ["random", "systematic"])
def test_every_item_has_the_same_chance(method: str) -> None:
    """Over 800 seeds, how often items are drawn is as chance has it."""
    frame = frame_of(pd.DataFrame({"item": range(20)}))
    drawn = Counter(item for seed in range(800) for item in draw(frame, 5, str(seed), method=method)["item"])  # type: ignore[arg-type]
    assert len(drawn) == 20
    assert stats.chisquare(list(drawn.values())).pvalue > 0.001


def test_pairs_have_the_same_chance() -> None:
    """Of random samples of two, so has each pair."""
    frame = frame_of(pd.DataFrame({"item": range(6)}))
    pairs = Counter(frozenset(draw(frame, 2, str(seed))["item"]) for seed in range(1_200))
    assert len(pairs) == 15
    assert stats.chisquare(list(pairs.values())).pvalue > 0.001


def test_money_is_drawn_by_amount() -> None:
    """Over many seeds, hits are in proportion to amounts; an item of an interval or more is hit each time."""
    amounts = np.array([1.0, 2.0, 3.0, 4.0, 30.0, 0.0])
    frame = frame_of(pd.DataFrame({"item": list("abcdef"), "amount": amounts}), amount="amount")
    hits, step = Counter[str](), amounts.sum() / 4
    for seed in range(500):
        sample = draw(frame, 4, str(seed), method="money")
        assert sample["hits"].sum() == 4
        assert "e" in set(sample["item"])
        for row in sample.itertuples():
            hits[str(row.item)] += row.hits
            assert row.chance == pytest.approx(row.amount / step)
    assert hits["f"] == 0
    for item, amount in zip("abcde", amounts, strict=False):
        assert hits[item] / 500 == pytest.approx(amount / step, abs=4 * np.sqrt(0.25 / 500))


def test_a_systematic_sample_goes_through_the_strata() -> None:
    """Each stratum has its share of the list, to within an item."""
    frame = made([(number, "abc"[number % 3], 1.0) for number in range(60)])
    for seed in range(20):
        counts = Counter(draw(frame, 12, str(seed), method="systematic")["stratum"])
        assert all(abs(counts[kind] - 4) <= 1 for kind in "abc")


def test_a_table_with_faults_is_refused_with_all_of_them() -> None:
    """Each with its row; no value is shown."""
    table = pd.DataFrame({"item": ["Ann", "", "Ann"], "charge": ["1", "x", "3"]})
    with pytest.raises(InputError) as caught:
        frame_of(table, amount="charge")
    assert {(fault.row, fault.column) for fault in caught.value.faults} == {(3, "item"), (4, "item"), (3, "charge")}
    assert "Ann" not in str(caught.value)
    with pytest.raises(InputError, match="column"):
        frame_of(table, by="kind")
    for items, method in ((0, "random"), (9, "random"), (2, "money")):
        with pytest.raises(ValueError, match="expected"):
            draw(frame_of(pd.DataFrame({"item": [1, 2]})), items, "s", method=method)  # type: ignore[arg-type]


def test_results_are_read_from_the_sample() -> None:
    """A sheet that is filled in says what is overpaid in all, and how many deviate, by its strata."""
    rng = np.random.default_rng(5)
    rows = [(number, "ab"[number % 2], float(rng.integers(50, 200))) for number in range(200)]
    frame = made(rows)
    sheet = sample_sheet(frame, draw(frame, 60, "s"), seed="s", method="random")
    assert set(sheet["frame"]) == {frame.fingerprint}
    filled = sheet.assign(
        result=["deviates" if place % 4 == 0 else "ok" for place in range(60)],
        audited=[f"{amount * 0.5:.2f}" if place % 4 == 0 else "" for place, amount in enumerate(sheet["amount"])],
    )
    found = evaluate(read_results(filled.astype(str)), tolerable=0.05)
    assert found.share.found == 15
    assert found.share.verdict == "over"
    over = (sheet["amount"] * 0.5).where(np.arange(60) % 4 == 0, 0.0)
    assert found.overpaid is not None
    assert found.by_ratio is not None
    expected = sum(100 * over[sheet["stratum"] == kind].mean() for kind in "ab")
    assert found.overpaid.total == pytest.approx(expected, rel=1e-3)
    assert (
        found.by_ratio.limits.high - found.by_ratio.limits.low < found.overpaid.limits.high - found.overpaid.limits.low
    )
    assert any("At least" in words for words in found.words)


def test_what_is_missing_deviates() -> None:
    """An item that cannot be looked at counts, with all of its amount; what was not looked at yet is said."""
    table = pd.DataFrame(
        {"item": list("1234"), "result": ["ok", "Missing", "ok", ""], "amount": "10", "audited": ["10", "", "", ""],
         "stratum_items": "8", "stratum_amount": "80"}
    )  # fmt: skip
    found = evaluate(read_results(table))
    assert (found.share.items, found.share.found, found.to_do) == (3, 1, 1)
    assert found.overpaid is not None
    assert found.overpaid.total == pytest.approx(8 * 10 / 3)
    assert "still to be looked at" in found.words[-1]


def test_money_units_have_stringers_bound() -> None:
    """Of a sample by money, taints count once a hit."""
    frame = frame_of(pd.DataFrame({"item": list("abc"), "amount": [10.0, 30.0, 60.0]}), amount="amount")
    sheet = sample_sheet(frame, draw(frame, 10, "s", method="money"), seed="s", method="money")
    found = evaluate(read_results(sheet.assign(result="ok", audited=[str(a / 2) for a in sheet["amount"]])))
    assert found.wrong_money is not None
    assert found.wrong_money[0] == pytest.approx(50.0)
    assert found.wrong_money[1] >= found.wrong_money[0]


def test_results_with_faults() -> None:
    """All of them are listed; a stratum without results is said."""
    with pytest.raises(InputError) as caught:
        read_results(pd.DataFrame({"item": ["1", "1"], "result": ["good", "ok"], "audited": ["x", ""]}))
    assert {fault.column for fault in caught.value.faults} == {"item", "result", "audited"}
    with pytest.raises(InputError, match="result"):
        read_results(pd.DataFrame({"item": ["1"]}))
    two = pd.DataFrame({"item": ["1", "2"], "stratum": ["a", "b"], "result": ["ok", ""], "stratum_items": "5"})
    for table in (two, two.assign(result="")):
        with pytest.raises(ValueError, match="expected results"):
            evaluate(read_results(table))
