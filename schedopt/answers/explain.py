"""Why a request is where it is, or nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.answers.free import ProvidersTime
from schedopt.answers.left_out import Known, reasons
from schedopt.answers.relief import Relief, table
from schedopt.answers.reliefs import opened, reliefs
from schedopt.answers.ruled_out import in_own_words, ruled_out
from schedopt.answers.surroundings import Surroundings, differences, new_breaches
from schedopt.models.problem.check import check
from schedopt.models.problem.due import NotDue, not_due_of
from schedopt.models.problem.names import CLOSED
from schedopt.models.problem.options import visits_as_options
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.rules import judge
from schedopt.models.problem.schedule import Schedule

MOST_ALTERNATIVES = 60
"""Sessions that an explanation tries out."""


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
        each), ``reason``, ``opens`` (number of sessions that would be open if this rule alone were set aside). Under
        ``closed``, a row for each closure that took sessions which would do.
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
    later = not_due_of(plan.problem.week.requests.not_due, request)
    if later is not None:
        return _of_later(plan.problem, later)
    told = plan.left_out.loc[plan.left_out["request"] == request, "reason"]
    return explain_visit(plan.problem, plan.assignment, request, *told)


def explain_visit(problem: Problem, schedule: Schedule, request: str, why: str = "") -> Explanation:
    """The same as :func:`explain`, for any schedule of a problem.

    Where planning has found out `why` the request is left out, the explanation says that; otherwise, what can be seen
    in the schedule.
    """
    week = problem.week
    code = week.request_code[request]
    removed = ruled_out(problem, np.array([code]))
    alternatives = _alternatives(problem, schedule, code)
    placed = bool(schedule.session[code] >= 0)
    found = [] if placed else reliefs(problem, schedule, code)
    if placed:
        sentences = [*_where(problem, schedule, code), *_why_then(alternatives)]
    else:
        sentences = [why or _why(problem, schedule, removed, code), *_what_gives(problem, found)]
    opens = opened(problem, code)
    rules = in_own_words(removed)
    rules["opens"] = rules["sessions"].where(rules["rule"] == CLOSED, rules["rule"].map(opens).fillna(0)).astype(int)
    return Explanation(request, placed, tuple(sentences), rules, alternatives, table(problem, found))


def _of_later(problem: Problem, later: NotDue) -> Explanation:
    """Of a request that is due only after the days planned: nothing ruled it out, and nothing has to give."""
    words = later.words
    sentences = (
        f"{words[0].upper()}{words[1:]}.",
        "It is no request of these days: it costs nothing, nor is it left out.",
    )
    rules = in_own_words(ruled_out(problem, np.zeros(0, np.int64))).assign(opens=0)
    places = pd.DataFrame(columns=["session", "start", "change", "parts", "breaks"])
    return Explanation(later.request, False, sentences, rules, places, table(problem, []))


def _why(problem: Problem, schedule: Schedule, removed: pd.DataFrame, request: int) -> str:
    audit = check(problem, schedule)
    return reasons(problem, schedule, audit, removed, np.array([request]), Known())[0].reason


def _what_gives(problem: Problem, found: Sequence[Relief]) -> list[str]:
    """The cheapest change that would place the request, in a sentence."""
    if not found:
        return ["No single change of those looked at would give it a place."]
    best = found[0]
    provider = problem.week.sessions.provider_ids[int(problem.week.sessions.provider[best.session])]
    place = f"{problem.week.time_words(best.session, best.start)} with {provider}"
    return [f"It would have a place on {place} with this: {best.what}. The plan would cost {_more(best.change)}."]


def _more(points: int) -> str:
    return f"{abs(points):,} points {'less' if points < 0 else 'more'}" if points else "the same"


def _where(problem: Problem, schedule: Schedule, request: int) -> list[str]:
    week = problem.week
    session, start = int(schedule.session[request]), int(schedule.start(week)[request])
    provider = week.sessions.provider_ids[int(week.sessions.provider[session])]
    visit = visits_as_options(week, schedule).take(np.searchsorted(schedule.placed, np.array([request])))
    prices = [(rule, int(judge(rule, visit, week)[1][0])) for rule in problem.rules]
    own = "; ".join(f"{points:,} for: {rule.why(visit, week)}" for rule, points in prices if points)
    points = sum(points for _, points in prices)
    grounds = "; ".join(text for rule in problem.rules if (text := rule.grounds(visit, week)))
    return [
        f"Placed with {provider} on {week.time_words(session, start)}, for {points:,} points of its own"
        + (f" ({own})." if own else "."),
        *([f"It rests on this: {grounds}."] if grounds else []),
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
    for row, start in _places(problem, schedule, without, request)[:MOST_ALTERNATIVES]:
        before, after = around.audits(problem.options.place(week, without, row, start), [request])
        breaks = _in_words(week.requests.ids[request], new_breaches(before, after))
        parts = ", ".join(f"{points:+,} {name}" for name, points in differences(before, after))
        change = after.cost - before.cost
        session = int(problem.options.session[row])
        rows.append(
            (week.sessions.ids[session], week.time_words(session, start), change, parts.replace("_", " "), breaks)
        )
    found = pd.DataFrame(rows, columns=["session", "start", "change", "parts", "breaks"])
    order = found.assign(bad=found["breaks"] != "").sort_values(["bad", "change"], kind="stable").index
    return found.loc[order].reset_index(drop=True)


def _places(problem: Problem, schedule: Schedule, without: Schedule, request: int) -> list[tuple[int, int]]:
    """Option and start of other places for a request, one a session: those that are free first, then the cheapest."""
    time, options = ProvidersTime(problem, without), problem.options
    now = int(schedule.start(problem.week)[request])
    found: dict[int, tuple[bool, int, int, int]] = {}
    for row in range(int(problem.offset[request]), int(problem.offset[request + 1])):
        session = int(options.session[row])
        free = time.free_starts(row)
        if session == schedule.session[request]:
            free = free[free != now]
        start = int(free[0]) if len(free) else int(options.earliest[row])
        if session == schedule.session[request] and start == now:
            continue
        place = (not len(free), int(options.cost[row]), start, row)
        found[session] = min(place, found.get(session, place))
    return [(row, start) for _, _, start, row in sorted(found.values())]


def _in_words(request: str, new: Sequence[tuple[str, str, str]]) -> str:
    """What a change breaks: the request's own breaches, then those of others under their ids."""
    own = [detail for name, _, detail in new if name == request]
    return "; ".join([*own, *(f"{name}: {detail}" for name, _, detail in new if name != request and detail not in own)])
