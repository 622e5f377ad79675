"""One office planned through the command line, for all tests that look at a plan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.commands import WEEK, invoke


@dataclass(frozen=True)
class Planned:
    """An office's folder and its plan's."""

    office: Path
    plan: Path


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """About 200 requests, planned for a second."""
    folder = tmp_path_factory.mktemp("cli")
    office, plan = folder / "office", folder / "new" / "plan"
    assert invoke("example", office, "--sites", 1, "--providers", 2, "--load", 1.1).exit_code == 0
    assert invoke("plan", office, "--week", WEEK, "--out", plan, "--time-limit", 1, "--quiet").exit_code == 0
    return Planned(office, plan)
