"""The command: see :mod:`benchmarks.dear.cli`."""

from __future__ import annotations

import sys

from benchmarks.dear.cli import main

if __name__ == "__main__":
    sys.exit(main())
