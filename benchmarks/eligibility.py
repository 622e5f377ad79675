"""Coverage of a planned week: ``python -m benchmarks.eligibility [--patients N] [--seed N] [--time-limit SECONDS]``.

Makes a store with an invented office, plans its week, asks two simulated payers about every visit of the plan on the
day of the visit, takes their answers over, and plans again. The payers know which members are covered until when; the
office learns it from their 271s alone. Prints one JSON line: seconds of asking and of taking over, inquiries by whether
they ask for the day of the visit, what was answered, and visits of both plans on days without coverage.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import schedopt
from benchmarks.insured import MONDAY, Payer, fill, member_id
from schedopt.interop.x12.inquiries import read_batch
from schedopt.interop.x12.tree import read
from schedopt.registry import Store, create_store

NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
_PATIENTS_OF_A_PROVIDER = 100


def main() -> None:
    """Ask, answer, plan again, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--time-limit", type=float, default=10, help="seconds to search, for each of both plans")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with create_store(str(folder / "office.db"), folder / "keys", actor="ada", clock=lambda: NOW) as store:
            print(json.dumps(measured(store, said.patients, said.seed, said.time_limit)), flush=True)


def measured(store: Store, patients: int, seed: int, time_limit: float) -> dict[str, Any]:
    """Make the office, and go through the week.

    Parameters
    ----------
    store : Store
        Empty; asked by its administrator.
    patients : int
        How many, with a visit each.
    seed : int
        Of who is covered until when.
    time_limit : float
        Seconds to search, for each of both plans.
    """
    fill(store, patients, max(1, -(-patients // _PATIENTS_OF_A_PROVIDER)))
    payer = Payer(ended(patients, seed))
    before = _days(store, time_limit)
    start = time.perf_counter()
    asking = store.ask_eligibility(MONDAY, MONDAY + dt.timedelta(days=6), visits=before)
    asked = time.perf_counter()
    answers = [payer.answer(content) for content in asking.files.values()]
    begun = time.perf_counter()
    told = [store.read_coverage(content) for content in answers]
    taken = time.perf_counter()
    outcomes = Counter(name for frame in told for name in frame["outcome"])
    days = dict(zip(asking.visits["inquiry"], asking.visits["date"], strict=True))
    right = Counter(days[name] == day for content in asking.files.values() for name, day in _asked_in(content))
    rows = store.rows("eligibility")
    after = _days(store, time_limit)
    return {
        "patients": patients, "visits_planned": len(before), "inquiries_for_the_visits_day": right[True],
        "inquiries_for_another_day": right[False], "ask_seconds": round(asked - start, 2),
        "take_over_seconds": round(taken - begun, 2), **{name.replace(" ", "_"): n for name, n in outcomes.items()},
        "active": int((rows["status"] == "active").sum()), "inactive": int((rows["status"] == "inactive").sum()),
        "active_with_an_end": int(((rows["status"] == "active") & (rows["valid_until"] != "")).sum()),
        "uncovered_visits_before": len(uncovered(before, payer)), "visits_planned_after": len(after),
        "uncovered_visits_after": len(uncovered(after, payer)),
    }  # fmt: skip


def ended(patients: int, seed: int) -> dict[str, dt.date | None]:
    """By member's number, who is covered until a day of around the week, and who not at all; others are covered."""
    rng = random.Random(seed)
    found: dict[str, dt.date | None] = {}
    for number in range(patients):
        chance = rng.random()
        if chance < 0.08:
            found[member_id(number)] = None
        elif chance < 0.25:
            found[member_id(number)] = MONDAY + dt.timedelta(days=rng.randrange(-20, 8))
    return found


def uncovered(days: Mapping[str, dt.date], payer: Payer) -> list[str]:
    """Requests with a visit on a day on which the patient is not covered, by what the payer knows."""
    wrong = []
    for request, day in days.items():
        number = member_id(int(request[1:]))
        last = payer.ended.get(number)
        if number in payer.ended and (last is None or day > last):
            wrong.append(request)
    return wrong


def _days(store: Store, time_limit: float) -> dict[str, dt.date]:
    """Days of the visits of a new plan, by request."""
    made = schedopt.plan(store.problem(MONDAY, NOW), time_limit=time_limit, seed=1, workers=1, progress=False)
    return dict(zip(made.schedule["request"], made.schedule["date"], strict=True))


def _asked_in(content: bytes) -> list[tuple[str, dt.date | None]]:
    batches = (read_batch(transaction) for transaction in read(content).transactions)
    return [(one.trace.number, one.day) for batch in batches if batch is not None for one in batch.inquiries]


if __name__ == "__main__":
    main()
