"""Processes that contend for slots: each slot has one winner, and nothing that somebody was told is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.race import race
from tests.postgres import LACKING, Server, is_here


def run(url: str, folder: Path) -> None:
    """Three processes, of which one is killed."""
    found = race(url, folder, processes=3, tries=150)
    assert found["wrong"] == []
    assert found["won"] > 20
    assert found["lost"] > 20
    assert found["tries"] < 150


def test_each_slot_has_one_winner(tmp_path: Path) -> None:
    """On SQLite, three processes that book, hold, move and cancel never have one slot both."""
    run(str(tmp_path / "office.db"), tmp_path)


@pytest.mark.skipif(not is_here(), reason=LACKING)
def test_each_slot_has_one_winner_on_postgresql(postgres: Server, tmp_path: Path) -> None:
    """The same on PostgreSQL."""
    run(postgres.new_database(), tmp_path)
