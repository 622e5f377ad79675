"""The decorator of compiled functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile with Numba: without the interpreter lock, and kept on disk for the next process where that can be."""
    return cast(F, _kept(lambda cache: njit(nogil=True, cache=cache)(function)))


def inlined(function: F) -> F:
    """Compile into whoever calls: for small functions, whose arguments would take longer to pass than they to run."""
    return cast(F, _kept(lambda cache: njit(nogil=True, cache=cache, inline="always")(function)))


def _kept(make: Callable[[bool], object]) -> object:
    """What is made to be kept on disk: in the package, in NUMBA_CACHE_DIR or in the user's cache; else in memory."""
    try:
        return make(True)
    except (RuntimeError, OSError):  # Numba's word for: no folder that can be written
        return make(False)
