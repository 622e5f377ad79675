"""``schedopt plan``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

import schedopt
from schedopt.cli.offices import Actor, is_store, read_office_of
from schedopt.cli.planned import NOW, make_way, read_planned
from schedopt.cli.speech import OfficeFolder, finite, parse_week, say, speaks_plainly
from schedopt.cli.tables import text_table
from schedopt.cli.timed import timed

Week = Annotated[
    dt.date, typer.Option(parser=parse_week, metavar="DATE", help="First day to plan, as 2026-11-30; usually a Monday.")
]
Out = Annotated[
    Path, typer.Option(metavar="DIR", help="Folder to write the plan into; an earlier plan in it is replaced.")
]
TimeLimit = Annotated[
    float, typer.Option(min=0.1, max=86_400, callback=finite, metavar="SECONDS", help="Seconds to search for at most.")
]
Workers = Annotated[int, typer.Option(min=1, max=64, metavar="NUMBER", help="Processor cores to use.")]
Seed = Annotated[
    int, typer.Option(min=0, max=2**31 - 1, metavar="NUMBER", help="Another number makes other random choices.")
]
Deterministic = Annotated[
    bool,
    typer.Option(
        "--deterministic",
        help="Count work instead of seconds, so that the same command gives the same plan again. SECONDS are then only "
        "about what it takes.",
    ),
]
Start = Annotated[
    Path | None,
    typer.Option(
        metavar="SCHEDULE",
        help="Where to start: a schedule of these days as 'schedopt check' takes it, whole or half made, good or bad, "
        "or the folder of a plan, whose cancellations, absences and closures then hold here too. The new plan costs no "
        "more than what of it keeps every rule.",
    ),
]
Timing = Annotated[
    bool,
    typer.Option(
        "--timing",
        help="Then set start times within sessions against overruns, lateness and no-shows, at the costs of [timing] "
        "in office.toml; appointments may become shorter than visits are expected to be.",
    ),
]
Order = Annotated[
    bool,
    typer.Option(
        "--order",
        help="With --timing: change the order within sessions too, and exchange visits between sessions, where that "
        "saves more minutes than it adds points.",
    ),
]
Overbook = Annotated[
    bool,
    typer.Option(
        "--overbook",
        help="With --order: book requests that were left out beyond what fits, where nobody then waits long too often.",
    ),
]
Past = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="For --timing: CSV file of past visits, to learn from how long visits take (and are planned to take), who "
        "comes and how punctually; docs/history.md lists its columns. Without it: assumptions, as 'schedopt simulate' "
        "says them.",
    ),
]
Names = Annotated[
    bool, typer.Option("--names", help="Show patients' names, not only ids, in the report and the calendars.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing unless something is wrong.")]


@speaks_plainly
def plan(
    office: OfficeFolder, week: Week, out: Out, now: Annotated[dt.datetime | None, NOW] = None,
    time_limit: TimeLimit = 60.0, workers: Workers = 2, seed: Seed = 1, deterministic: Deterministic = False,
    start: Start = None, timing: Timing = False, order: Order = False, overbook: Overbook = False,
    history: Past = None, names: Names = False, quiet: Quiet = False, actor: Actor = None,
) -> None:  # fmt: skip
    """Plan a week of an office into a folder.

    The folder gets report.html to look at, schedule.csv (visits), left_out.csv (requests left out, and why), costs.csv,
    plan.json (how it was planned) and a calendar for each provider. Ctrl-C stops the search early and keeps the best
    schedule so far.

    Exit status: 0 planned; 1 planned, but some promised appointments cannot be kept (they are listed); 2 the office's
    data or the command has errors (they are listed), nothing is written; 130 stopped with Ctrl-C before there was a
    plan.
    """
    _expect(timing=timing, order=order, overbook=overbook, history=history)
    if names and is_store(office):
        raise typer.BadParameter("expected a folder's office: planning from a store knows no names")
    read = read_office_of(office, lambda: week, actor)
    past = None if history is None else schedopt.read_history(history)
    problem = _assembled(read, week, now, past)
    make_way(out)
    problem, given = _begun(read, problem, start)
    result = schedopt.plan(
        problem, time_limit, workers, seed, progress=not quiet, deterministic=deterministic, start=given
    )  # fmt: skip
    played = None
    if timing:
        result, played = timed(
            read, result, past, order=order, overbook=overbook, seed=seed, workers=workers, quiet=quiet
        )  # fmt: skip
    shown = {patient.patient: patient.name for patient in read.patients if patient.name} if names else None
    folder = schedopt.write_plan(result, out, names=shown, played=played)
    if not quiet:
        say(f"{schedopt.summary(result)}\nReport       {folder / 'report.html'}")
    if len(result.conflicts):
        headings = {"request": "request", "rule": "rule", "detail": "why it cannot be kept"}
        say(f"\nPromised appointments that cannot be kept:\n{text_table(result.conflicts, headings)}", error=True)
        say(f"What contradicts what: schedopt conflict {office} --week {week}", error=True)
        raise typer.Exit(1)


def _expect(*, timing: bool, order: bool, overbook: bool, history: Path | None) -> None:
    """Refuse options that would change nothing without others."""
    if history is not None and not timing:
        raise typer.BadParameter("expected --timing with it", param_hint="'--history'")
    if order and not timing:
        raise typer.BadParameter("expected --timing with it", param_hint="'--order'")
    if overbook and not order:
        raise typer.BadParameter("expected --order with it", param_hint="'--overbook'")


def _assembled(
    office: schedopt.Office, week: dt.date, now: dt.datetime | None, past: schedopt.History | None
) -> schedopt.Problem:
    """The week, in lengths that past visits show where there are any."""
    from schedopt.models.problem.lengths import with_lengths
    from schedopt.uncertainty.expected_lengths import expected_minutes

    problem = schedopt.assemble(office, week, now)
    return problem if past is None else with_lengths(problem, {}, expected_minutes(problem, past))


def _begun(
    office: schedopt.Office, problem: schedopt.Problem, start: Path | None
) -> tuple[schedopt.Problem, schedopt.Schedule | schedopt.Plan | None]:
    """The problem and where to start, if anywhere; what no schedule can hold of it is said.

    What has happened to a plan to start from has happened to the problem too. Where that is then the plan's own, the
    plan's bound holds for it.
    """
    from schedopt.models.problem.changes import again, compiled
    from schedopt.models.problem.lengths import lengths_of

    if start is None:
        return problem, None
    if start.is_dir():
        planned = read_planned(office, start)
        after, own = again(problem, planned.problem.changes), planned.problem
        alike = after.calendar == own.calendar and lengths_of(after) == lengths_of(own) and after.changes == own.changes
        alike = alike and (after.now, after.asked) == (own.now, own.asked)
        return (own if alike else compiled(after)), planned
    schedule, found = schedopt.read_schedule(problem, start)
    for row in found.itertuples():
        say(f"Note: {row.request} {row.detail}", error=True)
    return problem, schedule
