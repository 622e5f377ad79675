"""Tables of some invented people, and a copy of every table with something in every column."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from schedopt.models.tables import PastVisit
from schedopt.models.tables.fields import Row
from schedopt.office.sources import all_tables, sources
from schedopt.office.visits import Visit
from schedopt.records.people import PEOPLE_TABLES

TODAY = dt.date(2026, 11, 27)
ROW_CLASSES: tuple[type[Row], ...] = (*all_tables(sources()), *PEOPLE_TABLES, PastVisit, Visit)
COLUMNS = [(row_class.table_name, column) for row_class in ROW_CLASSES for column in row_class.model_fields]
BOOKINGS = ("booking", "status", "request", "patient", "provider", "site", "date", "start")


def canaries() -> dict[str, pd.DataFrame]:
    """Every table, with a word in each cell that stands nowhere else."""
    frames: dict[str, dict[str, list[str]]] = {}
    for table, column in [*COLUMNS, *(("bookings", name) for name in BOOKINGS)]:
        frames.setdefault(table, {})[column] = [f"canary {table} {column} {number}" for number in range(3)]
    return {table: pd.DataFrame(columns) for table, columns in frames.items()}


def folk(number: int, random: np.random.Generator) -> dict[str, pd.DataFrame]:
    """People with requests, appointments and past visits; some were merged."""
    persons, patients = [f"p{n}" for n in range(number)], [f"N{n}" for n in range(number)]
    born = [TODAY - dt.timedelta(days=int(days)) for days in random.integers(0, 110 * 365, number)]
    people = pd.DataFrame(
        {
            "person": persons, "patient": patients, "merged_into": None, "birth_date": born,
            "name": [f"Name {n}" for n in range(number)], "sex": random.choice(["female", "male"], number),
            "postcode": random.choice(["86045", "82301", "10001-1234", "unknown"], number), "state": "AZ",
        }
    )  # fmt: skip
    requests = pd.DataFrame(
        {"request": [f"R{n}" for n in range(2 * number)], "patient": patients * 2, "ready": _days(2 * number, random)}
    )
    appointments = pd.DataFrame({"request": requests["request"], "date": _days(2 * number, random), "start": 480})
    history = pd.DataFrame(
        {"visit": [f"V{n}" for n in range(number)], "patient": patients, "date": _days(number, random), "age": 30}
    )
    consents = pd.DataFrame({"person": persons, "purpose": "research", "given": True})
    return {
        "people": people, "requests": requests, "appointments": appointments, "history": history, "consents": consents,
    }  # fmt: skip


def _days(number: int, random: np.random.Generator) -> list[dt.date]:
    return [TODAY - dt.timedelta(days=int(days)) for days in random.integers(0, 1000, number)]
