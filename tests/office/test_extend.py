"""Further rows for an office: as if they had stood in its tables from the first."""

from __future__ import annotations

import pandas as pd
import pytest

import schedopt
from schedopt.office.sources import HOUSE, all_tables
from tests.office.folders import office_files, write_files


@pytest.fixture
def office(tmp_path: object) -> schedopt.Office:
    return schedopt.read_office(write_files(tmp_path, office_files()))


def test_rows_are_added_as_if_read_together(office: schedopt.Office) -> None:
    """Taken apart into its first requests and the rest, and put together again, an office is the same."""
    last = office.requests[-1]
    rows = [{"request": "X1", "patient": last.patient, "visit_type": last.visit_type, "priority": 3}]
    for given in (rows, pd.DataFrame(rows)):
        longer = schedopt.extend_office(office, {"requests": given})
        assert longer.requests[:-1] == office.requests
        assert (longer.requests[-1].request, longer.requests[-1].priority) == ("X1", 3)
        for row_class in all_tables(HOUSE):
            name = row_class.table_name
            assert name == "requests" or getattr(longer, name) == getattr(office, name)
        assert longer.fingerprint != office.fingerprint
    assert schedopt.extend_office(office, {}).fingerprint == office.fingerprint


def test_faults_of_further_rows_are_named_together(office: schedopt.Office) -> None:
    """An unknown table, a repeated id, a stranger and a bad number are all told, with rows counted on."""
    number = len(office.requests) + 2
    known = office.requests[0]
    rows = [
        {"request": known.request, "patient": known.patient, "visit_type": known.visit_type, "priority": "1"},
        {"request": "X1", "patient": "NOBODY", "visit_type": known.visit_type, "priority": "1"},
        {"request": "X2", "patient": known.patient, "visit_type": known.visit_type, "priority": "much"},
    ]
    with pytest.raises(schedopt.InputError) as caught:
        schedopt.extend_office(office, {"requests": rows, "wishes": rows})
    places = {(fault.file, fault.row, fault.column) for fault in caught.value.faults}
    assert {
        ("requests", number, "request"), ("requests", number + 1, "patient"), ("requests", number + 2, "priority"),
    } <= places  # fmt: skip
    assert any(fault.file.startswith("wishes") for fault in caught.value.faults)
