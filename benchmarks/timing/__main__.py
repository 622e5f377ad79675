"""Answer published cases of appointment timing, one JSON line each.

    python -m benchmarks.timing ../shared/timingbench/cases.json

A line holds the case's ``name``, what was found (``bookings``, ``times``, ``sequence``, ``mean_wait``, ``overtime``,
``cost``, as the kind asks), the ``seconds`` it took, and, where the case says what to expect, whether the answer is
``within`` its tolerance. Compiling is not timed. The exit status is 1 if one is not.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.timing import continuous, sequence, slot

Case = Mapping[str, Any]
Answer = dict[str, Any]

KINDS: Mapping[str, Callable[[Case], Answer]] = {
    "slot": slot.answer, "continuous": continuous.answer, "adaptive": continuous.answer_adaptive,
    "sequence": sequence.answer,
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer, print, and say by the exit status whether all answers are as expected."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, help="a list of cases as JSON")
    cases = json.loads(parser.parse_args(arguments).cases.read_text(encoding="utf-8"))
    for kind in {case["kind"]: case for case in cases}.values():
        KINDS[kind["kind"]](kind)  # compiles
    wrong = 0
    for case in cases:
        began = time.perf_counter()
        answer = KINDS[case["kind"]](case)
        line: Answer = {"name": case["name"], **answer, "seconds": round(time.perf_counter() - began, 4)}
        if "expected" in case:
            line["within"] = within(case, answer)
            wrong += not line["within"]
        print(json.dumps(line), flush=True)
    return int(wrong > 0)


def within(case: Case, answer: Answer) -> bool:
    """Whether every expected figure that is an answer lies within the case's tolerance."""
    expected = {name: value for name, value in case["expected"].items() if not name.startswith("published")}
    return all(name in answer and _close(case, name, value, answer[name]) for name, value in expected.items())


def _close(case: Case, name: str, expected: Any, found: Any) -> bool:
    if name == "times":
        tolerance = case.get("time_tolerance", case["tolerance"])
        return len(found) == len(expected) and all(
            abs(one - other) <= tolerance for one, other in zip(found, expected, strict=True)
        )
    if isinstance(expected, (int, float)):
        return bool(abs(found - expected) <= case["tolerance"] * abs(expected))
    return bool(found == expected)


if __name__ == "__main__":
    sys.exit(main())
