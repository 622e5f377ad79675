"""Groups of a column's values."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from schedopt.models.groups import EMPTY, group_codes

CELLS = st.lists(st.sampled_from(["North", "north ", " NORTH", "South", "", "  ", None, np.nan, pd.NA, True, "yes", 7]))


@given(CELLS)
def test_values_that_look_alike_are_one_group(cells: list[object]) -> None:
    """Two cells have one code exactly if they say the same to people; every code has a name and is used."""
    codes, names = group_codes(cells)

    def said(cell: object) -> str:
        text = "yes" if cell is True else "" if pd.isna(cell) else str(cell)
        return text.strip().lower() or EMPTY

    assert len(codes) == len(cells)
    assert sorted(set(codes.tolist())) == list(range(len(names)))
    assert [names[code].lower() for code in codes] == [said(cell) for cell in cells]
