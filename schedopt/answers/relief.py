"""One change with which a request that was left out has a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule

COLUMNS = ["kind", "what", "request", "session", "start", "change", "verified"]
MOST_TRIED = 12
"""Places of one kind that are tried out."""
MOST_TOLD = 3
"""Changes of one kind that are told."""


@dataclass(frozen=True)
class Relief:
    """A change with which a request has a place.

    Attributes
    ----------
    kind : str
        ``move``, ``overtime``, ``longer_session``, or the name of the rule that gives.
    what : str
        In words.
    problem : Problem
        The week with the change; the same where only visits move.
    schedule : Schedule
        With the request placed.
    session, start : int
        Where: code and cell.
    moved : int
        Code of another request that moves, or -1.
    change : int
        Points that the cost would change by.
    verified : bool
        The check finds nothing broken that was whole before.
    """

    kind: str
    what: str
    problem: Problem
    schedule: Schedule
    session: int
    start: int
    moved: int = -1
    change: int = 0
    verified: bool = False


def table(problem: Problem, found: Sequence[Relief]) -> pd.DataFrame:
    """Changes as rows: see :class:`~schedopt.answers.explain.Explanation`."""
    week = problem.week
    rows = [
        (r.kind, r.what, week.requests.ids[r.moved] if r.moved >= 0 else "", week.sessions.ids[r.session],
         week.time_words(r.session, r.start), r.change, r.verified)
        for r in found
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def place_words(problem: Problem, relief: Relief) -> str:
    """When and with whom the request would be."""
    sessions = problem.week.sessions
    provider = sessions.provider_ids[int(sessions.provider[relief.session])]
    return f"{problem.week.time_words(relief.session, relief.start)} with {provider}"
