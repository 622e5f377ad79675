"""What is said of pairs: a table without any value of the people's own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.arrays import Flags, Floats
from schedopt.records.identity.certainty import agreeing, undisputed
from schedopt.records.identity.compare import Levels, Pairs
from schedopt.records.identity.levels import FIELDS


@dataclass(frozen=True, repr=False)
class Scored:
    """Candidates and what was found about them.

    Attributes
    ----------
    pairs : Pairs
        Candidates.
    levels : uint8 array, shape (pairs, fields)
        How they agree.
    weight : float array, shape (pairs,)
        Bits for one person.
    probability : float array, shape (pairs,)
        That they are one person.
    """

    pairs: Pairs
    levels: Levels
    weight: Floats
    probability: Floats

    def some(self, which: Flags) -> Scored:
        """Some of them."""
        return Scored(self.pairs.some(which), self.levels[which], self.weight[which], self.probability[which])


def report(scored: Scored, kept: Flags, left: pd.Index, right: pd.Index) -> pd.DataFrame:
    """The table of ``duplicates``, of the pairs that are kept, the likeliest first."""
    pairs = scored.pairs
    sure = agreeing(pairs, scored.levels, scored.probability)
    apart = 0 if pairs.left is pairs.right else len(pairs.left)
    sure = undisputed(pairs.first, pairs.second + apart, sure, kept)
    shown = scored.some(kept)
    order = np.lexsort((shown.pairs.second, shown.pairs.first, -shown.weight))
    columns: dict[str, object] = {
        "left": left.take(shown.pairs.first[order]),
        "right": right.take(shown.pairs.second[order]),
        "weight": shown.weight[order],
        "probability": shown.probability[order],
        "sure": sure[kept][order],
    }
    for place, field in enumerate(FIELDS):
        columns[field.name] = np.array(field.levels, object)[shown.levels[order, place]]
    return pd.DataFrame(columns)
