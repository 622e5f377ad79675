"""What was read from a raw source, what was left out of it and what looked odd, with counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd


@dataclass(frozen=True, slots=True)
class Note:
    """A fact about a raw source.

    Attributes
    ----------
    source : str
        Folder of the source.
    kind : {"read", "left out", "odd"}
        ``read``: rows that came in; ``left out``: rows not used; ``odd``: rows used although they look strange.
    rows : int
        How many rows.
    what : str
        The fact in words.
    """

    source: str
    kind: Literal["read", "left out", "odd"]
    rows: int
    what: str


def notes_table(notes: Iterable[Note]) -> pd.DataFrame:
    """Notes as a table with the columns ``source``, ``kind``, ``rows`` and ``what``."""
    return pd.DataFrame([(n.source, n.kind, n.rows, n.what) for n in notes], columns=["source", "kind", "rows", "what"])
