"""Why a request is where it is, or nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.models.narrowing import removals
from schedopt.models.options import visits_as_options
from schedopt.models.plan import Plan
from schedopt.models.problem import Problem
from schedopt.models.rules import judge
from schedopt.models.schedule import Schedule, place_at
from schedopt.models.week import Ints
from schedopt.solver.free import ProvidersTime
from schedopt.solver.relief import Relief, table
from schedopt.solver.reliefs import opened, reliefs
from schedopt.solver.surroundings import Surroundings, differences, new_breaches

MOST_ALTERNATIVES = 60
"""Sessions that an explanation tries out."""
FULL = "every session that would do is held by others at the times possible"
BLOCKED = "a room, helper, limit or series is in the way, or placing it would cost more than leaving it out"
CONFLICT = "its promised appointment cannot be kept"
NOTHING = "there are no sessions in these days"


def reasons(problem: Problem, schedule: Schedule, removed: pd.DataFrame, requests: Ints) -> list[tuple[str, str]]:
    """For each request left out, why: the cause, in words that many share, and a sentence or two of its own.

    Where no session is left, the cause is the rule that removed the last ones.

    Parameters
    ----------
    problem : Problem
        The week.
    schedule : Schedule
        Leaves the requests out.
    removed : pandas.DataFrame
        From :func:`~schedopt.models.narrowing.removals`.
    requests : int array
        Codes.
    """
    time = ProvidersTime(problem, schedule)
    rules = dict(tuple(removed.groupby("request"))) if len(removed) else {}
    return [_reason(problem, time, rules.get(r, removed.head(0)), r) for r in requests.tolist()]


def _reason(problem: Problem, time: ProvidersTime, removed: pd.DataFrame, request: int) -> tuple[str, str]:
    considered, left = len(problem.week.sessions), len(sessions_left(problem, request))
    if request in problem.barred:
        return CONFLICT, "Its promised appointment cannot be kept; see the conflicts."
    if not considered:
        return NOTHING, "There are no sessions in these days."
    ranked = removed.sort_values("sessions", ascending=False, kind="stable")
    ruled_out = "; ".join(f"{row.reason} ({row.sessions})" for row in ranked.itertuples())
    if not left:
        return str(removed["reason"].iloc[-1]), f"None of the {considered} sessions will do: {ruled_out}."
    full, holders, free = _what_holds(problem, time, request)
    text = f"{left} of {considered} sessions would do"
    text += f"; the others will not: {ruled_out}." if ruled_out else "."
    if full:
        text += f" Full at the times possible: {full}"
        text += f", held among others by {', '.join(holders)}." if holders else "."
    if free:
        text += f" With time left: {free}, but {BLOCKED}."
    return (BLOCKED if free else FULL), text


def sessions_left(problem: Problem, request: int) -> Ints:
    """Sessions that no rule removed for a request."""
    rows = slice(int(problem.offset[request]), int(problem.offset[request + 1]))
    return np.unique(problem.options.session[rows])


def _what_holds(problem: Problem, time: ProvidersTime, request: int) -> tuple[int, list[str], int]:
    """Sessions left that are full for a request, the dearest visits that hold them, and sessions with time left."""
    rows = range(int(problem.offset[request]), int(problem.offset[request + 1]))
    free = {int(problem.options.session[row]) for row in rows if len(time.free_starts(row))}
    full = [row for row in rows if int(problem.options.session[row]) not in free]
    holders = np.unique(np.concatenate([np.zeros(0, np.int64), *(time.holders(row) for row in full)]))
    dearest = holders[np.argsort(-problem.left_out[holders], kind="stable")][:3]
    names = [problem.week.requests.ids[r] for r in dearest.tolist()]
    return len({int(problem.options.session[row]) for row in full}), names, len(free)


@dataclass(frozen=True)
class Explanation:
    """Why a request is where it is, or nowhere, and what would have to give.

    Attributes
    ----------
    request : str
        Its id.
    placed : bool
        Whether it has a visit.
    sentences : tuple of str
        In words.
    rules : pandas.DataFrame
        What removed sessions: ``rule``, ``source``, ``sessions`` (number, counted for the first rule to remove
        each), ``reason``, ``opens`` (number of sessions that would be open if this rule alone were set aside).
    alternatives : pandas.DataFrame
        Other starts, one a session left and 60 sessions at most, cheapest first: ``session``, ``start`` (words),
        ``change`` (points that the plan's cost would change by), ``parts`` (which parts of the cost make the change,
        in words), ``breaks`` (what it would break that is whole now, in words; mostly empty).
    gives : pandas.DataFrame
        For a request left out, what would have to give for it to have a place, cheapest first: ``kind`` (``move``:
        another visit moves; ``overtime`` or ``longer_session``: a provider works longer; or the name of the rule that
        would have to give), ``what`` (words), ``request`` (id of the one who moves; empty: nobody does), ``session``
        and ``start`` (words) of the place, ``change`` (points that the plan's cost would change by; what gives has
        no price of its own), ``verified`` (bool: with that changed, the check finds nothing broken that is whole now;
        changes that fail are not told, so it is always True).
    """

    request: str
    placed: bool
    sentences: tuple[str, ...]
    rules: pd.DataFrame
    alternatives: pd.DataFrame
    gives: pd.DataFrame


def explain(plan: Plan, request: str) -> Explanation:
    """Say why a request is where it is in a plan, or why it was left out and what would have to give.

    Parameters
    ----------
    plan : Plan
        A plan.
    request : str
        Id of a request of its problem.

    Returns
    -------
    Explanation

    Raises
    ------
    KeyError
        If the plan's problem has no such request.
    """
    return explain_visit(plan.problem, plan.assignment, request)


def explain_visit(problem: Problem, schedule: Schedule, request: str) -> Explanation:
    """The same as :func:`explain`, for any schedule of a problem."""
    week = problem.week
    code = week.request_code[request]
    removed = removals(week, problem.rules, np.array([code]))
    alternatives = _alternatives(problem, schedule, code)
    placed = bool(schedule.session[code] >= 0)
    found = [] if placed else reliefs(problem, schedule, code)
    if placed:
        sentences = [*_where(problem, schedule, code), *_why_then(alternatives)]
    else:
        sentences = [_why(problem, schedule, removed, code), *_what_gives(problem, found)]
    opens = opened(problem, code)
    rules = removed.drop(columns="request").reset_index(drop=True)
    rules = rules.assign(opens=[opens.get(rule, 0) for rule in rules["rule"]])
    return Explanation(request, placed, tuple(sentences), rules, alternatives, table(problem, found))


def _why(problem: Problem, schedule: Schedule, removed: pd.DataFrame, request: int) -> str:
    return reasons(problem, schedule, removed, np.array([request]))[0][1]


def _what_gives(problem: Problem, found: Sequence[Relief]) -> list[str]:
    """The cheapest change that would place the request, in a sentence."""
    if not found:
        return ["No single change of those looked at would give it a place."]
    best = found[0]
    provider = problem.week.sessions.provider_ids[int(problem.week.sessions.provider[best.session])]
    place = f"{problem.calendar.words(best.start)} with {provider}"
    return [f"It would have a place on {place} with this: {best.what}. The plan would cost {_more(best.change)}."]


def _more(points: int) -> str:
    return f"{abs(points):,} points {'less' if points < 0 else 'more'}" if points else "the same"


def _where(problem: Problem, schedule: Schedule, request: int) -> list[str]:
    week = problem.week
    session, start = int(schedule.session[request]), int(schedule.start(week)[request])
    provider = week.sessions.provider_ids[int(week.sessions.provider[session])]
    visit = visits_as_options(week, schedule).take(np.searchsorted(schedule.placed, np.array([request])))
    prices = [(rule.reason, int(judge(rule, visit, week)[1][0])) for rule in problem.rules]
    own = "; ".join(f"{points:,} for: {reason}" for reason, points in prices if points)
    points = sum(points for _, points in prices)
    return [
        f"Placed with {provider} on {week.calendar.words(start)}, for {points:,} points of its own"
        + (f" ({own})." if own else "."),
        f"Leaving it out would cost {int(problem.left_out[request]):,} points.",
    ]


def _why_then(alternatives: pd.DataFrame) -> list[str]:
    """How the best other place compares."""
    if alternatives.empty:
        return ["No rule leaves it another place."]
    whole = alternatives[alternatives["breaks"] == ""]
    if whole.empty:
        best = alternatives.iloc[0]
        return [f"Every other place looked at would break something; on {best['start']}: {best['breaks']}."]
    best = whole.iloc[0]
    provider = best["session"].split(" ")[0]
    parts = f" ({best['parts']})" if best["parts"] else ""
    return [f"The best other place, {best['start']} with {provider}, would cost {_more(best['change'])}{parts}."]


def _alternatives(problem: Problem, schedule: Schedule, request: int) -> pd.DataFrame:
    """The first free start in each session left, with what it would change; the most promising sessions only."""
    week = problem.week
    without = schedule.without(week, np.array([request]))
    around, rows = Surroundings(problem, schedule), []
    for session, start in _places(problem, schedule, without, request)[:MOST_ALTERNATIVES]:
        before, after = around.audits(place_at(week, without, request, session, start), [request])
        breaks = _in_words(week.requests.ids[request], new_breaches(before, after))
        parts = ", ".join(f"{points:+,} {name}" for name, points in differences(before, after))
        change = after.cost - before.cost
        rows.append((week.sessions.ids[session], week.calendar.words(start), change, parts.replace("_", " "), breaks))
    found = pd.DataFrame(rows, columns=["session", "start", "change", "parts", "breaks"])
    order = found.assign(bad=found["breaks"] != "").sort_values(["bad", "change"], kind="stable").index
    return found.loc[order].reset_index(drop=True)


def _places(problem: Problem, schedule: Schedule, without: Schedule, request: int) -> list[tuple[int, int]]:
    """Session and start of other places for a request, one a session: those that are free first, then the cheapest."""
    time, options = ProvidersTime(problem, without), problem.options
    now = int(schedule.start(problem.week)[request])
    found: dict[int, tuple[bool, int, int]] = {}
    for row in range(int(problem.offset[request]), int(problem.offset[request + 1])):
        session = int(options.session[row])
        free = time.free_starts(row)
        if session == schedule.session[request]:
            free = free[free != now]
        start = int(free[0]) if len(free) else int(options.earliest[row])
        if session == schedule.session[request] and start == now:
            continue
        place = (not len(free), int(options.cost[row]), start)
        found[session] = min(place, found.get(session, place))
    return [(session, start) for session, (_, _, start) in sorted(found.items(), key=lambda item: item[1])]


def _in_words(request: str, new: Sequence[tuple[str, str, str]]) -> str:
    """What a change breaks: the request's own breaches, then those of others under their ids."""
    own = [detail for name, _, detail in new if name == request]
    return "; ".join([*own, *(f"{name}: {detail}" for name, _, detail in new if name != request and detail not in own)])
