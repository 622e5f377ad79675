"""Plans made by hand, for the tests of what a plan is written to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from schedopt.models.clock import format_time
from schedopt.models.problem.calendar import Calendar
from schedopt.models.problem.sessions import no_closures
from schedopt.models.problem.uses import SessionUse
from schedopt.models.problem.visits import Visit
from schedopt.models.tables.fields import parse_time

FIRST = dt.date(2026, 11, 30)
COLUMNS = {
    "schedule": "request patient visit_type provider site session date arrive start end depart steps promise promised "
    "cost",
    "left_out": "request patient visit_type priority cost sessions sessions_left promised cause reason proved "
    "nearest gives what change",
    "removed": "request rule source sessions reason",
    "costs": "part source points quantity unit",
    "sessions": "session provider site date start end visits seen_minutes idle_minutes overtime_minutes utilisation",
    "pools": "pool site kind date capacity used_minutes open_minutes utilisation",
    "conflicts": "request rule source detail",
    "trace": "seconds cost bound",
    "levels": "level parts points bound",
    "not_due": "request patient visit_type due_from reason",
}


def frame(table: str, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a table with the columns that the contract lists."""
    defaults = {"nearest": "", "gives": "", "what": "", "change": 0} if table == "left_out" else {}
    return pd.DataFrame([defaults | row for row in rows], columns=COLUMNS[table].split())


def visit(number: int, provider: str, date: dt.date, start: str, minutes: int, **changes: Any) -> dict[str, Any]:
    """One visit's row; keyword arguments change columns."""
    begin = parse_time(start)
    end = format_time(begin + minutes)
    row = {
        "request": f"R{number}", "patient": f"N{number}", "visit_type": "check-up", "provider": provider,
        "site": "MAIN", "session": f"{provider}/{date}", "date": date, "arrive": start, "start": start, "end": end,
        "depart": end, "steps": start, "promise": "", "cost": 10,
        "promised": "Mon 30 Nov 09:20, DR1" if changes.get("promise") else "",
    }  # fmt: skip
    return row | changes


def session(
    provider: str, date: dt.date, start: str, end: str, visits: Sequence[dict[str, Any]] = (), **changes: Any
) -> dict[str, Any]:
    """One session's row, its loads counted from the visits given."""
    length = parse_time(end) - parse_time(start)
    seen = sum(parse_time(row["end"]) - parse_time(row["start"]) for row in visits)
    over = max((parse_time(row["end"]) - parse_time(end) for row in visits), default=0)
    row = {
        "session": f"{provider}/{date}/{start}", "provider": provider, "site": "MAIN", "date": date, "start": start,
        "end": end, "visits": len(visits), "seen_minutes": seen, "idle_minutes": max(0, length - seen),
        "overtime_minutes": max(0, over), "utilisation": seen / length,
    }  # fmt: skip
    return row | changes


def typed_visit(row: dict[str, Any]) -> Visit:
    """A row as the value that pages and calendars are made of; its step with the provider lies between two others."""
    ids = (row[name] for name in ("request", "patient", "visit_type", "provider", "site", "session", "date"))
    arrive, start, end, depart = (parse_time(row[name]) for name in ("arrive", "start", "end", "depart"))
    steps, minutes = (arrive, start, end), (start - arrive, end - start, depart - end)
    return Visit(*ids, steps, minutes, 1, row["promise"], row["promised"], row["cost"])


def typed_session(row: dict[str, Any]) -> SessionUse:
    """A row as the value that pages are made of."""
    clock = {name: parse_time(row[name]) for name in ("start", "end")}
    return SessionUse(**{name: value for name, value in (row | clock).items() if name != "utilisation"})


def make_plan(
    visits: Sequence[dict[str, Any]] = (), sessions: Sequence[dict[str, Any]] = (), *, zone: str = "America/New_York",
    first: dt.date = FIRST, office_name: str = "Lakeside Family Practice", **changes: Any,
) -> Any:  # fmt: skip
    """A plan with these visits and sessions; keyword arguments replace attributes or, as lists of rows, tables."""
    tables = {table: frame(table, changes.pop(table, ())) for table in COLUMNS if table not in ("schedule", "sessions")}
    calendar = Calendar(first, changes.pop("num_days", 7), 5, ZoneInfo(zone))
    people = SimpleNamespace(provider_ids=(), site_ids=())
    week = SimpleNamespace(calendar=calendar, sessions=people, closures=changes.pop("closures", no_closures()))
    plan = {
        "problem": SimpleNamespace(calendar=calendar, office_name=office_name, changes=(), week=week),
        "assignment": None, "status": "feasible", "cost": 1046, "bound": 1000, "seconds": 61.04,
        "schedule": frame("schedule", visits), "sessions": frame("sessions", sessions),
        "visits": tuple(map(typed_visit, visits)), "session_uses": tuple(map(typed_session, sessions)),
        "record": {"seed": 1, "input_hash": "9f" * 32, "versions": {"schedopt": "0.1.0", "ortools": "9.15"},
                   "weights": {"idle": np.int64(1)}, "rules": ["network", "leave"]},
    } | tables | changes  # fmt: skip
    plan["gap"] = (plan["cost"] - plan["bound"]) / plan["cost"] if plan["cost"] else 0.0
    return SimpleNamespace(**plan)


SIMULATED = ["request", "patient", "visit_type", "provider", "site", "session", "date", "arrive", "start"]


def simulated(plan: Any, figures: Sequence[tuple[float, float]]) -> pd.DataFrame:
    """What a simulation says of a plan's visits: mean and nine-in-ten minutes of each, taken in turn."""
    mean, p90 = ([figures[place % len(figures)][which] for place in range(len(plan.schedule))] for which in (0, 1))
    return plan.schedule[SIMULATED].assign(came=0.92, waiting_minutes=mean, waiting_half=0.5, p90_minutes=p90)


TYPES = (("check-up", 20), ("follow-up", 10), ("new patient", 40), ("vaccination", 10), ("well-child visit", 30),
         ("ultrasound", 25))  # fmt: skip
REASONS = (
    ("network", "billing", "Her plan pays only at providers who are in its network; none has a session this week."),
    ("authorisation", "billing", "The authorisation begins on Mon 7 Dec, after the last day planned."),
    ("availability", "records", "Can come only in the evening; no session is open then."),
    ("pools", "rosters", "The ultrasound room is closed for maintenance on the days left."),
)


def _day(rng: np.random.Generator, provider: str, date: dt.date, spans: Sequence[tuple[str, str, str]], number: int,
         types: Sequence[tuple[str, int]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:  # fmt: skip
    visits, sessions = [], []
    for start, end, site in spans:
        inside, now = [], parse_time(start)
        while True:
            kind, minutes = types[rng.integers(len(types))]
            if now + minutes > parse_time(end) + (10 if rng.random() < 0.3 else 0):
                break
            promise = (["fixed"] * 4 + ["kept"] * 3 + ["moved"] + [""] * 24)[rng.integers(32)]
            early = 10 if kind in ("check-up", "ultrasound") else 0
            inside.append(
                visit(number + len(visits) + len(inside), provider, date, format_time(now), minutes, visit_type=kind,
                      site=site, promise=promise, arrive=format_time(now - early),
                      session=f"{provider}/{date}/{start}")
            )  # fmt: skip
            now += minutes + (0, 0, 0, 5, 5, 20)[rng.integers(6)]
        visits += inside
        sessions.append(session(provider, date, start, end, inside, site=site))
    return visits, sessions


def office_plan(
    num_providers: int = 6, *, seed: int = 7, num_left_out: int = 38, types: Sequence[tuple[str, int]] = TYPES,
    days: Sequence[int] = (0, 1, 2, 3, 4), **changes: Any,
) -> Any:  # fmt: skip
    """A week as an office has it: sessions with a lunch gap, two sites, promises, patients left out, pools."""
    rng = np.random.default_rng(seed)
    visits: list[dict[str, Any]] = []
    sessions: list[dict[str, Any]] = []
    for place in range(num_providers):
        provider = f"DR{place + 1}"
        for offset in days:
            if (place + offset) % 6 == 5:
                continue
            other = "NORTH" if place % 3 == 1 and offset % 2 else "MAIN"
            spans = [("08:00", "12:00", "MAIN"), ("13:00", "17:00", other)]
            if place % 4 == 3:
                spans = spans[offset % 2 :][:1]
            more = _day(rng, provider, FIRST + dt.timedelta(offset), spans, len(visits), types)
            visits += more[0]
            sessions += more[1]
    return make_plan(visits, sessions, **_rest(rng, visits, sessions, num_left_out), **changes)


def _left_out(rng: np.random.Generator, num_left_out: int, num_sessions: int) -> dict[str, Any]:
    left_out, removed = [], []
    for number in range(num_left_out):
        rule, source, words = REASONS[int(rng.integers(len(REASONS)))]
        crowded = rng.random() < 0.35
        left = int(rng.integers(1, 9)) if crowded else 0
        priority = int(rng.integers(1, 4))
        reason = "No room left: every session it could go to is taken by visits that cost more to leave out."
        left_out.append({
            "request": f"L{number}", "patient": f"P{number}", "visit_type": TYPES[number % len(TYPES)][0],
            "priority": priority, "cost": 400 * priority + number, "sessions": num_sessions, "sessions_left": left,
            "promised": "",
            "cause": reason if crowded else words, "reason": reason if crowded else words, "proved": not crowded,
        })  # fmt: skip
        removed.append({"request": f"L{number}", "rule": rule, "source": source, "sessions": num_sessions - left,
                        "reason": words})  # fmt: skip
    left_out.sort(key=lambda row: -row["cost"])
    return {"left_out": left_out, "removed": removed}


POOLS = (("MAIN", "exam", 5), ("MAIN", "ultrasound", 1), ("NORTH", "exam", 2), ("MAIN", "nurse", 2))


def _rest(
    rng: np.random.Generator, visits: list[dict[str, Any]], sessions: list[dict[str, Any]], num_left_out: int
) -> dict[str, Any]:
    tables = _left_out(rng, num_left_out, len(sessions))
    dates = sorted({row["date"] for row in sessions})
    pools = [
        {"pool": f"{site}-{kind}", "site": site, "kind": kind, "date": date, "capacity": capacity, "used_minutes": used,
         "open_minutes": 480 * capacity, "utilisation": used / (480 * capacity)}
        for site, kind, capacity in POOLS
        for date in dates
        for used in [int(480 * capacity * rng.uniform(0.2, 1))]
    ]  # fmt: skip
    idle = sum(row["idle_minutes"] for row in sessions)
    over = sum(row["overtime_minutes"] for row in sessions)
    moved = sum(row["promise"] == "moved" for row in visits)
    parts = [
        ("unscheduled", "records", sum(row["cost"] for row in tables["left_out"]), num_left_out, "visits"),
        ("access", "records", 10 * 2 * len(visits), 2 * len(visits) + 17, "days"),
        ("office_wait", "records", 212, 212, "minutes"),
        ("idle", "rosters", idle, idle, "minutes"),
        ("overtime", "rosters", 3 * over, over, "minutes"),
        ("moved", "records", 40 * moved, moved, "visits"),
        ("continuity", "records", 30 * 11, 11, "visits"),
    ]  # fmt: skip
    costs = [dict(zip(COLUMNS["costs"].split(), part, strict=True)) for part in parts]
    cost = sum(row["points"] for row in costs)
    return tables | {"costs": costs, "pools": pools, "cost": cost, "bound": round(cost * 0.957)}
