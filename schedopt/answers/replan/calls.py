"""Whom to call after a change."""

from __future__ import annotations

import numpy as np
import pandas as pd

from schedopt.answers.replan.aims import placed_before, stays
from schedopt.answers.replan.displaced import Upset
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule

COLUMNS = (
    "request", "patient", "what", "old_time", "old_provider", "new_time", "new_provider", "arrive", "reason",
)  # fmt: skip
NO_ROOM = "no other time can be had"


def calls_table(before: Problem, state: Upset, schedule: Schedule) -> pd.DataFrame:
    """One row a visit whose patient has to be told something, by old time; urgent requests come first.

    Parameters
    ----------
    before : Problem
        The plan's problem.
    state : Upset
        The plan after the change.
    schedule : Schedule
        The answer, of the changed problem.
    """
    week = state.problem.week
    visits = placed_before(state)
    same = stays(state, schedule)
    start, steps = state.old.start(before.week), week.steps
    other = np.zeros(len(same), bool)
    other[steps.request[state.old.step_start != schedule.step_start]] = True
    told = visits[other[visits] | ~same[visits]]
    told = told[np.argsort(start[told], kind="stable")]
    rows = [
        _row(before, state, schedule, request, same[request]) for request in [*state.urgent.tolist(), *told.tolist()]
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype("str")


def _row(before: Problem, state: Upset, schedule: Schedule, request: int, same: bool) -> tuple[str, ...]:
    requests = state.problem.week.requests
    who = requests.ids[request], requests.patient_ids[int(requests.patient[request])]
    is_placed, is_urgent = schedule.session[request] >= 0, request in state.urgent
    if is_urgent:
        what = "placed" if is_placed else "left out"
    elif not is_placed:
        what = "lost"
    else:
        what = "arrival" if same else "moved"
    arrive = ""
    if is_placed:
        head = int(state.problem.week.steps.offset[request])
        arrive = state.problem.calendar.clock(int(schedule.step_start[head]))
    reason = _reason(state, request)
    words = reason if is_placed or not reason else f"{reason}; {NO_ROOM}"
    return (
        *who, what, *_when(before, state.old, request), *_when(state.problem, schedule, request), arrive, words,
    )  # fmt: skip


def _when(problem: Problem, schedule: Schedule, request: int) -> tuple[str, str]:
    """Time in words and provider, or two empty texts."""
    session = int(schedule.session[request])
    if session < 0:
        return "", ""
    sessions = problem.week.sessions
    start = int(schedule.start(problem.week)[request])
    return problem.week.time_words(session, start), sessions.provider_ids[int(sessions.provider[session])]


def _reason(state: Upset, request: int) -> str:
    """Why a visit is not as it was."""
    place = np.flatnonzero(state.displaced == request)
    if len(place):
        return state.reasons[int(place[0])]
    if request in state.urgent:
        return "it is urgent"
    if request in state.followers:
        needed, needing = state.problem.needs
        first = needed[needing == request]
        return f"it follows {state.problem.week.requests.ids[int(first[0])]}"
    place = np.flatnonzero(state.crowded == request)
    if len(place) and state.crowded_by[int(place[0])]:
        return state.crowded_by[int(place[0])]
    return "makes room for another visit"
