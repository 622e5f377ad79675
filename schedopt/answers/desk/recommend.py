"""Slots for a caller on the phone: the best ones, what each costs by rule, and why the others lose."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schedopt.answers.desk.desk import Desk, desk_of
from schedopt.answers.desk.pricing import changes_by_part
from schedopt.answers.free_places import Places
from schedopt.answers.relief import table as relief_table
from schedopt.answers.reliefs import reliefs
from schedopt.answers.ruled_out import in_own_words, ruled_out
from schedopt.arrays import Ints
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.visits import schedule_table, visit_of

WHERE = ("session", "provider", "site", "date", "arrive", "start", "end", "steps", "others")
"""Columns that say where and when a slot is."""


@dataclass(frozen=True)
class Recommendation:
    """Where a request could go while everybody else stays where they are.

    Attributes
    ----------
    request : str
        Its id.
    placed : bool
        Whether the plan has a visit for it already; then these are other places than its own.
    slots : pandas.DataFrame
        The best slots, one row each, best first: ``session``, ``provider``, ``site`` (ids), ``date``
        (datetime.date), ``arrive`` (HH:MM, first step), ``start``, ``end`` (HH:MM, provider step), ``steps``
        (HH:MM;HH:MM, start of every step in order), ``points`` (what the plan's cost would change by; below zero it
        falls), ``stranded_minutes`` (minutes left unusable), and then one column (points) for each part of the cost
        that changes in any of the rows; these add up to ``points``.
    lost : pandas.DataFrame
        The next best slots, with the same columns and before the parts ``dearer`` (points more than the best) and
        ``why`` (words: dearer by which parts).
    ruled_out : pandas.DataFrame
        Why other sessions have no slot at all: ``rule``, ``source``, ``sessions`` (number, counted for the first rule
        to remove each), ``reason`` (words). Under ``closed``, what took sessions that would do.
    gives : pandas.DataFrame
        Where a request that is left out has no slot: what would have to give for it to have one, as in
        :class:`~schedopt.answers.explain.Explanation`.
    """

    request: str
    placed: bool
    slots: pd.DataFrame
    lost: pd.DataFrame
    ruled_out: pd.DataFrame
    gives: pd.DataFrame


def recommend(plan: Plan | Desk, request: str, top: int = 5, *, now: dt.datetime | None = None) -> Recommendation:
    """Rank the slots that a request could have, without moving anybody else.

    A slot is a stretch of free time of a provider, and in it the start that costs least, of those the one that strands
    least, of those the earliest; so five slots are five different answers, not one answer five minutes apart. Slots are
    ranked in the same way. No place that keeps every rule costs less than the first.

    A slot strands minutes where it leaves, before or after the visit and within the session's regular hours, a rest
    that is shorter than the shortest visit, buffers included, of any request that has this session as an option: nobody
    can be put there any more. Rests that end where the session's regular hours end count too.

    Parameters
    ----------
    plan : Plan or Desk
        A finished plan. Who asks often keeps a :class:`~schedopt.answers.desk.desk.Desk` of it, which is prepared once.
    request : str
        Id of a request of its problem, left out or placed.
    top : int
        Most slots, and most lost slots.
    now : datetime.datetime, optional
        The moment of asking, as in :class:`~schedopt.answers.desk.desk.Desk`.

    Returns
    -------
    Recommendation

    Raises
    ------
    ValueError
        If the plan's problem has no such request, `top` is below 1, or the plan's schedule breaks a rule.
    """
    if top < 1:
        raise ValueError(f"expected top of 1 or more slots, not {top}")
    desk = desk_of(plan, now)
    code = desk.code(request)
    places = desk.places(code)
    ranked = _ranked(desk, places)[: 2 * top]
    table = _slot_table(desk, places, ranked)
    is_placed = bool(desk.plan.assignment.session[code] >= 0)
    found = reliefs(desk.problem, desk.plan.assignment, code) if not (is_placed or len(ranked)) else []
    return Recommendation(
        request, is_placed, _with_changes_only(table.head(top)), _lost(table, top), _ruled_out(desk, places),
        relief_table(desk.problem, found),
    )  # fmt: skip


def _ranked(desk: Desk, places: Places) -> Ints:
    """The best place of each stretch of free time, best first; not the place where the request is."""
    session = desk.problem.options.session[places.row]
    now, start = desk.plan.assignment, desk.plan.assignment.start(desk.problem.week)
    other = ~desk.problem.options.at(now)[places.row] | (places.start != start[places.request])
    order = np.lexsort((session, places.start, places.stranded, places.added))
    order = order[other[order]]
    stretch = np.stack([session[order], places.gap[order]])
    _, first = np.unique(stretch, axis=1, return_index=True)
    ranked: Ints = order[np.sort(first)]
    return ranked


def _slot_table(desk: Desk, places: Places, numbers: Ints) -> pd.DataFrame:
    """A row a place; all parts of the cost that change in any of them."""
    schedules = [desk.placed(places, number) for number in numbers.tolist()]
    grid = desk.problem.calendar.grid
    visits = [visit_of(desk.problem.week, schedule, places.request) for schedule in schedules]
    parts = changes_by_part(desk, places.request, schedules)
    return (
        schedule_table(visits)[list(WHERE)]
        .assign(points=parts.sum(axis=1).astype(np.int64), stranded_minutes=places.stranded[numbers] * grid)
        .join(parts)
    )


def _with_changes_only(table: pd.DataFrame) -> pd.DataFrame:
    """The table without parts that change in none of its rows."""
    told = [*WHERE, "points", "stranded_minutes"]
    parts = [name for name in table.columns if name not in told and (table[name] != 0).any()]
    return table[told + parts].reset_index(drop=True)


def _lost(table: pd.DataFrame, top: int) -> pd.DataFrame:
    rest = _with_changes_only(table.iloc[top:])
    best = table.iloc[:1]
    why = [_why(table.iloc[top + number], best.iloc[0]) for number in range(len(rest))]
    dearer = rest["points"] - (best["points"].iloc[0] if len(best) else 0)
    told = rest.assign(dearer=dearer, why=pd.Series(why, dtype="str"))
    first = [*WHERE, "points", "stranded_minutes", "dearer", "why"]
    return told[first + [name for name in rest.columns if name not in first]]


def _why(slot: pd.Series, best: pd.Series) -> str:
    """Why a slot loses against the best one."""
    parts = [name for name in slot.index if name not in (*WHERE, "points", "stranded_minutes")]
    more = sorted(((int(slot[name] - best[name]), name) for name in parts if slot[name] != best[name]), reverse=True)
    words = ", ".join(f"{name} {change:+,}" for change, name in more)
    dearer, wasted = int(slot["points"] - best["points"]), int(slot["stranded_minutes"] - best["stranded_minutes"])
    if dearer:
        return f"{dearer:,} points dearer than the best: {words}"
    return f"as cheap, but strands {wasted} minutes more" if wasted else "as good, but later"


def _ruled_out(desk: Desk, places: Places) -> pd.DataFrame:
    """What keeps a request out of sessions: rules and closures first, then what other visits hold."""
    removed = in_own_words(ruled_out(desk.problem, np.array([places.request])))
    rows = [(c.name, c.source, len(sessions), c.reason) for c, sessions in desk.held_by(places) if len(sessions)]
    held = pd.DataFrame(rows, columns=["rule", "source", "sessions", "reason"])
    return pd.concat([removed, held], ignore_index=True) if len(held) else removed.reset_index(drop=True)
