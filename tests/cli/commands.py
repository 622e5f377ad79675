"""The commands as a user runs them, and within this process."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import typer.testing
from typer.testing import CliRunner, Result

from schedopt.cli import app
from tests.office.folders import edited, office_files, write_files

ROOT = Path(__file__).resolve().parents[2]
WEEK = "2026-11-30"
COMMAND = (sys.executable, "-m", "schedopt")


typer.testing._get_command = cache(typer.main.get_command)  # all commands, made anew, take longer than many a command


def environment() -> dict[str, str]:
    """Variables for a process of its own."""
    return os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"}


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    return subprocess.run(
        [*COMMAND, *map(str, words)], cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )


def invoke(*words: str | Path) -> Result:
    """A command within this process; an exception other than SystemExit is raised."""
    runner = CliRunner(env={"COLUMNS": "200", "TERMINAL_WIDTH": "200"})
    return runner.invoke(app, [str(word) for word in words], catch_exceptions=False)


def write_tiny(folder: Path, *edits: tuple[str, int, str, str]) -> Path:
    """The small office of tests.office, with its promises movable, after edits; planned within a second."""
    folder.mkdir()
    return write_files(folder, office_files(edited(("appointments", 2, "mark", "movable"), *edits)))
