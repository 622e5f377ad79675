"""The third next available places: what callers would be given, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from schedopt.answers.desk import Desk
from schedopt.answers.free_places import FreePlaces
from schedopt.arrays import Ints
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.operations.measures.measure import PLACES, frame

CALLERS = 3
"""How many callers ask: the third gets the third next available place."""
Free = dict[tuple[str, str], list[pd.Timestamp]]


def next_places(plan: Plan | Desk, callers: Mapping[str, Sequence[str]]) -> Free:
    """Days of the next free places of each provider, for each visit type, the earliest first.

    Callers without wishes take the earliest place that keeps every rule, one after the other; the next one is asked of
    the schedule with the places before taken. So places do not overlap, and what a place needs beside its provider,
    such as a room, is there for all of them.

    Parameters
    ----------
    plan : Plan or Desk
        Without breaches, with the callers' requests, left out.
    callers : mapping of str to sequence of str
        Visit type to requests of it, of patients of their own; so many places are looked for.

    Returns
    -------
    dict of (str, str) to list of Timestamp
        By provider and visit type; a pair that rules forbid on all days is not there.
    """
    desk = plan if isinstance(plan, Desk) else Desk(plan)
    problem, schedule = desk.problem, desk.plan.assignment
    found: Free = {}
    for kind, requests in callers.items():
        codes = [desk.code(request) for request in requests]
        for provider, name in enumerate(problem.week.sessions.provider_ids):
            if not len(_rows(problem, codes[0], provider)):
                continue
            free, days = FreePlaces(problem, schedule), list[pd.Timestamp]()
            for number, code in enumerate(codes):
                places = free.places(code, rows=_rows(problem, code, provider))
                if not len(places.row):
                    break
                first = int(np.lexsort((places.stranded, places.added, places.start))[0])
                days.append(pd.Timestamp(problem.calendar.date(problem.calendar.day_of(int(places.start[first])))))
                if number + 1 < len(codes):
                    free = FreePlaces(problem, free.placed(places, first))
            found[name, kind] = days
    return found


def _rows(problem: Problem, request: int, provider: int) -> Ints:
    """Options of a request with a provider."""
    rows = np.arange(problem.offset[request], problem.offset[request + 1])
    mine: Ints = rows[problem.week.sessions.provider[problem.options.session[rows]] == provider]
    return mine


def third_next(asked: pd.Timestamp, last: pd.Timestamp, found: Sequence[Free]) -> pd.DataFrame:
    """The third next available places, of what was found in stretches of days that follow each other.

    Parameters
    ----------
    asked : pandas.Timestamp
        Day of asking.
    last : pandas.Timestamp
        Last day looked at.
    found : sequence of dict
        As :func:`next_places` gives them, in order.

    Returns
    -------
    pandas.DataFrame
        By provider and visit type, with the columns of :data:`~schedopt.operations.measures.measure.PLACES`.
    """
    days: Free = {}
    for some in found:
        for pair, more in some.items():
            days.setdefault(pair, []).extend(more)
    pairs = sorted(days)
    beyond = [len(days[pair]) < CALLERS for pair in pairs]
    third = [
        last + pd.Timedelta(days=1) if far else days[pair][CALLERS - 1] for pair, far in zip(pairs, beyond, strict=True)
    ]
    columns = {
        "asked": [asked] * len(pairs), "provider": [provider for provider, _ in pairs],
        "visit_type": [kind for _, kind in pairs], "days": [float((day - asked).days) for day in third],
        "beyond": beyond,
    }  # fmt: skip
    return frame(PLACES, columns) if pairs else frame(PLACES)
