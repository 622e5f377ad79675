"""``schedopt audit calendar`` and ``fulfil``: what is due, and that it was done."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import schedopt
from schedopt.cli.offices import Actor, is_store, opened
from schedopt.cli.operations.auditing import FOR
from schedopt.cli.planned import errors_of_input
from schedopt.cli.speech import OfficeFolder, parse_week, say, speaks_plainly
from schedopt.cli.store.told import OutFile, StorePlace, tell_table, try_out
from schedopt.errors import AccessDenied
from schedopt.writing import write_files

if TYPE_CHECKING:
    import pandas as pd

    from schedopt.operations.audits.due import Due
    from schedopt.registry import Store

_HEADINGS = {
    "due": "due", "state": "state", "days_left": "days left", "kind": "kind", "id": "id", "who": "who",
    "source": "source", "what": "what",
}  # fmt: skip
_DEFAULTS = {"obligation": "id", "every": "every", "basis": "basis", "source": "source", "what": "what"}
_YEAR = dt.timedelta(days=365)
Date = Annotated[dt.date | None, typer.Option(parser=parse_week, metavar="DATE", help="Such as 2026-11-30.")]


@speaks_plainly
def calendar(
    office: OfficeFolder,
    first: Annotated[
        dt.date | None,
        typer.Option(
            "--from", parser=parse_week, metavar="DATE", help="What was due before is overdue; by default today."
        ),
    ] = None,
    last: Annotated[
        dt.date | None, typer.Option("--to", parser=parse_week, metavar="DATE", help="By default 90 days later.")
    ] = None,
    records_years: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="YEARS", help="Of a store: also what of patients' records may be disposed of then."
        ),
    ] = None,
    defaults: Annotated[
        bool,
        typer.Option("--defaults", help="List what offices usually owe, as a table obligations.csv to begin with."),
    ] = False,
    out: OutFile = None,
    ics: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as an iCalendar file too.")] = None,
    page: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as a page (HTML) too.")] = None,
    actor: Actor = None,
) -> None:
    """List what is due by law, contract and the office's rules, and which credentials expire; what is overdue first.

    An office's own table obligations.csv says what it owes and when it was last done. Without it, what medical offices
    of the United States usually owe is listed, each with its source. A store knows what was done by 'schedopt audit
    fulfil', and which corrective actions are open.

    Exit status: 0 nothing is overdue; 1 something is; 2 the office cannot be read, or the actor may not.
    """
    for file in (out, ics, page):
        try_out(file)
    if defaults:
        tell_table(_defaults(), _DEFAULTS, out, "")
        return
    begin = first or dt.date.today()
    end = last or begin + dt.timedelta(days=90)
    name, table = _asked(office, begin, end, records_years, actor)
    _write(table, name, begin, end, ics, page)
    shown = table.assign(due=table["due"].dt.strftime("%Y-%m-%d"))
    tell_table(table if out is not None else shown, _HEADINGS, out, f"Nothing is due from {begin} to {end}.")
    raise typer.Exit(1 if (table["state"] == "overdue").any() else 0)


@speaks_plainly
def fulfil(
    store: StorePlace,
    obligation: Annotated[
        str, typer.Argument(metavar="OBLIGATION", help="Its id, as 'schedopt audit calendar' has it.")
    ],
    evidence: Annotated[str, typer.Option(metavar="TEXT", help="Where it can be seen; it is sealed.")],
    on: Date = None,
    actor: Actor = None,
) -> None:
    """Write down that an obligation was met, and where that can be seen.

    Exit status: 0 written; 2 there is no such obligation, or the actor may not.
    """
    day = on or dt.date.today()
    with opened(store, actor, FOR) as there:
        there.obligation_done(obligation, day, evidence)
    say(f"Written down: {obligation}, {day}")


def _asked(
    place: Path, begin: dt.date, end: dt.date, records_years: int | None, actor: str | None
) -> tuple[str, pd.DataFrame]:  # fmt: skip
    """The office's name, and what is due."""
    from schedopt.operations.audits.due import compliance_calendar, retention_due

    if not is_store(place):
        office = schedopt.read_office(place)
        with errors_of_input("--from and --to"):
            return office.settings.name, compliance_calendar(office, begin, end, more=_expiries(office, begin, end))
    with opened(place, actor, ("operations", "audit")) as there:
        more = _of_staff(there, begin, end)
        if records_years is not None:
            more += retention_due(there.retention(records_years))
        return place.name.partition(".")[0], there.compliance(begin, end, more=more)


def _of_staff(store: Store, begin: dt.date, end: dt.date) -> list[Due]:
    """Expiries of staff, where the actor may read the office."""
    try:
        return _expiries(store.office(begin), begin, end)
    except AccessDenied:
        say("Note: competences of staff are left out: the actor may not read them.", error=True)
        return []


def _expiries(office: schedopt.Office, begin: dt.date, end: dt.date) -> list[Due]:
    from schedopt.operations.audits.due import expiries_due
    from schedopt.operations.training.matrix import expiries

    return expiries_due(expiries(office, begin - _YEAR, end))


def _write(
    table: pd.DataFrame, name: str, begin: dt.date, end: dt.date, ics: Path | None, page: Path | None
) -> None:  # fmt: skip
    from schedopt.operations.audits.calendars import calendar_ics, calendar_page

    files: dict[Path, bytes] = {}
    if ics is not None:
        files[ics] = calendar_ics(table, name, dt.datetime.combine(begin, dt.time(), dt.UTC))
    if page is not None:
        files[page] = calendar_page(table, name, begin, end).encode()
    if files:
        write_files(files)
        say("\n".join(f"Wrote {file}" for file in files))


def _defaults() -> pd.DataFrame:
    import pandas as pd

    from schedopt.operations.audits.obligations import DEFAULTS

    rows = [
        {**row.model_dump(exclude={"due", "last_done", "owner"}), "every": "" if row.every is None else str(row.every),
         "dates": "; ".join(row.dates), "due": "", "last_done": "", "owner": ""}
        for row in DEFAULTS
    ]  # fmt: skip
    return pd.DataFrame(rows)
