"""Which values of a column are one group; what solves is told the codes alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from schedopt.arrays import Ints

EMPTY = "(empty)"
"""What a group is called whose cells are empty."""


def group_codes(values: Iterable[object]) -> tuple[Ints, tuple[str, ...]]:
    """Codes of values that are the same for people: capitals and blanks at the ends do not matter.

    Parameters
    ----------
    values : iterable
        Cells; None, NaN and blanks are one group, True and False are ``yes`` and ``no``.

    Returns
    -------
    codes : int array, shape (values,)
        Groups in the order of their names.
    names : tuple of str
        What each code stands for, as it was first written.
    """
    written: dict[str, str] = {}
    keys = []
    for value in values:
        name = _words(value)
        keys.append(name.casefold())
        written.setdefault(name.casefold(), name)
    code = {key: number for number, key in enumerate(sorted(written))}
    return np.array([code[key] for key in keys], np.int64), tuple(written[key] for key in code)


def _words(value: Any) -> str:
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return EMPTY
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    return str(value).strip() or EMPTY
