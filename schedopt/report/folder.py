"""A plan as a folder of files, written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from schedopt.errors import OutputError
from schedopt.interop.cells import to_csv
from schedopt.interop.icalendar import file_name, provider_calendars
from schedopt.interop.plan_record import files_of, record_text
from schedopt.models.problem.plan import Plan
from schedopt.report.page import report_html
from schedopt.writing import full_path, refused, settle, stranger, try_folder, write_folder

RECORD = "plan.json"
CALENDARS = "calendars"
_TABLES = ("schedule", "left_out", "costs", "waiting")
_WHAT = "the plan"
_DIGITS = 4
"""Of simulated figures: far finer than what they may be off by."""


def write_plan(
    plan: Plan, folder: Path | str, *, names: Mapping[str, str] | None = None, played: pd.DataFrame | None = None
) -> Path:
    """Write a plan's tables, decision record, calendars and page into a folder, in one step.

    The folder is there with all its files, or as it was before, whatever ends the process. Folders above it are made.
    An earlier plan is replaced as a whole, and survives until the new one is complete; modes and owners are kept.
    :func:`schedopt.read_plan` reads it back as it was.

    Parameters
    ----------
    plan : Plan
        What is written.
    folder : path
        Where to; see :func:`check_folder`.
    names : mapping, optional
        Names of patients by id, for the calendars and the page. Tables and record carry ids alone.
    played : pandas.DataFrame, optional
        What the visits turned out to be in simulated weeks, for the page and as a table of its own, ``waiting.csv``;
        see :func:`schedopt.report_html`.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    OutputError
        If the folder may not be replaced or cannot be written.
    ValueError
        If `played` lacks a column or is of another plan.
    """
    place, earlier = _look(folder)
    write_folder(place, _files(plan, names, played), _WHAT, {name.partition("/")[0] for name in earlier})
    return Path(folder)


def check_folder(folder: Path | str) -> Path:
    """Where a plan would be written, if it can be: worth asking before a long solve.

    That is found out by writing a little and removing it.

    Parameters
    ----------
    folder : path
        A folder that is not there yet; an empty one; or one that holds an earlier plan and nothing else.

    Returns
    -------
    pathlib.Path
        Its full path, links followed.

    Raises
    ------
    OutputError
        If it may not be replaced, or cannot be written.
    """
    place, _ = _look(folder)
    try_folder(place, _WHAT)
    return place


def _look(folder: Path | str) -> tuple[Path, tuple[str, ...]]:
    """Where a plan may be written, and the files of an earlier plan there."""
    place = full_path(folder, f"{_WHAT} to {folder}")
    with refused(f"{_WHAT} to {place}"):
        if not place.exists():
            return place, ()
        if not place.is_dir():
            raise OutputError(f"cannot write {_WHAT} to {place}: a file of that name is in the way")
        settle(place)
        files = _earlier(place)
        strange = stranger(place, files)
    if strange is None:
        return place, files
    if files:
        raise OutputError(
            f"cannot write {_WHAT} to {place}: next to an earlier plan it holds {strange!r}, which would be lost"
        )
    raise OutputError(f"cannot write {_WHAT} to {place}: it is not empty and holds no earlier plan ({RECORD})")


def _earlier(place: Path) -> tuple[str, ...]:
    """The files of an earlier plan, by its record; none, if there is no record or somebody else's."""
    record = place / RECORD
    files = files_of(record.read_bytes()) if record.is_file() else None
    return () if files is None else (RECORD, *files)


def _files(plan: Plan, names: Mapping[str, str] | None, played: pd.DataFrame | None) -> dict[str, bytes]:
    """Every file's content by its path within the folder."""
    tables: dict[str, pd.DataFrame] = {"schedule": plan.schedule, "left_out": plan.left_out, "costs": plan.costs}
    if len(plan.not_due):
        tables["not_due"] = plan.not_due
    if played is not None:
        tables["waiting"] = played.round(_DIGITS)
    files = {f"{table}.csv": to_csv(frame).encode() for table, frame in tables.items()}
    files["report.html"] = report_html(plan, names=names, played=played).encode()
    taken: set[str] = set()
    for provider, content in provider_calendars(plan, names=names).items():
        files[f"{CALENDARS}/{_free_name(file_name(provider), taken)}"] = content
    return files | {RECORD: record_text(plan, [*files]).encode()}


def _free_name(name: str, taken: set[str]) -> str:
    """The name, numbered where the file system may not tell it from an earlier one: many take DR1 and dr1 for one."""
    stem, number, free = name.removesuffix(".ics"), 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{stem}~{number}.ics"
    taken.add(free.casefold())
    return free
