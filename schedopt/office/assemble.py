"""From an office to the problem of its week: every source says its part, and the parts are put together."""

from __future__ import annotations

import datetime as dt

from schedopt.billing.rules import billing_couplings, billing_rules
from schedopt.errors import InputError
from schedopt.models.calendar import Calendar
from schedopt.models.office import Office
from schedopt.models.problem import Problem, compile_problem
from schedopt.models.week import Week
from schedopt.records.requests import make_requests, make_steps
from schedopt.records.rules import record_couplings, record_rules
from schedopt.rosters.pools import make_pools
from schedopt.rosters.rules import roster_couplings, roster_rules
from schedopt.rosters.sessions import make_sessions


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
        If the shifts of these days overlap or meet a change of clocks; all such faults at once.
    """
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
        *roster_couplings(office), *record_couplings(office, week), *billing_couplings(office, week)
    ]  # fmt: skip
    return compile_problem(
        week, rules, couplings, office_name=office.settings.name, weights=office.settings.weights.model_dump(),
        fingerprint=office.fingerprint,
    )  # fmt: skip
