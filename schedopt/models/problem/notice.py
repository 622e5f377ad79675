"""What holds at a moment of planning: no visit at shorter notice than it needs, and places that are released."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from schedopt.arrays import Ints
from schedopt.models.problem.options import Options
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.rules import Confines
from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.spans import ALWAYS
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class Notice(Confines):
    """No provider step starts sooner than its visit type's notice after the moment of planning; what stands stays.

    Attributes
    ----------
    earliest : int array, shape (clocks, requests)
        First cell that is not too soon, by the clocks of a zone.
    clock : int array, shape (sites,)
        Row of `earliest` that a site's clocks go by.
    provider, start : int array, shape (requests,)
        Who sees the patient, and in which cell the provider step starts, by what has been promised or planned before;
        -1 without such a visit.
    """

    earliest: Ints
    clock: Ints
    provider: Ints
    start: Ints

    name = "notice"
    source = "records"
    reason = "sooner than the notice that the visit needs"
    relief = "a visit at shorter notice"
    waived = True

    def spans(self, options: Options, week: Week) -> tuple[Ints, Ints, Ints]:
        """From the earliest cell on, and the start that stands."""
        request = options.request
        first = self.earliest[self.clock[week.sessions.site[options.session]], request]
        stands = self.start[request]
        soon = (self.provider[request] == week.sessions.provider[options.session]) & (stands >= 0) & (stands < first)
        next_to = soon & (stands + 1 == first)
        alone = np.flatnonzero(soon & ~next_to)
        row = np.concatenate([np.arange(len(options)), alone])
        begin = np.concatenate([np.where(next_to, stands, first), stands[alone]])
        end = np.concatenate([np.full(len(options), ALWAYS[1]), stands[alone] + 1])
        order = np.lexsort((begin, row))
        return row[order], begin[order], end[order]


def notice_at(week: Week, now: dt.datetime, schedule: Schedule | None = None) -> Notice:
    """The rule at a moment of planning.

    Parameters
    ----------
    week : Week
        The columns.
    now : datetime.datetime
        As in :func:`schedopt.assemble`.
    schedule : Schedule, optional
        What has been planned before: its visits stand, and for those that it leaves out, what has been promised.
    """
    requests, calendar = week.requests, week.calendar
    hours = np.zeros(len(requests), np.int64) if requests.notice is None else requests.notice
    distinct, number = np.unique(hours, return_inverse=True)
    sites = week.sessions.site_ids
    clocks: dict[str, str | None] = {calendar.zone_at(site).key: site for site in (None, *sites)}
    minutes = [[calendar.minutes_until(now, int(some), site) for some in distinct] for site in clocks.values()]
    earliest = -(-np.array(minutes, np.int64) // calendar.grid)[:, number]
    clock = np.array([list(clocks).index(calendar.zone_at(site).key) for site in sites], np.int64)
    provider, start = requests.promised_provider, requests.promised_start
    if schedule is not None:
        placed = schedule.session >= 0
        provider = np.where(placed, np.append(week.sessions.provider, -1)[schedule.session], provider)
        start = np.where(placed, schedule.start(week), start)
    return Notice(earliest, clock, provider, start)


def noticed(problem: Problem, schedule: Schedule | None, now: dt.datetime | None) -> Problem:
    """The same problem at a later moment, or (None) as it is.

    Parameters
    ----------
    problem : Problem
        At the moment of planning, if that was given.
    schedule : Schedule, optional
        Its visits stand already, as in :func:`notice_at`.
    now : datetime.datetime, optional
        The moment, as in :func:`schedopt.assemble`; the moment of planning where that is later.
    """
    if now is None:
        return problem
    instant = problem.calendar.instant
    now = now if problem.now is None or instant(now) > instant(problem.now) else problem.now
    return replace(_with_notice(released(problem, now), notice_at(problem.week, now, schedule)), now=now)


def as_planned(problem: Problem, planned: Problem) -> Problem:
    """A problem that came of :func:`noticed` with the notice of the one that it was made of; what is released stays."""
    own = next((rule for rule in planned.rules if isinstance(rule, Notice)), None)
    return problem if problem.now == planned.now else replace(_with_notice(problem, own), now=planned.now)


def released(problem: Problem, now: dt.datetime | None) -> Problem:
    """The same problem, which knows of the places that are released by a moment; those of an earlier one stay so."""
    if now is None:
        return problem
    calendar = problem.calendar
    latest = max(calendar.instant(moment) for moment in (now, problem.now, problem.asked) if moment is not None)
    couplings = tuple(coupling.at(latest) for coupling in problem.couplings)
    same = all(one is other for one, other in zip(couplings, problem.couplings, strict=True))
    return problem if same else replace(problem, couplings=couplings, asked=now)


def _with_notice(problem: Problem, notice: Notice | None) -> Problem:
    """Another notice in the place of the problem's, or (None) without."""
    known = any(isinstance(rule, Notice) for rule in problem.rules)
    rules = [notice if isinstance(rule, Notice) else rule for rule in (*problem.rules, *([] if known else [notice]))]
    return replace(problem, rules=tuple(rule for rule in rules if rule is not None))
