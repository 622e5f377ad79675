"""Damaged folders: never an exception other than InputError, and nothing that was damaged goes unnamed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from schedopt.errors import InputError
from schedopt.office import read_office
from tests.effort import examples
from tests.office.damage import DamagedOffice, damaged_office, damaged_offices, damages_by_kind
from tests.office.folders import SECRET_NAME, SECRET_YEAR, write_files


def _read_faults(office: DamagedOffice) -> InputError:
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder), office.files)
        with pytest.raises(InputError) as caught:
            read_office(folder)
    return caught.value


@settings(max_examples=examples(75))
@given(damaged_offices())
def test_every_damage_is_named(office: DamagedOffice) -> None:
    """However a folder is damaged, one InputError names every damage in plain words, and nobody's name or birth."""
    error = _read_faults(office)
    missed = [damage for damage in office.damages if not damage.planted.is_named_by(error.faults)]
    assert not missed, f"{[(damage.kind, damage.planted) for damage in missed]} not in {error}"
    for words in (SECRET_NAME, SECRET_YEAR, "Input should", "Value error", "pydantic"):
        assert words not in str(error)


@pytest.mark.parametrize("kind", sorted(damages_by_kind()))
def test_a_damage_in_every_table_is_named(kind: str) -> None:
    """One damage of a kind in every table, all in one folder: each is named."""
    first = {damage.planted.file: damage for damage in reversed(damages_by_kind()[kind])}
    error = _read_faults(damaged_office(first.values()))
    for damage in first.values():
        assert damage.planted.is_named_by(error.faults), f"{damage.planted} not in {error}"


def test_nothing_private_is_shown() -> None:
    """Whatever is done to a cell or the shape of the patients' table, no message says a name or a birth date."""
    for damages in damages_by_kind().values():
        for damage in damages:
            if damage.planted.file == "patients.csv" and damage.planted.row in (None, 1, 2):
                error = _read_faults(damaged_office([damage]))
                assert SECRET_YEAR not in str(error)
                assert SECRET_NAME not in str(error)
                assert error.__context__ is None
