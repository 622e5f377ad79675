"""Measures are what their definitions say, in all groups, and tell nothing of few patients."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from typing import get_args

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.models.history import History
from schedopt.operations.measures.catalogue import BY_NAME, MEASURES
from schedopt.operations.measures.defined.continuity import coc, secon, upc
from schedopt.operations.measures.events import COLUMNS, events_of_history
from schedopt.operations.measures.known import measurements_of, places_of, receivables_of
from schedopt.operations.measures.report import measure
from schedopt.operations.measures.tables import MeasureChange, MeasureName, Target
from schedopt.operations.measures.weekly import SMALLEST, TABLE, weekly
from tests.effort import examples
from tests.operations.measures.histories import FIRST, history
from tests.operations.measures.reference import REFERENCE, differences


@pytest.mark.parametrize("seed", range(3))
def test_measures_are_what_the_reference_says(seed: int) -> None:
    """Every measure of a random history, week by week, together and by provider."""
    assert not differences(seed, "")
    assert not differences(seed, "provider")


def test_every_measure_is_defined_and_tested() -> None:
    """A measure says what it is, where that comes from, and what counts; tables name the same measures."""
    names = [one.name for one in MEASURES]
    assert [*get_args(MeasureName)] == names == list(REFERENCE)
    for one in MEASURES:
        assert all((one.title, one.definition, one.numerator, one.denominator, one.counts, one.leaves_out, one.source))
        assert one.unit
        assert one.scale == (100 if one.unit == "%" else 1)


def test_published_continuity() -> None:
    """AABACA: 4 of 6 with A; (16 + 1 + 1 − 6) / 30 of the pairs; once in five the same as before."""
    visits = pd.DataFrame({"patient": "N1", "provider": list("AABACA")})
    found = [round(float(index(visits)["N1"]), 3) for index in (upc, coc, secon)]
    assert found == [0.667, 0.4, 0.2]


@given(visits=st.lists(st.tuples(st.sampled_from("pq"), st.sampled_from("ABC")), min_size=1, max_size=12))
@settings(max_examples=examples(20))
def test_continuity_is_of_each_patient(visits: list[tuple[str, str]]) -> None:
    """Indices lie between 0 and 1, are 1 with one provider, and other patients do not matter to them."""
    table = pd.DataFrame(visits, columns=["patient", "provider"])
    for index in (upc, coc, secon):
        together = index(table)
        for patient, mine in table.groupby("patient"):
            assert together[patient] == pytest.approx(index(mine)[patient], nan_ok=True)
            if len(mine) > 1:
                assert 0 <= together[patient] <= 1
                assert (together[patient] == 1) == (mine["provider"].nunique() == 1)
            else:
                assert math.isnan(together[patient]) == (index is not upc)


def test_groups_of_few_patients_are_not_shown() -> None:
    """A group of fewer than eleven is hidden, and the next smallest with it where it would be alone."""
    evidence, _ = history(1)
    rows = pd.concat([evidence.events] * 6, ignore_index=True)
    rows["patient"] = [f"N{number}" for number in range(len(rows))]
    rows["date"], rows["status"] = pd.Timestamp(FIRST), "fulfilled"
    sizes = {"few": 5, "some": 30, "many": len(rows) - 35}
    names = [name for name, size in sizes.items() for _ in range(size)]
    groups = dict(zip(rows["patient"], names, strict=True))
    shown = weekly(replace(evidence, events=rows), [BY_NAME["no_show"]], by="group", groups=groups, whole=True)
    by_name = shown.set_index("group")
    assert by_name[["numerator", "denominator", "value"]].loc[["few", "some"]].isna().all(axis=None)
    assert by_name["denominator"]["many"] == sizes["many"]
    two = {patient: "few" if name != "many" else name for patient, name in groups.items()}
    assert weekly(replace(evidence, events=rows), by="group", groups=two)["value"].notna().any()
    assert SMALLEST == 11


def test_targets_and_standards_are_compared() -> None:
    """A target holds from its day on, lower is better or higher, and a standard of CMS has its own."""
    evidence, _ = history(3)
    second = FIRST + dt.timedelta(days=7)
    targets = [Target(measure="no_show", target=25), Target(measure="no_show", first_day=second, target=40),
               Target(measure="fill", target=60), Target(measure="panel_size", target=3)]  # fmt: skip
    table = weekly(evidence, targets=targets)
    assert {name: str(kind) for name, kind in table.dtypes.items()} == dict(TABLE)
    mine = {name: rows.set_index("week") for name, rows in table.groupby("measure")}
    assert [*mine["no_show"]["target"]] == [25, 40, 40, 40]
    assert (mine["no_show"]["met"] == (mine["no_show"]["value"] <= mine["no_show"]["target"])).all()
    assert (mine["fill"]["met"] == (mine["fill"]["value"] >= 60)).all()
    assert mine["panel_size"]["met"].isna().all()
    assert mine["cycle_time"]["target"].isna().all()
    assert (mine["wait_standard_primary"]["target"] == 90).all()


def test_a_known_change_gives_new_limits_and_groups_are_checked() -> None:
    """Limits change with the week of a change of this measure or of all, and with no other."""
    evidence, _ = history(5, 240)
    begin = FIRST - dt.timedelta(days=210)
    spread = pd.date_range(begin, periods=240, freq="D")
    status = ["no-show" if number % (9 if number < 110 else 3) == 0 else "fulfilled" for number in range(240)]
    rows = evidence.events.assign(date=spread, booked_on=spread, status=status)
    longer, day = replace(evidence, events=rows, first=begin), FIRST - dt.timedelta(days=100)
    change = MeasureChange(measure="no_show", date=day, what="texts")
    found = measure(longer, changes=[change], measures=[BY_NAME["no_show"], BY_NAME["access_wait"]])
    week = (day - longer.first).days // 7
    for name, parts in (("no_show", 2), ("access_wait", 1)):
        chart, subject = found.charts[name]
        levels = pd.Series(chart.centre).dropna()
        assert levels.nunique() == parts
        assert [at for at, _ in subject.changes] == [week] * (parts - 1)
        assert parts == 1 or levels.index[levels.diff().abs() > 0].tolist() == [week]
    with pytest.raises(ValueError, match="provider, site, visit_type"):
        measure(evidence, by="colour")


def test_a_history_is_events_by_the_clocks_of_its_zone() -> None:
    """Days and outcomes stay, moments are those of the zone, and what is not known is empty."""
    dates, booked = pd.to_datetime(["2026-07-01", "2026-12-01"]), pd.to_datetime(["2026-06-01", None])
    past = pd.DataFrame(
        {"visit": ["V1", "V2"], "patient": ["N1", "N2"], "provider": "DR1", "visit_type": "check-up",
         "new": [True, False], "booked": booked, "date": dates,
         "start": [540.0, float("nan")], "arrived": [535.5, float("nan")], "began": float("nan"),
         "ended": [561.0, float("nan")], "minutes": [20.0, float("nan")], "outcome": ["kept", "no-show"], "age": 40.0}
    )  # fmt: skip
    found = events_of_history(History(past), "America/New_York")
    assert {name: str(kind) for name, kind in found.dtypes.items()} == dict(COLUMNS)
    assert found["status"].tolist() == ["fulfilled", "no-show"]
    assert found["start"].tolist() == ["09:00", ""]
    assert found["starts_at"][0] == pd.Timestamp("2026-07-01T13:00Z")
    assert found["arrived_at"][0] == pd.Timestamp("2026-07-01T12:55:30Z")
    assert found["fulfilled_at"][0] == pd.Timestamp("2026-07-01T13:21Z")
    assert found.loc[1, ["starts_at", "arrived_at", "fulfilled_at", "booked_on"]].isna().all()
    assert found["booked_on"][0] == pd.Timestamp("2026-06-01")


def test_places_are_kept_and_read_again() -> None:
    """What was found on a day is the same after it was kept."""
    evidence, _ = history(2)
    places = evidence.places.assign(beyond=evidence.places["days"] > 20)
    pd.testing.assert_frame_equal(places_of(measurements_of(places)), places)


def test_receivables_are_sums_of_the_journal() -> None:
    """What is owed is all that was before, what is charged that of ninety days alone."""
    days = [pd.Timestamp("2026-01-01") + pd.Timedelta(days=number) for number in (0, 1, 89, 90, 91)]
    moves = pd.DataFrame(
        {"date": days, "owed": [100.0, -20.0, 7.0, 5.0, 1000.0], "charged": [100.0, 0.0, 9.0, 5.0, 0.0]}
    )
    found = receivables_of(moves, [days[2], days[3]])
    assert found["receivable"].tolist() == [87.0, 92.0]
    assert found["charged"].tolist() == [109.0, 14.0]
