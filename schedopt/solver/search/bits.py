"""Compiled: cells as bits of 64-bit words, so that all starts at which a stretch is free are found together.

Bit i of a word w of an array stands for cell 64 w + i. What one step asks for a stretch of n cells: shift and and, as
often as n can be halved, where a loop would look at 64 n cells.

References
----------
H. S. Warren, Hacker's Delight, 2nd ed. (2012), section 6-3: finding the first string of 1-bits of a given length.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from schedopt.arrays import Words
from schedopt.compiled import inlined

ALL = np.uint64(2**64 - 1)
"""A word of ones."""
_ONE = np.uint64(1)
WIDTH = 64
"""Bits of a word."""


@intrinsic
def _zeros_below(typing: Any, word: Any) -> Any:
    """How many bits below a word's lowest bit that is set are not."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), code


@intrinsic
def _zeros_above(typing: Any, word: Any) -> Any:
    """How many bits above a word's highest bit that is set are not."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctlz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), code


@inlined
def lowest(word: np.uint64) -> int:
    """The number of a word's lowest bit that is set; 64 where none is."""
    return int(_zeros_below(word))  # type: ignore[call-arg]


@inlined
def highest(word: np.uint64) -> int:
    """The number of a word's highest bit that is set; -1 where none is."""
    return WIDTH - 1 - int(_zeros_above(word))  # type: ignore[call-arg]


@inlined
def up_to(number: int) -> np.uint64:
    """A word whose lowest bits are set: so many, 64 at most."""
    if number >= WIDTH:
        return ALL
    return (_ONE << np.uint64(max(0, number))) - _ONE


@inlined
def stretches(low: np.uint64, high: np.uint64, length: int) -> np.uint64:
    """Where so many bits in a row are set, 64 at most, in a word that another one continues: their first bits."""
    done = 1
    while done < length:
        by = min(done, length - done)
        step, back = np.uint64(by), np.uint64(WIDTH - by)
        low &= (low >> step) | (high << back)
        high &= high >> step
        done += by
    return low


@inlined
def window(bits: Words, cell: int) -> np.uint64:
    """The 64 bits from a cell on."""
    word, shift = cell >> 6, cell & 63
    found: np.uint64 = bits[word]
    if shift:
        found = (found >> np.uint64(shift)) | (bits[word + 1] << np.uint64(WIDTH - shift))
    return found


@inlined
def starts(bits: Words, cell: int, length: int) -> np.uint64:
    """Which of the 64 stretches of a length that begin from a cell on have all bits set."""
    found, done = ALL, 0
    while done < length and found:
        part = min(WIDTH, length - done)
        found &= stretches(window(bits, cell + done), window(bits, cell + done + WIDTH), part)
        done += part
    return found


@inlined
def put_bits(bits: Words, cell: int, length: int, on: bool) -> None:
    """Set or clear a stretch of bits."""
    while length > 0:
        word, shift = cell >> 6, cell & 63
        part = min(length, WIDTH - shift)
        mask = up_to(part) << np.uint64(shift)
        if on:
            bits[word] |= mask
        else:
            bits[word] &= ~mask
        cell += part
        length -= part
