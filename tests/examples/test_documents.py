"""Commands that README.md and the documents show: there are such commands, and they say what is shown."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

import schedopt
from schedopt.answers.result import plan_around
from schedopt.cli import app
from schedopt.models.problem.schedule import nothing_placed
from tests.cli.commands import invoke

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").glob("*.md"))]


def shown() -> Iterator[tuple[str, str]]:
    """Document and command of every line that begins with ``$ schedopt``."""
    for file in DOCUMENTS:
        text = file.read_text("utf-8").replace("\\\n", " ")
        for line in re.findall(r"^ +\$ schedopt (.*)$", text, re.MULTILINE):
            yield file.name, line


def wrong_with(command: Any, line: str) -> str:
    """What the command line says of a command, which is not run; empty: nothing."""
    words = shlex.split(re.sub(r"[0-9a-f]+…", 64 * "0", line), comments=True)
    try:
        while hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        command.make_context(command.name, words)
    except Exception as error:  # of words that no command takes, one of Typer's own kinds
        return repr(error)
    return ""


def test_commands_can_be_typed() -> None:
    """Command, options and words are such as the command takes; an id may be cut short, notes stand behind a #."""
    lines, commands = [*shown()], typer.main.get_command(app)
    assert len(lines) > 90
    assert [(file, line, words) for file, line in lines if (words := wrong_with(commands, line))] == []


def test_explanations_are_those_shown(tmp_path: Path) -> None:
    """Why no session will do stands in the documents as ``schedopt explain`` says it."""
    office = schedopt.read_office(ROOT / "examples" / "office")
    problem = schedopt.assemble(office, dt.date(2026, 11, 30))
    schedopt.write_plan(plan_around(problem, nothing_placed(problem.week), {}), tmp_path / "plan")
    for file, request in ((README, "R437"), (ROOT / "docs" / "explain.md", "R238")):
        text = " ".join(file.read_text("utf-8").split())
        said = invoke("explain", ROOT / "examples" / "office", tmp_path / "plan", request).stdout.splitlines()
        assert said[0] == f"Request {request}"
        assert said[1].startswith("None of the ")
        assert f"$ schedopt explain examples/office out/plan {request} {said[0]} {said[1]}" in text
