"""From an office to the problem of its week: every source says its part, and the parts are put together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TypeVar

from schedopt.errors import Fault, InputError
from schedopt.models.clock import DAYS_WORDS, is_known_day
from schedopt.models.office import Office, Section, Settings
from schedopt.models.problem.calendar import Calendar
from schedopt.models.problem.changes import Cancelled, again, compiled
from schedopt.models.problem.couplings import Balance, Coupling
from schedopt.models.problem.notice import notice_at
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.rules import Rule
from schedopt.models.problem.week import Week
from schedopt.models.source import Source
from schedopt.models.tables.fields import noted
from schedopt.office.sources import as_asked, demand_of, repeated, sources, supply_of

Stated = TypeVar("Stated", Rule, Coupling)
MOST_POINTS = 1e15
"""Most that a schedule may cost: sums of points stay exact, also in floating point."""


def assemble(office: Office, first: dt.date, now: dt.datetime | None = None) -> Problem:
    """The problem of the days from `first` on.

    Parameters
    ----------
    office : Office
        As read by :func:`schedopt.read_office` or :func:`schedopt.office_from_frames`.
    first : datetime.date
        The first day planned, usually a Monday; ``settings.days`` says how many.
    now : datetime.datetime, optional
        The moment of planning, as the office's clocks show it or with a time zone: no visit begins sooner after it than
        its visit type's ``notice_hours``, except at the time for which it has been promised, and places kept that are
        released by then (``release_hours``) are open to all. Without it, notice is not asked for and all places are
        kept: no clock is read.

    Returns
    -------
    Problem

    Raises
    ------
    InputError
        If the shifts of these days overlap, meet a change of clocks or put a provider in two time zones on a day, all
        such faults at once; if these days are not all between 1900 and 2199; or if the weights are so high that points
        cannot be added up exactly.
    """
    first = first.date() if isinstance(first, dt.datetime) else first
    if not (is_known_day(first) and is_known_day(first + dt.timedelta(days=office.settings.days - 1))):
        expected = f"expected a first day from which all {office.settings.days} days planned are {DAYS_WORDS}"
        raise InputError([Fault("first day", None, None, str(first), expected)])
    said = office.settings
    calendar = Calendar(first, said.days, said.grid_minutes, said.zone, office.zones)
    found = as_asked(sources())
    supply, demand = supply_of(found), demand_of(found)
    sessions, closures, faults = supply.sessions(office, calendar)
    if faults:
        raise InputError(faults)
    pools = supply.pools(office, calendar)
    requests = demand.requests(office, calendar)
    steps = demand.steps(office, requests, pools.kind_ids, calendar.grid)
    week = Week(calendar, requests, steps, sessions, pools, supply.roles(office, requests, steps), closures)
    rules = [_own(source, rule) for source in found for rule in source.rules(office, week)]
    couplings = [_own(source, coupling) for source in found for coupling in source.couplings(office, week)]
    names = [*(rule.name for rule in rules), *(coupling.name for coupling in couplings)]
    if twice := list(repeated("rule", names)):
        raise ValueError("; ".join(twice))
    if now is not None:
        rules.append(notice_at(week, now))
        couplings = [coupling.at(calendar.instant(now)) for coupling in couplings]
    problem = Problem(
        week, tuple(rules), tuple(couplings), office_name=office.settings.name, weights=_weights(said, names),
        fingerprint=office.fingerprint, now=now,
    )  # fmt: skip
    problem = compiled(again(problem, [Cancelled(row.request) for row in office.cancellations or ()]))
    if _most_points(problem) > MOST_POINTS:
        expected = f"expected weights, priorities and urgencies that add up to at most {MOST_POINTS:.0e} points"
        raise InputError([Fault("office.toml", None, "weights", None, expected)])
    return problem


def _weights(said: Settings, names: Collection[str]) -> dict[str, int]:
    """All prices, but for those of a section that came later and is not about this week."""
    sections = (getattr(said, name) for name in noted(Settings, "later"))
    later = {price for section in sections if isinstance(section, Section) for price in noted(type(section), "price")}
    return {name: points for name, points in said.prices.items() if name not in later or name in names}


def _own(source: Source, value: Stated) -> Stated:
    """A rule or coupling, which names the source that states it."""
    if value.source != source.name:
        raise ValueError(f"expected {value.name} of source {source.name!r} to name it, not {value.source!r}")
    return value


def _most_points(problem: Problem) -> float:
    """More than any schedule of the problem can cost, in floating point, which does not overflow."""
    left_out = sum(float(rule.left_out(problem.week).sum(dtype=float)) for rule in problem.rules)
    weights = float(sum(problem.weights.values())) * problem.calendar.num_cells * problem.calendar.grid
    balances = sum(c.points * c.most(problem.week) for c in problem.couplings if isinstance(c, Balance))
    return left_out + float(problem.options.cost.sum(dtype=float)) + weights * len(problem.week.sessions) + balances
