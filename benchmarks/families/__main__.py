"""``python -m benchmarks.families``; see :mod:`benchmarks.families.cli`."""

from __future__ import annotations

import sys

from benchmarks.families.cli import main

if __name__ == "__main__":
    sys.exit(main())
