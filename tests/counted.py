"""How much work something is, counted in calls of functions: the same on every machine, however busy it is."""

from __future__ import annotations

import cProfile
import pstats
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def calls(work: Callable[[], object]) -> int:
    """The number of functions that are called while ``work`` runs, those of the interpreter among them."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]  # not in the library's types


def calls_anew(code: str) -> int:
    """The same of Python code that runs in a process of its own, where nothing is imported yet; it may exit."""
    program = (
        "import cProfile, contextlib, io, pstats\n"
        "profile = cProfile.Profile()\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        f"    profile.run({code!r})\n"
        "print(pstats.Stats(profile).total_calls)"
    )
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return int(said.stdout)
