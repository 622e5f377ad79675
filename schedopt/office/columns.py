"""What a column takes and refers to, in words: one place for the messages and for the document of tables."""

from __future__ import annotations

import types
from collections.abc import Iterable
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Le, MaxLen
from pydantic.fields import FieldInfo

from schedopt.models.tables import Row, fields

_WORDS = (
    (fields.Text, "text"),
    (fields.Id, "an id of at most 64 characters"),
    (fields.IdList, "values separated by ;"),
    (fields.TimeOfDay, "a time HH:MM from 00:00 to 24:00"),
    (fields.ClockTime, "a time HH:MM or HH:MM:SS from 00:00 to 24:00"),
    (fields.Times, "times HH:MM separated by ;"),
    (fields.Date, "a date YYYY-MM-DD between 1900 and 2199"),
    (fields.Weekday, "a weekday, Monday to Sunday"),
    (fields.Flag, "yes or no"),
    (fields.Spans, "spans HH:MM-HH:MM separated by ;"),
)


def kinds(model: type[Any]) -> dict[str, str]:
    """What each column of a row class (or key of a part of office.toml) takes, in words.

    Parameters
    ----------
    model : type
        A pydantic model.

    Returns
    -------
    dict of str to str
        Such as ``"a whole number from 1 to 1440"``, for each column.
    """
    hints = get_type_hints(model, include_extras=True)
    return {name: _kind(hints[name], field.metadata) for name, field in model.model_fields.items()}


def _kind(hint: Any, metadata: Iterable[object]) -> str:
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    for known, words in _WORDS:
        if hint == known:
            return words
    if get_origin(hint) is Literal:
        return "one of " + ", ".join(get_args(hint))
    flat = list(_flat([*getattr(hint, "__metadata__", ()), *metadata]))
    if (number := getattr(hint, "__origin__", hint)) in (int, float):
        low = next(bound.ge for bound in flat if isinstance(bound, Ge))
        high = next(bound.le for bound in flat if isinstance(bound, Le))
        return f"a {'whole ' if number is int else ''}number from {low:,} to {high:,}"
    longest = next((f" of at most {bound.max_length} characters" for bound in flat if isinstance(bound, MaxLen)), "")
    return f"text{longest}"


def _flat(metadata: Iterable[object]) -> Iterable[object]:
    for item in metadata:
        yield from item.metadata if isinstance(item, FieldInfo) else (item,)


def note(field: FieldInfo, name: str) -> Any:
    """What the declaration of a column says beside its type: its ``unit``, ``references`` or ``private``."""
    extra = field.json_schema_extra
    return extra.get(name) if isinstance(extra, dict) else None


def references(row_class: type[Row]) -> dict[str, str]:
    """The table that each column refers to, for the columns that refer to one."""
    found = {name: note(field, "references") for name, field in row_class.model_fields.items()}
    return {name: table for name, table in found.items() if table is not None}


def private(row_class: type[Row]) -> frozenset[str]:
    """The columns with health information that identifies a person."""
    return frozenset(name for name, field in row_class.model_fields.items() if note(field, "private"))
