"""Every measure once more, by the words of docs/measures.md: booking by booking, in plain Python."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

import pandas as pd

from schedopt.operations.measures.weekly import weekly
from tests.operations.measures.histories import FIRST, HOLIDAY, LAST, TYPES, Row, history

Told = dict[str, list[Row]]
Counted = Iterator[tuple[dt.date, Row, float, float]]
"""Day, whose it is, and what is added to the two sums."""
Sums = dict[tuple[str, dt.date, str], tuple[float, float, float]]


def measured(row: Row) -> bool:
    """Whether a booking is one of the days measured."""
    return FIRST <= row["date"] <= LAST and row["status"] not in ("waitlist", "entered-in-error")


def waits(told: Told) -> Iterator[tuple[Row, dt.date]]:
    """Visits with the day since which their patient waits."""
    for row in told["events"]:
        if not measured(row) or row["status"] not in ("booked", "arrived", "checked-in", "fulfilled", "no-show"):
            continue
        same = [row] if not row["request"] else [one for one in told["events"] if one["request"] == row["request"]]
        booked = [one["booked_on"] for one in same if one["booked_on"]]
        if booked:
            since = max(min(booked), row["ready"] or dt.date.min)
            if since <= row["date"]:
                yield row, since


def access_wait(told: Told) -> Counted:
    for row, since in waits(told):
        yield row["date"], row, (row["date"] - since).days, 1


def new_patient_wait(told: Told) -> Counted:
    yield from (one for one in access_wait(told) if one[1]["new"])


def wait_standard(kind: str, most: int) -> Callable[[Told], Counted]:
    def count(told: Told) -> Counted:
        for row, since in waits(told):
            if TYPES[row["visit_type"]] == kind:
                days = [since + dt.timedelta(days=n) for n in range(1, (row["date"] - since).days + 1)]
                business = sum(day.weekday() < 5 and day != HOLIDAY for day in days)
                yield row["date"], row, float(business <= most), 1

    return count


def no_show(told: Told) -> Counted:
    for row in filter(measured, told["events"]):
        if row["status"] in ("arrived", "checked-in", "fulfilled", "no-show"):
            yield row["date"], row, float(row["status"] == "no-show"), 1


def no_show_late(told: Told) -> Counted:
    yield from no_show(told)
    for row in filter(measured, told["events"]):
        if row["status"] == "cancelled" and row["starts_at"] - row["cancelled_at"] < dt.timedelta(days=1):
            yield row["date"], row, 1, 1


def no_show_booked(told: Told) -> Counted:
    yield from no_show(told)
    for row in filter(measured, told["events"]):
        if row["status"] == "cancelled":
            yield row["date"], row, 0, 1


def minutes_of(row: Row) -> set[dt.datetime]:
    """Every minute that a booking has."""
    return {row["starts_at"] + dt.timedelta(minutes=number) for number in range(row["minutes"])}


def refilled(told: Told) -> Counted:
    for row in filter(measured, told["events"]):
        if row["status"] != "cancelled" or row["cancelled_at"] >= row["starts_at"]:
            continue
        taken = set[dt.datetime]()
        for other in told["events"]:
            held = other["status"] in ("booked", "arrived", "checked-in", "fulfilled", "no-show")
            if held and other["provider"] == row["provider"] and other["placed_at"] >= row["cancelled_at"]:
                taken |= minutes_of(other)
        yield row["date"], row, len(taken & minutes_of(row)), row["minutes"]


def cycle_time(told: Told) -> Counted:
    for row in filter(measured, told["events"]):
        begun = row.get("checked_in_at") or row.get("arrived_at")
        if row["status"] == "fulfilled" and begun:
            minutes = (row["fulfilled_at"] - begun).total_seconds() / 60
            if 0 <= minutes <= 720:
                yield row["date"], row, minutes, 1


def days_of(told: Told) -> Iterator[tuple[tuple[str, str, dt.date], list[Row], list[Row]]]:
    """Providers' days at sites, with sessions and bookings."""
    sessions = defaultdict[tuple[str, str, dt.date], list[Row]](list)
    for row in told["sessions"]:
        if FIRST <= row["date"] <= LAST:
            sessions[row["provider"], row["site"], row["date"]].append(row)
    for key, mine in sessions.items():
        yield key, mine, [e for e in told["events"] if measured(e) and (e["provider"], e["site"], e["date"]) == key]


def share(statuses: tuple[str, ...], past: bool) -> Callable[[Told], Counted]:
    def count(told: Told) -> Counted:
        known = ("arrived", "checked-in", "fulfilled", "no-show")
        last = max((e["date"] for e in told["events"] if measured(e) and e["status"] in known), default=dt.date.min)
        for (who, site, day), sessions, visits in days_of(told):
            if not past or day <= last:
                had = sum(e["minutes"] for e in visits if e["status"] in statuses)
                yield day, {"provider": who, "site": site}, had, sum(s["open_minutes"] for s in sessions)

    return count


def overtime(told: Told) -> Counted:
    for (who, site, day), sessions, visits in days_of(told):
        ends = max(s["ends_at"] for s in sessions)
        last = ends
        for row in visits:
            if row["status"] in ("booked", "arrived", "checked-in", "fulfilled"):
                done = row.get("fulfilled_at")
                if done is None or not dt.timedelta(0) <= done - row["starts_at"] <= dt.timedelta(hours=12):
                    done = row["starts_at"] + dt.timedelta(minutes=row["minutes"])
                last = max(last, done)
        yield day, {"provider": who, "site": site}, (last - ends).total_seconds() / 60, 1


def sundays() -> list[dt.date]:
    return [FIRST + dt.timedelta(days=6 + 7 * week) for week in range(4)]


def continuity(index: Callable[[list[str]], float]) -> Callable[[Told], Counted]:
    def count(told: Told) -> Counted:
        for end in sundays():
            seen = defaultdict[str, list[Row]](list)
            for row in sorted(told["events"], key=lambda e: (e["date"], e["starts_at"], e["booking"])):
                if row["status"] == "fulfilled" and end - dt.timedelta(days=365) < row["date"] <= end:
                    seen[row["patient"]].append(row)
            for patient, rows in seen.items():
                if len(rows) > 1:
                    yield end, {"patient": patient}, index([row["provider"] for row in rows]), 1

    return count


def upc(providers: list[str]) -> float:
    return Counter(providers).most_common(1)[0][1] / len(providers)


def coc(providers: list[str]) -> float:
    pairs = [(a, b) for place, a in enumerate(providers) for b in providers[place + 1 :]]
    return sum(a == b for a, b in pairs) / len(pairs)


def secon(providers: list[str]) -> float:
    return sum(a == b for a, b in pairwise(providers)) / (len(providers) - 1)


def active(told: Told, end: dt.date) -> dict[str, str]:
    """Patients of the office at a day, with whom they belong to."""
    own = {row["patient"]: row["own_provider"] for row in told["patients"]}
    return {
        row["patient"]: own.get(row["patient"], "")
        for row in told["events"]
        if row["status"] == "fulfilled" and end - dt.timedelta(days=548) < row["date"] <= end
    }


def panel_size(told: Told) -> Counted:
    for end in sundays():
        for who, many in Counter(who for who in active(told, end).values() if who).items():
            yield end, {"provider": who}, many, 1


def unattached(told: Told) -> Counted:
    for end in sundays():
        for patient, who in active(told, end).items():
            yield end, {"patient": patient}, float(not who), 1


def third_next(told: Told) -> Counted:
    yield from ((row["asked"], row, row["days"], 1) for row in told["places"] if FIRST <= row["asked"] <= LAST)


def denials(told: Told) -> Counted:
    for row in told["claims"]:
        if FIRST <= row["decided_on"] <= LAST:
            yield row["decided_on"], {"provider": row["provider"]}, float(row["denied"]), 1


def receivables(told: Told) -> Counted:
    for row in told["receivables"]:
        if FIRST <= row["date"] <= LAST and row["charged"]:
            yield row["date"], {}, row["receivable"], row["charged"] / row["days"]


HELD = ("booked", "arrived", "checked-in", "fulfilled", "no-show")
REFERENCE: dict[str, tuple[Callable[[Told], Counted], float]] = {
    "third_next_available": (third_next, 1), "new_patient_wait": (new_patient_wait, 1), "access_wait": (access_wait, 1),
    "wait_standard_behavioral": (wait_standard("behavioral", 10), 100),
    "wait_standard_primary": (wait_standard("primary", 15), 100),
    "wait_standard_specialty": (wait_standard("specialty", 30), 100), "no_show": (no_show, 100),
    "no_show_with_late_cancellations": (no_show_late, 100), "no_show_per_booked": (no_show_booked, 100),
    "cancellations_refilled": (refilled, 100), "cycle_time": (cycle_time, 1), "fill": (share(HELD, False), 100),
    "utilisation": (share(("arrived", "checked-in", "fulfilled"), True), 100), "overtime": (overtime, 1),
    "continuity_upc": (continuity(upc), 1), "continuity_coc": (continuity(coc), 1),
    "continuity_secon": (continuity(secon), 1), "panel_size": (panel_size, 1), "unattached": (unattached, 100),
    "denials": (denials, 100), "days_receivable": (receivables, 1),
}  # fmt: skip


def expected(told: Told, by: str) -> Sums:
    """Numerator, denominator and value by measure, week and group."""
    found: Sums = {}
    for name, (count, scale) in REFERENCE.items():
        for day, whose, numerator, denominator in count(told):
            group = whose.get(by, "") if by else ""
            if by and not group:
                continue
            key = name, day - dt.timedelta(days=day.weekday()), group
            above, below, _ = found.get(key, (0.0, 0.0, 0.0))
            above, below = above + numerator, below + denominator
            found[key] = above, below, scale * above / below
    return found


def told_by(table: pd.DataFrame) -> Sums:
    """The same of a table of measures."""
    return {
        (row["measure"], row["week"].date(), row["group"]): (row["numerator"], row["denominator"], row["value"])
        for row in table.to_dict("records")
    }


def differences(seed: int, by: str) -> list[object]:
    """Where measures and reference differ."""
    evidence, told = history(seed)
    ours, theirs = told_by(weekly(evidence, by=by)), expected(told, by)
    if by == "provider":  # to whom a patient belongs is tested apart
        ours, theirs = ({k: v for k, v in one.items() if "continuity" not in k[0]} for one in (ours, theirs))
    return [
        (key, ours.get(key), theirs.get(key))
        for key in sorted({*ours, *theirs})
        if key not in ours or key not in theirs or not all(map(math.isclose, ours[key], theirs[key]))
    ]
