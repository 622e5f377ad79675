"""From a weekbench instance (a JSON file that states the planning problem for any solver) to an office, and back.

The format is stated in full in ``docs/benchmarks.md``. The office is made through the public library, from tables.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

import schedopt

Instance = Mapping[str, Any]
WEIGHTS = ("unscheduled", "access", "late", "preference", "office_wait", "idle", "overtime", "moved")
OTHER_PROVIDER = 30
"""Points that weekbench asks for a visit with another provider than the patient's own."""


def load_instance(path: str | Path) -> Instance:
    """Read an instance."""
    return dict(json.loads(Path(path).read_text(encoding="utf-8")))


def to_problem(instance: Instance) -> schedopt.Problem:
    """The instance as a problem of this library."""
    first = dt.date.fromisoformat(instance["days"][0])
    office = schedopt.office_from_frames(_frames(instance, first), _settings(instance))
    return schedopt.assemble(office, first)


def to_solution(instance: Instance, plan: schedopt.Plan) -> dict[str, Any]:
    """A plan as a weekbench solution: visits by the instance's ids, times in minutes, and the bound."""
    week, schedule = plan.problem.week, plan.assignment
    first = week.calendar
    names = {
        (p["id"], s["day"], s["start"]): s["id"] for p in instance["providers"] for s in p["sessions"]
    }  # fmt: skip
    visits = []
    start = schedule.start(week)
    for r in schedule.placed.tolist():
        session = int(schedule.session[r])
        provider = week.sessions.provider_ids[week.sessions.provider[session]]
        key = (provider, int(week.sessions.day[session]), first.minutes(week.sessions.start[session]))
        head = int(week.steps.offset[r])
        several = int(week.steps.provider_step[r]) > head
        before = first.minutes(schedule.step_start[head]) if several else None
        visits.append(
            {
                "request": week.requests.ids[r],
                "session": names[key],
                "start": first.minutes(start[r]),
                "before_start": before,
            }
        )
    return {"visits": visits, "bound": plan.bound}


def _settings(instance: Instance) -> dict[str, Any]:
    weights = {name: instance["weights"][name] for name in WEIGHTS}
    return {
        "name": instance["name"],
        "time_zone": "UTC",
        "grid_minutes": instance["grid"],
        "days": len(instance["days"]),
        "weights": weights | {"continuity": OTHER_PROVIDER},
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _kind(request: Instance) -> tuple[str, int, str, int, int]:
    before = request["before"] or {"pool_kind": "", "minutes": 0, "max_wait": 0}
    return (request["room_kind"] or "", request["minutes"], before["pool_kind"], before["minutes"], before["max_wait"])


def _frames(instance: Instance, first: dt.date) -> dict[str, pd.DataFrame]:
    def date(day: int) -> dt.date:
        return first + dt.timedelta(days=day)

    requests, providers = instance["requests"], instance["providers"]
    kinds = {kind: f"V{number}" for number, kind in enumerate(dict.fromkeys(map(_kind, requests)))}
    rows: dict[str, list[dict[str, Any]]] = {
        "providers": [{"provider": p["id"]} for p in providers],
        "visit_types": [{"visit_type": kinds[k], "minutes": k[1], "pools": k[0]} for k in kinds],
        "steps": [
            {"visit_type": kinds[k], "order": -1, "minutes": k[3], "pools": k[2], "max_wait": k[4]}
            for k in kinds
            if k[2]
        ],
        "patients": [{"patient": name} for name in dict.fromkeys(r["patient"] for r in requests)],
        "requests": [_request(r, kinds[_kind(r)], date) for r in requests],
        "availability": [w for r in requests for w in _windows(r, date)],
        "preferences": [
            {
                "patient": r["patient"],
                "request": r["id"],
                "start": _clock(r["prefer"][0]),
                "end": _clock(r["prefer"][1]),
            }
            for r in requests
            if r["prefer"]
        ],
        "appointments": [
            {
                "request": r["id"],
                "provider": b["provider"],
                "date": date(b["day"]),
                "start": _clock(b["start"]),
                "mark": "fixed" if b["fixed"] else "movable",
            }
            for r in requests
            if (b := r["booked"])
        ],
        "shifts": [
            {
                "provider": p["id"],
                "site": s["site"],
                "date": date(s["day"]),
                "start": _clock(s["start"]),
                "end": _clock(s["end"]),
                "overtime": s["overtime"],
            }
            for p in providers
            for s in p["sessions"]
        ],
        "pools": [
            {"pool": q["id"], "site": q["site"], "kind": q["kind"], "capacity": q["capacity"]}
            for q in instance["pools"]
        ],
        "pool_closures": [
            {"pool": q["id"], "date": date(day), "start": _clock(start), "end": _clock(end)}
            for q in instance["pools"]
            for day, start, end in q["closed"]
        ],
    }
    return {name: pd.DataFrame(table) for name, table in rows.items() if table}


def _request(request: Instance, visit_type: str, date: Any) -> dict[str, Any]:
    after = request["after"] or {"request": None, "min_days": None, "max_days": None}
    own = [name for name, cost in request["providers"] if cost == 0]
    return {
        "request": request["id"],
        "patient": request["patient"],
        "visit_type": visit_type,
        "ready": date(request["ready"]),
        "due": date(request["due"]),
        "urgency": request["urgency"],
        "priority": request["priority"],
        "provider": own[0],
        "providers": ";".join(name for name, _ in request["providers"]),
        "after": after["request"],
        "after_min_days": after["min_days"],
        "after_max_days": after["max_days"],
    }


def _windows(request: Instance, date: Any) -> list[dict[str, Any]]:
    """When the patient can come; a patient who never can gets a time on the day before the week."""
    windows = request["windows"] or [[-1, 0, 24 * 60]]
    return [
        {
            "patient": request["patient"],
            "request": request["id"],
            "date": date(day),
            "start": _clock(start),
            "end": _clock(end),
        }
        for day, start, end in windows
    ]
