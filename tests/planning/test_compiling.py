"""Everything that planning runs is compiled before its clock starts."""

from __future__ import annotations

import sys

import pytest
from numba.core import caching
from numba.core.dispatcher import Dispatcher

import schedopt
from schedopt.compiled import compiled
from schedopt.planning import compiling
from tests.planning.test_planning import HOUR, example, small


def signatures() -> dict[str, int]:
    """How many versions of each compiled function of the solver there are."""
    found = {}
    for name, module in list(sys.modules.items()):
        if name.startswith("schedopt.solver"):
            for function in vars(module).values():
                if isinstance(function, Dispatcher):
                    found[f"{function.py_func.__module__}.{function.py_func.__qualname__}"] = len(function.signatures)
    return found


def test_nothing_is_compiled_while_the_clock_runs() -> None:
    """After the step before the start, planning small, usual and divided weeks compiles nothing more."""
    problem = example(sites=2, providers=6)
    compiling.prepare(problem)
    before = signatures()
    schedopt.plan(problem, time_limit=0.4, workers=1, progress=False)
    schedopt.plan(problem, time_limit=0.4, workers=2, progress=False)
    schedopt.plan(small(5, HOUR), time_limit=0.4, workers=2, progress=False)
    cut = schedopt.SolveParams.model_validate({"parts": {"largest": 100}})
    schedopt.plan(problem, time_limit=0.4, workers=2, progress=False, params=cut)
    assert {name: count for name, count in signatures().items() if count != before.get(name, 0)} == {}


def test_steps_are_said_only_where_there_is_something_to_compile() -> None:
    """Once all is compiled, preparing says nothing."""
    problem = small(5, HOUR)
    compiling.prepare(problem)
    said: list[str] = []
    compiling.prepare(problem, said.append)
    assert said == []


def test_without_a_folder_to_write_functions_are_compiled_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Numba finds no folder that it can write, a function is compiled all the same."""
    monkeypatch.setattr(caching.CompileResultCacheImpl, "_locator_classes", [])

    @compiled
    def twice(number: int) -> int:
        return 2 * number

    assert twice(21) == 42
