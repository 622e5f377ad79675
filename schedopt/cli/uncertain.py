"""What commands that look at uncertain weeks share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import schedopt


def uncertainty_of(
    office: schedopt.Office, plan: schedopt.Plan, history: schedopt.History | None
) -> schedopt.Uncertainty:
    """What is uncertain about a plan: learned from an office's past, or assumed where there is none."""
    if history is None:
        return schedopt.Uncertainty.assumed(plan)
    first = plan.problem.calendar.first
    ages = {
        row.patient: (first - row.birth_date).days // 365.2425 for row in office.patients if row.birth_date is not None
    }
    return schedopt.learn_uncertainty(history, plan, ages=ages)


@contextmanager
def shown_progress(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(what)
        yield lambda done, of: bar.update(task, completed=done, total=of)
