"""What is collected, learnt from decided claims."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.models.tables import Collection
from tests.effort import examples
from tests.office.folders import grid_frame, office_grids
from tests.office.test_read import SETTINGS

COUNTS = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 40)), min_size=1, max_size=12)


def _claims(counts: list[tuple[int, int]]) -> pd.DataFrame:
    """So many claims of each pair of insurer and visit type, of which so many at most were paid."""
    rows = [
        (f"I{number // 3}", f"T{number % 3}", row < paid, 100.0 + number, 6.0 if row % 2 else 0.0)
        for number, (claims, paid) in enumerate(counts)
        for row in range(claims)
    ]
    return pd.DataFrame(rows, columns=["insurer", "visit_type", "paid", "allowed", "bad_debt"])


@settings(max_examples=examples(12))
@given(COUNTS)
def test_chances_lie_between_what_was_seen_and_what_all_have(counts: list[tuple[int, int]]) -> None:
    """Rows are rows of the table; a chance lies in its interval, and between the pair's share and its insurer's."""
    claims = _claims(counts)
    found = schedopt.learn_collection(claims)
    shares = claims.groupby(["insurer", "visit_type"])["paid"].mean()
    others = found[found["visit_type"].isna()].set_index("insurer")["chance"]
    for row in found.itertuples():
        Collection.model_validate({k: v for k, v in row._asdict().items() if k != "Index" and not pd.isna(v)})
        assert row.low <= row.chance <= row.high
        if not pd.isna(row.visit_type):
            low, high = sorted((shares[row.insurer, row.visit_type], others[row.insurer]))
            assert low - 1e-5 <= row.chance <= high + 1e-5
    assert len(found) == len(counts) + claims["insurer"].nunique()
    assert found.loc[found["visit_type"].notna(), "claims"].sum() == len(claims)


def test_more_claims_say_more() -> None:
    """The more claims a pair has, the nearer its chance is to its own share, and the narrower the interval."""
    many = [(30, 27)] * 8
    learnt = [schedopt.learn_collection(_claims([*many, (size, size // 5)])) for size in (5, 200)]
    few, more = (found[(found["insurer"] == "I2") & (found["visit_type"] == "T2")].iloc[0] for found in learnt)
    assert few["chance"] > more["chance"] > 0.2
    assert few["high"] - few["low"] > more["high"] - more["low"]


def test_intervals_hold_what_they_should() -> None:
    """Of chances drawn from the model, nearly as many lie in their interval as it says, and shrinking errs less."""
    inside, drawn, error, raw = 0, 0, 0.0, 0.0
    for seed in range(12):
        rng, truth, rows = np.random.default_rng(seed), {}, []
        for insurer in range(6):
            mean = rng.beta(13.5, 1.5)
            for kind in range(6):
                pair, chance = (f"I{insurer}", f"T{kind}"), rng.beta(25 * mean + 1e-6, 25 * (1 - mean) + 1e-6)
                truth[pair] = chance
                rows += [(*pair, rng.random() < chance) for _ in range(rng.integers(1, 60))]
        claims = pd.DataFrame(rows, columns=["insurer", "visit_type", "paid"])
        found = schedopt.learn_collection(claims).dropna(subset="visit_type").set_index(["insurer", "visit_type"])
        real, shares = pd.Series(truth), claims.groupby(["insurer", "visit_type"])["paid"].mean()
        inside += int(((found["low"] <= real) & (real <= found["high"])).sum())
        drawn += len(real)
        error += float(((found["chance"] - real) ** 2).sum())
        raw += float(((shares - real) ** 2).sum())
    assert 0.88 <= inside / drawn <= 0.99
    assert error < raw / 2


def test_what_is_learnt_is_a_table_of_an_office() -> None:
    """The table goes into an office as it is; patients who pay are a row without an insurer."""
    claims = pd.DataFrame({"insurer": ["ACME", None], "visit_type": ["imaging", "imaging"], "paid": ["yes", "no"]})
    frames = {name: grid_frame(grid) for name, grid in office_grids().items()}
    office = schedopt.office_from_frames({**frames, "collection": schedopt.learn_collection(claims)}, SETTINGS)
    assert office.collection is not None
    assert {(row.insurer, row.visit_type) for row in office.collection} == {
        ("ACME", "imaging"), ("ACME", None), (None, "imaging"), (None, None)
    }  # fmt: skip
    assert schedopt.learn_collection(claims.iloc[:0]).empty


def test_faults_are_named_together() -> None:
    """Columns and cells that cannot be read are named, all at once."""
    with pytest.raises(schedopt.InputError) as caught:
        schedopt.learn_collection(pd.DataFrame({"insurer": ["ACME"]}))
    assert {fault.column for fault in caught.value.faults} == {"visit_type", "paid"}
    wrong = pd.DataFrame({"insurer": ["A"] * 2, "visit_type": ["", "x"], "paid": ["maybe", "yes"], "allowed": [1, -1]})
    with pytest.raises(schedopt.InputError) as caught:
        schedopt.learn_collection(wrong)
    assert {(f.row, f.column) for f in caught.value.faults} == {(2, "visit_type"), (2, "paid"), (3, "allowed")}
