"""Who comes: what predictions look at, how they are judged, and that they are honest about time."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.errors import InputError
from schedopt.models.history import History
from schedopt.models.office import GroupColumn
from schedopt.office.history import read_history
from schedopt.uncertainty.history import FEATURES, assess, fit_attendance, fit_punctuality
from schedopt.uncertainty.history.features import features
from schedopt.uncertainty.history.logistic import fit_logistic
from tests.effort import examples
from tests.uncertainty.pasts import attended

APPOINTMENTS = Path(__file__).parents[3] / "shared" / "data" / "kaggle_noshow_2016" / "KaggleV2-May-2016.csv.gz"


def test_what_matters_is_learnt() -> None:
    """On invented visits the model does better than the share of all, and its calibration is close."""
    model = fit_attendance(read_history(attended(6000, 1)))
    judged = model.assessment
    assert judged.auc > 0.68
    assert judged.brier < 0.97 * judged.brier_of_share
    assert judged.calibration_error < 0.04
    assert model.coefficients["past share"] > 0
    assert judged.calibration["visits"].sum() == judged.visits


def test_predictions_are_between_zero_and_one() -> None:
    """Unknown age, lead, patient and visit type are taken as usual ones."""
    history = read_history(attended(2000, 2))
    model = fit_attendance(history, "cancelled")
    stranger = pd.DataFrame(
        {
            "patient": ["nobody"], "visit_type": ["never seen"], "new": [True], "booked": [pd.NaT],
            "date": pd.to_datetime(["2026-09-01"]), "age": [np.nan],
        }
    )  # fmt: skip
    stranger["booked"] = pd.to_datetime(stranger["booked"])
    p = model.predict(stranger, history)
    assert p.shape == (1,)
    assert 0 < p[0] < 0.5


def test_only_the_past_counts() -> None:
    """What becomes of visits on or after the moment of prediction changes no feature of a visit."""
    history = read_history(attended(1500, 3, patients=40))
    visits = history.visits
    for days_ahead in (0, 7):
        before = features(visits, history, "no-show", days_ahead)
        for row in (200, 900, 1400):
            moment = visits["date"][row] - pd.Timedelta(days=days_ahead)
            moment = max(moment, visits["booked"][row])
            later = visits["date"] >= moment
            flipped = visits.assign(
                outcome=np.where(later & (visits["outcome"] == "kept"), "no-show", visits["outcome"])
            )  # fmt: skip
            after = features(flipped.iloc[[row]], History(flipped), "no-show", days_ahead)
            pd.testing.assert_frame_equal(before.iloc[[row]].reset_index(drop=True), after)


def test_the_past_is_counted() -> None:
    """A patient's earlier visits and misses are counted, not those of others, and not cancelled ones."""
    rows = [("A", "2026-01-05", "no-show"), ("A", "2026-01-12", "kept"), ("B", "2026-01-12", "no-show"),
            ("A", "2026-01-19", "cancelled"), ("A", "2026-02-02", "kept")]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["patient", "date", "outcome"])
    frame = frame.assign(visit=[f"V{n}" for n in range(5)], provider="D", visit_type="t", booked="2026-01-01")
    history = read_history(frame)
    known = features(history.visits, history, "no-show", 7)
    assert known["past_visits"].tolist() == [0, 0, 0, 1, 2]
    assert known["past_share"].iloc[-1] == pytest.approx((1 + 4 * 2 / 3) / (2 + 4))


def test_groups_are_no_feature() -> None:
    """No column by which an office puts patients into groups is looked at, nor can a history have one."""
    groups = set(GroupColumn.__args__)  # type: ignore[attr-defined]
    assert groups.isdisjoint(FEATURES)
    assert groups.isdisjoint(History.__doc__.split("``")[1::2])  # type: ignore[union-attr]
    frame = attended(60, 4)
    for column in sorted(groups):
        with pytest.raises(InputError, match="expected a known column"):
            read_history(frame.assign(**{column: "North"}))
    model = fit_attendance(read_history(attended(2000, 2)))
    visits = read_history(frame).visits
    plain = model.predict(visits, read_history(frame))
    grouped = model.predict(visits.assign(group="North", language="Spanish"), read_history(frame))
    assert plain.tolist() == grouped.tolist()


def test_names_of_patients_do_not_matter() -> None:
    """Other ids for the same patients give the same model."""
    frame = attended(2000, 5)
    one = fit_attendance(read_history(frame))
    two = fit_attendance(read_history(frame.assign(patient=[f"X{name}Z" for name in frame["patient"]])))
    pd.testing.assert_series_equal(one.coefficients, two.coefficients)


def test_assessment() -> None:
    """AUC, Brier score and calibration of predictions that can be worked out by hand."""
    judged = assess([0.1, 0.4, 0.4, 0.9], [False, True, False, True], bins=2)
    assert judged.auc == pytest.approx((1 + 0.5 + 2) / 4)
    assert judged.brier == pytest.approx((0.01 + 0.36 + 0.16 + 0.01) / 4)
    assert judged.calibration["predicted"].tolist() == pytest.approx([0.25, 0.65])
    assert judged.calibration["observed"].tolist() == [0.5, 0.5]
    assert np.isnan(assess([0.2, 0.3], [False, False]).auc)
    with pytest.raises(ValueError, match="predictions to assess"):
        assess([], [])


def test_a_true_probability_is_calibrated() -> None:
    """Where probabilities are the true ones, nine in ten intervals hold them, and the error is small."""
    rng = np.random.default_rng(8)
    p = rng.random(20_000)
    judged = assess(p, rng.random(20_000) < p)
    inside = (judged.calibration["low"] <= judged.calibration["predicted"]) & (
        judged.calibration["predicted"] <= judged.calibration["high"]
    )
    assert inside.sum() >= 9
    assert judged.auc == pytest.approx(5 / 6, abs=0.01)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (attended(40, 1), "at least 50 visits"),
        (attended(500, 1).assign(outcome="kept"), "both outcomes"),
        (attended(500, 1).assign(date="2026-08-03"), "visits on at least 6 days"),
    ],
)
def test_too_little_is_refused(frame: pd.DataFrame, words: str) -> None:
    """What cannot be learnt from is said, without ids."""
    with pytest.raises(ValueError, match=words):
        fit_attendance(read_history(frame))


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.1, 1.0, 20.0]), st.booleans())
@settings(max_examples=examples(8))
def test_weights_are_the_likeliest(seed: int, strength: float, warm: bool) -> None:
    """Weights are those of scikit-learn on standardised terms, from wherever they start."""
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(seed)
    terms = np.column_stack([rng.normal(5, 3, (300, 3)), rng.random(300) < 0.1, np.ones(300)])
    happened = (rng.random(300) < 1 / (1 + np.exp(5 - terms[:, 0]))).astype(float)
    happened[:2] = 0, 1
    start = rng.normal(0, 1, 6) if warm else None
    found = fit_logistic(terms, happened, strength, start)
    scale = np.where(terms.std(axis=0) > 0, terms.std(axis=0), 1)
    model = LogisticRegression(C=1 / strength, tol=1e-9, max_iter=10_000)
    model.fit((terms - terms.mean(axis=0)) / scale, happened)
    assert found[:-1] == pytest.approx(model.coef_[0] / scale, abs=1e-4)
    assert found[-1] == pytest.approx(model.intercept_[0] - found[:-1] @ terms.mean(axis=0), abs=1e-3)


def test_options_are_checked() -> None:
    """Blocks, outcome and strength make sense."""
    history = read_history(attended(100, 1))
    with pytest.raises(ValueError, match="blocks of at least 3"):
        fit_attendance(history, blocks=2)
    with pytest.raises(ValueError, match="outcome to be"):
        fit_attendance(history, "late")  # type: ignore[arg-type]


def test_punctuality_is_what_was_measured() -> None:
    """Minutes late of the visits that have both times; rare visit types share those of all."""
    late = [-10, -5, 0, 5, 20]
    frame = pd.DataFrame({"late": late * 12 + [60]})
    frame["arrived"] = [f"{(600 + m) // 60:02d}:{(600 + m) % 60:02d}" for m in frame["late"]]
    frame = frame.assign(
        visit=[f"V{n}" for n in range(61)], patient="P", provider="D", date="2026-02-02", start="10:00",
        outcome="kept", visit_type=["often"] * 60 + ["rare"],
    ).drop(columns="late")  # fmt: skip
    found = fit_punctuality(read_history(frame))
    assert found.distribution("often").mean == pytest.approx(2)
    assert found.distribution("rare") == found.overall
    assert found.table["own"].tolist() == [True, False]
    with pytest.raises(ValueError, match="start and arrived"):
        fit_punctuality(read_history(attended(10, 1)))


def test_history_can_be_cut() -> None:
    """The visits before a date are a history too."""
    history = read_history(attended(300, 1))
    cut = history.before("2026-03-01")
    assert 0 < len(cut) < len(history)
    assert cut.visits["date"].max() < pd.Timestamp("2026-03-01")
    assert dataclasses.is_dataclass(cut)


@pytest.mark.skipif(not APPOINTMENTS.is_file(), reason="the appointments are not next to this repository")
def test_real_no_shows() -> None:
    """63,758 real appointments: later days are predicted with an AUC above 0.7, better than the share for all."""
    from benchmarks.noshow import read_appointments

    history, counts = read_appointments(str(APPOINTMENTS))
    assert (counts["rows"], len(history)) == (63_758, counts["used"])
    judged = fit_attendance(history).assessment
    assert judged.auc > 0.7
    assert judged.brier < 0.93 * judged.brier_of_share
    assert judged.calibration_error < 0.03
