"""Where the blocks of a week stand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.models.clock import format_time
from schedopt.report.timetable import Timetable, natural_order, timetables, weeks
from tests.report.plans import FIRST, make_plan, session, visit


def _table(visits: list[dict[str, Any]], sessions: list[dict[str, Any]] | None = None) -> Timetable:
    plan = make_plan(visits, sessions or [])
    (table,) = timetables(plan, weeks(plan)[0], {})
    return table


@given(st.lists(st.tuples(st.integers(0, 80), st.integers(1, 12)), min_size=1, max_size=12))
def test_blocks_never_overlap(stretches: list[tuple[int, int]]) -> None:
    """Visits that overlap in time, as conflicting promises may, stand side by side in lanes of one width."""
    visits = [
        visit(number, "DR1", FIRST, format_time(480 + 5 * start), 5 * length)
        for number, (start, length) in enumerate(stretches)
    ]
    blocks = _table(visits).days[0].blocks
    assert len(blocks) == len(visits)
    for place, one in enumerate(blocks):
        assert 0 <= one.lane < one.lanes
        for other in blocks[place + 1 :]:
            if one.start < other.start + other.minutes and other.start < one.start + one.minutes:
                assert one.lane != other.lane
                assert one.lanes == other.lanes


@pytest.mark.parametrize("shortest", [1, 5, 10, 15, 60])
def test_the_shortest_visit_has_room_for_a_line(shortest: int) -> None:
    """On screen a block is never lower than a line of text, however short the visit; and hours are never tiny."""
    table = _table([visit(0, "DR1", FIRST, "09:00", shortest), visit(1, "DR1", FIRST, "10:00", 60)])
    assert shortest * table.scale >= 14
    assert 60 * table.scale >= 80
    assert 0.5 < table.paper <= 0.8


def test_the_reach_covers_sessions_and_visits() -> None:
    """A timetable begins at a whole hour and ends after the last session and any overtime, also at midnight."""
    table = _table([visit(0, "DR1", FIRST, "16:50", 20)], [session("DR1", FIRST, "08:30", "17:00")])
    assert (table.first, table.last) == (480, 1050)
    late = _table([], [session("DR1", FIRST, "20:00", "24:00")])
    assert (late.first, late.last) == (1200, 1440)


def test_only_days_with_work_are_shown() -> None:
    """Days on which the office neither has a session nor a visit have no column."""
    dates = [FIRST, FIRST + dt.timedelta(days=2), FIRST + dt.timedelta(days=8)]
    plan = make_plan([], [session("DR1", date, "08:00", "12:00") for date in dates], num_days=14)
    assert weeks(plan) == [dates[:2], dates[2:]]


def test_providers_stand_in_natural_order() -> None:
    """DR2 stands before DR10, and ids of letters and digits can always be compared."""
    assert sorted(["DR10", "DR2", "7", "A", "DR", ""], key=natural_order) == ["", "7", "A", "DR", "DR2", "DR10"]


@given(st.sets(st.text()).flatmap(lambda ids: st.tuples(st.permutations(sorted(ids)), st.permutations(sorted(ids)))))
def test_any_ids_have_one_order(ids: tuple[list[str], list[str]]) -> None:
    """Any ids can be compared, and stand in the same order whatever order they came in."""
    assert sorted(ids[0], key=natural_order) == sorted(ids[1], key=natural_order)
