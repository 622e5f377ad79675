"""Every writing command on a tiny office, ended everywhere: ``python -m tests.writing.commands``."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from schedopt.cli import app
from tests.cli.commands import WEEK, invoke
from tests.cli.test_living import WAITING
from tests.conversation import write_office
from tests.writing.ended import Found, end_everywhere
from tests.writing.plainly import MEMORY

_PLAN = "plan {}/office --week " + WEEK + " --time-limit 0.1 --quiet --out"
COMMANDS: dict[str, str] = {
    "example": "example {}/new/office --sites 1 --providers 1 --load 0.1",
    "plan": f"{_PLAN} {{}}/new/plan",
    "plan, over a plan": f"{_PLAN} {{}}/plan",
    "admit": "admit {}/office {}/plan --out {}/plan",
    "adopt": "adopt {}/office {}/edited --out {}/plan",
    "book": "book {}/office {}/plan R4 DR1 2026-11-30T09:30 --out {}/plan",
    "fill": "fill {}/office {}/plan DR1 2026-11-30T09:30 2026-11-30T10:00 --accept R3 --out {}/plan",
    "replan": "replan {}/office {}/plan --cancelled R1 --time-limit 0.1 --out {}/plan",
    "simulate": "simulate {}/office {}/plan --replications 2 --out {}/played",
    "simulate, over": "simulate {}/office {}/plan --replications 2 --seed 8 --out {}/simulated",
    "check": "check {}/office {}/plan --out {}/new.csv",
    "check, over a file": "check {}/office {}/plan --out {}/breaches.csv",
    "publish": "publish {}/office {}/plan --through 2026-11-30",
    "publish elsewhere": "publish {}/office {}/plan --through 2026-11-30 --out {}/promised.csv",
}
"""Words of each, with ``{}`` for the folder that it works in."""


def prepare(folder: Path) -> None:
    """An office, a plan in which a visit was cancelled, the same with an edited schedule, a simulation and a file."""
    folder.mkdir()
    office, plan = write_office(folder / "office", **WAITING), folder / "plan"
    for words in (
        ("plan", office, "--week", WEEK, "--time-limit", 0.1, "--out", plan, "--quiet"),
        ("replan", office, plan, "--cancelled", "R2", "--time-limit", 0.1, "--out", plan),
        ("simulate", office, plan, "--replications", 2, "--out", folder / "simulated"),
        ("book", office, plan, "R4", "DR1", f"{WEEK}T09:30", "--out", folder / "edited"),
    ):
        assert invoke(*words).exit_code == 0
    for name in ("plan.json", "costs.csv", "left_out.csv"):
        shutil.copy(plan / name, folder / "edited" / name)
    (folder / "breaches.csv").write_text("mine\n")
    plan.chmod(0o750)
    (plan / "schedule.csv").chmod(0o640)


def ended(name: str, prepared: Path, work: Path, **how: int) -> Found:
    """A command in a copy of a prepared folder."""
    shutil.copytree(prepared, work)
    words = [word.replace("{}", str(work)) for word in COMMANDS[name].split()]
    return end_everywhere(lambda: app(words), work, **how)


def main() -> int:
    """Print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="commands; all by default")
    parser.add_argument("--stride", type=int, default=1, help="end at every so many calls")
    parser.add_argument("--at-random", type=int, default=200, help="how often to end at random moments")
    parser.add_argument("--prepared", type=Path, help="a folder that was prepared before")
    arguments = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        prepared = arguments.prepared or Path(folder, "prepared")
        if arguments.prepared is None:
            prepare(prepared)
        for name in arguments.names or COMMANDS:
            work = Path(folder, "work")
            found = ended(name, prepared, work, stride=arguments.stride, at_random=arguments.at_random)
            shutil.rmtree(work)
            bad += len(found.wrong)
            ways = ", ".join(f"{way} {number}" for way, number in sorted(found.ended.items()) if number)
            print(f"{name:<20} {ways}; put right by the reader {found.between}; wrong {len(found.wrong)}")
            print(*(f"    {words}\n" for words in found.wrong[:10]), sep="", end="")
            sys.stdout.flush()
    return bad


if __name__ == "__main__":
    sys.exit(main() > 0)
