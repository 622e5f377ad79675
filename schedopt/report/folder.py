"""A plan as a folder of files, written whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from schedopt.errors import OutputError
from schedopt.interop.cells import to_csv
from schedopt.interop.icalendar import file_name, provider_calendars
from schedopt.models.plan import Plan
from schedopt.report.figures import rows
from schedopt.report.page import report_html

RECORD = "plan.json"
CALENDARS = "calendars"
_TABLES = ("schedule", "unplaced", "costs", "waiting")
_OURS = frozenset([RECORD, CALENDARS, "report.html", *(f"{table}.csv" for table in _TABLES)])
_DIGITS = 4
"""Of simulated figures: far finer than what they may be off by."""
_DROPPINGS = frozenset(["Thumbs.db", "desktop.ini"])


def write_plan(
    plan: Plan, folder: Path | str, *, names: Mapping[str, str] | None = None, played: pd.DataFrame | None = None
) -> Path:
    """Write a plan's tables, decision record, calendars and page into a folder, in one step.

    The folder is there with all its files, or as it was before: it is built beside its place and then renamed.
    An earlier plan is replaced as a whole, and survives until the new one is complete.

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
    place = check_folder(folder)
    files = _files(plan, names, played)
    try:
        with TemporaryDirectory(prefix=f".{place.name}.", dir=place.parent, ignore_cleanup_errors=True) as beside:
            new, old = Path(beside, "new"), Path(beside, "old")
            (new / CALENDARS).mkdir(parents=True)
            for name, content in files.items():
                (new / name).write_bytes(content)
            _swap(new, place, old)
    except OSError as error:
        raise OutputError(f"cannot write the plan to {place}: {error.strerror or error}") from error
    return Path(folder)


def check_folder(folder: Path | str) -> Path:
    """Where a plan would be written, if it may be: worth asking before a long solve.

    Parameters
    ----------
    folder : path
        A folder that is not there yet, in one that is; an empty one; or one that holds an earlier plan and nothing
        else (hidden files aside).

    Returns
    -------
    pathlib.Path
        Its full path, links followed.

    Raises
    ------
    OutputError
        If it may not be replaced.
    """
    place = Path(folder).resolve()
    if not place.parent.is_dir():
        raise OutputError(f"cannot write the plan to {place}: the folder {place.parent} does not exist")
    if not place.exists():
        return place
    if not place.is_dir():
        raise OutputError(f"cannot write the plan to {place}: a file of that name is in the way")
    inside = sorted(path.name for path in place.iterdir())
    if inside and not (place / RECORD).is_file():
        raise OutputError(f"cannot write the plan to {place}: it is not empty and holds no earlier plan ({RECORD})")
    strange = [name for name in inside if name not in _OURS | _DROPPINGS and not name.startswith(".")]
    if strange:
        raise OutputError(
            f"cannot write the plan to {place}: next to an earlier plan it holds {strange[0]!r}, which would be lost"
        )
    return place


def _swap(new: Path, place: Path, old: Path) -> None:
    """Put the new folder into its place; should that fail, the old one is put back."""
    if not place.exists():
        new.rename(place)
        return
    place.rename(old)
    try:
        new.rename(place)
    except BaseException:
        old.rename(place)
        raise


def _files(plan: Plan, names: Mapping[str, str] | None, played: pd.DataFrame | None) -> dict[str, bytes]:
    """Every file's content by its path within the folder."""
    tables: dict[str, pd.DataFrame] = {"schedule": plan.schedule, "unplaced": plan.unplaced, "costs": plan.costs}
    if played is not None:
        tables["waiting"] = played.round(_DIGITS)
    files = {f"{table}.csv": to_csv(frame).encode() for table, frame in tables.items()}
    files[RECORD] = _record(plan).encode()
    files["report.html"] = report_html(plan, names=names, played=played).encode()
    taken: set[str] = set()
    for provider, content in provider_calendars(plan, names=names).items():
        files[f"{CALENDARS}/{_free_name(file_name(provider), taken)}"] = content
    return files


def _free_name(name: str, taken: set[str]) -> str:
    """The name, numbered where the file system may not tell it from an earlier one: many take DR1 and dr1 for one."""
    stem, number, free = name.removesuffix(".ics"), 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{stem}~{number}.ics"
    taken.add(free.casefold())
    return free


def _record(plan: Plan) -> str:
    """The decision record: what was solved with what, how well, and who was left out why; by ids alone."""
    removed: dict[str, list[dict[str, object]]] = {}
    for row in rows(plan.removed):
        removed.setdefault(row.pop("request"), []).append(row)
    record = {
        **plan.record,
        "status": plan.status,
        "cost": plan.cost,
        "bound": plan.bound,
        "gap": plan.gap,
        "seconds": plan.seconds,
        "conflicts": rows(plan.conflicts),
        "unplaced": [row | {"removed": removed.get(row["request"], [])} for row in rows(plan.unplaced)],
    }
    return json.dumps(_plain(record), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: object) -> object:
    """The value in JSON's own types: NumPy's numbers become Python's, dates text, and what is missing null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        parts = [_plain(part) for part in value]
        return sorted(parts, key=repr) if isinstance(value, (set, frozenset)) else parts
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)
