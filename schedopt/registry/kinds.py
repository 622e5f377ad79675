"""The tables that a store keeps: those of all sources, and those of people, of money and of operations."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from schedopt.billing.money_tables import MONEY_TABLES
from schedopt.models.tables import Appointment, Patient
from schedopt.models.tables.fields import Row
from schedopt.office.sources import all_tables, sources
from schedopt.office.write import written_cell
from schedopt.operations.tables import KEPT
from schedopt.records.people import PEOPLE_TABLES, Person
from schedopt.store.kinds import Kind

SETTINGS = "settings"
"""The kind of the one fact that holds the office's settings, and says which tables it has."""

OF_PERSON = tuple(name for name in Patient.model_fields if name in Person.model_fields and name != "patient")
"""Columns of patients that a person's row holds: in the store they stand there alone."""


@cache
def kinds() -> Mapping[str, Kind]:
    """Every table that a store keeps, by name; appointments are kept as bookings."""
    row_classes = (*office_tables(), *PEOPLE_TABLES, *MONEY_TABLES, *KEPT)
    return {row_class.table_name: Kind(row_class, written_cell) for row_class in row_classes}


def office_tables() -> tuple[type[Row], ...]:
    """The tables of an office, in the order in which they are documented."""
    return all_tables(sources())


def fact_tables() -> tuple[type[Row], ...]:
    """Those of them whose rows are facts: all but appointments."""
    return tuple(row_class for row_class in office_tables() if row_class is not Appointment)
