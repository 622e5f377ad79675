"""A simulation's tables as a folder of files, written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from schedopt.errors import OutputError

RECORD = "simulation.json"
TABLES = ("visits", "sessions", "providers", "visit_types", "groups", "total")
_OURS = frozenset([RECORD, *(f"{table}.csv" for table in TABLES)])


def check_place(folder: Path) -> Path:
    """Where the tables would be written, if they may be: worth asking before a long simulation.

    That is a folder that is not there yet, an empty one, or one with an earlier simulation and nothing else.

    Raises
    ------
    OutputError
        If it may not be replaced.
    """
    place = folder.resolve()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        inside = {path.name for path in place.iterdir()} if place.exists() else set()
    except OSError as error:
        raise OutputError(f"cannot write the simulation to {place}: {error.strerror or error}") from None
    if inside and (RECORD not in inside or inside - _OURS):
        what = min(inside - _OURS, default=min(inside))
        raise OutputError(f"cannot write the simulation to {place}: it holds {what!r}, which would be lost")
    return place


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that :func:`check_place` allows: built beside its place, then renamed.

    Raises
    ------
    OutputError
        If that fails; the folder is as it was before.
    """
    place = check_place(folder)
    try:
        with TemporaryDirectory(prefix=f".{place.name}.", dir=place.parent, ignore_cleanup_errors=True) as beside:
            new, old = Path(beside, "new"), Path(beside, "old")
            new.mkdir()
            for name, content in files.items():
                (new / name).write_bytes(content)
            if place.exists():
                place.rename(old)
            try:
                new.rename(place)
            except BaseException:
                if old.exists():
                    old.rename(place)
                raise
    except OSError as error:
        raise OutputError(f"cannot write the simulation to {place}: {error.strerror or error}") from error
