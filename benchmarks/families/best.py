"""What is known best of each week: the lowest cost and the highest bound of any plan so far, in a small table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from benchmarks.families.runs import Outcome

FILE = Path(__file__).resolve().parents[1] / "best_known.csv"
HEAD = ("week", "fingerprint", "cost", "bound")


@dataclass(frozen=True)
class Best:
    """What is known of a week.

    Attributes
    ----------
    week, fingerprint : str
        Its name, and the problem's hash: of another problem under the same name, nothing is known.
    cost, bound : int
        Points.
    """

    week: str
    fingerprint: str
    cost: int
    bound: int


Known = Mapping[str, Best]
"""By name of the week."""


def read_best(file: Path = FILE) -> dict[str, Best]:
    """What the table says; nothing where there is none."""
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return {row["week"]: Best(row["week"], row["fingerprint"], int(row["cost"]), int(row["bound"])) for row in rows}


def write_best(known: Known, file: Path = FILE) -> None:
    """Write the table, by name of the week."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows(astuple(known[name]) for name in sorted(known))


def best_of(known: Known, outcome: Outcome) -> Best | None:
    """What is known of the problem that was planned; None where that is nothing, or another problem had its name."""
    best = known.get(outcome.name)
    return best if best is not None and best.fingerprint == outcome.fingerprint else None


def learned(known: Known, outcomes: Iterable[Outcome]) -> dict[str, Best]:
    """What is known after these plans: costs only fall and bounds only rise; plans with faults say nothing.

    A problem that has changed begins anew.
    """
    now = dict(known)
    for outcome in outcomes:
        if not outcome.faults:
            best = best_of(now, outcome) or Best(outcome.name, outcome.fingerprint, outcome.cost, outcome.bound)
            now[outcome.name] = replace(
                best, cost=min(best.cost, outcome.cost), bound=max(best.bound, outcome.bound)
            )  # fmt: skip
    return now


def contradictions(known: Known, outcome: Outcome) -> tuple[str, ...]:
    """Where a plan and what is known cannot both be right: no cost is below any bound."""
    best = best_of(known, outcome)
    if best is None:
        return ()
    found = {
        f"the cost {outcome.cost:,} is below the bound known, {best.bound:,}": outcome.cost < best.bound,
        f"the bound {outcome.bound:,} is above the cost known, {best.cost:,}": outcome.bound > best.cost,
    }
    return tuple(words for words, wrong in found.items() if wrong)
