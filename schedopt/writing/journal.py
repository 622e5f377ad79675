"""Several changes of a folder as one: all of them, or none.

A scratch folder has what is to come in ``new`` and what has gone in ``old``. While its journal is there, the changes
are half done and will be undone; taking the journal away is the one step that makes them final.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from schedopt.writing.exchange import exchange
from schedopt.writing.store import store, sync_folder

NEW, OLD, JOURNAL, UNFINISHED = "new", "old", "journal.json", "journal"


def change(scratch: Path, places: Mapping[str, Path]) -> None:
    """Put what is in ``new`` of a scratch folder into its places, all of it or nothing.

    Parameters
    ----------
    scratch : Path
        On the file system of the places.
    places : mapping of str to Path
        Place of every name. A file or folder at a place is replaced; where ``new`` has nothing of the name, what is at
        the place goes.

    Raises
    ------
    OSError
        If that cannot be done; everything is then as it was. If it cannot be undone either, the journal stays.
    """
    if len(places) == 1 and _at_once(scratch, *next(iter(places.items()))):
        return
    try:
        _begin(scratch, places)
        for name, place in places.items():
            _put(scratch, name, place)
        _sync(places.values())
        os.unlink(scratch / JOURNAL)
    except BaseException:
        undo(scratch)
        raise
    with suppress(OSError):
        sync_folder(scratch)


def undo(scratch: Path) -> None:
    """Take back what the journal of a scratch folder says was half done; nothing, where there is no journal.

    It may be ended at any moment, and be done again.
    """
    try:
        journal = json.loads((scratch / JOURNAL).read_text("utf-8"))
    except FileNotFoundError:
        return
    places = [(name, scratch.parent / place, had) for name, (place, had) in journal.items()]
    for name, place, had in reversed(places):
        new, old = scratch / NEW / name, scratch / OLD / name
        came = not os.path.lexists(new) and os.path.lexists(place)
        if had and os.path.lexists(old):
            if place.is_dir() and came:
                os.rename(place, new)
            os.replace(old, place)
        elif not had and came:
            os.rename(place, new)
    _sync(place for _, place, _ in places)
    os.unlink(scratch / JOURNAL)


def _at_once(scratch: Path, name: str, place: Path) -> bool:
    """Make a single change in one step, without a journal; False if this system cannot."""
    new = scratch / NEW / name
    if not os.path.lexists(new):
        return False
    had = os.path.lexists(place)
    if not had:
        os.rename(new, place)
    elif not exchange(new, place):
        return False
    try:
        sync_folder(place.parent)
    except BaseException:
        if not had:
            os.rename(place, new)
        else:
            exchange(new, place)
        raise
    return True


def _begin(scratch: Path, places: Mapping[str, Path]) -> None:
    """Keep the files that will be replaced, and write the journal."""
    journal = {}
    for name, place in places.items():
        if place.is_file() and os.path.lexists(scratch / NEW / name):
            _keep(place, scratch / OLD / name)
        journal[name] = (os.path.relpath(place, scratch.parent), os.path.lexists(place))
    sync_folder(scratch / NEW)
    sync_folder(scratch / OLD)
    store(scratch / UNFINISHED, json.dumps(journal).encode())
    os.rename(scratch / UNFINISHED, scratch / JOURNAL)
    sync_folder(scratch)


def _keep(place: Path, old: Path) -> None:
    try:
        os.link(place, old)
    except OSError:  # not every file system has a second name for a file
        shutil.copy2(place, old)
        handle = os.open(old, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _put(scratch: Path, name: str, place: Path) -> None:
    new, old = scratch / NEW / name, scratch / OLD / name
    comes = os.path.lexists(new)
    if os.path.lexists(place) and (place.is_dir() or not comes):
        os.rename(place, old)
    if comes:
        os.replace(new, place)


def _sync(places: Iterable[Path]) -> None:
    for folder in sorted({place.parent for place in places}):
        sync_folder(folder)
