"""What many tests run compiled, compiled before them: by itself, ``python -m tests.compiling``, what is for chance.

Numba compiles one function at a time in a process, so two of them take both kinds of work.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def compile_all() -> None:
    """Compile the search, of both kinds, here, and what is for chance in another process."""
    with subprocess.Popen([sys.executable, "-m", "tests.compiling"], cwd=ROOT) as other:
        _search()
    assert other.returncode == 0


def _search() -> None:
    """First-fit is no part of planning, and compiled in an instant where the rest has just been."""
    from schedopt.planning.compiling import prepare
    from schedopt.solver.search.local import first_fit
    from tests.smallest import SMALLEST, Smallest

    for office in (Smallest(), SMALLEST["travel"]):
        prepare(problem := office.problem())
        first_fit(problem)


def _chance() -> None:
    """What sets times, rearranges and plays weeks."""
    import schedopt
    from schedopt.answers.result import plan_around
    from schedopt.uncertainty.week import Uncertainty
    from tests.smallest import Smallest

    office = Smallest()
    problem = office.problem()
    plan = plan_around(problem, office.schedule(problem), {})
    schedopt.rearrange(plan, Uncertainty.assumed, schedopt.Costs(1, 4, 6), schedopt.Effort(1), scenarios=20)
    schedopt.simulate(plan, Uncertainty.assumed(plan), 2)


if __name__ == "__main__":
    _chance()
