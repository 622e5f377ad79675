"""Plan one week of a real clinic, put together from public data that is not shipped.

    python -m benchmarks.real_week ../shared/data --week 2025-10-06 --time-limit 60 --workers 2 --seed 1 --out out/real

Three sources that have never met (their SOURCE.txt say where they come from and what may be done with them; nothing
of them is copied here, and what ``--out`` writes holds rows of them: keep it out of the repository):

- ``chinle_clinic_roster_2025``: who works which half day, leave and inpatient weeks of three departments.
- ``hangu_clinic_service_times``: how long visits take, new and returning patients, one physician in Guangzhou.
- ``kaggle_noshow_2016``: patients, ages, days of booking and of visit, public clinics in Vitória.

From the sources
    Shifts are the published half days minus leave requests and inpatient weeks (seven days from a Tuesday). The
    tables of leave (inpatient weeks among it) and closures (the rules files' holidays) go along, so that nobody is
    put back. Calls are not clinic time. Visits are whole patients with all their bookings of one week of the
    source, the last that is whole; bookings keep their weekday. Those of a patient on one day are wanted on one day
    (``same_day_as``). A patient is new when no earlier row carries the id: the source begins in April 2016, so this
    overstates new patients. Lengths are drawn from measured ones, apart for new and returning patients, rounded up
    to 5 minutes.

Read from the lead time (days from booking to visit), our reading
    0: wanted that day only: ready and due on it, urgency 5, priority 10. 1 to 7: wanted soon: ready on the day of
    booking (Monday where that was before), due on the day the source's clinic managed, urgency 2, priority 3.
    More: planned ahead, any day of the week will do: ready on Monday, never late, urgency 1, priority 1.
    Same-day wishes would not be known when the week is planned; here they stand for the room to keep for them.

Assumed, because no source has it
    Hours 08:00-12:00 and 13:00-17:00 (the source says morning and afternoon). Time zone America/Denver: Chinle is in
    Arizona, but on the Navajo Nation, which keeps daylight saving time. One site, as one building's departments are
    told apart by visit types: family practice sees all ages, internal medicine from 18, paediatrics to 17. A
    returning patient's own provider is drawn evenly from the department's clinic schedules of the month, also from
    those who are away this week. A birth date is half a year before the week, as many years as the age. Demand is
    ``--load`` times the minutes of each department's sessions.

Not modelled, because no source has it
    Patients' availability, rooms, insurers, promised appointments, overtime.

A seed gives the same office each time; the plan repeats only as far as schedopt's own limits allow.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

import schedopt
from benchmarks.realweek.assembly import RealWeek, real_week
from benchmarks.realweek.notes import notes_table
from benchmarks.realweek.show import plan_lines, problem_lines, week_lines
from schedopt.models.problem.plan import Plan
from schedopt.office import assemble, office_from_frames


def main(arguments: Sequence[str] | None = None) -> None:
    """Assemble, print, plan, print."""
    parser = _parser()
    args = parser.parse_args(arguments)
    try:
        real = real_week(args.data, args.week, args.seed, args.load)
    except ValueError as error:
        parser.error(str(error))
    _print(week_lines(real))
    office = office_from_frames(real.frames, real.settings)
    problem = assemble(office, real.week)
    _print(problem_lines(problem))
    if args.out is not None:
        write_office(real, args.out)
    if args.time_limit <= 0:
        return
    plan = schedopt.plan(problem, time_limit=args.time_limit, workers=args.workers, seed=args.seed)
    print()
    _print(plan_lines(plan))
    if args.out is not None:
        write_plan(plan, args.out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.real_week", description="Plan a real clinic's week.")
    parser.add_argument("data", type=Path, help="folder of the data sets")
    parser.add_argument("--week", type=dt.date.fromisoformat, default=dt.date(2025, 10, 6), help="a Monday")
    parser.add_argument("--load", type=float, default=1.05, help="minutes asked for over minutes of the sessions")
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds; 0: only assemble")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=None, help="folder for the office's and the plan's tables")
    return parser


def write_office(real: RealWeek, out: Path) -> None:
    """Write the office's folder ``out/office`` and the notes on the sources into ``out``."""
    folder = out / "office"
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in real.frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    settings = real.settings
    (folder / "office.toml").write_text(
        f'name = "{settings.name}"\ntime_zone = "{settings.time_zone}"\n'
        f"grid_minutes = {settings.grid_minutes}\ndays = {settings.days}\n",
        encoding="utf-8",
    )
    notes_table(real.notes).to_csv(out / "notes.csv", index=False)


def write_plan(plan: Plan, out: Path) -> None:
    """Write the plan's tables into ``out``."""
    for name in ("schedule", "left_out", "removed", "costs", "sessions", "trace"):
        getattr(plan, name).to_csv(out / f"{name}.csv", index=False)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


if __name__ == "__main__":
    main()
