"""A live line in a terminal while a week is planned; silent everywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from schedopt.solver.search.track import Listener, Moment


@contextmanager
def live_display() -> Iterator[Listener | None]:
    """A listener that shows cost, gap and visits on standard error, or None where that is no terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description:>28}"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[figures]}"),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("reading", total=1.0, figures="")

        def listen(moment: Moment) -> None:
            gap = 100 * (moment.cost - moment.bound) / moment.cost if moment.cost else 0.0
            figures = f"{moment.placed}/{moment.requests} placed, cost {moment.cost:,} points, gap {gap:.1f} %"
            done = min(moment.seconds, moment.limit)
            progress.update(task, description=moment.doing, completed=done, total=moment.limit, figures=figures)

        yield listen
