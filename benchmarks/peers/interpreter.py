"""Asking another Python interpreter, which may have packages that this one lacks, and running programs with an end."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.protocol import Absent

ROOT = Path(__file__).resolve().parents[2]
STARTING = 60.0
"""Seconds that a peer in a process of its own may take beyond three times its limit."""


def folder_of(package: str, python: str) -> Path:
    """The folder of an installed package, seen from an interpreter.

    Raises
    ------
    Absent
        If the interpreter cannot run, or does not find the package.
    """
    spec = f"__import__('importlib.util').util.find_spec({package!r})"
    code = f"s = {spec}; print(*(s.submodule_search_locations if s else []))"
    try:
        answer = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    except OSError as error:
        raise Absent(f"the interpreter {python} cannot run: {error.strerror}") from error
    if answer.returncode or not answer.stdout.strip():
        raise Absent(f"the package {package} is not installed (pip install 'schedopt[peers]')")
    return Path(answer.stdout.strip())


def run(command: Sequence[str], time_limit: float, what: str) -> None:
    """Run a program to its end.

    Parameters
    ----------
    command : sequence of str
        Program and arguments.
    time_limit : float
        Seconds that the program was told to search for; three times that and a minute later it is stopped.
    what : str
        What it is, for messages.

    Raises
    ------
    Absent
        If there is no such program.
    TimeoutError
        If it did not end.
    RuntimeError
        If it failed; the message holds the end of what it wrote to standard error.
    """
    patience = 3 * time_limit + STARTING
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment, timeout=patience
        )
    except FileNotFoundError as error:
        raise Absent(f"there is no program {command[0]}") from error
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"{what} was stopped after {patience:.0f} s, without an answer") from error
    if answer.returncode:
        raise RuntimeError(f"{what} failed:\n{answer.stderr[-2000:]}")
