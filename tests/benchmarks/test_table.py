"""The table holds one row a run and a median a preset, and its exit status tells the truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import compile_time, table
from benchmarks.table import Run, aligned, markdown, medians

RUNS = [
    Run("S 1", "S", 300, 290, 2000, 1000, 900, 0.1, 5.0, 10.0, (1900, 1500, 1100), 9e5),
    Run("S 2", "S", 310, 300, 2200, 1200, 960, 0.3, 5.2, 20.0, (2000, 1600, 1300), 7e5),
    Run("M 1", "M", 2000, 1900, 90_000, 50_000, 45_000, 1.0, 6.0, 10.0, (90_000, 80_000, 60_000), 8e5,
        ("the plan breaks a rule",)),
]  # fmt: skip


def test_medians_are_by_preset() -> None:
    """Each preset has one row, in the order of the runs, with the median of every column."""
    small, middling = medians(RUNS)
    assert (small.label, small.cost, small.bound, small.requests) == ("S median", 1100, 930, 305)
    assert small.early == (1950, 1550, 1200)
    assert (small.gap, small.pace) == pytest.approx((15.0, 8e5))
    assert middling.cost == 50_000


def test_tables_are_whole() -> None:
    """Columns line up in the terminal's table, and both tables hold every row."""
    lines, document = aligned(RUNS), markdown(RUNS)
    assert len({len(line) for line in lines}) == 1
    assert len(lines) == len(RUNS) + 1 == len(document) - 1
    assert "50,000" in lines[-1]
    assert len({line.count("|") for line in document}) == 1


def test_the_table_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run on this project's own instance ends well, says where that came from, and writes the document."""
    file = tmp_path / "table.md"
    status = table.main(["--own", "--presets", "S", "--seeds", "1", "--time-limit", "0.5", "--markdown", str(file)])
    printed = capsys.readouterr()
    assert status == 0, printed.err
    assert "generator in benchmarks" in printed.out
    assert "S median" in printed.out
    assert file.read_text(encoding="utf-8").startswith("| instance |")


def test_faults_make_the_status_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A fault of any run is printed on standard error and makes the exit status 1."""
    monkeypatch.setattr(table, "run", lambda *_: RUNS[2])
    assert table.main(["--own", "--presets", "S", "--seeds", "1"]) == 1
    assert "M 1: the plan breaks a rule" in capsys.readouterr().err


def test_compile_time_prints_figures(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every figure of the way to a problem has a line with its unit."""
    monkeypatch.setattr(compile_time, "TIMES", 1)
    compile_time.main(["--requests", "60", "--sites", "1", "--providers", "2"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.rpartition(" ")[2] for line in lines] == ["s", "s", "requests", "sessions", "s", "s", "options", "MiB"]
