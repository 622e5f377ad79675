"""Damaged folders through the command: all is named, nothing is solved, and no traceback is seen."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings

import schedopt
from tests.cli.commands import WEEK, invoke, run
from tests.effort import examples
from tests.office.damage import DamagedOffice, Planted, damaged_office, damaged_offices, damages_by_kind
from tests.office.folders import SECRET_NAME, SECRET_YEAR, write_files


def _line(planted: Planted) -> re.Pattern[str]:
    row = r"(, row \d+)?" if planted.row is None else f", row {planted.row}"
    column = "(, column [^:]*)?" if planted.column is None else f", column {re.escape(planted.column)}"
    return re.compile(f"^  {re.escape(planted.file)}{row}{column}: ", re.MULTILINE)


@settings(max_examples=examples(36))
@given(damaged_offices())
def test_every_damage_is_told(office: DamagedOffice) -> None:
    """Exit status 2; every damage with its place on standard error, and nobody's name; nothing planned or written."""
    with tempfile.TemporaryDirectory() as folder, patch.object(schedopt, "plan", side_effect=AssertionError):
        read, out = Path(folder, "office"), Path(folder, "plan")
        read.mkdir()
        write_files(read, office.files)
        result = invoke("plan", read, "--week", WEEK, "--out", out)
        assert not out.exists()
    assert result.exit_code == 2
    assert result.stdout == ""
    missed = [damage for damage in office.damages if not _line(damage.planted).search(result.stderr)]
    assert not missed, f"{[(damage.kind, damage.planted) for damage in missed]} not in {result.stderr}"
    for words in ("Traceback", SECRET_NAME, SECRET_YEAR):
        assert words not in result.stderr


def test_no_traceback_in_a_process_of_its_own(tmp_path: Path) -> None:
    """The same, as a user sees it: two damages, each command, and a folder that is not there."""
    by_kind = damages_by_kind()
    office = damaged_office([by_kind["UTF-16"][0], by_kind["wrong setting"][0]])
    write_files(tmp_path, office.files)
    result = run("plan", tmp_path, "--week", WEEK, "--out", tmp_path / "plan")
    assert result.returncode == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert invoke("plan", tmp_path / "none").exit_code == 2
    told = invoke("check", tmp_path, tmp_path / "none.csv", "--week", WEEK)
    assert told.exit_code == 2
    for said in (result.stderr, told.stderr):
        assert all(_line(damage.planted).search(said) for damage in office.damages)
