"""From a weekbench instance to a problem of this library, and from a schedule back to a weekbench solution.

``docs/benchmarks.md`` states the format in full. The problem is made as a user would make it, from tables.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

import schedopt

Instance = Mapping[str, Any]
Rows = list[dict[str, Any]]

WEIGHTS = ("unscheduled", "access", "late", "preference", "office_wait", "idle", "overtime", "moved")
"""Prices that an instance states and that have the same name here."""


def load_instance(path: str | Path) -> Instance:
    """Read an instance from a JSON file."""
    return dict(json.loads(Path(path).read_text(encoding="utf-8")))


def to_problem(instance: Instance) -> schedopt.Problem:
    """The instance as a problem.

    Raises
    ------
    ValueError
        If a request has no own provider, or others cost more than one price: an office's tables cannot say that.
    """
    frames, settings, first = to_tables(instance)
    return schedopt.assemble(schedopt.office_from_frames(frames, settings), first)


def to_tables(instance: Instance) -> tuple[dict[str, pd.DataFrame], dict[str, Any], dt.date]:
    """The instance as an office's tables, its settings, and the first day planned; raises as :func:`to_problem`."""
    settings = _settings(instance)
    return _frames(instance), settings, _date(instance, 0)


def to_solution(instance: Instance, plan: schedopt.Plan) -> dict[str, Any]:
    """A plan as a weekbench solution: visits by the instance's ids, times in minutes, and the bound."""
    bound = plan.bound + not_due_points(instance, plan.problem)
    return {"visits": to_visits(instance, plan.problem, plan.assignment), "bound": bound}


def not_due_points(instance: Instance, problem: schedopt.Problem) -> int:
    """Points of leaving out who is due only after these days: an instance prices them, an office's week does not."""
    later = {one.request for one in problem.week.requests.not_due}
    priorities = (request["priority"] for request in instance["requests"] if request["id"] in later)
    return int(instance["weights"]["unscheduled"] * sum(priorities))


def to_visits(instance: Instance, problem: schedopt.Problem, schedule: schedopt.Schedule) -> Rows:
    """The visits of any schedule, good or bad, in a weekbench solution's words."""
    week, clock = problem.week, problem.calendar
    sessions, steps, start = week.sessions, week.steps, schedule.start(week)
    names = {(p["id"], s["day"], s["start"]): s["id"] for p, s in _sessions(instance)}
    visits = []
    for request in schedule.placed.tolist():
        session, first = int(schedule.session[request]), int(steps.offset[request])
        provider = sessions.provider_ids[sessions.provider[session]]
        key = (provider, int(sessions.day[session]), clock.minutes(sessions.start[session]))
        several = int(steps.provider_step[request]) > first
        visits.append({
            "request": week.requests.ids[request],
            "session": names[key],
            "start": clock.minutes(start[request]),
            "before_start": clock.minutes(schedule.step_start[first]) if several else None,
        })  # fmt: skip
    return visits


def _settings(instance: Instance) -> dict[str, Any]:
    weights = {name: instance["weights"][name] for name in WEIGHTS}
    return {
        "name": instance["name"],
        "time_zone": "UTC",
        "grid_minutes": instance["grid"],
        "days": len(instance["days"]),
        "weights": weights | {"continuity": _continuity(instance)},
    }


def _continuity(instance: Instance) -> int:
    """Points for another provider than the patient's own; instances list them with every request."""
    listed = [[cost for _, cost in request["providers"]] for request in instance["requests"]]
    prices = {cost for costs in listed for cost in costs if cost} or {0}
    if len(prices) > 1 or any(costs.count(0) != 1 for costs in listed):
        raise ValueError("expected one own provider for every request, and one price for all others")
    return int(prices.pop())


def _frames(instance: Instance) -> dict[str, pd.DataFrame]:
    """The office's tables; those without rows stay away."""
    requests, pools = instance["requests"], instance["pools"]
    types = _visit_types(instance)
    tables: dict[str, Rows] = {
        "providers": [{"provider": provider["id"]} for provider in instance["providers"]],
        "visit_types": [{"visit_type": types[k], "minutes": k[0], "pools": k[1]} for k in types],
        "steps": [
            {"visit_type": types[k], "order": -1, "pools": k[2], "minutes": k[3], "max_wait": k[4]}
            for k in types
            if k[2]
        ],
        "patients": [{"patient": name} for name in dict.fromkeys(request["patient"] for request in requests)],
        "requests": [_request(instance, request, types[_visit_type(request)]) for request in requests],
        "availability": [row for request in requests for row in _windows(instance, request)],
        "preferences": [_for(request) | _span(*request["prefer"]) for request in requests if request["prefer"]],
        "appointments": [_appointment(instance, request) for request in requests if request["booked"]],
        "shifts": [_shift(instance, provider, session) for provider, session in _sessions(instance)],
        "pools": [_take(pool, "site", "kind", "capacity") | {"pool": pool["id"]} for pool in pools],
        "pool_closures": [
            {"pool": pool["id"], "date": _date(instance, day)} | _span(start, end)
            for pool in pools
            for day, start, end in pool["closed"]
        ],
    }
    return {name: pd.DataFrame(rows) for name, rows in tables.items() if rows}


def _date(instance: Instance, day: int) -> dt.date:
    """The date that stands for a day; instances count days by number, so weekends between them are passed over."""
    return dt.date.fromisoformat(instance["days"][0]) + dt.timedelta(days=day)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _span(start: int, end: int) -> dict[str, str]:
    return {"start": _clock(start), "end": _clock(end)}


def _take(row: Instance, *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _for(request: Instance) -> dict[str, Any]:
    return {"patient": request["patient"], "request": request["id"]}


def _sessions(instance: Instance) -> Iterator[tuple[Instance, Instance]]:
    """Every provider with each of their sessions."""
    for provider in instance["providers"]:
        for session in provider["sessions"]:
            yield provider, session


def _visit_type(request: Instance) -> tuple[int, str, str, int, int]:
    """What makes two requests of one type: minutes, room, and pool, minutes and longest wait of the step before."""
    before = request["before"] or {"pool_kind": "", "minutes": 0, "max_wait": 0}
    room = request["room_kind"] or ""
    return request["minutes"], room, before["pool_kind"], before["minutes"], before["max_wait"]


def _visit_types(instance: Instance) -> dict[tuple[int, str, str, int, int], str]:
    kinds = dict.fromkeys(map(_visit_type, instance["requests"]))
    return {kind: f"V{number}" for number, kind in enumerate(kinds)}


def _request(instance: Instance, request: Instance, visit_type: str) -> dict[str, Any]:
    after = request["after"] or {"request": None, "min_days": None, "max_days": None}
    return {
        **_for(request),
        **_take(request, "urgency", "priority"),
        "visit_type": visit_type,
        "ready": _date(instance, request["ready"]),
        "due": _date(instance, request["due"]),
        "provider": next(name for name, cost in request["providers"] if cost == 0),
        "providers": ";".join(name for name, _ in request["providers"]),
        "after": after["request"],
        "after_min_days": after["min_days"],
        "after_max_days": after["max_days"],
    }


def _windows(instance: Instance, request: Instance) -> Rows:
    """When the patient can come; one who never can gets the day before the first."""
    windows = request["windows"] or [[-1, 0, 24 * 60]]
    return [_for(request) | {"date": _date(instance, day)} | _span(start, end) for day, start, end in windows]


def _appointment(instance: Instance, request: Instance) -> dict[str, Any]:
    booked = request["booked"]
    return {
        "request": request["id"],
        "provider": booked["provider"],
        "date": _date(instance, booked["day"]),
        "start": _clock(booked["start"]),
        "mark": "fixed" if booked["fixed"] else "movable",
    }


def _shift(instance: Instance, provider: Instance, session: Instance) -> dict[str, Any]:
    named = {"provider": provider["id"], "date": _date(instance, session["day"])}
    return named | _take(session, "site", "overtime") | _span(session["start"], session["end"])
