"""Private cells that have got to other places: no error, warning, log or command shows them."""

from __future__ import annotations

import datetime as dt
import logging
import tempfile
import traceback
import warnings
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings

from schedopt.errors import InputWarning, SchedoptError
from schedopt.office import assemble, office_from_frames, read_office, read_schedule
from tests.cli.commands import invoke
from tests.effort import examples
from tests.office.folders import edited, grid_bytes, office_files, write_files
from tests.office.misplaced import SECRETS, Moved, moved_offices
from tests.office.test_read import SETTINGS


def _shows_nothing(text: str, office: Moved) -> None:
    found = [secret for secret in SECRETS if secret in text.casefold()]
    assert not found, f"{found} of {office} in {text}"


@settings(max_examples=examples(20))
@given(moved_offices())
def test_no_private_cell_is_shown(office: Moved) -> None:
    """Wherever private cells get to, nothing of them is in an error with its traceback, a warning or a log."""
    told: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            place = write_files(Path(folder), office.files | {"schedule.typed": grid_bytes(office.schedule)})
            for way in (_by_files, _by_frames):
                try:
                    way(office, place)
                except SchedoptError as error:
                    told.append("".join(traceback.format_exception(error)).replace(folder, ""))
        told.extend(str(warning.message) for warning in warned)
    finally:
        logging.getLogger().removeHandler(handler)
    _shows_nothing("\n".join(told), office)


def _by_files(office: Moved, folder: Path) -> None:
    read_schedule(assemble(read_office(folder), dt.date(2026, 11, 30)), folder / "schedule.typed")


def _by_frames(office: Moved, _folder: Path) -> None:

    wide = {name: max(map(len, grid), default=0) for name, grid in office.grids.items()}
    rows = {name: [row + [""] * (wide[name] - len(row)) for row in grid] for name, grid in office.grids.items()}
    office_from_frames({n: pd.DataFrame(r[1:], columns=r[0], dtype=object) for n, r in rows.items()}, SETTINGS)


@settings(max_examples=examples(16))
@given(moved_offices())
def test_no_command_shows_a_private_cell(office: Moved) -> None:
    """The same of what commands say on standard error, and where they end with an error at all."""
    with tempfile.TemporaryDirectory() as folder:
        place = write_files(Path(folder), office.files | {"schedule.typed": grid_bytes(office.schedule)})
        result = invoke("check", place, place / "schedule.typed", "--week", "2026-11-30")
        said = result.stderr if result.exit_code < 2 else result.output
        _shows_nothing(said.replace(folder, ""), office)


def test_what_is_read_all_the_same_is_said(tmp_path: Path) -> None:
    """A warning lists what was odd, with its place."""

    write_files(tmp_path, office_files(edited(("requests", 2, "due", "2026-11-29"))))
    with pytest.warns(InputWarning) as warned:
        read_office(tmp_path)
    (warning,) = warned
    assert isinstance(warning.message, InputWarning)
    (fault,) = warning.message.faults
    assert (fault.file, fault.row, fault.column, fault.value) == ("requests.csv", 2, "due", "2026-11-29")
