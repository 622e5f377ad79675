"""``schedopt example``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

import schedopt
from schedopt.cli.speech import finite, long_date, parse_week, say, speaks_plainly
from schedopt.example.words import WORDS

_WEEK = dt.date(2026, 11, 30)
_YEARS = range(2000, 2191)  # dates of birth, and of permissions that end, are years apart from the week


@speaks_plainly
def example(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write; not there yet, or empty.")],
    sites: Annotated[int, typer.Option(min=1, max=100, metavar="NUMBER", help="Sites.")] = 2,
    providers: Annotated[int, typer.Option(min=1, max=1_000, metavar="NUMBER", help="Providers at all sites.")] = 6,
    seed: Annotated[int, typer.Option(min=0, metavar="NUMBER", help="Another number makes another office.")] = 1,
    load: Annotated[
        float,
        typer.Option(
            min=0.01, max=10, callback=finite, metavar="RATIO",
            help="Minutes of visits asked for, over minutes that providers have; above 1.0 not all will fit.",
        ),
    ] = 1.0,
    week: Annotated[
        dt.date | None,
        typer.Option(parser=parse_week, metavar="DATE", help="First day to be planned, as 2026-11-30, the default."),
    ] = None,
    words: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="WORD", help=f"What it has beside; may repeat: {', '.join(WORDS)}."),
    ] = None,
) -> None:  # fmt: skip
    """Write an invented office to try things out with. Nobody in it exists.

    It asks for about 100 visits of 10 to 60 minutes for each provider.

    Exit status: 0 written; 2 the folder is not empty or cannot be written.
    """
    first = week or _WEEK
    if first.year not in _YEARS:
        raise typer.BadParameter(f"expected --week in the years {_YEARS[0]} to {_YEARS[-1]}")
    try:
        schedopt.write_example(
            folder, sites=sites, providers=providers, seed=seed, load=load, week=first, words=words or ()
        )
    except ValueError as error:
        raise typer.BadParameter(f"--with: {error}") from error
    say(f"Wrote an office to {folder}: sites: {sites}, providers: {providers}, from {long_date(first)} on.")
    say(f"Plan it with: schedopt plan {folder} --week {first} --out plan")
