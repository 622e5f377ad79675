"""Invent people with duplicates and write them down.

    python -m benchmarks.people --people 100000 --duplicates 10000 --out /tmp/people

writes ``people.csv`` and ``pairs.csv``, for ``python -m benchmarks.linkage``. The same arguments give the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.people.invent import invent


def main(arguments: list[str] | None = None) -> None:
    """Invent and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000, help="different people")
    parser.add_argument("--duplicates", type=int, default=10_000, help="further records of some of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="the folder to write into")
    args = parser.parse_args(arguments)
    if not 0 <= args.duplicates <= args.people:
        parser.error("--duplicates is from 0 to the number of people")
    made = invent(args.people, args.duplicates, args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    made.people.to_csv(args.out / "people.csv", index=False, lineterminator="\n")
    made.pairs.to_csv(args.out / "pairs.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
