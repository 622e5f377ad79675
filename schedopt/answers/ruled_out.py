"""What keeps requests out of sessions: rules, and sites that are closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from schedopt.arrays import Ints
from schedopt.models.problem.names import CLOSED
from schedopt.models.problem.narrowing import options_of, removals
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.sessions import no_closures


def ruled_out(problem: Problem, requests: Ints) -> pd.DataFrame:
    """Which rule removed how many sessions of which request, and which closures took sessions that would have done.

    Parameters
    ----------
    problem : Problem
        The week.
    requests : int array
        Codes.

    Returns
    -------
    pandas.DataFrame
        As :func:`~schedopt.models.problem.narrowing.removals` gives it; and, under the rule ``closed``, a row for each
        closure without which a request would have had further sessions, with their number. A session that a closure
        takes in part counts where the part that it takes would have done.
    """
    removed = removals(problem.week, problem.rules, requests)
    rows = list(_missing_for_closures(problem, requests))
    if not rows:
        return removed
    missing = pd.DataFrame(rows, columns=["request", "sessions", "reason"]).assign(rule=CLOSED, source="rosters")
    missing["detail"] = missing["reason"]
    return pd.concat([removed, missing[list(removed.columns)]], ignore_index=True)


def in_own_words(removed: pd.DataFrame) -> pd.DataFrame:
    """What removed sessions of one request, with the reasons of this request."""
    return removed.assign(reason=removed["detail"]).drop(columns=["request", "detail"]).reset_index(drop=True)


def _missing_for_closures(problem: Problem, requests: Ints) -> Iterator[tuple[int, int, str]]:
    """Request, number of sessions that would have done, and why they do not take place: most and earliest last."""
    closures = problem.week.closures
    if not len(closures.missing):
        return
    week = replace(problem.week, sessions=closures.missing, closures=no_closures())
    options = options_of(week, [rule.for_week(week) for rule in problem.rules], requests)
    pairs = np.unique(np.stack([options.request, options.session]), axis=1)
    closure = closures.closure[pairs[1]]
    in_time = np.lexsort((-closures.start[closure], pairs[0]))
    counted = Counter((int(pairs[0][row]), closures.words[int(closure[row])]) for row in in_time.tolist())
    for (request, words), sessions in sorted(counted.items(), key=lambda pair: (pair[0][0], pair[1])):
        yield request, sessions, words
