"""``schedopt billing schedule`` and ``schedopt billing prices``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from schedopt.cli.billing.told import FOR
from schedopt.cli.offices import Actor, needs_records, opened
from schedopt.cli.speech import parse_week, say, speaks_plainly
from schedopt.cli.store.told import OutFile, StorePlace, tell_table, try_out

_PRICES = {
    "insurer": "insurer", "visit_type": "type of visit", "allowed": "allowed (dollars)", "charge": "asked (dollars)",
    "source": "where it comes from",
}  # fmt: skip


@speaks_plainly
def schedule(
    store: StorePlace,
    rvu: Annotated[Path, typer.Option(metavar="FILE", help="Relative values as CMS publishes them (PPRRVU), CSV.")],
    gpci: Annotated[Path, typer.Option(metavar="FILE", help="Cost indices as CMS publishes them (GPCI), CSV.")],
    locality: Annotated[str, typer.Option(metavar="PLACE", help="Contractor and locality, such as 03102-00.")],
    year: Annotated[int, typer.Option(min=1992, max=2100, help="Of the amounts.")],
    since: Annotated[
        dt.date | None,
        typer.Option("--from", parser=parse_week, metavar="DATE", help="First day it holds; 1 January otherwise."),
    ] = None,
    until: Annotated[
        dt.date | None,
        typer.Option(parser=parse_week, metavar="DATE", help="Last day it holds; 31 December otherwise."),
    ] = None,
    name: Annotated[str, typer.Option(help="How contract_shares.csv calls it.")] = "medicare",
    actor: Actor = None,
) -> None:
    """Keep what the physician fee schedule pays at the office's place; amounts of the same days are replaced.

    Exit status: 0 done; 2 the files or the store cannot be used, or the actor may not.
    """
    with needs_records():
        from schedopt.registry.money.fees import Release
    release = Release(rvu, gpci, locality, since or dt.date(year, 1, 1), until or dt.date(year, 12, 31), name, year)
    with opened(store, actor, FOR) as there:
        count = there.set_schedule(release)
    say(f"Schedule {name} of {release.first} to {release.last}: {count:,} rows written, changed or ended")


@speaks_plainly
def prices(
    store: StorePlace,
    day: Annotated[dt.date, typer.Option(parser=parse_week, metavar="DATE", help="On which day, as 2026-11-30.")],
    out: OutFile = None,
    actor: Actor = None,
) -> None:
    """List what each insurer allows for each type of visit on a day, and where that comes from.

    Exit status: 0 done; 2 the store cannot be used, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, FOR) as there:
        found = there.visit_prices(day)
    for column in ("allowed", "charge"):
        found[column] = found[column].astype("Float64") / 100
    tell_table(found.astype({"allowed": "float", "charge": "float"}), _PRICES, out, "No insurer has a contract.")
