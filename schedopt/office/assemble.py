"""From an office to the problem of its week: every source says its part, and the parts are put together."""

from __future__ import annotations

import datetime as dt

from schedopt.billing.rules import billing_couplings, billing_rules
from schedopt.errors import Fault, InputError
from schedopt.models.calendar import Calendar
from schedopt.models.couplings import Balance
from schedopt.models.office import Office
from schedopt.models.problem import Problem, compile_problem
from schedopt.models.week import Week
from schedopt.records.requests import make_requests, make_steps
from schedopt.records.rules import record_couplings, record_rules
from schedopt.rosters.pools import make_pools
from schedopt.rosters.rules import roster_couplings, roster_rules
from schedopt.rosters.sessions import make_sessions

MOST_POINTS = 1e15
"""Most that a schedule may cost: sums of points stay exact, also in floating point."""


def assemble(office: Office, first: dt.date) -> Problem:
    """The problem of the days from `first` on.

    Parameters
    ----------
    office : Office
        As read by :func:`schedopt.read_office` or :func:`schedopt.office_from_frames`.
    first : datetime.date
        The first day planned, usually a Monday; ``settings.days`` says how many.

    Returns
    -------
    Problem

    Raises
    ------
    InputError
        If the shifts of these days overlap or meet a change of clocks, all such faults at once; or if the weights are
        so high that points cannot be added up exactly.
    """
    first = first.date() if isinstance(first, dt.datetime) else first
    calendar = Calendar(first, office.settings.days, office.settings.grid_minutes, office.settings.zone)
    sessions, faults = make_sessions(office, calendar)
    if faults:
        raise InputError(faults)
    pools = make_pools(office, calendar)
    requests = make_requests(office, calendar)
    steps = make_steps(office, requests, pools.kind_ids, calendar.grid)
    week = Week(calendar, requests, steps, sessions, pools)
    rules = [*roster_rules(office, week), *record_rules(office, week), *billing_rules(office, week)]
    couplings = [
        *roster_couplings(office, week), *record_couplings(office, week), *billing_couplings(office, week)
    ]  # fmt: skip
    problem = compile_problem(
        week, rules, couplings, office_name=office.settings.name, weights=office.settings.weights.model_dump(),
        fingerprint=office.fingerprint,
    )  # fmt: skip
    if _most_points(problem) > MOST_POINTS:
        expected = f"expected weights, priorities and urgencies that add up to at most {MOST_POINTS:.0e} points"
        raise InputError([Fault("office.toml", None, "weights", None, expected)])
    return problem


def _most_points(problem: Problem) -> float:
    """More than any schedule of the problem can cost, in floating point, which does not overflow."""
    left_out = sum(float(rule.left_out(problem.week).sum(dtype=float)) for rule in problem.rules)
    weights = float(sum(problem.weights.values())) * problem.calendar.num_cells * problem.calendar.grid
    balances = sum(c.points * c.most(problem.week) for c in problem.couplings if isinstance(c, Balance))
    return left_out + float(problem.options.cost.sum(dtype=float)) + weights * len(problem.week.sessions) + balances
