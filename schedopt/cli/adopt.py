"""``schedopt adopt``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import schedopt
from schedopt.cli.offices import Actor, first_day_of, read_office_of
from schedopt.cli.planned import OUT, PLAN, make_way, read_said
from schedopt.cli.speech import OfficeFolder, say, speaks_plainly
from schedopt.cli.tables import text_table
from schedopt.models.problem.names import PROMISES


@speaks_plainly
def adopt(office: OfficeFolder, plan: Annotated[Path, PLAN], out: Annotated[Path, OUT], actor: Actor = None) -> None:
    """Take a plan's schedule.csv as it is, edited by hand, for the plan, if it breaks no rule.

    All other commands refuse a schedule that was cut or edited. What has happened to the plan holds on. Nothing is
    proved about the new plan's cost, which is counted in points.

    Exit status: 0 adopted; 1 the schedule breaks rules (they are listed), nothing is written; 2 the office's data or
    the plan cannot be read, nothing is written.
    """
    make_way(out)
    read = read_said(read_office_of(office, first_day_of(plan), actor), plan, adopt=True)
    breaches = schedopt.check(read.plan.problem, read.plan.assignment).breaches
    wrong = [table for table in (read.found, breaches[breaches["rule"] != PROMISES]) if len(table)]
    if wrong:
        say("Nothing is written: the schedule breaks rules.", error=True)
        for table in wrong:
            say(text_table(table, {"request": "request", "rule": "rule", "detail": "what is wrong"}), error=True)
        raise typer.Exit(1)
    schedopt.write_plan(read.plan, out)
    say(f"Adopted: {len(read.plan.schedule):,} visits, {read.plan.cost:,} points")
