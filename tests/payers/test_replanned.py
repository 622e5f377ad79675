"""What payers have answered decides the plan."""

from __future__ import annotations

from benchmarks.eligibility import measured
from tests.stores import new_store


def test_a_week_planned_again_has_no_visit_on_a_day_without_coverage() -> None:
    """Every visit of the first plan is asked about on its day; by the answers alone, the second one avoids bad days."""
    with new_store() as store:
        found = measured(store, 40, 1, 1)
    assert found["inquiries_for_the_visits_day"] == found["visits_planned"] == found["taken_over"] == 40
    assert found["inquiries_for_another_day"] == 0
    assert found["uncovered_visits_before"] > 0
    assert found["uncovered_visits_after"] == 0
    assert found["visits_planned_after"] >= found["visits_planned"] - found["uncovered_visits_before"]
