"""``schedopt check``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import schedopt
from schedopt.cli.offices import Actor, read_office_of
from schedopt.cli.planned import NOW, RECORD, SCHEDULE, expect_apart, read_said
from schedopt.cli.speech import OfficeFolder, long_date, parse_week, say, speaks_plainly
from schedopt.cli.tables import text_table
from schedopt.errors import Fault, InputError, OutputError
from schedopt.models.problem.names import SESSION_HOURS
from schedopt.writing import try_files, write_files

if TYPE_CHECKING:
    import pandas as pd


@speaks_plainly
def check(
    office: OfficeFolder,
    schedule: Annotated[
        Path,
        typer.Argument(
            metavar="SCHEDULE",
            help="CSV file with a visit in each row: request, provider, date (2026-11-30), start (HH:MM, when the "
            "provider begins) and, for visits of several steps, steps (HH:MM;HH:MM, when each begins). Other columns "
            "do not matter. Or the folder of a plan.",
        ),
    ],
    week: Annotated[
        dt.date | None,
        typer.Option(
            parser=parse_week, metavar="DATE",
            help="First day of the week, as 2026-11-30. Without it: the week of the plan beside the file, or else the "
            "Monday on or before the earliest date in the file.",
        ),
    ] = None,
    now: Annotated[dt.datetime | None, NOW] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write what is wrong to this CSV file.")
    ] = None,
    actor: Actor = None,
) -> None:  # fmt: skip
    """Check any schedule against the office's rules.

    Nothing is planned or changed. Cost is counted in points; the weights in office.toml say how many each thing costs.

    Exit status: 0 nothing is wrong; 1 the schedule breaks rules (they are listed); 2 the office's data, the schedule
    or the command cannot be read (the errors are listed).
    """
    from schedopt.interop.cells import to_csv

    file = schedule / SCHEDULE if schedule.is_dir() else schedule
    if out is not None and out.resolve() == file.resolve():
        raise OutputError(f"{out}: expected another file than the schedule itself")
    if out is not None:
        expect_apart(out)
        try_files([out])
    read = read_office_of(office, lambda: week or _first_day(file)[0], actor)
    problem, placed, found = _read(read, file, week, now)
    audit = schedopt.check(problem, placed)
    breaches = _all_breaches(problem, found, audit.breaches)
    if out is not None:
        write_files({out: to_csv(breaches).encode()})
    _tell(problem, len(placed.placed), breaches, audit)
    if len(breaches):
        raise typer.Exit(1)


def _read(
    office: schedopt.Office, file: Path, week: dt.date | None, now: dt.datetime | None
) -> tuple[schedopt.Problem, schedopt.Schedule, pd.DataFrame]:
    """The problem that a schedule is of, the schedule, and what of it no schedule can hold.

    That of a plan's folder is of the plan's problem, with all that has happened to it. The week is said where the user
    does not say it. At a moment of asking, the visits that were written with a plan stand already.
    """
    from schedopt.folders import read_record
    from schedopt.models.problem.carry import carry_visits
    from schedopt.models.problem.notice import noticed

    if week is None:
        first, why = _first_day(file)
        _say_week(first, why)
    else:
        first = week
    if _is_planned(file) and (record := read_record(file.parent)).first == first:
        read = read_said(office, file.parent, adopt=True)
        problem = read.plan.problem
        written = None if now is None else carry_visits(record.visits, problem).schedule
        return noticed(problem, written, now), read.plan.assignment, read.found
    problem = schedopt.assemble(office, first, now)
    return problem, *schedopt.read_schedule(problem, file)


def _is_planned(file: Path) -> bool:
    """Whether a schedule is that of a plan's folder."""
    return file.name == SCHEDULE and (file.parent / RECORD).is_file()


def _first_day(file: Path) -> tuple[dt.date, str]:
    """The first day to check a schedule for, where the user does not say it, and why that one."""
    from schedopt.folders import read_record
    from schedopt.office import schedule_dates

    if _is_planned(file):
        return read_record(file.parent).first, f"as {RECORD} says"
    dates = schedule_dates(file)
    if not dates:
        raise InputError([Fault(file.name, None, "date", None, "expected a visit, or --week to say which week")])
    return dates[0] - dt.timedelta(days=dates[0].weekday()), f"from the earliest date in {file.name}"


def _say_week(first: dt.date, why: str) -> None:
    say(f"Week from {long_date(first)} on, {why}.", error=True)


def _all_breaches(problem: schedopt.Problem, found: pd.DataFrame, audited: pd.DataFrame) -> pd.DataFrame:
    """Both tables as one, by request; what reading has said about session hours need not be said twice."""
    import pandas as pd

    known = set(found.loc[found["rule"] == SESSION_HOURS, "request"])
    again = (audited["rule"] == SESSION_HOURS) & audited["request"].isin(known)
    both = pd.concat([found, audited[~again]], ignore_index=True)
    return both.sort_values("request", key=lambda ids: ids.map(problem.week.request_code), kind="stable")


def _tell(problem: schedopt.Problem, visits: int, breaches: pd.DataFrame, audit: schedopt.Audit) -> None:
    requested = len(problem.week.requests)
    say(f"{problem.office_name}, {problem.calendar.num_days} days from {long_date(problem.calendar.first)}")
    say(f"Visits: {visits:,} of {requested:,} requested, {requested - visits:,} left out")
    if later := len(problem.week.requests.not_due):
        say(f"Not due yet: {later:,} more, due only after these days")
    if len(breaches):
        say(f"Breaches: {len(breaches):,}, requests with any: {breaches['request'].nunique():,}\n")
        say(text_table(breaches, {"request": "request", "rule": "rule", "detail": "what is wrong"}))
    else:
        say("Breaches: none")
    headings = {"part": "part", "points": "points", "quantity": "quantity", "unit": "unit"}
    say(f"\nCost: {audit.cost:,} points\n\n{text_table(audit.costs, headings)}")
