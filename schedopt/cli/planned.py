"""A plan as it was written to its folder, read back for questions about it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import typer

import schedopt
from schedopt.cli.records import SCHEDULE, as_planned, read_record
from schedopt.cli.speech import say
from schedopt.errors import Fault, InputError

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2})?")


def read_planned(office: Path, folder: Path) -> schedopt.Plan:
    """The plan of a folder, with the rules of the office as it is now.

    Raises
    ------
    InputError
        If the office or the plan cannot be read.
    """
    from schedopt.solver.result import plan_around

    record = read_record(folder)
    problem = schedopt.assemble(schedopt.read_office(office), record.first)
    problem = as_planned(record, problem)
    schedule, found = schedopt.read_schedule(problem, folder / SCHEDULE)
    for row in found.itertuples():
        say(f"Note: {row.request} {row.detail}", error=True)
    return plan_around(problem, schedule, {"read_from": SCHEDULE})


@contextmanager
def errors_of_input(place: str) -> Iterator[None]:
    """Say what the library refuses as an error of what was typed at a place."""
    try:
        yield
    except ValueError as error:
        raise InputError([Fault(place, None, None, None, str(error))]) from None


def expect_known(place: str, name: str, ids: Sequence[str], what: str) -> None:
    """Refuse an id that is not there, with what was probably meant.

    Raises
    ------
    InputError
        If `name` is not one of `ids`.
    """
    from schedopt.office.words import meant, shown

    if name not in ids:
        raise InputError([Fault(place, None, None, shown(name), f"expected the id of {what}{meant(name, ids)}")])


def parse_moment(text: str) -> dt.datetime:
    """A date and time as the command line takes it; a date alone is its midnight."""
    try:
        moment = dt.datetime.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None:
        raise typer.BadParameter(f"expected a date and time such as 2026-11-30T09:00, not {text!r}")
    return moment


def parse_stretch(text: str) -> tuple[str, dt.datetime, dt.datetime]:
    """``DR1@2026-11-30`` (the whole day) or ``DR1@2026-11-30T09:00/2026-11-30T12:00``: id, start and end."""
    name, _, when = text.rpartition("@")
    first, slash, last = when.partition("/")
    if not name or not when:
        raise typer.BadParameter(f"expected such as DR1@2026-11-30T09:00/2026-11-30T12:00, not {text!r}")
    start = parse_moment(first)
    return name, start, parse_moment(last) if slash else start + dt.timedelta(days=1)
