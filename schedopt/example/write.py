"""An invented office as a folder."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
from pydantic import BaseModel

from schedopt.errors import OutputError
from schedopt.example.frames import WEEK, example_frames, example_settings
from schedopt.models.office import Settings


def write_example(
    folder: str | Path,
    *,
    sites: int = 1,
    providers: int = 4,
    load: float = 1.0,
    seed: int = 1,
    week: dt.date = WEEK,
) -> Path:
    """Write an invented office: ``office.toml`` and a CSV file for every table. All or nothing.

    Parameters
    ----------
    folder : str or Path
        Where to; must not exist, or be an empty folder.
    sites, providers, load, seed, week
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
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OutputError(f"{target}: expected no such folder, or an empty one")
    frames = example_frames(sites=sites, providers=providers, load=load, seed=seed, week=week)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as scratch:
            whole = Path(scratch, "office")
            _write(whole, example_settings(), frames)
            if target.exists():
                target.rmdir()
            shutil.move(whole, target)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror or error})") from error
    return target


def _write(folder: Path, settings: Settings, frames: Mapping[str, pd.DataFrame]) -> None:
    folder.mkdir()
    toml = "\n".join(["# An invented office: nobody in it exists.", *_toml_lines(settings), ""])
    (folder / "office.toml").write_text(toml, "utf-8", newline="\n")
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")


def _toml_lines(part: BaseModel) -> Iterator[str]:
    """Keys with their description; parts of the settings follow as sections."""
    sections: list[str] = []
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        if isinstance(value, BaseModel):
            sections += ["", f"[{name}]", *_toml_lines(value)]
        elif value is not None:
            note = f"  # {field.description}" if field.description else ""
            yield f"{name} = {json.dumps(value, ensure_ascii=False)}{note}"
    yield from sections
