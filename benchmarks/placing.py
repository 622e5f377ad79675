"""Points that maintenance and courses cost where they are placed, against the next free Monday.

    python -m benchmarks.placing --offices 20

Each invented office is planned; then a calibration and a check of its devices, a course for two providers at once and
one for a third are placed within the week, once where the plan loses fewest points and once on the next free Monday.
Losses are exact: the plan is repaired after all of them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time

import schedopt
from schedopt.example.frames import WEEK, example_frames, example_settings
from schedopt.models.problem.plan import Plan
from schedopt.operations.placing import Placed, Taken, Task, place, place_on_mondays


def tasks_of(plan: Plan) -> list[Task]:
    """Maintenance of devices that visits need, and courses for providers."""
    last = WEEK + dt.timedelta(days=4)
    found = []
    for number, pool in enumerate(pool for pool in plan.problem.week.pools.ids if not pool.endswith("nurse")):
        taken = (Taken(pool, 1, f"{pool}-1"),)
        found.append(Task(f"calibration {pool}", 60, WEEK, last, "calibration", pools=taken, who=("TECH-1",)))
        found.append(Task(f"check {pool}", 30 + 15 * number, WEEK, last, "check", pools=taken, who=("TECH-1",)))
    first, second, third, *_ = plan.problem.week.sessions.provider_ids
    found.append(Task("course for two", 60, WEEK, last, "course", providers=(first, second), who=("TRAINER",)))
    found.append(Task("course for one", 90, WEEK, last, "course", providers=(third,), who=("TRAINER",)))
    return found


def planned(seed: int, seconds: float) -> Plan:
    """A plan of an invented office."""
    frames = example_frames(providers=3, load=0.9, seed=seed)
    office = schedopt.office_from_frames(frames, example_settings())
    return schedopt.plan(schedopt.assemble(office, WEEK), seconds, progress=False, deterministic=True)


def total(plan: Plan, placed: Placed) -> int:
    """What the plan has lost after all placements."""
    return max(0, placed.plan.cost - plan.cost)


def main() -> None:
    """Print a line an office, and all of them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--offices", type=int, default=20)
    parser.add_argument("--first", type=int, default=1, help="seed of the first office")
    parser.add_argument("--seconds", type=float, default=10.0, help="of planning, for each office")
    parser.add_argument("--repair", type=float, default=0.3, help="seconds of counted work for one exact price")
    asked = parser.parse_args()
    print("| office | visits | tasks | points lost | next free Monday | ratio | without a place | seconds |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    ours = theirs = 0
    for seed in range(asked.first, asked.first + asked.offices):
        plan = planned(seed, asked.seconds)
        tasks, began = tasks_of(plan), time.monotonic()
        found = place(plan, tasks, time_limit=asked.repair, mondays=False)
        seconds = time.monotonic() - began
        mondays = place_on_mondays(plan, tasks, time_limit=asked.repair)
        mine, other = total(plan, found), total(plan, mondays)
        ours, theirs = ours + mine, theirs + other
        ratio = f"{mine / other:.2f}" if other else "–"
        missing = f"{len(found.unplaced)}, {len(mondays.unplaced)}"
        visits = len(plan.schedule)
        print(
            f"| {seed} | {visits} | {len(tasks)} | {mine:,} | {other:,} | {ratio} | {missing} | {seconds:.0f} |",
            flush=True,
        )
    print(f"| all | | | {ours:,} | {theirs:,} | {ours / theirs if theirs else 0:.2f} | | |")


if __name__ == "__main__":
    main()
