"""The decorator of compiled functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])
INSIDE = {"nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""How what is called by compiled functions alone is compiled."""


def compiled(function: F) -> F:
    """Compile with Numba: without the interpreter lock, and kept on disk for the next process where that can be."""
    return cast(F, _kept(lambda cache: njit(nogil=True, cache=cache, no_cfunc_wrapper=True)(function)))


def inside(function: F) -> F:
    """Compile for callers that are compiled themselves; Python itself cannot call it.

    What Python needs to call a function with many arrays takes longer to compile than a small function does.
    """
    return cast(F, _kept(lambda cache: njit(cache=cache, **INSIDE)(function)))


def inlined(function: F) -> F:
    """Compile into whoever calls: for small functions, whose arguments would take longer to pass than they to run."""
    return cast(F, _kept(lambda cache: njit(cache=cache, forceinline=True, **INSIDE)(function)))


def pasted(function: F) -> F:
    """As :func:`inlined`, as if its lines stood in the caller: for what is called most, as it takes long to compile."""
    return cast(F, _kept(lambda cache: njit(cache=cache, inline="always", **INSIDE)(function)))


def _kept(make: Callable[[bool], object]) -> object:
    """What is made to be kept on disk: in the package, in NUMBA_CACHE_DIR or in the user's cache; else in memory."""
    try:
        return make(True)
    except (RuntimeError, OSError):  # Numba's word for: no folder that can be written
        return make(False)
