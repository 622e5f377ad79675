"""``schedopt simulate``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import schedopt
from schedopt.cli.offices import Actor, first_day_of, read_office_of
from schedopt.cli.planned import PLAN, read_planned
from schedopt.cli.simulated_folder import KEYS, RECORD, TABLES, check_place, write_simulation
from schedopt.cli.speech import OfficeFolder, long_date, say, speaks_plainly
from schedopt.cli.tables import text_table
from schedopt.cli.uncertain import shown_progress, uncertainty_of
from schedopt.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

_HEADINGS = {
    "visits": "visits", "waiting_minutes": "wait, min", "waiting_half": "± min", "p90_minutes": "9 in 10 within, min",
    "over_15_share": "over 15 min, %", "over_30_share": "over 30 min, %",
}  # fmt: skip
_TIME = {"idle_minutes": "idle, min", "overtime_minutes": "overtime, min", "utilisation": "utilisation, %"}


@speaks_plainly
def simulate(
    office: OfficeFolder,
    plan: Annotated[Path, PLAN],
    history: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="CSV file of past visits, to learn from how long visits take, who comes and how punctually; "
            "docs/history.md lists its columns. Without it: assumptions, which are said.",
        ),
    ] = None,
    replications: Annotated[
        int, typer.Option(min=2, max=1_000_000, metavar="NUMBER", help="How many weeks to play.")
    ] = 1000,
    seed: Annotated[
        int, typer.Option(min=0, max=2**31 - 1, metavar="NUMBER", help="Another number makes other random weeks.")
    ] = 7,
    groups: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Also show waiting by this column of patients.csv, such as language."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder to write all tables into, as CSV; an earlier simulation is replaced."),
    ] = None,
    actor: Actor = None,
) -> None:  # fmt: skip
    """Play a planned week many times: how long patients wait in the office, and providers idle or over time.

    In every replication visits take longer or shorter than planned, patients are late or do not come, and what overruns
    delays what follows. Minutes are means; ± is half of a 95 % confidence interval. docs/simulation.md says who is seen
    when.

    Exit status: 0 simulated; 2 the office's data, the plan, the history or the command cannot be used, nothing is
    written.
    """
    if out is not None:
        check_place(out)
    read = read_office_of(office, first_day_of(plan), actor)
    of_patient = None if groups is None else _groups(read, groups)
    past = None if history is None else schedopt.read_history(history)
    planned = read_planned(read, plan)
    uncertainty = uncertainty_of(read, planned, past)
    with shown_progress("weeks played") as progress:
        found = schedopt.simulate(planned, uncertainty, replications, seed, groups=of_patient, progress=progress)
    _tell(planned, found, groups)
    if out is not None:
        write_simulation(out, _files(planned, found))
        say(f"\nTables       {out}")


def _groups(office: schedopt.Office, column: str) -> dict[str, object]:
    """Group of each patient."""
    from schedopt.models.office import GROUP_COLUMNS
    from schedopt.models.words import meant, shown

    if column not in GROUP_COLUMNS:
        expected = f"expected a column of patients.csv that groups patients{meant(column, GROUP_COLUMNS)}"
        raise InputError([Fault("--groups", None, None, shown(column), expected)])
    return {row.patient: getattr(row, column) for row in office.patients}


def _tell(plan: schedopt.Plan, found: schedopt.Simulated, groups: str | None) -> None:
    calendar, week = plan.problem.calendar, found.total.iloc[0]
    say(
        f"{plan.problem.office_name}, {calendar.num_days} days from {long_date(calendar.first)}, "
        f"played {found.replications:,} times"
    )
    for name, words in found.origin.items():
        say(f"{name.capitalize():<13}{words}")
    if week["waiting_minutes"] >= 0:  # not NaN: somebody came
        say(f"Waiting      {_minutes(week, 'waiting')} a visit; 9 in 10 wait at most {week['p90_minutes']:.1f} minutes")
        over = (f"{100 * week[f'over_{limit}_share']:.1f} % over {limit} minutes" for limit in (15, 30))
        say(f"Long waits   {', '.join(over)}")
    say(f"Idle         {_minutes(week, 'idle')} a week, all providers together")
    say(f"Overtime     {_minutes(week, 'overtime')} a week, all providers together")
    say(f"Utilisation  {100 * week['utilisation']:.1f} % of session hours")
    if week["not_served"]:
        say(f"Not served   {week['not_served']:.1f} visits a week: a pool was closed for the rest of the day")
    say(f"\n{text_table(_shown(found.providers), {'provider': 'provider', **_HEADINGS, **_TIME})}")
    if len(found.visit_types):
        say(f"\n{text_table(_shown(found.visit_types), {'visit_type': 'visit type', **_HEADINGS})}")
    if len(found.groups):
        say(f"\n{text_table(_shown(found.groups), {'group': groups or 'group', **_HEADINGS})}")


def _minutes(week: pd.Series, name: str) -> str:
    return f"{week[f'{name}_minutes']:,.1f} ± {week[f'{name}_half']:,.1f} minutes"


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    """Figures to one decimal, shares in percent."""
    figures: Mapping[str, pd.Series] = {
        name: (table[name] * (100 if name.endswith("_share") or name == "utilisation" else 1)).round(1)
        for name in (*_HEADINGS, *_TIME)
        if name in table and name != "visits"
    }
    return table.assign(**figures)


def _files(plan: schedopt.Plan, found: schedopt.Simulated) -> dict[str, bytes]:
    """Every file's content by its name."""
    from schedopt.interop.cells import to_csv

    said = (
        plan.problem.calendar.first.isoformat(), plan.problem.fingerprint, dict(found.origin), found.replications,
        found.seed,
    )  # fmt: skip
    record = dict(zip(KEYS, said, strict=True))
    files = {f"{table}.csv": to_csv(getattr(found, table).round(4)).encode() for table in TABLES}
    return files | {RECORD: (json.dumps(record, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()}
