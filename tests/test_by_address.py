"""Tuples of arrays passed on by address: what is read and written through them is what the arrays hold."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from schedopt.arrays import Ints
from schedopt.by_address import by_address
from schedopt.compiled import compiled, inside


class Inner(NamedTuple):
    """Arrays in a tuple in a tuple."""

    weight: Ints


class Outer(NamedTuple):
    """Arrays of one and two dimensions, a tuple and nothing."""

    number: Ints
    table: Ints
    inner: Inner
    nothing: Ints | None


@inside
def _add(outer: Outer, inner: Inner, nothing: Ints | None, row: int) -> int:
    if nothing is not None:
        return -1
    for column in range(outer.table.shape[1]):
        outer.table[row, column] += outer.number[row] * inner.weight[column]
    return len(outer.number)


@compiled
def _add_all(outer: Outer) -> int:
    outer = by_address(outer)
    count = 0
    for row in range(len(outer.number)):
        count = _add(outer, outer.inner, outer.nothing, row)
    return count


@given(st.lists(st.integers(-9, 9), max_size=5), st.lists(st.integers(-9, 9), min_size=1, max_size=4), st.booleans())
def test_compiled_code_reads_and_writes_arrays_through_an_address(
    number: list[int], weight: list[int], every_other: bool
) -> None:
    wide = np.zeros((len(number), 2 * len(weight)), np.int64)
    table = wide[:, ::2] if every_other else wide[:, : len(weight)]
    count = _add_all(Outer(np.array(number, np.int64), table, Inner(np.array(weight, np.int64)), None))
    assert count == len(number)
    np.testing.assert_array_equal(table, np.outer(np.array(number, np.int64), weight))
    rest = wide[:, 1::2] if every_other else wide[:, len(weight) :]
    assert not rest.any()
