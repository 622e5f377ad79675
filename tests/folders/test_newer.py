"""A plan's folder, read back after the office's data has changed."""

from __future__ import annotations

from pathlib import Path

import schedopt
from schedopt.answers.result import plan_around
from schedopt.folders.read import read_folder
from tests.smallest import FIRST, Smallest, request


def test_newer_data_is_noticed_and_nothing_is_proved_of_it(tmp_path: Path) -> None:
    """With the data that was planned, what was proved still holds; with other data, nothing does."""
    office = schedopt.extend_office(Smallest().office, {})
    problem = schedopt.assemble(office, FIRST)
    folder = schedopt.write_plan(plan_around(problem, Smallest().schedule(problem), {}, bound=1), tmp_path / "plan")
    same = read_folder(folder, office)
    assert (same.newer, same.edited, same.plan.bound) == (False, (), 1)
    more = Smallest({"requests": (*office.requests, request("R3"))}).office
    later = read_folder(folder, schedopt.extend_office(more, {}))
    assert (later.newer, later.edited, later.plan.bound) == (True, (), 0)
    assert later.plan.left_out["request"].tolist() == ["R2", "R3"]
