"""``python -m benchmarks.x12 FILE…``: what is read of files of X12, one JSON line a file.

A line has the file's name, how many transactions of which kinds it has, whether they are accepted (null: there is no
guide to judge them by), the first problem with its place, whether reading and writing gives the same bytes, and for an
835 whether its three sums hold, each with the place and the cents of where it first does not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from schedopt.interop.x12.build import rebuilt
from schedopt.interop.x12.judge import judge_segments
from schedopt.interop.x12.payments import Balance, SumName
from schedopt.interop.x12.problems import Problem
from schedopt.interop.x12.scan import split
from schedopt.interop.x12.values import Segment

_SUMS: tuple[SumName, ...] = ("service", "claim", "check")


class _Written:
    """What segments that pass by come to when they are written again, as a hash."""

    def __init__(self, lead: bytes) -> None:
        self._hash = hashlib.blake2b(lead)

    def passing(self, segments: Iterator[Segment]) -> Iterator[Segment]:
        for segment in segments:
            self._hash.update(rebuilt(segment) + segment.after)
            yield segment

    def equals(self, data: bytes) -> bool:
        return self._hash.digest() == hashlib.blake2b(data).digest()


def examine(path: Path) -> dict[str, Any]:
    """What is printed of a file."""
    start = time.perf_counter()
    data = path.read_bytes()
    lead, segments = split(data)
    written = _Written(lead)
    verdict = judge_segments(written.passing(segments), lead)
    unjudged = sorted({one.kind for one in verdict.transactions if not one.judged})
    found = {
        "name": path.name,
        "transactions": len(verdict.transactions),
        "kinds": sorted({one.kind for one in verdict.transactions}),
        "accepted": verdict.accepted,
        "unjudged": unjudged,
        "problems": len(verdict.problems),
        "first_problem": _problem(verdict.first_problem),
        "bytes_equal": written.equals(data),
    }
    balances = [one.balance for one in verdict.transactions if one.balance]
    if balances:
        found["balances"] = all(one.holds for one in balances)
        found["sums"] = [_sums(one) for one in balances]
    return {**found, "segments": verdict.num_segments, "seconds": round(time.perf_counter() - start, 3)}


def _problem(problem: Problem | None) -> dict[str, Any] | None:
    if problem is None:
        return None
    return {
        "segment": problem.number,
        "byte": problem.offset,
        "name": problem.segment,
        "loop": problem.loop,
        "element": problem.element,
        "severity": problem.severity,
        "words": problem.words,
    }


def _sums(balance: Balance) -> dict[str, Any]:
    sums: dict[str, Any] = {"transaction": balance.control, "claims": balance.claims}
    for name in _SUMS:
        breaks = [one for one in balance.breaks if one.sum == name]
        sums[name] = {"holds": not breaks}
        if breaks:
            sums[name] |= {"segment": breaks[0].number, "byte": breaks[0].offset, "cents": breaks[0].cents}
            sums[name]["places"] = len(breaks)
    return sums


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
    parser.add_argument("--peak", action="store_true", help="say the most megabytes that were in use, after each file")
    options = parser.parse_args()
    for file in options.files:
        found = examine(file)
        if options.peak:
            found["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        print(json.dumps(found, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
