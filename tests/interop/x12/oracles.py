"""Other readers of X12, asked of files: ``python oracles.py FILE…`` prints how many of them each accepts.

Not imported where they are missing: ``pip install -e '.[oracles]'``, or an environment of their own.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from pathlib import Path


def pyx12_says(data: bytes) -> bool:
    """Whether pyx12 accepts a file."""
    import pyx12.params
    import pyx12.x12n_document

    text = io.StringIO(data.decode("ascii"))
    return bool(pyx12.x12n_document.x12n_document(pyx12.params.params(), text, None, None, None))


def x12sdk_says(data: bytes) -> bool:
    """Whether x12sdk accepts a file."""
    from x12sdk.io import X12ModelReader

    try:
        with X12ModelReader(data.decode("ascii")) as reader:
            return sum(1 for _ in reader.models()) > 0
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__} {error}"[:2000] + "\n")
        return False


if __name__ == "__main__":
    counts = Counter[str]()
    for name in sys.argv[1:]:
        data = Path(name).read_bytes()
        found = {"pyx12": pyx12_says(data), "x12sdk": b"ST*837" not in data or x12sdk_says(data)}
        counts.update(["files", *(who for who, accepted in found.items() if accepted)])
        if not all(found.values()):
            sys.stdout.write(f"{name} {found}\n")
    sys.stdout.write(f"{dict(counts)}\n")
