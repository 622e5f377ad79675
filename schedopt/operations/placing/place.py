"""Place tasks where a plan loses fewest points, or, to compare, on the next free Monday."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from schedopt.models.problem.changes import Change
from schedopt.models.problem.couplings import Promises
from schedopt.models.problem.plan import Plan
from schedopt.operations.placing.estimate import Estimates
from schedopt.operations.placing.faults import check_tasks
from schedopt.operations.placing.settling import settle
from schedopt.operations.placing.starts import Starts, Taking, changes_at, starts_of
from schedopt.operations.placing.values import PLACED, UNPLACED, Loss, Placed, Task
from schedopt.operations.placing.words import row_of, why_of

TRIED = 8
"""Times of a task that are priced exactly."""
SECONDS = 1.0
"""Time limit of one repair."""


class _Pricing:
    """One task's times, priced exactly when asked."""

    def __init__(self, plan: Plan, task: Task, starts: Starts, seconds: float, now: dt.datetime | None) -> None:
        self.plan, self.task, self.starts = plan, task, starts
        self._seconds, self._now = seconds, now
        self._known: dict[int, Loss | None] = {}

    def changes(self, number: int, like: int | None = None) -> tuple[Change, ...]:
        """What the task takes at one of its times; with `like` as if it were on that planned day."""
        starts, week = self.starts, self.plan.problem.week
        day = int(starts.day[number]) if like is None else like
        span = int(starts.first[number]), int(starts.last[number])
        return changes_at(week, self.task, week.calendar.date(day), span, int(starts.like[number]))

    def loss(self, number: int) -> Loss | None:
        """What the plan loses at one of the times; None where a rule would be broken."""
        if number not in self._known:
            self._known[number] = self._loss(number)
        return self._known[number]

    def _loss(self, number: int) -> Loss | None:
        starts = self.starts
        later = starts.day[number] >= self.plan.problem.calendar.num_days
        changes = self.changes(number, int(starts.like[number]))
        if not changes:
            return Loss(number, 0.0, 0.0, 0.0, None if later else self.plan)
        after = settle(self.plan, changes, self._seconds, now=self._now)
        if set(after.plan.audit.breaches["rule"]) - {Promises.name}:
            return None
        points = max(0, after.plan.cost - self.plan.cost)
        return Loss(number, float(points), float(after.moved), float(after.lost), None if later else after.plan)

    def mean(self, number: int) -> Loss | None:
        """The same; of a later day, over all planned days of its weekday on which the task can be then."""
        day, first = self.starts.day[number], self.starts.first[number]
        alike = np.flatnonzero((self.starts.day == day) & (self.starts.first == first)).tolist()
        losses = [loss for one in alike if (loss := self.loss(one)) is not None]
        if len(losses) < 2:
            return losses[0] if losses else None
        points, moved, left_out = np.mean(
            [(loss.points, loss.moved, loss.left_out) for loss in losses], axis=0
        ).tolist()
        return Loss(alike[0], points, moved, left_out, None)


Choice = Callable[["_Pricing"], Loss | None]


def place(
    plan: Plan, tasks: Sequence[Task], *, tried: int = TRIED, time_limit: float = SECONDS, mondays: bool = True,
    now: dt.datetime | None = None,
) -> Placed:  # fmt: skip
    """Put tasks at the times at which a plan loses fewest points.

    What a time is worth is what the plan's cost rises by where it is closed: visits in the way are placed anew as
    :func:`schedopt.replan` does it, or where a place is free, and those without one cost what leaving them out costs.
    Time that nobody needs costs nothing. All times are estimated, from the cheapest other place of each visit in the
    way; those with the least estimates are priced exactly, until one costs nothing or `tried` are. A day after those
    planned is priced by the mean of the planned days of its weekday.

    Tasks with the fewest times come first; each is priced in the plan that those before it leave.

    Parameters
    ----------
    plan : Plan
        A plan whose schedule breaks no rule.
    tasks : sequence of Task
        What is to be placed; each id once.
    tried : int
        Times of a task that are priced exactly, at most.
    time_limit : float
        Seconds of counted work for one exact price, as for :func:`schedopt.replan`.
    mondays : bool
        Price the next free Monday too.
    now : datetime.datetime, optional
        The moment of asking: no time before it will do.

    Returns
    -------
    Placed

    Raises
    ------
    ValueError
        If a task names what the plan does not have, takes nothing, or the plan breaks a rule.
    """
    return _placed(plan, tasks, lambda pricing: _cheapest(pricing, tried), (time_limit, now, mondays))


def place_on_mondays(
    plan: Plan, tasks: Sequence[Task], *, time_limit: float = SECONDS, now: dt.datetime | None = None
) -> Placed:  # fmt: skip
    """Put each task at the first start of the first Monday on which it can be, as is done without looking at the plan.

    Where there is no Monday among a task's days, the first day will do. Parameters and result are those of
    :func:`place`.
    """
    return _placed(plan, tasks, _first_monday, (time_limit, now, False))


def _placed(
    plan: Plan, tasks: Sequence[Task], choose: Choice, how: tuple[float, dt.datetime | None, bool]
) -> Placed:  # fmt: skip
    """Place task after task, those with fewest times first."""
    check_tasks(plan, tasks)
    (seconds, now, mondays), taking = how, Taking()
    left, rows, failed = list(tasks), list[tuple[object, ...]](), list[tuple[str, str, str]]()
    changes, later, grid = list[Change](), list[Change](), plan.problem.calendar.grid
    while left:
        all_starts = [starts_of(plan, task, taking, now) for task in left]
        pick = min(range(len(left)), key=lambda number: (len(all_starts[number]), number))
        task, starts = left.pop(pick), all_starts[pick]
        pricing = _Pricing(plan, task, starts, seconds, now)
        best = choose(pricing) if len(starts) else None
        if best is None:
            failed.append((task.task, task.what, starts.reason or "a rule would be broken at every time that is left"))
            continue
        monday = _first_monday(pricing, strictly=True) if mondays else None
        number, calendar = best.number, plan.problem.calendar
        rows.append(row_of(plan, task, starts, best, monday, why_of(plan, starts, best, monday)))
        date, is_later = calendar.date(int(starts.day[number])), bool(starts.day[number] >= calendar.num_days)
        taking.add(task, date, int(starts.first[number]) * grid, int(starts.last[number]) * grid, later=is_later)
        (later if is_later else changes).extend(pricing.changes(number))
        plan = plan if best.plan is None else best.plan
    table = pd.DataFrame(rows, columns=list(PLACED)).sort_values(["date", "start", "task"], ignore_index=True)
    return Placed(table, pd.DataFrame(failed, columns=list(UNPLACED)), tuple(changes), tuple(later), plan)


def _cheapest(pricing: _Pricing, tried: int) -> Loss | None:
    """The time that loses fewest points, of those with the least estimates."""
    found: list[Loss] = []
    for count, number in enumerate(_promising(pricing)):
        loss = pricing.mean(number)
        if loss is not None:
            found.append(loss)
            if loss.points == 0 and loss.moved + loss.left_out == 0:
                break
        if count + 1 >= tried and found:
            break
    return min(found, key=lambda loss: loss.rank, default=None)


def _promising(pricing: _Pricing) -> Iterator[int]:
    """Times by estimate, and of those with the same visits in the way the first, before all others."""
    starts = pricing.starts
    points, hit = Estimates(pricing.plan).points(pricing.task, starts)
    order = np.lexsort((np.arange(len(starts)), hit.sum(axis=1), np.maximum(points, 0)))
    seen, rest = set[bytes](), list[int]()
    for number in order.tolist():
        key = hit[number].tobytes()
        if key in seen:
            rest.append(number)
        else:
            seen.add(key)
            yield number
    yield from rest


def _first_monday(pricing: _Pricing, *, strictly: bool = False) -> Loss | None:
    """The first start of the first Monday; of the first day, if not strictly, where there is no Monday."""
    starts, calendar = pricing.starts, pricing.plan.problem.calendar
    days = np.unique(starts.day).tolist()
    mondays = [day for day in days if calendar.date(day).weekday() == 0]
    for day in mondays if strictly else [*mondays, *(day for day in days if day not in mondays)]:
        for number in np.flatnonzero(starts.day == day).tolist():
            loss = pricing.mean(number)
            if loss is not None:
                return loss
    return None
