"""Shifted dates keep their distances, and how many people look alike is counted right."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.records.privacy import Coarseness, expert_determination, k_anonymity, suppressed
from schedopt.records.privacy.columns import treatments
from schedopt.records.privacy.owners import owners_of
from tests.effort import examples
from tests.records.privacy.folk import TODAY, canaries, folk

TABLES = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["x", "y", None])), max_size=30)


@settings(max_examples=examples(12))
@given(st.integers(0, 99), st.booleans(), st.integers(7, 400))
def test_all_dates_of_a_person_are_shifted_alike(seed: int, whole_weeks: bool, most_days: int) -> None:
    """By the same days in every table, never by none, never by more than said; weekdays stay where asked for."""
    frames = folk(12, np.random.default_rng(seed))
    marks = {"requests": ("ready", "urgency"), "appointments": ("date", "minutes"), "history": ("date", "minutes")}
    for table, (_, mark) in marks.items():  # by which rows are found again although ids and places are others
        frames[table][mark] = [str(number) for number in range(len(frames[table]))]
    how = Coarseness(most_days=most_days, whole_weeks=whole_weeks)
    found = expert_determination(frames, today=TODAY, random=np.random.default_rng(seed + 1), how=how).frames
    shifts: dict[str, set[int]] = {}
    for table, (column, mark) in marks.items():
        new = found[table].set_index(mark)[column]
        for number, old in enumerate(pd.to_datetime(frames[table][column])):
            shifts.setdefault(f"N{number % 12}", set()).add((new[str(number)] - old).days)
    assert all(len(days) == 1 for days in shifts.values())
    for (days,) in shifts.values():
        assert 0 < abs(days) <= most_days
        assert not whole_weeks or days % 7 == 0
    assert len({next(iter(days)) for days in shifts.values()}) > 1


def test_merged_persons_are_shifted_as_one() -> None:
    """What is said of a person who turned out to be another is shifted as the other's dates."""
    people = pd.DataFrame({"person": ["p1", "p2"], "patient": ["N1", None], "merged_into": [None, "p1"]})
    restrictions = pd.DataFrame({"person": ["p2"], "request": [None]})
    frames = {"people": people, "restrictions": restrictions}
    owners = owners_of(frames)
    assert owners["people"].tolist() == ["N1", "N1"]
    assert owners["restrictions"].tolist() == ["N1"]


def test_dates_of_nobody_known_are_left_out() -> None:
    """A request whose patient no table says has no date; tables about no person have years."""
    frames = {
        "appointments": pd.DataFrame({"request": ["R1"], "date": [TODAY]}),
        "closures": pd.DataFrame({"date": [TODAY]}),
    }
    found = expert_determination(frames, today=TODAY, random=np.random.default_rng(1)).frames
    assert found["appointments"]["date"].isna().all()
    assert found["closures"]["date"].tolist() == [2026]


def test_no_canary_leaves() -> None:
    """Of every table, words remain only in columns that are kept, and times of days that are others."""
    found = expert_determination(canaries(), today=TODAY, random=np.random.default_rng(1)).frames
    for table, frame in found.items():
        for column in frame.columns:
            if column != "age" and treatments()[table, column].kind not in ("keep", "time"):
                assert "canary" not in frame[column].to_csv(), (table, column)


@given(TABLES, st.integers(1, 6))
def test_k_anonymity_is_what_counting_says(rows: list[tuple[str, str | None]], k: int) -> None:
    """Sizes, rows and shares are those of a count by hand; what is left after suppression has k at least."""
    frame = pd.DataFrame(rows, columns=["sex", "postcode"])
    report = k_anonymity(frame, ["sex", "postcode"], k)
    counts = Counter(rows)
    sizes = Counter(counts.values())
    assert dict(zip(report["size"], report["classes"], strict=True)) == sizes
    assert report["rows"].sum() == len(rows)
    below = sum(count for count in counts.values() if count < k)
    assert report["rows"][report["is_below"]].sum() == below
    if rows:
        assert report["size"].iloc[0] == min(counts.values())
        assert report["share_so_far"].iloc[-1] == pytest.approx(1)
        assert report["share"][report["is_below"]].sum() == pytest.approx(below / len(rows))
    left = suppressed(frame, ["sex", "postcode"], k)
    assert len(left) == len(rows) - below
    assert (k_anonymity(left, ["sex", "postcode"], k)["size"] >= k).all()


def test_who_looks_like_too_few_is_left_out_everywhere() -> None:
    """With all rows of all tables; what remains names nobody who has gone."""
    frames = folk(300, np.random.default_rng(5))
    merged = pd.DataFrame({"person": ["p300", "p301"], "merged_into": ["p0", "p1"], "patient": None, "sex": "female"})
    frames["people"] = pd.concat([frames["people"], merged], ignore_index=True)
    frames["consents"]["person"] = frames["consents"]["person"].replace({"p0": "p300", "p1": "p301"})
    found = expert_determination(
        frames, today=TODAY, random=np.random.default_rng(6), how=Coarseness(band_years=20), k=10, suppress=True
    )
    people, requests = found.frames["people"], found.frames["requests"]
    assert 0 < found.num_suppressed < 300
    assert len(people) == 300 - found.num_suppressed
    assert (k_anonymity(people, ["age", "sex", "postcode", "state"], 10)["size"] >= 10).all()
    assert found.anonymity["rows"][found.anonymity["is_below"]].sum() == found.num_suppressed
    assert set(requests["patient"]) == set(people["patient"]) == set(found.frames["history"]["patient"])
    assert len(found.frames["consents"]) == len(people)
    assert set(found.frames["appointments"]["request"]) == set(requests["request"])


def test_people_without_ids_are_left_out_too() -> None:
    """Where rows say of nobody who they are, those below k are left out of their table."""
    frames = {"people": pd.DataFrame({"sex": ["female"] * 3 + ["male"]})}
    found = expert_determination(frames, today=TODAY, random=np.random.default_rng(1), k=2, suppress=True)
    assert found.frames["people"]["sex"].tolist() == ["female"] * 3
    assert found.num_suppressed == 1


def test_ages_are_in_bands() -> None:
    """The last band ends at 89; who is older is 90+."""
    born = pd.DataFrame({"birth_date": ["1937-11-28", "1936-11-27", "2026-01-01", "1984-02-29"]})
    how = Coarseness(band_years=20, zip_digits=0)
    frames = {"patients": born}
    found = expert_determination(frames, today=TODAY, random=np.random.default_rng(1), how=how, table="patients")
    assert sorted(found.frames["patients"]["age"]) == ["0-19", "40-59", "80-89", "90+"]
    assert found.anonymity["size"].tolist() == [1]


@pytest.mark.parametrize(
    "wrong", [{"most_days": 0}, {"most_days": 6, "whole_weeks": True}, {"band_years": 0}, {"zip_digits": 5}]
)
def test_what_hides_nothing_is_refused(wrong: dict[str, int]) -> None:
    """No shift, no band or five digits are errors."""
    with pytest.raises(ValueError, match="expected"):
        Coarseness(**wrong)


def test_columns_that_are_not_there_are_named() -> None:
    """Quasi-identifiers that a table does not have, and a k of nobody, are errors."""
    frame = pd.DataFrame({"sex": ["female"]})
    with pytest.raises(ValueError, match="not postcode"):
        k_anonymity(frame, ["sex", "postcode"])
    with pytest.raises(ValueError, match="at least 1"):
        k_anonymity(frame, ["sex"], 0)
