"""Why requests are left out: what has been proved, or what can be seen in the schedule, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from schedopt.answers.relief import Relief
from schedopt.answers.standing import GAIN, Standing
from schedopt.arrays import Floats, Ints
from schedopt.models.problem.check import Audit
from schedopt.models.problem.couplings import Promises
from schedopt.models.problem.names import CLOSED
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule

CONFLICT = "its promised appointment cannot be kept"
NOTHING = "there are no sessions in these days"
PROVED = "no better schedule places it"
SEARCHED = "no place found in the time given"
BESIDE = "no place beside the others"
MOST_NEAREST = 20
"""Requests, the dearest to leave out, for which it is worked out what would have to give."""


@dataclass(frozen=True)
class Known:
    """What is known about all schedules of a week, beside the one at hand.

    Attributes
    ----------
    searched : bool
        A better schedule was looked for until the time was over.
    best : bool
        The schedule is proved to be the best.
    least : float array, shape (requests,), optional
        Points that no schedule costs less than that places each request; without it, nothing is known.
    """

    searched: bool = False
    best: bool = False
    least: Floats | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Why:
    """Why a request is left out.

    Attributes
    ----------
    cause : str
        Words that many share.
    reason : str
        A few sentences of its own.
    proved : bool
        No session will do, or no schedule that places it is better. Otherwise no place was found, and there may be one.
    nearest : Relief, optional
        The cheapest single change of a rule, a coupling or of hours with which it has a place, others as they are.
    """

    cause: str
    reason: str
    proved: bool
    nearest: Relief | None = None


def reasons(
    problem: Problem, schedule: Schedule, audit: Audit, removed: pd.DataFrame, requests: Ints, known: Known
) -> list[Why]:
    """For each request left out, why.

    Where no session is left, the cause is the closure that took most of those that would have done, or else the rule
    that removed the last ones.

    Parameters
    ----------
    problem : Problem
        The week.
    schedule : Schedule
        Leaves the requests out.
    audit : Audit
        Of the schedule.
    removed : pandas.DataFrame
        From :func:`~schedopt.answers.ruled_out.ruled_out`.
    requests : int array
        Codes.
    known : Known
        What is known about all other schedules.
    """
    rules = dict(tuple(removed.groupby("request"))) if len(removed) else {}
    sound = bool((audit.breaches["rule"] == Promises.name).all())
    standing, found = Standing(problem, schedule, sound=sound), []
    for number, request in enumerate(requests.tolist()):
        gone = rules.get(request, removed.head(0))
        why = _without_options(problem, gone, request) or _with_options(standing, audit, gone, request, known)
        sought = number < MOST_NEAREST and request not in problem.barred and why.cause != GAIN
        found.append(replace(why, nearest=standing.nearest(request) if sought else None))
    return found


def sessions_left(problem: Problem, request: int) -> Ints:
    """Sessions that no rule removed for a request."""
    rows = slice(int(problem.offset[request]), int(problem.offset[request + 1]))
    return np.unique(problem.options.session[rows])


def _without_options(problem: Problem, removed: pd.DataFrame, request: int) -> Why | None:
    """Why there is no session for a request at all, whatever the schedule; None: there are some."""
    considered = len(problem.week.sessions)
    if request in problem.barred:
        return Why(CONFLICT, "Its promised appointment cannot be kept; see the conflicts.", proved=False)
    if not considered:
        cause = NOTHING if removed.empty else str(removed["reason"].iloc[-1])
        return Why(cause, f"There are no sessions in these days.{_closed(removed)}", proved=True)
    if len(sessions_left(problem, request)):
        return None
    text = f"None of the {considered} sessions will do: {_ruled_out(removed)}.{_closed(removed)}"
    return Why(str(removed["reason"].iloc[-1]), text, proved=True)


def _ruled_out(removed: pd.DataFrame) -> str:
    """What removed sessions that there are."""
    ranked = removed[removed["rule"] != CLOSED].sort_values("sessions", ascending=False, kind="stable")
    return "; ".join(f"{row.detail} ({row.sessions})" for row in ranked.itertuples())


def _closed(removed: pd.DataFrame) -> str:
    """What took sessions that there would have been, in a sentence with a blank before it."""
    closed = removed[removed["rule"] == CLOSED]
    if closed.empty:
        return ""
    number = int(closed["sessions"].sum())
    of_each = "; ".join(f"{row.reason} ({row.sessions})" for row in closed.iloc[::-1].itertuples())
    which = "1 more would do, but does not" if number == 1 else f"{number} more would do, but do not"
    return f" {which} take place: {of_each}."


def _with_options(standing: Standing, audit: Audit, removed: pd.DataFrame, request: int, known: Known) -> Why:
    """Why a request that some session would do for has none."""
    problem = standing.problem
    text = f"{len(sessions_left(problem, request))} of {len(problem.week.sessions)} sessions would do"
    text += f"; the others will not: {_ruled_out(removed)}." if (removed["rule"] != CLOSED).any() else "."
    text += f"{_closed(removed)} "
    cause, facts = standing.facts(request)
    if known.best:
        text += f"{facts} Proved: no schedule that places it is better than this one."
        return Why(_proved(cause), text, proved=True)
    least = 0.0 if known.least is None else float(known.least[request])
    if least >= audit.cost:
        points = f"costs {int(least):,} points at least" if np.isfinite(least) else "breaks a rule"
        text += f"{facts} Proved: every schedule that places it {points}; this one costs {audit.cost:,}."
        return Why(_proved(cause), text, proved=True)
    none = "No place was found for it in the time given" if known.searched else "It has no place beside the others"
    if cause == GAIN:
        return Why(cause, f"{text}{facts}", proved=False)
    text += f"{facts} {none}; that no other schedule has one is not proved."
    return Why(f"{SEARCHED if known.searched else BESIDE}: {cause}", text, proved=False)


def _proved(cause: str) -> str:
    return PROVED if cause == GAIN else f"{PROVED}: {cause}"
