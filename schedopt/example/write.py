"""An invented office as a folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from schedopt.errors import OutputError
from schedopt.example.frames import WEEK, example_frames, example_settings
from schedopt.models.office import Settings
from schedopt.models.settings_text import toml_lines
from schedopt.writing import full_path, refused, settle, stranger, write_folder


def write_example(
    folder: str | Path,
    *,
    sites: int = 1,
    providers: int = 4,
    load: float = 1.0,
    seed: int = 1,
    week: dt.date = WEEK,
    words: Collection[str] = (),
) -> Path:
    """Write an invented office: ``office.toml`` and a CSV file for every table. All or nothing.

    Parameters
    ----------
    folder : str or Path
        Where to; must not exist, or be an empty folder.
    sites, providers, load, seed, week, words
        As in :func:`example_frames`.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        The folder is there and not empty, or cannot be written.
    """
    place = full_path(folder, f"an office to {folder}")
    with refused(f"an office to {place}"):
        if place.is_dir():
            settle(place)
        free = stranger(place, ()) is None if place.is_dir() else not place.exists()
    if not free:
        raise OutputError(f"{folder}: expected no such folder, or an empty one")
    frames = example_frames(sites=sites, providers=providers, load=load, seed=seed, week=week, words=words)
    write_folder(place, _files(example_settings(), frames), "an office")
    return Path(folder)


def _files(settings: Settings, frames: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    toml = "\n".join(["# An invented office: nobody in it exists.", *toml_lines(settings), ""])
    tables = {f"{name}.csv": frame.to_csv(index=False, lineterminator="\n") for name, frame in frames.items()}
    return {name: text.encode() for name, text in {"office.toml": toml, **tables}.items()}
