"""What is known about how people's records agree: a value that can be stored."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from schedopt.arrays import Floats
from schedopt.errors import Fault, InputError
from schedopt.records.identity.levels import FIELDS, NAMES

KINDS = ("same", "moved", "relative", "apart", "other")
"""What two records can be: one person's at one address, one person's at two, two relatives' at one address, two
relatives' at two, two others'."""
OWN_TABLES: Mapping[str, tuple[str, ...]] = {
    "same": NAMES,
    "moved": ("phone", "locality", "state"),
    "relative": ("given_name", "surname", "date_of_birth", "soc_sec_id", "phone", "suffix"),
    "other": NAMES,
}
"""Which fields a kind has probabilities of its own for. Who has moved has the same name and another's address; who
lives together has one address and another's sex."""
_MADE_OF: Mapping[str, tuple[str, str]] = {
    "same": ("same", "same"),
    "moved": ("same", "moved"),
    "relative": ("relative", "same"),
    "apart": ("relative", "moved"),
    "other": ("other", "other"),
}
"""Whose tables a kind has for what says who somebody is, and for what says where somebody lives."""
_FORMAT, _VERSION = "schedopt.records.identity", 1
_SUM = 1e-6

Table = Mapping[str, Mapping[str, tuple[float, ...]]]


def table_of(kind: str, field: str) -> str:
    """Whose table of a field a kind of pair has; what has none of its own agrees by chance alone."""
    who, where = _MADE_OF[kind]
    if field == "phone":
        table = where if kind == "moved" else who
    else:
        table = where if FIELDS[NAMES.index(field)].place else who
    return table if field in OWN_TABLES[table] else "other"


@dataclass(frozen=True)
class Model:
    """How often fields agree, for each kind of pair, and how many pairs of each kind there are.

    Holds no value of anybody's record.

    Attributes
    ----------
    duplicates : float
        Pairs of records of one person, for each person of the (smaller) table.
    moved : float
        Share of these that have two addresses.
    relatives : float
        Pairs of relatives at one address, for each person.
    apart : float
        Pairs of relatives at two addresses, for each person; only such as share more than a common name.
    tables : mapping
        Kind, field, and the probability of each level from 1 on (0 is missing).
    threshold : float
        Probability from which a pair is reported.
    """

    duplicates: float
    moved: float
    relatives: float
    apart: float
    tables: Table
    threshold: float = 0.5

    def logs(self, field: str) -> Floats:
        """Logarithms of a field's probabilities.

        Returns
        -------
        float array, shape (kinds, levels)
            In the order of ``KINDS``; level 0, missing, says nothing.
        """
        rows = []
        for kind in KINDS:
            rows.append([1.0, *self.tables[table_of(kind, field)][field]])
        logs: Floats = np.log(np.array(rows))
        return logs

    def shares(self, people: int, pairs: float) -> Floats:
        """The share of each kind among all pairs, in the order of ``KINDS``.

        Parameters
        ----------
        people : int
            People in the smaller table.
        pairs : float
            All pairs that there are.
        """
        scale = people / max(pairs, 1.0)
        same = min(self.duplicates * scale, 0.5)
        relative, apart = min(self.relatives * scale, 0.2), min(self.apart * scale, 0.2)
        return np.array([same * (1 - self.moved), same * self.moved, relative, apart, 1 - same - relative - apart])

    def with_threshold(self, threshold: float) -> Model:
        """The same model, reporting from another probability on."""
        return replace(self, threshold=threshold)

    def to_json(self) -> str:
        """The model as JSON; ``from_json`` reads it back, the same to the last digit."""
        rates = {name: getattr(self, name) for name in ("duplicates", "moved", "relatives", "apart", "threshold")}
        tables = {
            kind: {field: dict(zip(_levels(field), values, strict=True)) for field, values in table.items()}
            for kind, table in self.tables.items()
        }
        return json.dumps({"format": _FORMAT, "version": _VERSION, **rates, "tables": tables}, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Model:
        """Read a model.

        Raises
        ------
        InputError
            Not JSON, not such a model, a later version's, or probabilities that are none.
        """
        try:
            read = json.loads(text)
        except ValueError:
            raise InputError([_fault(None, "a model as JSON")]) from None
        if not isinstance(read, dict) or read.get("format") != _FORMAT:
            raise InputError([_fault("format", f"a model: {_FORMAT!r}")])
        if read.get("version") != _VERSION:
            raise InputError([_fault("version", f"version {_VERSION}; the file is another version's")])
        faults = list(_faults(read))
        if faults:
            raise InputError(faults)
        tables = {
            kind: {
                field: tuple(float(read["tables"][kind][field][name]) for name in _levels(field)) for field in fields
            }
            for kind, fields in OWN_TABLES.items()
        }
        rates = {name: float(read[name]) for name in ("duplicates", "moved", "relatives", "apart", "threshold")}
        return cls(**rates, tables=tables)


def _levels(field: str) -> tuple[str, ...]:
    return FIELDS[NAMES.index(field)].levels[1:]


def _fault(column: str | None, expected: str) -> Fault:
    return Fault("model", None, column, None, expected)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _faults(read: dict[str, Any]) -> Iterator[Fault]:
    for name, most in (
        ("duplicates", math.inf),
        ("moved", 1.0),
        ("relatives", math.inf),
        ("apart", math.inf),
        ("threshold", 1.0),
    ):
        value = read.get(name)
        if not _is_number(value) or not 0 <= float(str(value)) <= most:
            yield _fault(name, "a number from 0 on" if most == math.inf else "a number from 0 to 1")
    tables = read.get("tables")
    for kind, fields in OWN_TABLES.items():
        table = tables.get(kind) if isinstance(tables, dict) else None
        for field in fields:
            row = table.get(field) if isinstance(table, dict) else None
            if not isinstance(row, dict) or set(row) != set(_levels(field)):
                yield _fault(f"{kind}, {field}", f"a probability for each of {', '.join(_levels(field))}")
            elif not all(_is_number(value) and value > 0 for value in row.values()):
                yield _fault(f"{kind}, {field}", "probabilities above 0")
            elif abs(sum(row.values()) - 1) > _SUM:
                yield _fault(f"{kind}, {field}", "probabilities that sum to 1")


@lru_cache(maxsize=1)
def default_model() -> Model:
    """The model that is shipped: learned, without being told who is who, from the invented people of the benchmark."""
    text = resources.files("schedopt.records.identity").joinpath("default.json").read_text("utf-8")
    return Model.from_json(text)
