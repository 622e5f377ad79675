"""What a sample is drawn from: the items, in an order and with a fingerprint that do not depend on how they came."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.arrays import Floats
from schedopt.errors import Fault, InputError

WHOLE = "all"
"""The stratum of a frame that is not divided."""


@dataclass(frozen=True)
class Frame:
    """A population, sorted by item.

    Attributes
    ----------
    items : tuple of str
        Ids, each once.
    strata : tuple of str
        The stratum of each.
    amounts : float array or None
        The book amount of each.
    """

    items: tuple[str, ...]
    strata: tuple[str, ...]
    amounts: Floats | None = None

    @property
    def sizes(self) -> dict[str, int]:
        """Items of each stratum, by name."""
        names, counts = np.unique(np.asarray(self.strata, dtype=object).astype(str), return_counts=True)
        return {str(name): int(count) for name, count in zip(names, counts, strict=True)}

    @property
    def book(self) -> float | None:
        """All amounts together."""
        return None if self.amounts is None else round(float(self.amounts.sum()), 2)

    @property
    def fingerprint(self) -> str:
        """A digest of all items with their strata and amounts: of another population it is another one."""
        digest = hashlib.sha256()
        amounts = [None] * len(self.items) if self.amounts is None else [f"{one:.2f}" for one in self.amounts]
        for row in zip(self.items, self.strata, amounts, strict=True):
            digest.update(json.dumps(row, ensure_ascii=True, separators=(",", ":")).encode() + b"\n")
        return digest.hexdigest()[:32]


def frame_of(
    table: pd.DataFrame, *, item: str = "item", by: str | None = None, amount: str | None = None, file: str = "frame"
) -> Frame:  # fmt: skip
    """A frame from a table.

    Parameters
    ----------
    table : pandas.DataFrame
        One row an item.
    item : str
        Column of the ids.
    by : str, optional
        Column that divides the items into strata.
    amount : str, optional
        Column of the book amounts.
    file : str
        What the table is called in errors.

    Raises
    ------
    InputError
        With every fault: a column that is not there, an item that is there twice or has no id, an amount that is none.
    """
    columns = [name for name in (item, by, amount) if name is not None]
    if lacking := [name for name in columns if name not in table.columns]:
        raise InputError([Fault(file, 1, name, None, "expected this column") for name in lacking])
    ids = [str(value).strip() if pd.notna(value) else "" for value in table[item].tolist()]
    faults = [Fault(file, place, item, None, "expected an id") for place, one in enumerate(ids, 2) if not one]
    rows = pd.Series(ids)
    again = rows.duplicated() & (rows != "")
    faults += [Fault(file, int(place) + 2, item, None, "expected each item once") for place in np.flatnonzero(again)]
    values, wrong = _amounts(table, amount, file)
    if not ids:
        faults.append(Fault(file, None, None, None, "expected items to draw from"))
    if faults + wrong:
        raise InputError(faults + wrong)
    order = np.argsort(np.asarray(ids, dtype=object).astype(str), kind="stable")
    strata = [WHOLE] * len(ids) if by is None else [_word(value) for value in table[by].tolist()]
    return Frame(
        tuple(ids[place] for place in order), tuple(strata[place] for place in order),
        None if values is None else values[order],
    )  # fmt: skip


def counted(strata: Mapping[str, int]) -> int:
    """Items of all strata."""
    return sum(strata.values())


def _amounts(table: pd.DataFrame, amount: str | None, file: str) -> tuple[Floats | None, list[Fault]]:
    if amount is None:
        return None, []
    values = pd.to_numeric(table[amount], errors="coerce").to_numpy(dtype=float)
    bad = np.flatnonzero(~np.isfinite(values))
    return values, [Fault(file, int(place) + 2, amount, None, "expected an amount such as 95.00") for place in bad]


def _word(value: object) -> str:
    """The name of a stratum; of empty cells, that there is none."""
    text = "" if pd.isna(value) else str(value).strip()  # type: ignore[call-overload]
    return text or "(none)"
