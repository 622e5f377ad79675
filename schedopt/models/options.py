"""The table of options: every way in which a request may be placed, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schedopt.models.schedule import Schedule
from schedopt.models.week import Flags, Ints, Week


@dataclass(frozen=True)
class Options:
    """One entry an option: a request, a session and a range of starts at one cost.

    Attributes
    ----------
    request, session : int array
        Codes.
    earliest, latest : int array
        First and last cell at which the provider step may start.
    opens, closes : int array
        The whole visit, all its steps, lies from cell `opens` to before cell `closes`.
    cost : int array
        Points.
    """

    request: Ints
    session: Ints
    earliest: Ints
    latest: Ints
    opens: Ints
    closes: Ints
    cost: Ints

    def __len__(self) -> int:
        return len(self.request)

    def take(self, rows: Ints | Flags) -> Options:
        """The options at these rows."""
        return Options(
            self.request[rows], self.session[rows], self.earliest[rows], self.latest[rows], self.opens[rows],
            self.closes[rows], self.cost[rows],
        )  # fmt: skip


def pairs(week: Week, request: Ints, session: Ints) -> Options:
    """Options of these requests in these sessions, at any time of the session's day, before any rule."""
    cells = week.calendar.cells_per_day
    opens = week.sessions.day[session] * cells
    return Options(request, session, opens, opens + cells - 1, opens, opens + cells, np.zeros(len(request), np.int64))


def concatenate(parts: Sequence[Options]) -> Options:
    """One table of several."""
    columns = ("request", "session", "earliest", "latest", "opens", "closes", "cost")
    return Options(*(np.concatenate([getattr(p, c) for p in parts]) for c in columns))


def visits_as_options(week: Week, schedule: Schedule) -> Options:
    """Every visit of a schedule as an option that leaves nothing open."""
    placed = schedule.placed
    first, last = schedule.span(week)
    start = schedule.start(week)
    zero = np.zeros(len(placed), np.int64)
    return Options(
        placed, schedule.session[placed], start[placed], start[placed], first[placed], last[placed], zero
    )  # fmt: skip
