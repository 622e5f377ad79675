"""What would have to give for a request that was left out: small changes with which it has a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from schedopt.answers.demand_words import count
from schedopt.answers.demands import HOURS, PROMISED_TIME
from schedopt.answers.free import ProvidersTime
from schedopt.answers.relief import MOST_TOLD, MOST_TRIED, Relief
from schedopt.answers.relief_couplings import granted_by_couplings
from schedopt.answers.relief_moves import moves
from schedopt.answers.relief_series import by_series
from schedopt.answers.surroundings import Surroundings, last_ends, new_breaches
from schedopt.arrays import Ints
from schedopt.models.problem.check import Audit, check
from schedopt.models.problem.exceptions import PartialProblem, set_aside
from schedopt.models.problem.options import Options
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.rules import Confines, Forbids, Rule
from schedopt.models.problem.schedule import Schedule


def reliefs(problem: Problem, schedule: Schedule, request: int) -> list[Relief]:
    """Changes with which a request that is left out has a place, cheapest first, each verified by a check.

    Parameters
    ----------
    problem : Problem
        The week.
    schedule : Schedule
        Leaves the request out.
    request : int
        Its code.
    """
    if problem.week.requests.fixed[request]:
        return []  # what contradicts a promise, conflict() says
    around, time = Surroundings(problem, schedule), ProvidersTime(problem, schedule)
    found = [
        *moves(around, time, request),
        *_longer(around, request),
        *_without_a_rule(around, request),
        *granted_by_couplings(around, time, request),
    ]
    found += by_series(around, request)
    before = check(problem, schedule)
    told = []
    for kind in dict.fromkeys(relief.kind for relief in found):
        best = sorted((r for r in found if r.kind == kind), key=lambda r: r.change)[:MOST_TOLD]
        for relief in best:
            after = check(relief.problem, relief.schedule)
            if not new_breaches(before, after):
                told.append(replace(relief, change=after.cost - before.cost, verified=True))
    return sorted(told, key=lambda relief: relief.change)


def nearest(around: Surroundings, time: ProvidersTime, before: Audit, request: int) -> Relief | None:
    """The cheapest change of rules, couplings or hours with which a request that is left out has a place, verified.

    Others stay where they are, unless nothing but its own series can move. None where no single change is enough.

    Parameters
    ----------
    around : Surroundings
        Of a schedule that leaves the request out.
    time : ProvidersTime
        Of the same.
    before : Audit
        Of the same.
    request : int
        Its code.
    """
    if around.problem.week.requests.fixed[request]:
        return None
    alone = [
        *_longer(around, request),
        *_without_a_rule(around, request),
        *granted_by_couplings(around, time, request),
    ]
    return _cheapest(alone, before) or _cheapest(by_series(around, request), before)


def _cheapest(found: Iterable[Relief], before: Audit) -> Relief | None:
    for relief in sorted(found, key=lambda r: r.change):
        after = check(relief.problem, relief.schedule)
        if not new_breaches(before, after):
            return replace(relief, change=after.cost - before.cost, verified=True)
    return None


def opened(problem: Problem, request: int) -> dict[str, int]:
    """For each rule, the sessions that would be open to a request if that rule alone were set aside for it."""
    here = _sessions(problem, request)
    return {
        rule.name: len(np.setdiff1d(waived.options.session, here))
        for rule, waived in _waived(problem, request)
    }  # fmt: skip


def _sessions(problem: Problem, request: int) -> Ints:
    rows = slice(int(problem.offset[request]), int(problem.offset[request + 1]))
    return np.unique(problem.options.session[rows])


def _waived(problem: Problem, request: int) -> Iterator[tuple[Rule, PartialProblem]]:
    """For each rule that can be set aside, the week in which it is, for one request."""
    one = np.array([request])
    for number, rule in enumerate(problem.rules):
        if isinstance(rule, (Forbids, Confines)) and rule.name not in (HOURS, PROMISED_TIME):
            rules = (*problem.rules[:number], set_aside(rule, one, problem.week), *problem.rules[number + 1 :])
            yield rule, _with_rules(problem, rules, request)


def _with_rules(problem: Problem, rules: tuple[Rule, ...], request: int) -> PartialProblem:
    return PartialProblem(problem.week, rules, problem.couplings, barred=problem.barred, only=(request,))


def _tried(
    around: Surroundings, problem: Problem, options: Options, row: int, start: int
) -> tuple[Schedule, int, list[tuple[str, str, str]]]:
    """The schedule with a request placed by an option; what that changes and breaks."""
    placed = options.place(problem.week, around.schedule, row, start)
    here = around if problem is around.problem else Surroundings(problem, around.schedule)
    return placed, *here.change(placed, [int(options.request[row])])


# ---- one rule about the visit alone


def _without_a_rule(around: Surroundings, request: int) -> Iterator[Relief]:
    """The best place that opens where one rule is set aside."""
    problem, schedule = around.problem, around.schedule
    for rule, waived in _waived(problem, request):
        options, time, tried = waived.options, ProvidersTime(waived, schedule), 0
        for row in np.argsort(options.cost, kind="stable").tolist():
            session = int(options.session[row])
            starts = [s for s in time.free_starts(row).tolist() if not _is_open(problem, request, session, s)]
            if not starts:
                continue
            placed, change, broken = _tried(around, waived, options, row, starts[0])
            if not broken:
                what = rule.relief or f"an exception, although {rule.reason}"
                yield Relief(rule.name, what, waived, placed, session, starts[0], change=change)
                break
            tried += 1
            if tried == MOST_TRIED // 2:
                break


def _is_open(problem: Problem, request: int, session: int, start: int) -> bool:
    """Whether an option of the problem as it is allows the start."""
    rows = slice(int(problem.offset[request]), int(problem.offset[request + 1]))
    options: Options = problem.options
    inside = (options.earliest[rows] <= start) & (start <= options.latest[rows])
    return bool((inside & (options.session[rows] == session)).any())


# ---- longer sessions


def _longer(around: Surroundings, request: int) -> Iterator[Relief]:
    """The request after the last visit of a session, which goes on for longer."""
    problem, week = around.problem, around.problem.week
    one, ends = np.array([request]), last_ends(problem, around.schedule)
    rules = tuple(set_aside(rule, one, week) if rule.name == HOURS else rule for rule in problem.rules)
    options, tried = _with_rules(problem, rules, request).options, 0
    before = int(week.requests.buffer_before[request])
    for row in np.argsort(options.cost, kind="stable").tolist():
        session = int(options.session[row])
        hold = int(week.hold_of(request, session))
        start = max(int(ends[session]) + before, int(options.earliest[row]))
        over = start - before + hold - int(week.sessions.end[session] + week.sessions.overtime[session])
        late = start >= week.sessions.end[session]
        if start > options.latest[row] or not (late or 0 < over <= hold):
            continue
        longer = _lengthened(problem, session, start - before + hold, late=late)
        if longer is None:
            continue
        placed, change, broken = _tried(around, longer, options, row, start)
        if not broken:
            what = _longer_words(problem, session, start - before + hold, late=late)
            kind = "longer_session" if late else "overtime"
            yield Relief(kind, what, longer, placed, session, start, change=change)
        tried += 1
        if tried == MOST_TRIED:
            return


def _lengthened(problem: Problem, session: int, end: int, *, late: bool) -> Problem | None:
    """The problem with a session that ends at a cell, or may run over until then; None: its provider is busy."""
    week, sessions = problem.week, problem.week.sessions
    same = (sessions.provider == sessions.provider[session]) & (sessions.start >= sessions.end[session])
    wall = (int(sessions.day[session]) + 1) * week.calendar.cells_per_day
    wall = min([wall, *sessions.start[same].tolist()])
    if end > wall:
        return None
    ends, overtime = sessions.end.copy(), sessions.overtime.copy()
    if late:
        ends[session] = end
        overtime[session] = min(int(overtime[session]), wall - end)
    else:
        overtime[session] = end - sessions.end[session]
    return replace(problem, week=replace(week, sessions=replace(sessions, end=ends, overtime=overtime)))


def _longer_words(problem: Problem, session: int, end: int, *, late: bool) -> str:
    sessions, calendar = problem.week.sessions, problem.calendar
    name, until = sessions.provider_ids[int(sessions.provider[session])], calendar.clock(end, end=True)
    closes = int(sessions.end[session])
    day = calendar.words(closes - 1).rsplit(" ", 1)[0]
    if late:
        minutes = count((end - closes) * calendar.grid, "minute")
        return f"{minutes} more of {name} on {day}, until {until} instead of {calendar.clock(closes, end=True)}"
    minutes = count((end - closes - int(sessions.overtime[session])) * calendar.grid, "minute")
    return f"{minutes} more overtime of {name} on {day}, until {until}"
