"""Dear requests that plans leave out although they could be placed, and reasons that do not hold.

    python -m benchmarks.dear --offices 20 --time-limit 20 --around 60 --workers 2

Offices in tight weeks are invented, with ten dear requests planted in each, and planned. CP-SAT gets time around every
dear request that is left out although some session would do. The exit status is 1 if it places one at a gain, or if
what a plan says of a request left out is not so.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.dear.judging import Effort, Outcome, run
from benchmarks.dear.offices import plant, sizes
from benchmarks.families.tables import Row, aligned, markdown

HEAD: Row = (
    "office", "requests", "dear", "dear left out", "placed at a gain", "false reasons", "cost", "bound", "gap %",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, and say by the exit status whether all is well."""
    args = _parser().parse_args(arguments)
    effort = Effort(args.time_limit, args.around, args.others, args.briefly, args.workers, args.seed)
    outcomes = []
    for number, size in enumerate(sizes(args.offices, args.offices_seed), start=1):
        if args.only and number not in args.only:
            continue
        outcome = run(plant(size, args.dear), effort)
        outcomes.append(outcome)
        print(f"{number}. {outcome.office}: {outcome.dear} dear, {outcome.left_out} of them left out with options; "
              f"cost {outcome.cost:,}; {outcome.said} reasons, {outcome.final} of them final", flush=True)  # fmt: skip
        print(*(f"   {line}" for line in outcome.lines), sep="\n", end="\n" if outcome.lines else "", flush=True)
        print(*(f"{outcome.office}: {fault}" for fault in outcome.faults), sep="\n", file=sys.stderr,
              end="\n" if outcome.faults else "", flush=True)  # fmt: skip
    table = rows(outcomes)
    print("", *aligned(table), sep="\n")
    if args.markdown is not None:
        args.markdown.write_text("\n".join([*markdown(table), ""]), encoding="utf-8")
    return int(any(outcome.faults for outcome in outcomes))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dear", description="Look for dear requests left out.")
    parser.add_argument("--offices", type=int, default=20)
    parser.add_argument("--only", type=int, nargs="+", help="only offices with these numbers, from 1 on")
    parser.add_argument("--offices-seed", type=int, default=1, help="of the offices")
    parser.add_argument("--dear", type=int, default=10, help="dear requests planted in each office")
    parser.add_argument("--time-limit", type=float, default=20.0, help="seconds for each plan")
    parser.add_argument("--around", type=float, default=60.0, help="seconds around each dear request left out")
    parser.add_argument("--others", type=int, default=10, help="others left out of whom it is checked what is proved")
    parser.add_argument("--briefly", type=float, default=5.0, help="seconds of CP-SAT around each of those")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1, help="of the search")
    parser.add_argument("--markdown", type=Path, help="also write the table to this file")
    return parser


def rows(outcomes: Sequence[Outcome]) -> list[Row]:
    """A row an office, and one with the sums."""
    total = (
        "sum", *(f"{sum(counts):,}" for counts in zip(*(_counts(one) for one in outcomes), strict=True)), "",
    )  # fmt: skip
    return [HEAD, *(_row(one) for one in outcomes), total]


def _counts(one: Outcome) -> tuple[int, ...]:
    return one.requests, one.dear, one.left_out, one.gained, one.untrue, one.cost, one.bound


def _row(one: Outcome) -> Row:
    gap = 100 * (1 - one.bound / one.cost) if one.cost else 0.0
    return (one.office, *(f"{count:,}" for count in _counts(one)), f"{gap:.1f}")
