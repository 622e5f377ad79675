"""The key figures of a plan, and how they are said in words."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from schedopt.models.problem.plan import Plan

STATUS_WORDS = {
    "optimal": "Proved best: no schedule of this week costs less.",
    "feasible": "The best schedule found in the time given.",
    "nothing found": "No visit could be placed before time ended.",
    "conflict": "Promised appointments contradict each other or a rule.",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What a coordinator looks at first.

    Attributes
    ----------
    visits, left_out : int
        Requests placed and left out.
    seen_minutes, regular_minutes, idle_minutes, overtime_minutes : int
        Sums over all sessions; regular minutes lie between a session's start and end.
    office_wait_minutes : int or None
        Minutes patients wait between steps; None where the costs do not list it.
    access_wait_days : float or None
        Mean days from ready day to visit; None where the costs do not list it.
    promises : mapping of str to int
        Visits promised before, by what became of them: ``fixed``, ``kept``, ``moved``.
    not_due : int
        Requests that are due only after the days planned; no other figure counts them.
    next_due : datetime.date or None
        The first day on which one of these is due.
    """

    visits: int
    left_out: int
    seen_minutes: int
    regular_minutes: int
    idle_minutes: int
    overtime_minutes: int
    office_wait_minutes: int | None
    access_wait_days: float | None
    promises: Mapping[str, int]
    not_due: int = 0
    next_due: dt.date | None = None

    @property
    def requested(self) -> int:
        """Requests, placed or not."""
        return self.visits + self.left_out


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A table's rows as mappings from column to value."""
    columns = [str(column) for column in frame.columns]
    return [dict(zip(columns, row, strict=True)) for row in frame.itertuples(index=False, name=None)]


def figures(plan: Plan) -> Figures:
    """The key figures of a plan, from its tables."""
    sessions, visits = plan.session_uses, len(plan.visits)
    access = _quantity(plan, "access", "days")
    return Figures(
        visits=visits,
        left_out=len(plan.left_out),
        seen_minutes=sum(use.seen_minutes for use in sessions),
        regular_minutes=sum(use.regular_minutes for use in sessions),
        idle_minutes=sum(use.idle_minutes for use in sessions),
        overtime_minutes=sum(use.overtime_minutes for use in sessions),
        office_wait_minutes=_quantity(plan, "office wait", "minutes"),
        access_wait_days=None if access is None or not visits else access / visits,
        promises=Counter(visit.promise for visit in plan.visits if visit.promise),
        not_due=len(plan.not_due),
        next_due=min(plan.not_due["due_from"], default=None),
    )


def solved_for(plan: Plan) -> tuple[int, int, str]:
    """Cost and bound, in points, of what was solved, and words that follow a figure made of them.

    Start times that were set afterwards make appointments shorter, and a bound is of appointments as long as visits.
    """
    timing = plan.record.get("timing")
    if isinstance(timing, Mapping):
        return int(timing["solved"]["cost"]), int(timing["solved"]["bound"]), ", before start times were set"
    return plan.cost, plan.bound, ""


def distance_words(plan: Plan) -> str:
    """How far the cost can be from the best possible one.

    The share by which it may lie above the best is (cost - bound) / bound, rounded up; :attr:`Plan.gap` is the share
    of the cost that could at most be saved, and a little smaller.
    """
    cost, bound, then = solved_for(plan)
    if cost <= bound:
        return f"the best possible{then}"
    if bound <= 0:
        return "how far from the best possible is not known"
    return f"at most {math.ceil(1000 * (cost - bound) / bound) / 10:,.1f} % above the best possible{then}"


def main_reasons(plan: Plan) -> list[tuple[str, int]]:
    """Why requests were left out: cause and number of requests, the commonest first."""
    counted = Counter(plan.left_out["cause"])
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def nearest_words(plan: Plan, cause: str) -> str:
    """The cheapest single change that gives a request of a cause its place; empty where none is known."""
    rows = plan.left_out[(plan.left_out["cause"] == cause) & (plan.left_out["nearest"] != "")]
    if rows.empty:
        return ""
    change, place, what = min(zip(rows["change"].tolist(), rows["nearest"], rows["what"], strict=True))
    points = f"{abs(change):,} points {'more' if change > 0 else 'less'}" if change else "the same"
    return f"nearest: {place}, with this: {what}. The plan would cost {points}."


def closed_words(plan: Plan) -> list[str]:
    """What each closure takes, such as ``Fri 3 Jul, closed: Independence Day, observed (2 sessions)``, by time."""
    week = plan.problem.week
    closures, calendar, sites = week.closures, week.calendar, week.sessions.site_ids
    missing = Counter(closures.closure.tolist())
    found: dict[tuple[int, int, str], list[int]] = {}
    for row, words in enumerate(closures.words):
        found.setdefault((int(closures.start[row]), int(closures.end[row]), words), []).append(row)
    lines = []
    for (start, end, words), closed in sorted(found.items()):
        if sessions := sum(missing[row] for row in closed):
            date = date_words(calendar.date(calendar.day_of(start)))
            whole = end - start == calendar.cells_per_day
            hours = "" if whole else f" {calendar.clock(start)} to {calendar.clock(end, end=True)}"
            closed_sites = [sites[int(closures.site[row])] for row in closed]
            names = ", ".join(closed_sites if whole else map(calendar.place_words, closed_sites))
            where = f" at {names}" if len(closed) < len(sites) else ""
            lines.append(f"{date}{hours}{where}, {words} ({sessions} session{'' if sessions == 1 else 's'})")
    return lines


def horizon_words(plan: Plan) -> str:
    """First and last day planned, such as ``Mon 30 Nov to Sun 6 Dec 2026``."""
    calendar = plan.problem.calendar
    last = calendar.first + dt.timedelta(days=calendar.num_days - 1)
    if last == calendar.first:
        return f"{date_words(last)} {last.year}"
    year = f" {calendar.first.year}" if calendar.first.year != last.year else ""
    return f"{date_words(calendar.first)}{year} to {date_words(last)} {last.year}"


def date_words(date: dt.date) -> str:
    """A date for people, such as ``Mon 30 Nov``."""
    return f"{date:%a} {date.day} {date:%b}"


def duration_words(minutes: int) -> str:
    """Minutes for people, such as ``6 h 05 min``."""
    hours, rest = divmod(int(minutes), 60)
    return f"{hours:,} h {rest:02d} min" if hours else f"{rest} min"


def share_words(part: float, whole: float) -> str:
    """A share as a percentage with one digit; of nothing it is a dash."""
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _quantity(plan: Plan, part: str, unit: str) -> int | None:
    """The quantity of one part of the cost, if it is listed in this unit."""
    for row in rows(plan.costs):
        if str(row["part"]).replace("_", " ").startswith(part) and row["unit"] == unit:
            return int(row["quantity"])
    return None
