"""What is wrong with tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from schedopt.models.clock import MINUTES_PER_DAY
from schedopt.models.problem.plan import Plan
from schedopt.operations.placing.values import Task


def check_tasks(plan: Plan, tasks: Sequence[Task]) -> None:
    """Refuse tasks that make no sense, with a ValueError that says all that is wrong with them."""
    counts = Counter(task.task for task in tasks)
    found = [f"expected one task {name!r}, not {count}" for name, count in counts.items() if count > 1]
    found += [f"task {task.task!r}: {words}" for task in tasks for words in _faults(plan, task)]
    if found:
        raise ValueError("; ".join(found))


def _faults(plan: Plan, task: Task) -> Iterator[str]:
    week = plan.problem.week
    known = (
        ("provider", task.providers, week.sessions.provider_ids),
        ("pool", [taken.pool for taken in task.pools], week.pools.ids),
        ("site", task.sites, week.sessions.site_ids),
    )
    for kind, names, ids in known:
        yield from (f"expected the id of a {kind} of the plan's problem, not {n!r}" for n in names if n not in ids)
    if not 1 <= task.minutes <= MINUTES_PER_DAY:
        yield f"expected 1 to {MINUTES_PER_DAY} minutes, not {task.minutes}"
    if task.first > task.last:
        yield f"expected a last day on or after the first, not {task.first} to {task.last}"
    if any(taken.units is not None and taken.units < 1 for taken in task.pools):
        yield "expected 1 unit of a pool or more, or none given for all of them"
    if not (task.providers or task.pools or task.sites or task.who):
        yield "expected somebody or something that is taken"
