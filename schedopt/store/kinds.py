"""What a store has to know of a table: its columns, which of them are sealed, and whom its rows are about."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from schedopt.models.tables.fields import Row, noted, types_of


@dataclass(frozen=True)
class Kind:
    """A table.

    Attributes
    ----------
    row_class : type of Row
        What its rows are.
    write : callable
        Type of a column and a value to the cell as it stands in a file.
    name : str
        Of the table.
    columns, sealed : tuple of str
        All columns, and those that hold what a person may not be known by.
    references : mapping of str to str
        Columns that name the key of another table, with that table.
    """

    row_class: type[Row]
    write: Callable[[Any, Any], str]
    name: str = field(init=False)
    columns: tuple[str, ...] = field(init=False)
    sealed: tuple[str, ...] = field(init=False)
    references: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        set_(self, "name", self.row_class.table_name)
        set_(self, "columns", tuple(self.row_class.model_fields))
        set_(self, "sealed", tuple(noted(self.row_class, "private")))
        set_(self, "references", noted(self.row_class, "references"))

    def cells(self, row: Row) -> tuple[dict[str, str], dict[str, str]]:
        """What stands in a row's cells, the open ones and those to be sealed; empty ones are left out."""
        open_, sealed = dict[str, str](), dict[str, str]()
        for name, kind, default in _plan(self.row_class):
            value = getattr(row, name)
            if value is not None and value != default:
                (sealed if name in self.sealed else open_)[name] = self.write(kind, value)
        return open_, sealed

    def key(self, cells: Mapping[str, str]) -> str:
        """The key of a row by its cells; rows that may repeat are known by all that stands in them."""
        names = self.row_class.key or self.columns
        return json.dumps([cells.get(name, "") for name in names], ensure_ascii=False, separators=(",", ":"))


@cache
def _plan(row_class: type[Row]) -> tuple[tuple[str, Any, Any], ...]:
    """Name, type and default of each column; what has no default has one that equals nothing."""
    types, nothing = types_of(row_class), object()
    return tuple(
        (name, types[name], nothing if found.is_required() else found.get_default())
        for name, found in row_class.model_fields.items()
    )
