"""Samples that can be drawn again: the same frame and seed give the same items, in whatever order they come."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
import pandas as pd

from schedopt.arrays import Floats, Ints
from schedopt.operations.audits.allocation import equal, neyman, proportional
from schedopt.operations.audits.frames import Frame

Method = Literal["random", "systematic", "money"]
"""random: each item by its own number, in each stratum; systematic: every so manyth of the list; money: every so manyth
unit of money, so that an item is drawn by its amount."""

COLUMNS = ("item", "stratum", "place", "amount", "chance", "hits")
_BITS = 53


def draw(
    frame: Frame,
    items: int,
    seed: str,
    *,
    method: Method = "random",
    divide: Callable[[Mapping[str, int], int], Mapping[str, int]] | Mapping[str, int] = proportional,
) -> pd.DataFrame:
    """Draw a sample.

    Parameters
    ----------
    frame : Frame
        From what.
    items : int
        How many; of ``money``, how many units of money, which may be several of one item.
    seed : str
        Any text; another one gives another sample.
    method : {"random", "systematic", "money"}
        See :data:`Method`. Strata are kept by ``random`` alone: the others look at the list as a whole, in which
        ``systematic`` has one stratum after the other, so that each gets its share all the same.
    divide : callable or mapping
        How ``random`` divides the sample among strata: a function such as
        :func:`~schedopt.operations.audits.allocation.proportional`, or the items of each.

    Returns
    -------
    pandas.DataFrame
        One row an item, by `place`: ``item``, ``stratum``, ``place`` (in which order they were drawn), ``amount`` (NaN
        without amounts), ``chance`` (of being drawn; of ``money`` the expected hits), ``hits``.

    Raises
    ------
    ValueError
        If there are not so many items, or there is no money to draw from.

    Notes
    -----
    ``random`` gives each item a number of its own, from seed and id, and takes the smallest of each stratum (permanent
    random numbers: Ohlsson 1995). So a larger sample has all of a smaller one, and items that come or go elsewhere move
    no more items in or out than they must.
    """
    if not 1 <= items <= (len(frame.items) if method != "money" else items):
        raise ValueError(f"expected from 1 to {len(frame.items):,} items: so many there are")
    if method == "random":
        taken = divide if isinstance(divide, Mapping) else divide(frame.sizes, items)
        return _random(frame, taken, seed)
    return _systematic(frame, items, seed) if method == "systematic" else _money(frame, items, seed)


def divider(
    how: Literal["proportional", "equal", "neyman"], deviations: Mapping[str, float] | None = None
) -> Callable[[Mapping[str, int], int], dict[str, int]]:
    """A way to divide a sample among strata, by name.

    Parameters
    ----------
    how : {"proportional", "equal", "neyman"}
        Its name.
    deviations : mapping of str to float, optional
        Standard deviations by stratum; what ``neyman`` needs.
    """
    if how == "neyman":
        if deviations is None:
            raise ValueError("expected amounts, from which to tell how much strata vary")
        said = deviations
        return lambda sizes, items: neyman(sizes, said, items, least=1)
    return proportional if how == "proportional" else equal


def deviations_of(frame: Frame) -> dict[str, float]:
    """How much the amounts of each stratum vary."""
    if frame.amounts is None:
        raise ValueError("expected amounts, from which to tell how much strata vary")
    strata = np.asarray(frame.strata, dtype=object)
    found = {name: frame.amounts[strata == name] for name in frame.sizes}
    return {name: float(values.std(ddof=1)) if len(values) > 1 else 0.0 for name, values in found.items()}


def number_of(seed: str, item: str) -> float:
    """The number of an item: from 0 to below 1, evenly, by SHA-256 of seed and id."""
    digest = hashlib.sha256(f"{len(seed)}:{seed}:{item}".encode()).digest()
    return (int.from_bytes(digest[:8]) >> (64 - _BITS)) / (1 << _BITS)


def _random(frame: Frame, taken: Mapping[str, int], seed: str) -> pd.DataFrame:
    numbers = _numbers(frame, seed)
    strata, sizes = np.asarray(frame.strata, dtype=object), frame.sizes
    if unknown := sorted(set(taken) - set(sizes)):
        raise ValueError(f"expected strata of the frame, not {len(unknown)} others")
    chosen, chances = list[Ints](), list[Floats]()
    for name, count in taken.items():
        if not 0 <= count <= sizes[name]:
            raise ValueError("expected no more items of a stratum than it has")
        own = np.flatnonzero(strata == name)
        first = own[np.argsort(numbers[own], kind="stable")[:count]]
        chosen.append(first)
        chances.append(np.full(count, count / sizes[name]))
    rows, chance = np.concatenate(chosen), np.concatenate(chances)
    order = np.argsort(numbers[rows], kind="stable")
    return _drawn(frame, rows[order], chance[order], np.ones(len(rows), dtype=np.int64))


def _systematic(frame: Frame, items: int, seed: str) -> pd.DataFrame:
    """Every so manyth of the list, by stratum and id, from a start that the seed says."""
    order = np.lexsort((np.arange(len(frame.items)), np.asarray(frame.strata, dtype=object).astype(str)))
    step = len(order) / items
    rows = order[np.minimum(((np.arange(items) + number_of(seed, "start")) * step).astype(np.int64), len(order) - 1)]
    return _drawn(frame, rows, np.full(items, 1 / step), np.ones(items, dtype=np.int64))


def _money(frame: Frame, items: int, seed: str) -> pd.DataFrame:
    """Every so manyth unit of money, with the items in an order that the seed says."""
    if frame.amounts is None or frame.amounts.min() < 0 or frame.amounts.sum() <= 0:
        raise ValueError("expected amounts from 0 on, and some above it: units of money are drawn")
    order = np.argsort(_numbers(frame, seed), kind="stable")
    ends = np.cumsum(frame.amounts[order])
    step = float(ends[-1]) / items
    points = (np.arange(items) + number_of(seed, "start")) * step
    hit = np.minimum(np.searchsorted(ends, points, side="right"), len(order) - 1)
    rows, first, hits = np.unique(hit, return_index=True, return_counts=True)
    rows, hits = rows[np.argsort(first)], hits[np.argsort(first)]
    return _drawn(frame, order[rows], frame.amounts[order[rows]] / step, hits.astype(np.int64))


def _numbers(frame: Frame, seed: str) -> Floats:
    return np.array([number_of(seed, item) for item in frame.items])


def _drawn(frame: Frame, rows: Ints, chance: Floats, hits: Ints) -> pd.DataFrame:
    amounts = np.full(len(rows), np.nan) if frame.amounts is None else frame.amounts[rows]
    return pd.DataFrame(
        {
            "item": [frame.items[row] for row in rows], "stratum": [frame.strata[row] for row in rows],
            "place": np.arange(1, len(rows) + 1), "amount": amounts, "chance": chance, "hits": hits,
        },
        columns=list(COLUMNS),
    )  # fmt: skip
