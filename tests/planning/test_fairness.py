"""Plans with balances: what they pay for, what they leave alone, and what they never learn."""

from __future__ import annotations

import datetime as dt
import pickle
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import schedopt

MONDAY = dt.date(2026, 11, 30)
HOURS = [{"date": date, "start": "08:00", "end": "09:00"} for date in ("2026-11-30", "2026-12-01")]


def office(
    groups: list[str], shifts: list[dict[str, str]], *, providers: tuple[dict[str, Any], ...] = ({"provider": "D1"},),
    urgency: dict[str, int] | None = None, own: str | None = None, **settings: Any,
) -> schedopt.Office:  # fmt: skip
    """One request of 20 minutes by a patient of each group in turn, two days from Monday."""
    rows: dict[str, list[dict[str, Any]]] = {
        "providers": list(providers),
        "visit_types": [{"visit_type": "v", "minutes": 20}],
        "patients": [{"patient": f"N{n}", "group": group, "own_provider": own} for n, group in enumerate(groups)],
        "requests": [
            {"request": f"R{n}", "patient": f"N{n}", "visit_type": "v", "urgency": (urgency or {}).get(group)}
            for n, group in enumerate(groups)
        ],
        "shifts": [{"provider": "D1", "site": "S"} | shift for shift in shifts],
    }
    return schedopt.office_from_frames({name: pd.DataFrame(table) for name, table in rows.items()}, settings)


def planned(asked: schedopt.Office, time_limit: float = 10) -> schedopt.Plan:
    """A plan of the office's days."""
    return schedopt.plan(schedopt.assemble(asked, MONDAY), time_limit=time_limit, workers=1, progress=False)


@pytest.mark.parametrize(("column", "waits"), [(None, [0.0, 1.0]), ("group", [1 / 3, 2 / 3])])
def test_groups_share_the_early_day_where_that_is_asked_for(column: str | None, waits: list[float]) -> None:
    """Urgent requests of one group fill the first day, unless the other group may not wait much longer than all."""
    asked = office(
        ["a", "a", "a", "b", "b", "b"], HOURS, urgency={"a": 2}, weights={"fair_access": 100},
        fairness={"column": column, "most_days": 0.2}, days=2,
    )  # fmt: skip
    plan = planned(asked)
    assert plan.status == "optimal"
    assert schedopt.equity(plan, asked)["access_wait_days"].tolist() == pytest.approx(waits)
    quantity = plan.costs.set_index("part")["quantity"]
    assert quantity.get("fair_access", 0) == 0


@pytest.mark.parametrize(("points", "minutes"), [(0, [60, 0]), (1, [60, 0]), (4, [40, 20])])
def test_load_is_shared_where_its_price_is_worth_it(points: int, minutes: list[int]) -> None:
    """Visits leave the patients' own provider, at the price of continuity, as soon as the excess load costs more."""
    providers = tuple({"provider": name, "contract_minutes": 60} for name in ("D1", "D2"))
    shifts = [{"date": "2026-11-30", "start": "08:00", "end": "09:00", "provider": name} for name in ("D1", "D2")]
    asked = office(
        ["a", "b", "c"], shifts, providers=providers, own="D1", days=1, fairness={"most_load": 0},
        weights={"fair_load": points, "idle": 0, "continuity": 30},
    )  # fmt: skip
    plan = planned(asked)
    assert plan.status == "optimal"
    assert plan.sessions.set_index("provider")["seen_minutes"].loc[["D1", "D2"]].tolist() == minutes


def test_nobody_on_leave_is_waited_for() -> None:
    """A provider without sessions in these days is nobody to compare with, whatever the contract says."""
    providers = tuple({"provider": name, "contract_minutes": 600} for name in ("D1", "D2"))
    plan = planned(office(["a", "b"], HOURS[:1], providers=providers, days=1, fairness={"most_load": 0}))
    assert len(plan.schedule) == 2
    assert plan.costs.set_index("part").loc["fair_load", ["quantity", "unit"]].tolist() == [0, "minutes"]


def test_an_overfull_week_is_an_answer() -> None:
    """Where most requests cannot be placed, the plan pays for unevenness, breaks nothing and leaves no room unused."""
    groups = ["a"] * 9 + ["b"] * 3
    asked = office(groups, HOURS, urgency={"a": 3}, fairness={"column": "group", "most_days": 0.0}, days=2)
    plan = planned(asked)
    assert plan.status in ("optimal", "feasible")
    assert schedopt.check(plan.problem, plan.assignment).breaches.empty
    assert len(plan.schedule) == 6


def test_evenness_alone_makes_nobody_wait() -> None:
    """A day more is never asked of some so that others look better: both groups are seen as early as there is room."""
    late = [HOURS[0], HOURS[1] | {"end": "12:00"}]
    asked = office(["a"] * 3 + ["b"] * 9, late, fairness={"column": "group", "most_days": 0.0}, days=2)
    plan = planned(asked)
    assert (plan.schedule["date"] == MONDAY).sum() == 3
    assert plan.left_out.empty


def test_groups_are_numbers_to_the_problem(tmp_path: Path) -> None:
    """What a group is called is neither in the problem, nor in the plan, nor in its folder."""
    asked = office(["Left-Bank", "Right-Bank"], HOURS, fairness={"column": "group"}, days=2)
    plan = planned(asked, 2)
    schedopt.write_plan(plan, tmp_path / "week")
    written = b"".join(file.read_bytes() for file in sorted((tmp_path / "week").rglob("*")) if file.is_file())
    assert b"fair_access" in written
    assert b"-Bank" not in written + pickle.dumps(plan)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("column", "name", "expected one of group, language"),
        ("column", "birth_date", "expected one of group, language"),
        ("most_days", 0.25, "expected days in tenths"),
        ("most_days", -1.0, "expected a number from 0 to 1,000"),
        ("most_days", float("nan"), "expected a number from 0 to 1,000"),
        ("most_days", True, "expected a number from 0 to 1,000"),
        ("most_load", 12.5, "expected a whole number from 0 to 1,000"),
    ],
)
def test_impossible_settings_are_refused_in_words(key: str, value: object, words: str) -> None:
    """A setting that means nothing is a fault that names its key and says what is expected."""
    with pytest.raises(schedopt.InputError, match=f"fairness.{key}.*{words}"):
        office(["a"], HOURS, fairness={key: value})
