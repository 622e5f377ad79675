"""The decorator of compiled functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile with Numba: without the interpreter lock, and kept on disk for the next process."""
    return cast(F, njit(nogil=True, cache=True)(function))


def inlined(function: F) -> F:
    """Compile into whoever calls: for small functions, whose arguments would take longer to pass than they to run."""
    return cast(F, njit(nogil=True, cache=True, inline="always")(function))
