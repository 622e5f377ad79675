"""Demands in words that a coordinator would use."""

from __future__ import annotations

import numpy as np

from schedopt.answers.demands import CLOSED, HOURS, PROMISE, Demand
from schedopt.models.problem.calendar import Calendar
from schedopt.models.problem.couplings import PoolCapacity
from schedopt.models.problem.options import pairs
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.rules import Rule
from schedopt.models.problem.week import ALL_UNITS


def words(problem: Problem, demand: Demand) -> str:
    """What is demanded, such as ``promise of R12 (DR1, Mon 30 Nov 09:00)`` or ``DR1 sees one patient at a time``."""
    week, code = problem.week, demand.code
    match demand.rule:
        case name if name == PROMISE:
            return f"promise of {week.requests.ids[code]} ({_promised(problem, code)})"
        case name if name == HOURS:
            return _hours_words(problem, code)
        case name if name == CLOSED:
            return _closure_words(problem, code)
    for rule in problem.rules:
        if rule.name == demand.rule:
            return f"{week.requests.ids[code]}: {_why(problem, rule, code)}"
    coupling = next(c for c in problem.couplings if c.name == demand.rule)
    return coupling.words(week, code)


def _why(problem: Problem, rule: Rule, request: int) -> str:
    """Why a rule is against a request, on the day and with the provider that it was promised, where it was."""
    week, requests = problem.week, problem.week.requests
    here = week.sessions.provider == requests.promised_provider[request]
    here &= week.sessions.day == week.calendar.day_of(int(requests.promised_start[request]))
    sessions = np.flatnonzero(here)
    return rule.why(pairs(week, np.full(len(sessions), request), sessions), week) if len(sessions) else rule.reason


def source(problem: Problem, demand: Demand) -> str:
    """Who states it: ``records``, ``billing`` or ``rosters``."""
    if demand.rule == CLOSED:
        return PoolCapacity.source
    sources = {rule.name: rule.source for rule in problem.rules} | {c.name: c.source for c in problem.couplings}
    return sources[demand.rule]


def count(number: int, noun: str) -> str:
    """A number of things, such as ``1 unit`` or ``2 units``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def span_words(calendar: Calendar, start: int, end: int) -> str:
    """A stretch of a day in words, such as ``Mon 30 Nov 09:00 to 12:00``; over midnight with both dates."""
    if calendar.day_of(start) == calendar.day_of(end - 1):
        return f"{calendar.words(start)} to {calendar.clock(end, end=True)}"
    return f"{calendar.words(start)} to {calendar.words(end)}"


def _promised(problem: Problem, request: int) -> str:
    requests = problem.week.requests
    provider = problem.week.sessions.provider_ids[int(requests.promised_provider[request])]
    return f"{provider}, {problem.calendar.words(int(requests.promised_start[request]))}"


def _hours_words(problem: Problem, request: int) -> str:
    """No session that day, none at that time, or one that is too short."""
    week, calendar = problem.week, problem.calendar
    sessions, requests = week.sessions, week.requests
    start, provider = int(requests.promised_start[request]), int(requests.promised_provider[request])
    closed = week.closures.why(provider, start, start + 1)
    name, date = sessions.provider_ids[provider], calendar.words(start)
    today = (sessions.provider == provider) & (sessions.day == calendar.day_of(start))
    if not today.any():
        return f"{name} has no session on {date.rsplit(' ', 1)[0]}{closed}"
    if not (today & (sessions.start <= start) & (start < sessions.end)).any():
        return f"{name} has no session on {date}{closed}"
    return f"{requests.ids[request]} does not fit into the hours of {name} on {date.rsplit(' ', 1)[0]}"


def _closure_words(problem: Problem, row: int) -> str:
    pool, start, end, units, _ = problem.week.pools.closed[row].tolist()
    what = f"pool {problem.week.pools.ids[pool]} is closed"
    if units < ALL_UNITS:
        what = f"pool {problem.week.pools.ids[pool]} lacks {count(units, 'unit')}"
    return f"{what} {span_words(problem.calendar, start, end)}"
