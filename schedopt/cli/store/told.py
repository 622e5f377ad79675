"""What the commands of stores have in common: their arguments, and how they say counts and write tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schedopt.cli.speech import say
from schedopt.cli.tables import text_table
from schedopt.errors import OutputError
from schedopt.writing import full_path, try_files, write_files

if TYPE_CHECKING:
    import pandas as pd

StorePlace = Annotated[
    Path, typer.Argument(metavar="STORE", help="File of the store, such as office.store.toml; 'init' writes it.")
]
OutFile = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write the table to this CSV file, in place of showing it.")
]


def say_rows(counts: Mapping[str, int], heading: str) -> None:
    """Say how many rows of which tables."""
    import pandas as pd

    frame = pd.DataFrame({"table": list(counts), "rows": list(counts.values())})
    say(text_table(frame, {"table": "table", "rows": heading}))


def tell_table(frame: pd.DataFrame, headings: Mapping[str, str], out: Path | None, nothing: str) -> None:
    """Write a table to a file, or show it."""
    from schedopt.interop.cells import to_csv

    if out is not None:
        write_files({out: to_csv(frame).encode()})
        say(f"Wrote {out}: rows: {len(frame):,}")
    elif len(frame):
        say(text_table(frame, headings))
    else:
        say(nothing)


def try_out(*files: Path | None) -> None:
    """Make sure, before anything is asked or worked out, that files can be written, and each is named once.

    Raises
    ------
    OutputError
        If one cannot, or two options name the same.
    """
    from schedopt.cli.planned import expect_apart

    wanted = [file for file in files if file is not None]
    places = [full_path(file, str(file)) for file in wanted]
    for number, (file, place) in enumerate(zip(wanted, places, strict=True)):
        if place in places[:number]:
            raise OutputError(f"cannot write {file} twice: expected a file of its own for each option")
        expect_apart(file)
        try_files([file])
