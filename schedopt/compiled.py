"""The decorators of compiled functions.

What is compiled for callers that are compiled too does not count references to arrays: whoever calls keeps them. With
some twenty arrays to a call, the counting took three times as long as the rest (``_nrt`` is Numba's word for it).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit, typeof

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile with Numba: without the interpreter lock, and kept on disk for the next process where that can be."""
    return _kept(function, {"_nrt": True})


def bare(function: F) -> F:
    """As :func:`compiled`, for functions that make no arrays, without counting references to those they are given."""
    return _kept(function, {"_nrt": False})


def inside(function: F) -> F:
    """Compile for callers that are compiled themselves; Python itself cannot call it.

    What Python needs to call a function with many arrays takes longer to compile than a small function does.
    """
    return _kept(function, {"no_cpython_wrapper": True, "_nrt": False})


def allocating(function: F) -> F:
    """As :func:`inside`, for functions that make arrays, which those of :func:`inside` cannot."""
    return _kept(function, {"no_cpython_wrapper": True, "_nrt": True})


def inlined(function: F) -> F:
    """Compile into whoever calls: for small functions, whose arguments would take longer to pass than they to run."""
    return _kept(function, {"no_cpython_wrapper": True, "forceinline": True, "_nrt": False})


def pasted(function: F) -> F:
    """As :func:`inlined`, as if its lines stood in the caller: for what is called most, as it takes long to compile."""
    return _kept(function, {"no_cpython_wrapper": True, "inline": "always", "_nrt": False})


def is_compiled(function: Any, *arguments: object) -> bool | None:
    """Whether a function is compiled for such arguments, here or on disk; None where not, and nothing can be kept."""
    types = tuple(map(typeof, arguments))
    if types in function.overloads:
        return True
    if function.stats.cache_path is None:
        return None
    cache = function._cache
    return cache._index_key(types, function.targetctx.codegen()) in cache._cache_file._load_index()


def _kept(function: F, how: dict[str, Any]) -> F:
    """Compiled, and kept on disk: in the package, in NUMBA_CACHE_DIR or in the user's cache; else in memory."""
    how = {"nogil": True, "no_cfunc_wrapper": True, **how}
    try:
        return cast(F, njit(cache=True, **how)(function))
    except (RuntimeError, OSError):  # Numba's word for: no folder that can be written
        return cast(F, njit(cache=False, **how)(function))
