"""``schedopt publish`` on a planned office, and planning from what is there."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pandas as pd

import schedopt
from tests.cli.commands import WEEK, invoke
from tests.cli.conftest import Planned

WEDNESDAY = dt.date(2026, 12, 2)


def test_a_plan_is_published(planned: Planned, tmp_path: Path) -> None:
    """Every visit becomes an appointment, fixed up to the day named, and the same days can be planned again."""
    office = Path(shutil.copytree(planned.office, tmp_path / "office"))
    result = invoke("publish", office, planned.plan, "--through", WEDNESDAY)
    assert result.exit_code == 0
    visits = pd.read_csv(planned.plan / "schedule.csv")
    rows = {row.request: row for row in schedopt.read_office(office).appointments or ()}
    assert set(visits["request"]) <= set(rows)
    dates = visits.set_index("request")["date"]
    was = {row.request: row.mark for row in schedopt.read_office(planned.office).appointments or ()}
    for name, date in dates.items():
        early = date <= str(WEDNESDAY)
        assert rows[name].mark == ("fixed" if early or was.get(name) == "fixed" else "movable")
    assert f"{(dates <= str(WEDNESDAY)).sum():,}" in result.stdout
    problem = schedopt.assemble(schedopt.read_office(office), dt.date.fromisoformat(WEEK))
    schedule, _ = schedopt.read_schedule(problem, planned.plan / "schedule.csv")
    assert schedopt.check(problem, schedule).breaches.empty


def test_a_plan_that_no_longer_fits_is_not_published(planned: Planned, tmp_path: Path) -> None:
    """Where a provider is away by now, the visits are named, the exit status is 1, and no file is touched."""
    office = Path(shutil.copytree(planned.office, tmp_path / "office"))
    before = (office / "appointments.csv").read_bytes()
    provider = pd.read_csv(planned.plan / "schedule.csv")["provider"].iloc[0]
    (office / "leave.csv").write_text(f"provider,first_day,last_day\n{provider},{WEEK},2026-12-06\n")
    result = invoke("publish", office, planned.plan, "--through", WEDNESDAY)
    assert result.exit_code == 1
    assert "Nothing is written" in result.stderr
    assert provider in result.stderr
    assert (office / "appointments.csv").read_bytes() == before


def test_a_plan_starts_from_a_plan(planned: Planned, tmp_path: Path) -> None:
    """Planned again from its own folder, or from its file, the week costs no more than before; from its folder, the
    bound is no lower either.
    """
    before = json.loads((planned.plan / "plan.json").read_text())
    for start in (planned.plan, planned.plan / "schedule.csv"):
        words = ("--out", tmp_path / "plan", "--time-limit", 0.2, "--start", start, "--quiet")
        assert invoke("plan", planned.office, "--week", WEEK, *words).exit_code == 0
        after = json.loads((tmp_path / "plan" / "plan.json").read_text())
        assert after["cost"] <= before["cost"]
        assert not start.is_dir() or after["bound"] >= before["bound"]
