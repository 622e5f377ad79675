"""What ``make bench`` prints: the table of small and middling weeks, 20 seconds each, and the time to get ready."""

from __future__ import annotations

import sys

from benchmarks import compile_time, table


def main() -> int:
    """Run both; the exit status is the table's."""
    status = table.main(["--presets", "S", "M", "--seeds", "1", "2", "3", "--time-limit", "20"])
    print()
    compile_time.main([])
    return status


if __name__ == "__main__":
    sys.exit(main())
