"""An office where the user keeps it: in a folder, or in a store that a small file names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import schedopt
from schedopt.errors import StoreError

if TYPE_CHECKING:
    from schedopt.registry import Store

MISSING = "a store needs more than is installed: pip install 'schedopt[records]'"
_STORE = ".toml"

Actor = Annotated[
    str | None,
    typer.Option(
        envvar="SCHEDOPT_ACTOR", metavar="ACTOR", show_envvar=False,
        help="Who asks a store, in place of whom its file says; SCHEDOPT_ACTOR says it too.",
    ),
]  # fmt: skip


def is_store(place: Path) -> bool:
    """Whether an office is meant that lives in a store: its file is named, not a folder."""
    return place.is_file() or (place.suffix == _STORE and not place.exists())


@contextmanager
def needs_records() -> Iterator[None]:
    """Say which extra is missing, where a store's libraries are not installed.

    Raises
    ------
    StoreError
        If they are not.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "schedopt":
            raise
        raise StoreError(f"{MISSING} ({error.name} is missing)") from None


@contextmanager
def opened(place: Path, actor: str | None, purposes: Sequence[str] = ("operations",)) -> Iterator[Store]:
    """A store by its file, closed afterwards.

    Parameters
    ----------
    place : Path
        The store's file.
    actor : str or None
        Who asks; None: whom the file says.
    purposes : sequence of str
        What for: the first for which the actor works.
    """
    with needs_records():
        from schedopt.registry import store_file
    with store_file.opened(store_file.read_store_file(place), actor, purposes) as store:
        yield store


def read_office_of(place: Path, first_day: Callable[[], dt.date], actor: str | None) -> schedopt.Office:
    """The office of a folder, or what some days need of one that lives in a store.

    Parameters
    ----------
    place : Path
        A folder, or a store's file.
    first_day : callable
        Gives the first day planned, where there is a store to ask.
    actor : str or None
        Who asks a store.
    """
    if not is_store(place):
        return schedopt.read_office(place)
    first = first_day()
    with opened(place, actor) as store:
        return store.office(first)


def first_day_of(plan: Path) -> Callable[[], dt.date]:
    """The first day of a plan's folder, when it is asked for."""

    def first() -> dt.date:
        from schedopt.folders import read_record

        return read_record(plan).first

    return first
