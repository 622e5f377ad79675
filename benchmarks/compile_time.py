"""How long it takes to get ready: import, read an office of 10,000 requests, compile it; and the memory that takes.

python -m benchmarks.compile_time --requests 10000
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import schedopt
from schedopt.example import example_frames
from schedopt.example.frames import WEEK

ROOT = Path(__file__).resolve().parents[1]
IMPORT = "import time; began = time.perf_counter(); {}; print(time.perf_counter() - began)"
"""What a new interpreter is told, to see how long an import takes."""
TIMES = 3
"""How often an import is timed."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Write an office, measure in new processes, and print one figure a line with its unit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compile_time", description="Time the way to a problem.")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--sites", type=int, default=10)
    parser.add_argument("--providers", type=int, default=100)
    parser.add_argument("--measure", type=Path, help="measure this office in this process, and print JSON")
    args = parser.parse_args(arguments)
    if args.measure is not None:
        print(json.dumps(measure(args.measure)))
        return
    imports = [(what, f"{_import_seconds(what):.2f}", "s") for what in ("import schedopt", "from schedopt import *")]
    with TemporaryDirectory() as folder:
        office = write_office(Path(folder, "office"), args.sites, args.providers, args.requests)
        figures = json.loads(_python("-m", "benchmarks.compile_time", "--measure", str(office)))
    for label, value, unit in (*imports, *figures):
        print(f"{label:<28}{value:>12} {unit}")


def _import_seconds(what: str) -> float:
    """The best of some."""
    return min(float(_python("-c", IMPORT.format(what))) for _ in range(TIMES))


def _python(*arguments: str) -> str:
    """What a new interpreter prints."""
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def write_office(folder: Path, sites: int, providers: int, requests: int) -> Path:
    """Write an invented office with so many requests."""
    schedopt.write_example(folder)  # its settings hold for any size
    for name, frame in example_frames(sites=sites, providers=providers, requests=requests).items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return folder


def measure(folder: Path) -> list[tuple[str, str, str]]:
    """Label, value and unit of every figure of one office."""
    moments = [time.perf_counter()]
    office = schedopt.read_office(folder)
    moments.append(time.perf_counter())
    problem = schedopt.assemble(office, WEEK)
    moments.append(time.perf_counter())
    unit = 1024**2 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return [
        ("requests", f"{len(problem.week.requests):,}", "requests"),
        ("sessions", f"{len(problem.week.sessions):,}", "sessions"),
        ("read_office", f"{moments[1] - moments[0]:.2f}", "s"),
        ("assemble", f"{moments[2] - moments[1]:.2f}", "s"),
        ("options", f"{len(problem.options):,}", "options"),
        ("peak memory", f"{peak:,.0f}", "MiB"),
    ]


if __name__ == "__main__":
    main()
