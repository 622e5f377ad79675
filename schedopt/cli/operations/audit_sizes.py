"""``schedopt audit size``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer

from schedopt.cli.operations.auditing import Tolerable, parse_share
from schedopt.cli.planned import errors_of_input
from schedopt.cli.speech import finite, say, speaks_plainly

if TYPE_CHECKING:
    from schedopt.operations.audits.sizes import Size

T = TypeVar("T")
By = Literal["table", "share", "attribute", "mean", "money"]


def _finite(number: float | None) -> float | None:
    return None if number is None else finite(number)


Population = Annotated[
    int | None, typer.Argument(min=1, metavar="POPULATION", help="How many items there are; empty: very many.")
]
ByMethod = Annotated[
    By | None,
    typer.Option(
        help="table: Krejcie and Morgan's, to estimate a share; share: Cochran's; attribute: to show that few "
        "deviate, with --tolerable; mean: to estimate a mean, with --error and --deviation; money: with --book "
        "and --too-much. By default what the other options are for."
    ),
]
Allowed = Annotated[int, typer.Option(min=0, metavar="N", help="Deviations that the sample may have.")]
Risk = Annotated[float, typer.Option(parser=parse_share, metavar="SHARE", help="Of accepting what is not acceptable.")]
Error = Annotated[
    str | None, typer.Option(metavar="E", help="Half the interval: a share such as 5%; of a mean, in its unit.")
]
Share = Annotated[
    float, typer.Option(parser=parse_share, metavar="SHARE", help="Share that is expected; 50% asks for most.")
]
Sureness = Annotated[float, typer.Option(parser=parse_share, metavar="SHARE", help="Two-sided, of share and mean.")]
Deviation = Annotated[
    float | None, typer.Option(callback=_finite, metavar="S", help="Standard deviation of what is measured.")
]
Book = Annotated[float | None, typer.Option(callback=_finite, metavar="AMOUNT", help="Book value of all items.")]
TooMuch = Annotated[
    float | None, typer.Option(callback=_finite, metavar="AMOUNT", help="Amount that may not be wrong.")
]


@speaks_plainly
def size(
    population: Population = None,
    by: ByMethod = None,
    tolerable: Tolerable = None,
    allowed: Allowed = 0,
    risk: Risk = "5%",  # type: ignore[assignment]
    error: Error = None,
    share: Share = "50%",  # type: ignore[assignment]
    confidence: Sureness = "95%",  # type: ignore[assignment]
    deviation: Deviation = None,
    book: Book = None,
    too_much: TooMuch = None,
) -> None:
    """Say how many items an audit has to look at, by a published method.

    'schedopt audit size 1000' is what the table of Krejcie and Morgan prints; 'schedopt audit size --tolerable 5%' how
    many visits without a deviation show that fewer than 5 % deviate.

    Exit status: 0 told; 2 no sample can show it, or what was asked for makes no sense.
    """
    from schedopt.operations.audits import sizes

    method = by or _meant(tolerable, deviation, book)
    with errors_of_input(f"--by {method}"):
        if method == "table":
            found = sizes.table_size(_needed(population, "POPULATION"), error=_share(error), share=share)
        elif method == "share":
            found = sizes.share_size(population, error=_share(error), share=share, confidence=confidence)
        elif method == "attribute":
            found = sizes.attribute_size(
                _needed(tolerable, "--tolerable"), allowed=allowed, risk=risk, population=population
            )
        elif method == "mean":
            found = sizes.mean_size(
                _number(error), _needed(deviation, "--deviation"), population=population, confidence=confidence
            )
        else:
            found = sizes.money_size(
                _needed(book, "--book"), _needed(too_much, "--too-much"), allowed=allowed, risk=risk
            )
    _tell(found)


def _tell(found: Size) -> None:
    say(f"{found.items:,}\n{found.words}\nMethod: {found.method}.")


def _meant(tolerable: float | None, deviation: float | None, book: float | None) -> By:
    if book is not None:
        return "money"
    if deviation is not None:
        return "mean"
    return "table" if tolerable is None else "attribute"


def _needed(value: T | None, name: str) -> T:
    if value is None:
        raise typer.BadParameter(f"expected {name} too")
    return value


def _share(text: str | None) -> float:
    return 0.05 if text is None else parse_share(text)


def _number(text: str | None) -> float:
    try:
        return finite(float(_needed(text, "--error")))
    except ValueError:
        raise typer.BadParameter(f"expected --error to be a number, not {text!r}") from None
