"""What the commands of billing have in common: amounts of money, and tables with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schedopt.cli.store.told import tell_table

if TYPE_CHECKING:
    import pandas as pd

FOR = ("payment", "operations")
"""What commands of billing ask for: the first for which the actor works."""


def parse_amount(text: str) -> int:
    """An amount as the command line takes it, in cents."""
    from schedopt.models.tables.money import cents_of

    try:
        cents = cents_of(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}, not {text!r}") from None
    if cents <= 0:
        raise typer.BadParameter(f"expected more than nothing, not {text!r}")
    return cents


Amount = Annotated[int, typer.Argument(parser=parse_amount, metavar="AMOUNT", help="In currency, such as 95.00.")]
Patient = Annotated[str, typer.Argument(metavar="PATIENT", help="Id of the patient.")]
ClaimId = Annotated[str, typer.Argument(metavar="CLAIM", help="Id of the claim.")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why, for the audit trail; it is sealed there.")]
Key = Annotated[
    str | None, typer.Option(metavar="KEY", help="The same payment with the same key counts once, however often said.")
]


def tell_money(
    frame: pd.DataFrame, headings: Mapping[str, str], cents: Iterable[str], out: Path | None, nothing: str
) -> None:  # fmt: skip
    """Write a table to a file, or show it; columns of cents as amounts of currency."""
    from schedopt.models.tables.money import format_money

    shown = frame.assign(**{name: [format_money(int(one)) for one in frame[name]] for name in cents})
    tell_table(shown, headings, out, nothing)
