"""Invent a clinic's week as a weekbench instance; the same arguments give the same bytes.

    python -m benchmarks.generator --preset S --seed 1 > s.json

The format is stated in ``docs/benchmarks.md``. Providers have panels of patients, patients have habits, and visits come
from a catalogue; as many are asked for as fill the sessions ``load`` times.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

Row = dict[str, Any]

DAYS = ("2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04")
GRID = 5
OPENS, CLOSES = 7 * 60, 19 * 60
WEIGHTS = {
    "unscheduled": 400, "access": 10, "late": 50, "preference": 10, "office_wait": 1, "idle": 1, "overtime": 3,
    "moved": 40,
}  # fmt: skip
OTHER_PROVIDER = 30
"""Points for another provider than the patient's own."""
HALVES = (("early", 8 * 60, 12 * 60), ("late", 13 * 60, 16 * 60 + 30), ("evening", 15 * 60, 19 * 60))
"""Name, start and end of the stretches that sessions fill."""
URGENCIES = ((1, 1, 6), (2, 3, 3), (5, 10, 1))
"""Urgency, priority, and days from ready to due: routine, soon, urgent."""


@dataclass(frozen=True)
class Size:
    """How large a clinic is."""

    sites: int
    providers: int


PRESETS = {"S": Size(1, 4), "M": Size(2, 20), "L": Size(8, 90)}


@dataclass(frozen=True)
class Kind:
    """A line of the catalogue: how often it is asked for, its minutes, and what it needs.

    Attributes
    ----------
    share : int
        Relative frequency.
    minutes : int
        Of the provider step.
    before : tuple of (str, int, int), optional
        Kind of pool, minutes and longest wait of the step before.
    room : str, optional
        Kind of pool held during the provider step.
    """

    share: int
    minutes: int
    before: tuple[str, int, int] | None = None
    room: str | None = None


CATALOGUE = (
    Kind(24, 15),
    Kind(16, 20),
    Kind(14, 10),
    Kind(12, 30),
    Kind(12, 20, before=("helper", 10, 15)),
    Kind(7, 30, before=("helper", 5, 30)),
    Kind(6, 20, before=("scanner", 15, 45)),
    Kind(5, 40, room="treatment"),
    Kind(3, 60, before=("helper", 15, 15), room="treatment"),
    Kind(1, 45),
)
POOLS = (("helper", 0.5, False), ("scanner", 0.15, True), ("treatment", 0.25, True))
"""Kind, units a provider at the site, and whether it is now and then out of order."""


def make_instance(preset: str, seed: int, load: float = 1.05) -> Row:
    """An instance as JSON values.

    Parameters
    ----------
    preset : str
        One of :data:`PRESETS`.
    seed : int
        Another one gives another clinic of the same size.
    load : float
        Provider minutes asked for over session minutes.
    """
    size, rng = PRESETS[preset], Random(seed)
    homes = [number % size.sites for number in range(size.providers)]
    providers = [_provider(rng, number, home, size.sites) for number, home in enumerate(homes)]
    requests = _requests(rng, providers, homes, load)
    _promise(rng, providers, requests)
    pools = [pool for site in range(size.sites) for pool in _pools(rng, site, homes.count(site))]
    name = f"own-{preset}-load{load:g}-seed{seed}"
    return {
        "name": name, "grid": GRID, "days": list(DAYS), "weights": dict(WEIGHTS), "pools": pools,
        "providers": providers, "requests": requests,
    }  # fmt: skip


def _provider(rng: Random, number: int, home: int, sites: int) -> Row:
    """Two sessions on most days; one in eight days at another site, one in six without the second session."""
    sessions = []
    overtime = rng.choice((0, 0, 15, 30))
    for day in range(len(DAYS)):
        site = rng.randrange(sites) if rng.random() < 1 / 8 else home
        second = rng.choices((1, 2, None), (4, 1, 1))[0]
        for name, start, end in (HALVES[half] for half in (0, second) if half is not None):
            sessions.append({
                "id": f"D{number}-{day}-{name}", "site": f"C{site}", "day": day, "start": start, "end": end,
                "overtime": overtime,
            })  # fmt: skip
    return {"id": f"D{number}", "sessions": sessions}


def _pools(rng: Random, site: int, providers: int) -> Iterator[Row]:
    """One pool of every kind; devices and rooms are closed for two hours of one day at half the sites."""
    for kind, per_provider, fails in POOLS:
        closed = []
        if fails and rng.random() < 0.5:
            start = rng.choice((8 * 60, 10 * 60, 14 * 60))
            closed.append([rng.randrange(len(DAYS)), start, start + 120])
        capacity = max(1, round(per_provider * providers))
        yield {"id": f"C{site}-{kind}", "site": f"C{site}", "kind": kind, "capacity": capacity, "closed": closed}


def _requests(rng: Random, providers: Sequence[Row], homes: Sequence[int], load: float) -> list[Row]:
    """Patient after patient until the sessions are asked for often enough; one in 25 patients begins a series."""
    wanted = load * sum(session["end"] - session["start"] for p in providers for session in p["sessions"])
    requests: list[Row] = []
    patient = 0
    while wanted > 0:
        first = _request(rng, len(requests), f"P{patient}", _who(rng, providers, homes), _windows(rng))
        requests.append(first)
        wanted -= first["minutes"]
        if first["ready"] <= 1 and rng.random() < 0.04:
            second = _follow_up(rng, first, len(requests))
            requests.append(second)
            wanted -= second["minutes"]
        patient += 1
    return requests


def _request(rng: Random, number: int, patient: str, who: list[list[Any]], windows: list[list[int]]) -> Row:
    kind = rng.choices(CATALOGUE, [kind.share for kind in CATALOGUE])[0]
    urgency, priority, days = rng.choices(URGENCIES, (6, 3, 1))[0]
    ready = rng.choices(range(len(DAYS)), (60, 16, 10, 8, 6))[0]
    before = kind.before and dict(zip(("pool_kind", "minutes", "max_wait"), kind.before, strict=True))
    prefer = rng.choices((None, [OPENS, 12 * 60], [13 * 60, CLOSES]), (4, 3, 3))[0]
    return {
        "id": f"Q{number}", "patient": patient, "minutes": kind.minutes, "before": before, "room_kind": kind.room,
        "providers": who, "windows": windows, "prefer": prefer, "ready": ready, "due": ready + days,
        "urgency": urgency, "priority": priority, "booked": None, "after": None,
    }  # fmt: skip


def _follow_up(rng: Random, first: Row, number: int) -> Row:
    """A second visit of the same patient, one to three days after the first."""
    second = _request(rng, number, first["patient"], first["providers"], first["windows"])
    after = {"request": first["id"], "min_days": 1, "max_days": 3}
    return second | {"ready": first["ready"] + 1, "due": len(DAYS), "urgency": 1, "priority": 1, "after": after}


def _who(rng: Random, providers: Sequence[Row], homes: Sequence[int]) -> list[list[Any]]:
    """The patient's own provider, and up to three colleagues of the same site at a price."""
    own = rng.randrange(len(providers))
    colleagues = [number for number, home in enumerate(homes) if home == homes[own] and number != own]
    others = rng.sample(colleagues, min(len(colleagues), rng.randrange(4)))
    return [[providers[own]["id"], 0], *([providers[other]["id"], OTHER_PROVIDER] for other in others)]


def _windows(rng: Random) -> list[list[int]]:
    """A patient's habit: any time, mornings, afternoons, or two hours or more around work; never on some days."""
    habit = rng.choices(("any", "mornings", "afternoons", "short"), (5, 2, 2, 1))[0]
    windows = []
    for day in range(len(DAYS)):
        start, end = {"mornings": (OPENS, 12 * 60), "afternoons": (12 * 60, CLOSES)}.get(habit, (OPENS, CLOSES))
        if habit == "short":
            start = GRID * rng.randrange(OPENS // GRID, (CLOSES - 120) // GRID)
            end = min(CLOSES, start + GRID * rng.randrange(24, 49))
        if rng.random() < 0.75:
            windows.append([day, start, end])
    return windows


def _promise(rng: Random, providers: Sequence[Row], requests: Sequence[Row]) -> None:
    """Promise a fifth of the plain visits, from the start of their own provider's sessions on; a quarter as fixed."""
    sessions = {provider["id"]: provider["sessions"] for provider in providers}
    free = {session["id"]: session["start"] for own in sessions.values() for session in own}
    series = {request["patient"] for request in requests if request["after"]}
    for request in requests:
        if request["before"] or request["room_kind"] or request["patient"] in series or rng.random() > 0.2:
            continue
        own = request["providers"][0][0]
        fitting = [session for session in sessions[own] if _fits(request, session, free[session["id"]])]
        if fitting:
            session = rng.choice(fitting)
            start = free[session["id"]]
            free[session["id"]] = start + request["minutes"] + rng.choice((0, 0, GRID, 3 * GRID))
            fixed = rng.random() < 0.25
            request["booked"] = {"provider": own, "day": session["day"], "start": start, "fixed": fixed}


def _fits(request: Row, session: Row, start: int) -> bool:
    end = start + request["minutes"]
    inside = any(day == session["day"] and low <= start and end <= high for day, low, high in request["windows"])
    return inside and session["day"] >= request["ready"] and end <= session["end"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write an instance to standard output."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generator", description="Invent a clinic's week.")
    parser.add_argument("--preset", choices=PRESETS, default="S")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--load", type=float, default=1.05, help="minutes asked for over minutes of the sessions")
    args = parser.parse_args(arguments)
    json.dump(make_instance(args.preset, args.seed, args.load), sys.stdout)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
