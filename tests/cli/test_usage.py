"""How commands may be used: help, options, and folders that may not be written."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.cli.commands import WEEK, invoke, write_tiny
from tests.counted import calls_anew

UNITS = {
    "plan": ("Seconds to search", "Processor cores", "as 2026-11-30"),
    "check": ("HH:MM", "in points", "as 2026-11-30"),
    "conflict": ("Seconds to search", "as 2026-11-30"),
    "explain": ("in points",),
    "recommend": ("in points", "Minutes stranded"),
    "book": ("in points", "2026-11-30T09:00"),
    "admit": ("in points",),
    "adopt": ("in points",),
    "replan": ("Seconds to search", "@2026-11-30T09:00"),
    "fill": ("in points", "2026-11-30T10:00"),
    "example": ("Minutes of visits", "as 2026-11-30"),
}


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--week", "next Monday"),
        ("--week", "2026-02-30"),
        ("--week", "20261130"),
        ("--week", "0001-01-01"),
        ("--time-limit", "0"),
        ("--time-limit", "nan"),
        ("--time-limit", "inf"),
        ("--workers", "0"),
        ("--workers", "two"),
        ("--seed", "-1"),
    ],
)
def test_options_that_make_no_sense(tmp_path: Path, option: str, value: str) -> None:
    """A bad option gives exit status 2 and is named, and nothing is written."""
    words = {"--week": WEEK, "--out": str(tmp_path / "plan")} | {option: value}
    result = invoke("plan", write_tiny(tmp_path / "office"), *(word for pair in words.items() for word in pair))
    assert result.exit_code == 2
    assert f"Invalid value for '{option}'" in result.stderr
    assert not (tmp_path / "plan").exists()


def test_where_a_plan_may_not_go(tmp_path: Path) -> None:
    """A folder with something else in it, or a file in the way, gives exit status 2 before anything is planned."""
    office = write_tiny(tmp_path / "office")
    (tmp_path / "file").write_text("mine", "utf-8")
    for out in (office, tmp_path / "file", tmp_path / "file" / "below"):
        began = time.monotonic()
        result = invoke("plan", office, "--week", WEEK, "--out", out, "--time-limit", 60)
        assert result.exit_code == 2
        assert result.stderr.startswith("cannot write the plan to")
        assert time.monotonic() - began < 5
    assert (tmp_path / "file").read_text("utf-8") == "mine"


def test_an_example_is_not_written_over_anything(tmp_path: Path) -> None:
    """A folder with something in it, or a week out of reach, gives exit status 2."""
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    assert invoke("example", tmp_path).exit_code == 2
    assert invoke("example", tmp_path / "new", "--week", "1900-01-01").exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("command", UNITS)
def test_help_tells_units_and_exit_status(command: str) -> None:
    """The help of a command says what its exit status means, and every option in what it is counted."""
    text = " ".join(invoke(command, "--help").stdout.split())
    assert "Exit status: 0" in text
    assert "; 2 the" in text
    assert all(unit in text for unit in UNITS[command])


def test_help_lists_all_commands() -> None:
    """Without a command, and with --help, all commands are listed."""
    for words in ((), ("--help",), ("-h",)):
        assert all(f"\n  {command} " in invoke(*words).output for command in UNITS)
    assert "Exit status of every command" in invoke("--help").output


def test_the_command_line_is_quick() -> None:
    """--help and --version are at most 1.3 million function calls, about a second of a slow processor."""
    for word in ("--help", "--version"):
        assert 100_000 < calls_anew(f"from schedopt.cli import app; app(['{word}'])") < 1_300_000
