"""A plan as it was written to its folder, read back for questions about it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

import schedopt
from schedopt.cli.speech import say
from schedopt.errors import Fault, InputError, OutputError
from schedopt.models.clock import DAYS_WORDS, is_known_day
from schedopt.writing import full_path

if TYPE_CHECKING:
    from schedopt.folders import Folder

RECORD, SCHEDULE, SETTINGS = "plan.json", "schedule.csv", "office.toml"
PLAN = typer.Argument(metavar="PLAN", help="Folder that 'schedopt plan' has written.")
OUT = typer.Option(
    metavar="DIR", help="Folder to write the new plan into, PLAN itself if you like; an earlier plan in it is replaced."
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2})?")


def read_planned(office: schedopt.Office, folder: Path) -> schedopt.Plan:
    """The plan of a folder, by the rules of the office as it is now; what has changed since is said.

    Raises
    ------
    InputError
        If the plan cannot be read, or its schedule was cut or edited.
    """
    return read_said(office, folder).plan


def read_said(office: schedopt.Office, folder: Path, *, adopt: bool = False) -> Folder:
    """The same, with what is wrong with the schedule; with `adopt` a schedule that was edited is taken as it is."""
    from schedopt.folders import read_folder

    read = read_folder(folder, office, adopt=adopt)
    if read.newer:
        say("Note: the office's data has changed since this was planned.", error=True)
    if read.edited:
        say("\n".join(["Note: the schedule is not what was written.", *map(str, read.edited)]), error=True)
    for row in read.found.itertuples():
        say(f"Note: {row.request} {row.detail}", error=True)
    return read


def make_way(out: Path) -> None:
    """Make sure, before anything is worked out, that a plan can be written.

    Raises
    ------
    OutputError
        If it cannot.
    """
    from schedopt.report import check_folder

    check_folder(out)


def expect_apart(out: Path) -> None:
    """Make sure that a file to be written is no part of an office, a plan or a simulation.

    Raises
    ------
    OutputError
        If it lies in the folder of one.
    """
    from schedopt.cli.simulated_folder import RECORD as SIMULATED

    place = full_path(out, str(out))
    for mark, folder, what in (
        (SETTINGS, place.parent, "an office"), (SIMULATED, place.parent, "a simulation"),
        (RECORD, place.parent, "a plan"), (RECORD, place.parent.parent, "a plan"),
    ):  # fmt: skip
        if (folder / mark).exists():
            raise OutputError(f"cannot write {place}: expected a file outside the folder of {what}, {folder}")


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
    from schedopt.models.words import meant, shown

    if name not in ids:
        raise InputError([Fault(place, None, None, shown(name), f"expected the id of {what}{meant(name, ids)}")])


def expect_due(place: str, name: str, problem: schedopt.Problem) -> None:
    """Refuse the id of a request that is not planned in these days; of one that is due later, say from when.

    Raises
    ------
    InputError
        If `name` is not planned.
    """
    from schedopt.models.problem.due import not_due_of

    later = not_due_of(problem.week.requests.not_due, name)
    if later is not None:
        raise InputError([Fault(place, None, None, name, f"expected a request due in these days: it is {later.words}")])
    expect_known(place, name, problem.week.requests.ids, "a request planned in these days")


def parse_moment(text: str) -> dt.datetime:
    """A date and time as the command line takes it; a date alone is its midnight."""
    try:
        moment = dt.datetime.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None or not is_known_day(moment):
        words = f"expected a date and time such as 2026-11-30T09:00, {DAYS_WORDS}, not {text!r}"
        raise typer.BadParameter(words)
    return moment


NOW = typer.Option(
    parser=parse_moment, metavar="MOMENT",
    help="The moment of asking by the clock of office.toml, such as 2026-11-27T11:00: no visit is placed sooner after "
    "it than its notice_hours, and places kept that are released by then are open to all.",
)  # fmt: skip


def parse_stretch(text: str) -> tuple[str, dt.datetime, dt.datetime]:
    """``DR1@2026-11-30`` (the whole day) or ``DR1@2026-11-30T09:00/2026-11-30T12:00``: id, start and end."""
    name, _, when = text.rpartition("@")
    first, slash, last = when.partition("/")
    if not name or not when:
        raise typer.BadParameter(f"expected such as DR1@2026-11-30T09:00/2026-11-30T12:00, not {text!r}")
    start = parse_moment(first)
    return name, start, parse_moment(last) if slash else start + dt.timedelta(days=1)
