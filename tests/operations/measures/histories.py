"""Random histories of an office, as rows of plain values and as the frames that measures take."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import numpy as np
import pandas as pd

from schedopt.operations.measures.events import COLUMNS, events
from schedopt.operations.measures.measure import (
    CLAIMS,
    PATIENTS,
    PLACES,
    RECEIVABLES,
    SESSIONS,
    Evidence,
    frame,
)

FIRST, LAST = dt.date(2026, 3, 2), dt.date(2026, 3, 29)
HOLIDAY = dt.date(2026, 3, 11)
PROVIDERS, SITES = ("DR1", "DR2", "DR3"), ("MAIN", "WEST")
TYPES = {"check-up": "primary", "therapy": "behavioral", "imaging": "specialty", "other": ""}
STATUSES = ("booked", "arrived", "checked-in", "fulfilled", "fulfilled", "fulfilled", "no-show", "cancelled",
            "cancelled", "waitlist", "entered-in-error", "pending")  # fmt: skip
Row = dict[str, Any]


def moment(day: dt.date, minutes: float) -> dt.datetime:
    """Some minutes after midnight of a day, in UTC."""
    return dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(minutes=minutes)


def booking(rng: random.Random, number: int) -> Row:
    """A booking, with moments that its status may have; some are not known."""
    long, dense, all_days = rng.choice([(-400, 30), (-359, -358), (-542, -541)]), (2, 3), (-2, 29)
    day = FIRST + dt.timedelta(days=rng.randint(*rng.choice([long, dense, dense, all_days, all_days])))
    start, status = rng.randrange(8 * 60, 10 * 60, 10), rng.choice(STATUSES)
    booked = moment(day - dt.timedelta(days=rng.choice([0, 1, 2, 9, 13, 14, 15, 16, 20, 21, 22, 23, 43, 44])), 200)
    row: Row = {
        "booking": f"b{number}", "request": f"R{rng.randint(0, 30)}" if rng.random() < 0.8 else "",
        "patient": f"N{rng.randint(0, 9)}", "provider": rng.choice(PROVIDERS), "site": rng.choice(SITES),
        "visit_type": rng.choice([*TYPES]), "new": rng.random() < 0.4, "status": status, "date": day,
        "start": f"{start // 60:02}:{start % 60:02}", "minutes": rng.choice([10, 20, 30, 60]),
        "starts_at": moment(day, start), "booked_on": booked.date() if rng.random() < 0.9 else None,
        "ready": day - dt.timedelta(days=rng.randint(-1, 20)) if rng.random() < 0.4 else None,
        "placed_at": moment(day, start - rng.choice([10, 500, 3000, 9000])),
    }  # fmt: skip
    if status == "cancelled":
        row["cancelled_at"] = moment(day, start + rng.choice([-6000, -1441, -1440, -1439, -300, -1, 0, 30]))
    if status in ("arrived", "checked-in", "fulfilled"):
        row["arrived_at"] = moment(day, start - rng.randint(0, 20)) if rng.random() < 0.9 else None
    if status in ("checked-in", "fulfilled") and rng.random() < 0.7:
        row["checked_in_at"] = moment(day, start - rng.randint(-5, 5))
    if status == "fulfilled":
        row["fulfilled_at"] = moment(day, start + rng.choice([15, 40, 200, 719, 720, 721, 2000]))
    return row


def history(seed: int, bookings: int = 70) -> tuple[Evidence, dict[str, list[Row]]]:
    """What is known of a random office, and the same as rows."""
    rng = random.Random(seed)
    days = [FIRST + dt.timedelta(days=number) for number in range(-1, 30)]
    told: dict[str, list[Row]] = {
        "events": [booking(rng, number) for number in range(bookings)],
        "sessions": [
            {"provider": who, "site": rng.choice(SITES), "date": day, "open_minutes": float(rng.choice([60, 120, 240])),
             "ends_at": moment(day, 60 * rng.randint(9, 11))}
            for day in days for who in PROVIDERS for _ in range(rng.randint(0, 2))
        ],
        "places": [
            {"asked": day, "provider": who, "visit_type": kind, "days": float(rng.randint(0, 40)), "beyond": False}
            for day in days[::7] for who in PROVIDERS for kind in list(TYPES)[:2]
        ],
        "patients": [
            {"patient": f"N{number}", "own_provider": rng.choice(["", *PROVIDERS])} for number in range(8)
        ],
        "claims": [
            {"claim": f"C{number}", "provider": rng.choice(PROVIDERS), "decided_on": rng.choice(days),
             "denied": rng.random() < 0.3}
            for number in range(20)
        ],
        "receivables": [
            {"date": day, "receivable": rng.randint(0, 9_000) / 10, "charged": rng.choice([0.0, 45.0]), "days": 90.0}
            for day in days[::7]
        ],
    }  # fmt: skip
    kinds = {"sessions": SESSIONS, "places": PLACES, "patients": PATIENTS, "claims": CLAIMS, "receivables": RECEIVABLES}
    frames = {name: frame(kinds[name], columns(told[name], kinds[name])) for name in kinds}
    made = events(columns(told["events"], COLUMNS), bookings)
    care = {kind: care for kind, care in TYPES.items() if care}
    return Evidence(made, FIRST, LAST, **frames, care=care, holidays=np.array([HOLIDAY], "datetime64[D]")), told


def columns(rows: list[Row], kinds: Any) -> dict[str, Any]:
    """Rows as columns; what a row does not say is missing."""
    nothing = {"str": "", "bool": False, "int64": 0, "float64": np.nan}
    return {name: [row.get(name, nothing.get(kind, pd.NaT)) for row in rows] for name, kind in kinds.items()}
