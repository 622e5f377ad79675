"""``schedopt audit sample`` and ``findings``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from schedopt.cli.operations.audit_samples import (
    Divide,
    drawn_from,
    evaluated,
    expect_file,
    seed_or_new,
    tell_evaluation,
    tell_sample,
)
from schedopt.cli.operations.auditing import Confidence, Tolerable, read_table
from schedopt.cli.speech import speaks_plainly
from schedopt.cli.store.told import OutFile, try_out

Place = Annotated[
    Path, typer.Argument(metavar="STORE|FILE", help="A store's file, or a CSV file with one row an item.")
]
Items = Annotated[int, typer.Option("--items", min=1, metavar="N", help="How many; 'schedopt audit size' says it.")]


@speaks_plainly
def sample(
    place: Place,
    items: Items,
    seed: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Draws the same sample again; by default a new one, which is said."),
    ] = None,
    method: Annotated[
        Literal["random", "systematic", "money"],
        typer.Option(help="random, by stratum; systematic: every so manyth; money: by amount, every so manyth unit."),
    ] = "random",
    by: Annotated[str | None, typer.Option(metavar="COLUMN", help="Divides the items into strata.")] = None,
    divide: Annotated[
        Divide, typer.Option(help="How the sample is divided among strata; neyman: by how much amounts vary.")
    ] = "proportional",
    item: Annotated[str, typer.Option(metavar="COLUMN", help="Of a file: where the items' ids stand.")] = "item",
    amount: Annotated[str | None, typer.Option(metavar="COLUMN", help="Where the book amounts stand.")] = None,
    out: OutFile = None,
) -> None:
    """Draw a sample that can be drawn again: of the same items the same seed gives the same ones.

    A file written with --out has empty columns 'result' (ok, deviates, missing) and 'audited' (what the amount should
    have been); when they are filled in, 'schedopt audit findings FILE' says what they mean.

    Exit status: 0 drawn; 2 the items cannot be read, or there are not so many.
    """
    from schedopt.operations.audits.frames import frame_of

    try_out(out)
    expect_file(place)
    frame = frame_of(read_table(place), item=item, by=by, amount=amount, file=place.name)
    chosen = seed_or_new(seed)
    tell_sample(frame, drawn_from(frame, items, chosen, method, divide), chosen, out)


@speaks_plainly
def findings(
    place: Place, tolerable: Tolerable = None, confidence: Confidence = None, out: OutFile = None
) -> None:  # fmt: skip
    """Say what the items looked at mean for all: how many deviate, with limits, and how much too much was asked for.

    Exit status: 0 told, and no more deviate than is tolerable where that was said; 1 more do, the sample does not show
    it, or items are still to be looked at; 2 the results cannot be read.
    """
    try_out(out)
    expect_file(place)
    tell_evaluation(evaluated(place, confidence, tolerable), out)
