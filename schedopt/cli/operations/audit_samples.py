"""``schedopt audit sample`` and ``findings`` on files."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from schedopt.cli.operations.auditing import read_table
from schedopt.cli.planned import errors_of_input
from schedopt.cli.speech import say
from schedopt.cli.tables import text_table
from schedopt.errors import InputError
from schedopt.writing import write_files

if TYPE_CHECKING:
    import pandas as pd

    from schedopt.operations.audits.frames import Frame
    from schedopt.operations.audits.results import Evaluation

Divide = Literal["proportional", "equal", "neyman"]
_SAMPLE = {"place": "place", "item": "item", "stratum": "stratum", "amount": "amount", "hits": "hits"}


def seed_or_new(seed: str | None) -> str:
    """The seed that was said, or a new one."""
    return secrets.token_hex(4) if seed is None else seed


def drawn_from(
    frame: Frame, items: int, seed: str, method: Literal["random", "systematic", "money"], divide: Divide
) -> pd.DataFrame:  # fmt: skip
    """A sample of a frame as its sheet."""
    from schedopt.operations.audits.drawing import deviations_of, divider, draw
    from schedopt.operations.audits.results import sample_sheet

    with errors_of_input("the sample"):
        deviations = deviations_of(frame) if divide == "neyman" else None
        drawn = draw(frame, items, seed, method=method, divide=divider(divide, deviations))
    return sample_sheet(frame, drawn, seed=seed, method=method)


def tell_sample(frame: Frame, sheet: pd.DataFrame, seed: str, out: Path | None) -> None:
    """Show a sample, or write it to its file, and say how it can be drawn again."""
    from schedopt.interop.cells import to_csv

    if out is None:
        say(text_table(sheet, {name: name for name in _SAMPLE if name != "amount" or frame.amounts is not None}))
    else:
        write_files({out: to_csv(sheet).encode()})
        say(f"Wrote {out}: rows: {len(sheet):,}")
    say(f"{len(sheet):,} of {len(frame.items):,} items. Seed {seed}, population {frame.fingerprint}.")


def evaluated(file: Path, confidence: float | None, tolerable: float | None) -> Evaluation:
    """What the results in a sample's file say."""
    from schedopt.operations.audits.results import evaluate, read_results

    looked = read_results(read_table(file), file.name)
    with errors_of_input(file.name):
        return evaluate(looked, confidence=confidence, tolerable=tolerable)


def tell_evaluation(found: Evaluation, out: Path | None) -> None:
    """Say what a sample says; exit status 1 where too many deviate or it does not show that few do."""
    from schedopt.interop.cells import to_csv

    shown = found.strata.assign(**{name: 100 * found.strata[name] for name in ("share", "low", "high")})
    headings = {
        "stratum": "stratum", "population": "population", "items": "looked at", "found": "deviate",
        "share": "share (%)", "low": "from (%)", "high": "to (%)",
    }  # fmt: skip
    if out is not None:
        write_files({out: to_csv(found.strata).encode()})
        say(f"Wrote {out}: rows: {len(found.strata):,}")
    else:
        say(text_table(shown.round(2), headings))
    say("\n".join(found.words))
    if found.to_do or found.share.verdict in ("over", "open"):
        raise typer.Exit(1)


def expect_file(place: Path) -> None:
    """Refuse what is neither a store nor a file of items.

    Raises
    ------
    InputError
        If there is no such file.
    """
    from schedopt.errors import Fault

    if not place.is_file():
        raise InputError([Fault(str(place), None, None, None, "expected a store's file, or a CSV file of items")])
