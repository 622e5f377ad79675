"""Whom each row is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from schedopt.records.privacy.cells import filled


def owners_of(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.Series[Any]]:
    """For each table whose rows are about people, a name for the person of each row, the same in all tables.

    A row names a patient, a person (those that were merged are one), or a request, whose patient another table says.
    None where it cannot be known.
    """
    patient_of, request_of = _patients(frames), _requests(frames)
    found = {}
    for table, frame in frames.items():
        owner: pd.Series[Any] = pd.Series(None, frame.index, dtype=object)
        ways = {"patient": None, "person": patient_of, "request": request_of}
        named = [name for name in ways if name in frame.columns]
        for name in named:
            cells = filled(frame[name])
            known = ways[name]
            cells = cells if known is None else cells.map(lambda cell, known=known: known.get(cell))
            owner = owner.where(owner.notna(), cells)
        if named:
            found[table] = owner
    return found


def _patients(frames: Mapping[str, pd.DataFrame]) -> dict[Any, Any]:
    """The patient of each person, or another name that is nobody else's; of the merged, that of whom they became."""
    people = frames.get("people")
    named = [frame["person"] for frame in frames.values() if "person" in frame.columns]
    persons = filled(pd.concat([*named, pd.Series(dtype=object)])).dropna().unique()
    into, patient = dict[Any, Any](), dict[Any, Any]()
    if people is not None and "person" in people.columns:
        for column, found in (("merged_into", into), ("patient", patient)):
            if column in people.columns:
                found.update(zip(people["person"], filled(people[column]), strict=True))
    known = {}
    for person in persons:
        last, seen = person, set[Any]()
        while into.get(last) is not None and last not in seen:
            seen.add(last)
            last = into[last]
        known[person] = patient.get(last) or f"person {last}"
    return known


def _requests(frames: Mapping[str, pd.DataFrame]) -> dict[Any, Any]:
    """The patient of each request."""
    known = dict[Any, Any]()
    for frame in frames.values():
        if {"patient", "request"} <= set(frame.columns):
            known.update(zip(filled(frame["request"]), filled(frame["patient"]), strict=True))
    known.pop(None, None)
    return known
