"""What goes into a store comes out of it: folders, offices, and what planning is told."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.models.office import Office
from schedopt.models.problem.couplings import FairAccess
from schedopt.models.tables import Patient
from schedopt.office import assemble, read_office
from schedopt.office.read import fingerprint
from schedopt.registry.grants import POLICY
from schedopt.registry.kinds import kinds
from tests.effort import examples
from tests.offices import Case, cases
from tests.stores import new_store


def named(office: Office) -> Office:
    """The office with names and groups, which those that are drawn do not have."""
    rows = tuple(
        row.model_copy(update={"name": f"Name {row.patient}", "group": ("North", "", "south")[place % 3]})
        for place, row in enumerate(office.patients)
    )
    office = office.model_copy(update={"patients": rows})
    return office.model_copy(update={"fingerprint": fingerprint(office)})


def as_planned(office: Office, first: dt.date) -> list[object]:
    """What planning is told, as values that compare."""
    problem = assemble(office, first)
    options = problem.options
    columns = (options.request, options.session, options.earliest, options.latest, options.cost)
    codes = [c.group.tolist() for c in problem.couplings if isinstance(c, FairAccess)]
    return [*(np.asarray(column).tolist() for column in columns), problem.week.requests.ids, codes]


@given(case=cases())
@settings(max_examples=examples(15))
def test_an_office_comes_back_as_it_went_in(case: Case) -> None:
    """The whole office is the same, fingerprint and order of rows included; importing it again changes nothing."""
    office = named(case.office)
    with new_store() as store:
        store.import_office(office)
        assert store.whole_office() == office
        assert store.import_office(office).empty
        assert store.check().empty
        assert store.verify() == []


@given(case=cases())
@settings(max_examples=examples(20))
def test_planning_from_a_store_is_planning_from_its_folder(case: Case) -> None:
    """The office for planning has the fingerprint of the folder's, no names, and leads to the same problem."""
    office = named(case.office)
    with new_store() as store:
        store.import_office(office)
        told = store.office(case.first)
    assert told.fingerprint == office.fingerprint
    assert {(row.name, row.birth_date) for row in told.patients} <= {("", None)}
    assert all(row.group == "" or row.group.isdigit() for row in told.patients)
    assert as_planned(told, case.first) == as_planned(office, case.first)


@given(case=cases())
@settings(max_examples=examples(8))
@pytest.mark.filterwarnings("ignore::schedopt.errors.InputWarning")
def test_export_import_export_is_byte_equal(case: Case) -> None:
    """A folder that was exported, imported and exported again has the same bytes, and reads as the same office."""
    with tempfile.TemporaryDirectory() as name, new_store() as store, new_store() as other:
        store.import_office(named(case.office))
        first, second = Path(name, "first"), Path(name, "second")
        store.export(first)
        other.import_folder(first)
        other.export(second)
        files = {path.name: path.read_bytes() for path in first.iterdir()}
        assert files == {path.name: path.read_bytes() for path in second.iterdir()}
        assert read_office(first).fingerprint == store.whole_office().fingerprint


@dataclass(frozen=True)
class Pair:
    """Two offices."""

    before: Office = field(repr=False)
    after: Office = field(repr=False)


OFFICES = cases().map(lambda case: named(case.office))


@given(pair=st.builds(Pair, OFFICES, OFFICES))
@settings(max_examples=examples(8))
def test_a_folder_is_followed(pair: Pair) -> None:
    """Importing another office leaves just that one; the first is there as it was known before."""
    with new_store() as store:
        store.import_office(pair.before)
        moment = store.session.clock()
        store.import_office(pair.after)
        assert store.whole_office() == pair.after
        assert store.at(moment).whole_office() == pair.before
        assert store.check().empty
        assert store.verify() == []


def test_every_column_has_grants() -> None:
    """Every column of every table that a store keeps is granted to somebody, but those of patients kept with people."""
    granted = {(grant.table, column) for grant in POLICY.grants for column in grant.columns}
    columns = {(name, column) for name, kind in kinds().items() for column in kind.columns}
    assert columns - granted == {(Patient.table_name, column) for column in ("name", "birth_date", "group")}
