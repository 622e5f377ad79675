"""What people's days ask for, beyond that nobody is in two places at once, as flat arrays for compiled code."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from schedopt.arrays import Ints
from schedopt.models.problem.couplings import (
    InARow,
    LongestStretch,
    MovingBreaks,
    PatientTravel,
    PlacesKept,
    ProviderDay,
    SessionsApart,
    SetUpTime,
)
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.week import Week

OTHER_SESSION, CELLS, LATER = range(3)
"""Columns of :attr:`DayTables.apart`."""
KIND, LOW, HIGH, SIZE, NUMBER, COUNTED = range(6)
"""Columns of :attr:`DayTables.rule`."""
BREAK, LONGEST, KEPT, ROW, SET_UP = range(5)
"""Kinds of rule: a break of `SIZE` cells from cell `LOW` to before `HIGH`; no more than `HIGH` cells without a break of
`SIZE`; `NUMBER` places of `SIZE` cells from cell `LOW` to before `HIGH` that are free of what is `COUNTED`; no more
than `NUMBER` in a row of what is `COUNTED`; the cells of table `NUMBER` of :attr:`DayTables.set_up`, of which the most
are `HIGH`, between visits of unlike types."""


class DayTables(NamedTuple):
    """What people's days ask for.

    Attributes
    ----------
    apart_at : int array, shape (sessions + 1,)
        First entry of each session in `apart`.
    apart : int array, shape (entries, 3)
        Another session of the same provider, the fewest cells between visits in the two, and whether it is later.
    way : int array, shape (sites, sites)
        Fewest cells between a patient's visits at two sites on a day.
    line : int array, shape (sessions,)
        A number for each provider and day of whom a rule asks something, or -1.
    member_at, member : int array
        First entry of each such number in `member`; its sessions, in order of time.
    rule_at : int array
        First entry of each such number in `rule`.
    rule : int array, shape (rules, 6)
        What is asked: a kind, and its numbers.
    counted : int array, shape (kinds, requests)
        Which requests a rule counts.
    kind : int array, shape (requests,)
        Visit types.
    set_up : int array, shape (tables, visit types, visit types)
        Fewest cells from a visit of one type to a later one of another.
    """

    apart_at: Ints
    apart: Ints
    way: Ints
    line: Ints
    member_at: Ints
    member: Ints
    rule_at: Ints
    rule: Ints
    counted: Ints
    kind: Ints
    set_up: Ints


def day_tables(problem: Problem) -> DayTables:
    """What a problem's couplings ask of people's days."""
    way, (asked, counted) = _way(problem), _rules(problem)
    apart_at, apart = _apart(problem)
    kind, set_up = problem.week.requests.visit_type, _set_up(problem)
    return DayTables(apart_at, apart, way, *_lines(problem, asked), counted, kind, set_up)


def _apart(problem: Problem) -> tuple[Ints, Ints]:
    """Sessions that visits have to keep a distance between, each pair seen from both sides."""
    week = problem.week
    pairs = [np.stack(c.pairs(week)) for c in problem.couplings if isinstance(c, SessionsApart)]
    first, second, cells = np.concatenate([np.zeros((3, 0), np.int64), *pairs], axis=1)
    later = np.repeat([1, 0], len(first))
    entries = np.stack([np.concatenate([second, first]), np.tile(cells, 2), later], axis=1)
    lists = Lists.by_key(np.concatenate([first, second]), len(week.sessions))
    return lists.offset, entries[lists.member]


def _way(problem: Problem) -> Ints:
    """Cells of a patient's way from one site to another."""
    sites = len(problem.week.sessions.site_ids)
    travel = [-(-c.travel // c.grid) for c in problem.couplings if isinstance(c, PatientTravel)]
    return np.max(travel, axis=0) if travel else np.zeros((sites, sites), np.int64)


def _set_up(problem: Problem) -> Ints:
    """Cells between visits of unlike types, a table for each coupling that asks for them."""
    types = len(problem.week.requests.visit_type_ids)
    tables = [c.cells[None] for c in problem.couplings if isinstance(c, SetUpTime)]
    return np.concatenate([np.zeros((0, types, types), np.int64), *tables])


def _rules(problem: Problem) -> tuple[Ints, Ints]:
    """Provider and day of every rule about single days, and the rule, one row each; and what rules count."""
    week = problem.week
    found, counted, tables = [np.zeros((0, 8), np.int64)], [np.zeros((0, len(week.requests)), bool)], 0
    for coupling in (c for c in problem.couplings if isinstance(c, ProviderDay)):
        (provider, day), seen = coupling.whose(week), coupling.seen(week)
        groups = np.flatnonzero(np.diff(coupling.sessions_of(week).offset))
        rows = np.array([_rule(coupling, week, group, tables) for group in groups.tolist()], np.int64).reshape(-1, 5)
        kind = groups * 0 if seen is None else sum(map(len, counted)) + seen[1][groups]
        found.append(np.column_stack([provider[groups], day[groups], rows, kind]))
        counted += [] if seen is None else [seen[0]]
        tables += isinstance(coupling, SetUpTime)
    return np.concatenate(found), np.concatenate(counted).astype(np.int64)


def _rule(coupling: ProviderDay, week: Week, group: int, table: int) -> tuple[int, int, int, int, int]:
    match coupling:
        case MovingBreaks():
            return BREAK, int(coupling.start[group]), int(coupling.end[group]), int(coupling.size[group]), 0
        case LongestStretch():
            most, pause = coupling.limits(week, group)
            return LONGEST, 0, most, pause, 0
        case PlacesKept():
            low, high, size = (int(column[group]) for column in (coupling.start, coupling.end, coupling.size))
            return KEPT, low, high, size, coupling.needed(week, group)
        case InARow():
            return ROW, 0, 0, 0, int(coupling.most[coupling.kind(week, group)])
        case SetUpTime():
            return SET_UP, 0, int(coupling.cells.max()), 0, table
    raise TypeError(f"the search does not know {type(coupling).__name__}")


def _lines(problem: Problem, asked: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Columns `line` to `rule` of the tables."""
    sessions, num_days = problem.week.sessions, problem.calendar.num_days
    key = sessions.provider * num_days + sessions.day
    names, line = np.unique(asked[:, 0] * num_days + asked[:, 1], return_inverse=True)
    rules = Lists.by_key(line, len(names))
    number = np.where(np.isin(key, names), np.searchsorted(names, key), -1)
    order = np.lexsort((sessions.start, number))
    order = order[number[order] >= 0]
    member_at = np.searchsorted(number[order], np.arange(len(names) + 1))
    return number, member_at, order, rules.offset, asked[rules.member, 2:]


def days_of_part(days: DayTables | None, sites: Ints, sessions: Ints, requests: Ints) -> DayTables | None:
    """The tables of a part of a week, in codes of its own: positions among these sites, sessions and requests."""
    if days is None:
        return None
    code = np.full(len(days.line), -1)
    code[sessions] = np.arange(len(sessions))
    owner = np.repeat(code, np.diff(days.apart_at))
    apart = days.apart.copy()
    apart[:, OTHER_SESSION] = code[apart[:, OTHER_SESSION]]
    kept = (owner >= 0) & (apart[:, OTHER_SESSION] >= 0)
    lists = Lists.by_key(owner[kept], len(sessions))
    member = code[days.member]
    here = np.concatenate([[0], np.cumsum(member >= 0)])
    return DayTables(
        lists.offset, apart[kept][lists.member], days.way[np.ix_(sites, sites)], days.line[sessions],
        here[days.member_at], member[member >= 0], days.rule_at, days.rule, days.counted.take(requests, axis=1),
        days.kind[requests], days.set_up,
    )  # fmt: skip
