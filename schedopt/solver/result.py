"""From the best schedule to a plan: tables for people and programs, all worked out from the schedule."""

from __future__ import annotations

import datetime as dt
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import pandas as pd

from schedopt.models.check import Audit, check
from schedopt.models.couplings import Coupling
from schedopt.models.couplings.time import pool_usage, session_minutes
from schedopt.models.narrowing import removals
from schedopt.models.plan import Plan, Status
from schedopt.models.problem import Problem
from schedopt.models.rules import Rule
from schedopt.models.schedule import Schedule
from schedopt.models.week import Ints
from schedopt.solver.left_out import Known, Why, reasons, sessions_left
from schedopt.solver.track import Track


def make_plan(
    problem: Problem, track: Track, status: Status, conflicts: pd.DataFrame, how: Mapping[str, object]
) -> Plan:
    """Work out a plan's tables.

    Parameters
    ----------
    problem : Problem
        As given.
    track : Track
        Holds the best schedule, of the problem without the promises that cannot be kept.
    status : str
        See :class:`~schedopt.models.plan.Plan`.
    conflicts : pandas.DataFrame
        Promises that cannot be kept.
    how : mapping
        How it was solved, for the decision record.
    """
    seconds = track.seconds
    left_out = np.flatnonzero((track.best.session < 0) & (np.diff(track.problem.offset) > 0))
    least = np.full(len(track.best.session), float(track.bound))
    least[left_out] = track.least_with(left_out)
    return tables_of(
        problem, track.problem, track.best, status=status, bound=track.bound, conflicts=conflicts, seconds=seconds,
        trace=pd.DataFrame(
            [*track.trace, (round(seconds, 3), track.cost, track.bound)], columns=["seconds", "cost", "bound"]
        ),
        record=_record(problem, {**how, **track.effort}), known=Known(True, status == "optimal", least),
    )  # fmt: skip


def plan_around(
    problem: Problem, schedule: Schedule, how: Mapping[str, object], *, bound: int = 0, seconds: float = 0.0,
    conflicts: pd.DataFrame | None = None,
) -> Plan:  # fmt: skip
    """A plan around a schedule that was not searched for.

    Parameters
    ----------
    problem : Problem
        The week.
    schedule : Schedule
        Any schedule of it.
    how : mapping
        Where the schedule comes from, for the decision record.
    bound : int
        Points that no schedule of the problem costs less than; 0 where nothing better is proved.
    seconds : float
        What it took.
    conflicts : pandas.DataFrame, optional
        Visits that were given up, as in :attr:`~schedopt.models.plan.Plan.conflicts`.

    Returns
    -------
    Plan
        Never called optimal, but for a schedule that costs no more than the bound.
    """
    cost = check(problem, schedule).cost
    given_up = pd.DataFrame(columns=["request", "rule", "source", "detail"]) if conflicts is None else conflicts
    status: Status = "conflict" if len(given_up) else "optimal" if cost <= bound else "feasible"
    return tables_of(
        problem, problem, schedule, status=status, bound=bound, conflicts=given_up, seconds=seconds,
        trace=pd.DataFrame([(round(seconds, 3), cost, bound)], columns=["seconds", "cost", "bound"]),
        record=_record(problem, how), known=Known(best=status == "optimal"),
    )  # fmt: skip


def tables_of(
    problem: Problem, kept: Problem, schedule: Schedule, *, status: Status, bound: int, conflicts: pd.DataFrame,
    seconds: float, trace: pd.DataFrame, record: Mapping[str, object], known: Known | None = None,
) -> Plan:  # fmt: skip
    """A plan around any schedule; `kept` is the problem without the promises that cannot be kept."""
    audit = check(problem, schedule)
    left_out = np.flatnonzero(schedule.session < 0)
    left_out = left_out[np.argsort(-problem.left_out[left_out], kind="stable")]
    removed = removals(problem.week, problem.rules, left_out)
    why = reasons(kept, schedule, audit, removed, left_out, known or Known())
    ids = np.array(problem.week.requests.ids, object)
    return Plan(
        problem=problem,
        assignment=schedule,
        status=status,
        cost=audit.cost,
        bound=bound,
        schedule=schedule_table(problem, schedule, audit),
        unplaced=_unplaced_table(kept, left_out, why),
        removed=removed.assign(request=ids[removed["request"].to_numpy(np.int64)]),
        costs=audit.costs,
        sessions=_sessions_table(problem, schedule),
        pools=_pools_table(problem, schedule),
        conflicts=conflicts,
        trace=trace,
        seconds=seconds,
        record=record,
    )


def _record(problem: Problem, how: Mapping[str, object]) -> dict[str, object]:
    names = ("schedopt", "ortools", "numpy", "scipy", "numba")
    return {
        "office": problem.office_name,
        "first_day": problem.calendar.first.isoformat(),
        "days": problem.calendar.num_days,
        "input_hash": problem.fingerprint,
        "solved_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in names}},
        "weights": dict(problem.weights),
        "rules": [_rule(rule) for rule in problem.rules] + [_rule(coupling) for coupling in problem.couplings],
        **_lengths(problem),
        **how,
    }


def _lengths(problem: Problem) -> dict[str, object]:
    """Minutes that are not simply those of the office's tables: what visits are expected to take and are booked for."""
    requests, grid = problem.week.requests, problem.calendar.grid
    if requests.usual is None:
        return {}
    cut = np.flatnonzero(requests.length < requests.usual)
    return {
        "lengths": {
            "expected": {name: cells * grid for name, cells in zip(requests.ids, requests.usual.tolist(), strict=True)},
            "booked": {requests.ids[request]: int(requests.length[request]) * grid for request in cut.tolist()},
        }
    }


def _rule(rule: Rule | Coupling) -> dict[str, str]:
    return {"name": rule.name, "source": rule.source, "reason": rule.reason}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def schedule_table(problem: Problem, schedule: Schedule, audit: Audit) -> pd.DataFrame:
    """One row a visit; columns as in :attr:`~schedopt.models.plan.Plan.schedule`."""
    week, calendar = problem.week, problem.calendar
    requests, sessions, steps = week.requests, week.sessions, week.steps
    start = schedule.start(week)
    first, last = schedule.span(week)
    placed = schedule.placed
    session = schedule.session[placed]
    placed = placed[np.lexsort((sessions.provider[session], start[placed]))]
    session = schedule.session[placed]
    starts = [schedule.step_start[steps.offset[r] : steps.offset[r + 1]].tolist() for r in placed.tolist()]
    end = start + requests.length
    same = (requests.promised_provider[placed] == sessions.provider[session]) & (
        requests.promised_start[placed] == start[placed]
    )
    promise = np.where(
        requests.promised_start[placed] < 0,
        "",
        np.where(requests.fixed[placed], "fixed", np.where(same, "kept", "moved")),
    )
    return pd.DataFrame(
        {
            "request": _text([requests.ids[r] for r in placed.tolist()]),
            "patient": _text([requests.patient_ids[p] for p in requests.patient[placed].tolist()]),
            "visit_type": _text([requests.visit_type_ids[v] for v in requests.visit_type[placed].tolist()]),
            "provider": _text([sessions.provider_ids[p] for p in sessions.provider[session].tolist()]),
            "site": _text([sessions.site_ids[s] for s in sessions.site[session].tolist()]),
            "session": _text([sessions.ids[s] for s in session.tolist()]),
            "date": [calendar.date(d) for d in sessions.day[session].tolist()],
            "arrive": _text([calendar.clock(c) for c in first[placed].tolist()]),
            "start": _text([calendar.clock(c) for c in start[placed].tolist()]),
            "end": _text([calendar.clock(c, end=True) for c in end[placed].tolist()]),
            "depart": _text([calendar.clock(c, end=True) for c in last[placed].tolist()]),
            "steps": _text([";".join(calendar.clock(c) for c in cells) for cells in starts]),
            "promise": _text(promise.tolist()),
            "promised": _text(promised_words(problem, r) for r in placed.tolist()),
            "cost": audit.visit_points[placed],
        }
    )


def _unplaced_table(problem: Problem, left_out: Ints, why: Sequence[Why]) -> pd.DataFrame:
    requests = problem.week.requests
    codes = left_out.tolist()
    return pd.DataFrame(
        {
            "request": _text([requests.ids[r] for r in codes]),
            "patient": _text([requests.patient_ids[p] for p in requests.patient[left_out].tolist()]),
            "visit_type": _text([requests.visit_type_ids[v] for v in requests.visit_type[left_out].tolist()]),
            "priority": requests.priority[left_out],
            "cost": problem.left_out[left_out],
            "sessions": len(problem.week.sessions),
            "sessions_left": [len(sessions_left(problem, r)) for r in codes],
            "promised": _text(promised_words(problem, r) for r in codes),
            "cause": _text(one.cause for one in why),
            "reason": _text(one.reason for one in why),
            "proved": np.array([one.proved for one in why], bool),
        }
    )


def promised_words(problem: Problem, request: int) -> str:
    """Time and provider promised before, such as ``Mon 30 Nov 09:20, DR1``; empty without a promise."""
    requests, start = problem.week.requests, int(problem.week.requests.promised_start[request])
    if start < 0:
        return ""
    provider = problem.week.sessions.provider_ids[int(requests.promised_provider[request])]
    return f"{problem.calendar.words(start)}, {provider}"


def _text(values: Iterable[str]) -> Any:
    """A column of text, also where it is empty."""
    return pd.array(list(values), dtype="str")


def _sessions_table(problem: Problem, schedule: Schedule) -> pd.DataFrame:
    week, calendar = problem.week, problem.calendar
    sessions = week.sessions
    minutes = session_minutes(week, schedule)
    regular = (sessions.end - sessions.start) * calendar.grid
    return pd.DataFrame(
        {
            "session": _text(sessions.ids),
            "provider": _text([sessions.provider_ids[p] for p in sessions.provider.tolist()]),
            "site": _text([sessions.site_ids[s] for s in sessions.site.tolist()]),
            "date": [calendar.date(d) for d in sessions.day.tolist()],
            "start": _text([calendar.clock(c) for c in sessions.start.tolist()]),
            "end": _text([calendar.clock(c, end=True) for c in sessions.end.tolist()]),
            **minutes,
            "utilisation": minutes["seen_minutes"] / regular,
        }
    )


def _pools_table(problem: Problem, schedule: Schedule) -> pd.DataFrame:
    """Use of each pool on each day on which its site has sessions, against what it has in their hours."""
    week, calendar = problem.week, problem.calendar
    cells = calendar.cells_per_day
    used = pool_usage(week, schedule).reshape(len(week.pools), calendar.num_days, cells).sum(axis=2)
    there = week.pools.available(calendar.num_cells)
    open_cells = np.zeros((len(week.sessions.site_ids), calendar.num_cells), bool)
    columns = (week.sessions.site, week.sessions.start, week.sessions.end)
    for site, start, end in zip(*(column.tolist() for column in columns), strict=True):
        open_cells[site, start:end] = True
    rows = []
    for pool in range(len(week.pools)):
        mask = open_cells[week.pools.site[pool]]
        for day in range(calendar.num_days):
            hours = mask[day * cells : (day + 1) * cells]
            if hours.any():
                room = int(there[pool, day * cells : (day + 1) * cells][hours].sum()) * calendar.grid
                busy = int(used[pool, day]) * calendar.grid
                rows.append(
                    (*_pool_names(problem, pool), calendar.date(day), int(week.pools.capacity[pool]), busy, room)
                )
    names = ["pool", "site", "kind", "date", "capacity", "used_minutes", "open_minutes"]
    table = pd.DataFrame(rows, columns=names)
    minutes = table["open_minutes"].to_numpy(float)
    share = np.divide(table["used_minutes"].to_numpy(float), minutes, out=np.zeros(len(table)), where=minutes > 0)
    return table.assign(utilisation=share)


def _pool_names(problem: Problem, pool: int) -> tuple[str, str, str]:
    pools, sessions = problem.week.pools, problem.week.sessions
    return pools.ids[pool], sessions.site_ids[int(pools.site[pool])], pools.kind_ids[int(pools.kind[pool])]
