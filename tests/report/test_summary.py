"""The summary for the terminal, and the figures it shares with the page."""

from __future__ import annotations

from typing import Any

import pytest

from schedopt.report.figures import distance_words, figures, main_reasons
from schedopt.report.summary import summary
from tests.report.plans import make_plan, office_plan


def _left_out(number: int, cause: str = "No room left.") -> dict[str, Any]:
    return {"request": f"L{number}", "patient": f"P{number}", "visit_type": "check-up", "priority": 1, "cost": 400,
            "sessions": 5, "sessions_left": 0, "promised": "", "cause": cause, "reason": cause}  # fmt: skip


def test_the_summary_says_what_counts() -> None:
    """About fifteen lines of plain text with units; the counts are those of the tables."""
    plan = office_plan()
    text = summary(plan)
    assert 12 <= len(text.splitlines()) <= 18
    assert f"{len(plan.schedule):,} of {len(plan.schedule) + len(plan.left_out):,} requested" in text
    assert f"{plan.cost:,} points" in text
    for word in ("Idle", "Overtime", "Office wait", "Access wait", "days", "min", "seconds"):
        assert word in text
    assert all(line.isprintable() and len(line) <= 120 for line in text.splitlines())


@pytest.mark.parametrize("status", ["optimal", "feasible", "nothing found", "conflict"])
def test_every_status_has_words(status: str) -> None:
    """No status is shown as the bare word of the code, also with nothing placed and nothing asked for."""
    text = summary(make_plan(cost=0, bound=0, status=status))
    assert "0 of 0 requested" in text
    assert f"Status       {status}" not in text


def test_conflicts_are_said() -> None:
    """A plan with conflicts says how many right after its status."""
    conflict = [{"request": "R1", "rule": "time", "source": "rosters", "detail": "overlaps R2"}]
    lines = summary(make_plan(status="conflict", conflicts=conflict)).splitlines()
    assert lines[2].split() == ["Conflicts", "1", "among", "the", "fixed", "appointments"]


@pytest.mark.parametrize(
    ("cost", "bound", "words"),
    [
        (1046, 1000, "at most 4.6 % above the best possible"),
        (100, 50, "at most 100.0 % above the best possible"),
        (10_001, 10_000, "at most 0.1 % above the best possible"),
        (10, 0, "how far from the best possible is not known"),
        (10, 10, "the best possible"),
        (0, 0, "the best possible"),
    ],
)
def test_the_distance_is_never_understated(cost: int, bound: int, words: str) -> None:
    """The share above the best is taken of the bound, not of the cost, and rounded up."""
    assert distance_words(make_plan(cost=cost, bound=bound)) == words


def test_causes_are_counted_commonest_first() -> None:
    """Every request left out counts once, for its cause; causes come commonest first, then by their words."""
    causes = ["Not in network.", "No room left.", "Not in network.", "Away."]
    plan = make_plan(left_out=[_left_out(number, cause) for number, cause in enumerate(causes)])
    assert main_reasons(plan) == [("Not in network.", 2), ("Away.", 1), ("No room left.", 1)]
    assert sum(number for _, number in main_reasons(office_plan())) == 38


def test_figures_without_their_costs() -> None:
    """Where the costs do not list waiting, it is unknown, not zero."""
    known = figures(make_plan())
    assert known.office_wait_minutes is None
    assert known.access_wait_days is None
