"""What the commands of audits have in common: shares as people write them, and files of items."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schedopt.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

FOR = ("audit", "operations")
"""What these commands ask a store for: the first for which the actor works."""


def parse_share(text: str) -> float:
    """A share as people write it: ``5%`` or ``0.05``."""
    words = f"expected a share between 0 and 1, such as 5% or 0.05, not {text!r}"
    try:
        value = float(text.strip().removesuffix("%").strip()) / (100 if text.strip().endswith("%") else 1)
    except ValueError:
        raise typer.BadParameter(words) from None
    if not 0 < value < 1:
        raise typer.BadParameter(words)
    return value


Tolerable = Annotated[
    float | None,
    typer.Option(
        parser=parse_share, metavar="SHARE", help="Smallest share of deviations that is too many: 5% or 0.05."
    ),
]
Confidence = Annotated[
    float | None,
    typer.Option(parser=parse_share, metavar="SHARE", help="Of the limits; 95% of shares, 90% of amounts."),
]
AuditId = Annotated[str, typer.Argument(metavar="AUDIT", help="Id of the audit; 'schedopt audit list' has them.")]


def read_table(file: Path) -> pd.DataFrame:
    """A CSV file of items, its cells as text.

    Raises
    ------
    InputError
        If it is none.
    """
    import pandas as pd

    from schedopt.interop.cells import from_cell

    try:
        table = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        words = f"expected a table of items as CSV ({type(error).__name__})"
        raise InputError([Fault(file.name, None, None, None, words)]) from None
    return table.map(from_cell)
