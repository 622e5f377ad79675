"""What the commands have in common: how they speak, ask for a week, and own up to what is wrong."""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import typer

from schedopt.errors import InputWarning, SchedoptError
from schedopt.models.clock import DAYS_WORDS, is_known_day

P = ParamSpec("P")
R = TypeVar("R")

_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def say(text: str, *, error: bool = False) -> None:
    """Print a text, without characters that would drive the terminal; with `error` on standard error."""
    typer.echo(_UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text), err=error)


def speaks_plainly(command: Callable[P, R]) -> Callable[P, R]:
    """A command that says what is wrong with its input, all of it, and leaves with exit status 2."""

    @functools.wraps(command)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("always", InputWarning)
                warnings.showwarning = _note(warnings.showwarning)
                return command(*args, **kwargs)
        except SchedoptError as error:
            say(str(error), error=True)
            raise typer.Exit(2) from None

    return spoken


def _note(otherwise: Callable[..., None]) -> Callable[..., None]:
    """How a command says a warning of its input, and, by `otherwise`, any other warning."""

    def said(message: Warning | str, *place: Any, **more: Any) -> None:
        if isinstance(message, InputWarning):
            say("\n".join(f"Note: {fault}" for fault in message.faults), error=True)
        else:
            otherwise(message, *place, **more)

    return said


def parse_week(text: str) -> dt.date:
    """A date as the command line takes it."""
    try:
        date = dt.date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        date = None
    if date is None or not is_known_day(date):
        words = f"expected a date such as 2026-11-30 (year, month, day), {DAYS_WORDS}, not {text!r}"
        raise typer.BadParameter(words)
    return date


@contextmanager
def typed_as(option: str) -> Iterator[None]:
    """Name the option, or argument, of which something typed is read only within a command."""
    try:
        yield
    except typer.BadParameter as error:
        error.param_hint = f"'{option}'"
        raise


def expect_unasked(options: Mapping[str, object], words: str) -> None:
    """Refuse options that would change nothing beside, or without, others; the words say which."""
    if given := [name for name, value in options.items() if value]:
        raise typer.BadParameter(f"expected {', '.join(given)} {words}")


def finite(number: float) -> float:
    """The number, if it is one."""
    if not math.isfinite(number):
        raise typer.BadParameter("expected a number")
    return number


def long_date(date: dt.date) -> str:
    """A date in full, such as ``Monday 30 November 2026``."""
    return f"{date:%A} {date.day} {date:%B} {date.year}"


OfficeFolder = Annotated[
    Path,
    typer.Argument(
        metavar="OFFICE",
        help="Folder of the office: office.toml and its tables as CSV files; or the file of a store, such as "
        "office.store.toml.",
    ),
]
