"""What a column takes, in words: one place for the messages and for the document of tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Le, MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from schedopt.models.clock import DAYS_WORDS
from schedopt.models.tables import fields, money
from schedopt.models.tables.fields import types_of

_WORDS = (
    (fields.Text, "text"),
    (fields.Id, "an id of at most 64 characters"),
    (fields.Zone, "an IANA time zone such as America/New_York"),
    (fields.IdList, "values separated by ;"),
    (fields.TimeOfDay, "a time HH:MM from 00:00 to 24:00"),
    (fields.ClockTime, "a time HH:MM or HH:MM:SS from 00:00 to 24:00"),
    (fields.Times, "times HH:MM separated by ;"),
    (fields.Date, f"a date YYYY-MM-DD {DAYS_WORDS}"),
    (fields.Weekday, "a weekday, Monday to Sunday"),
    (fields.WeeksOfMonth, "numbers from 1 to 5, or last, separated by ;"),
    (fields.Flag, "yes or no"),
    (money.Money, "an amount such as 95.00, not below 0"),
    (money.SignedMoney, "an amount such as 95.00 or -95.00"),
    (money.Percent, "a share in percent such as 112.5, from 0 to 1,000"),
    (fields.Spans, "spans HH:MM-HH:MM separated by ;"),
    (fields.Movable, "breaks HH:MM-HH:MM MINUTES separated by ;"),
)


def kinds(model: type[BaseModel]) -> dict[str, str]:
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
    taken = types_of(model)
    return {name: _kind(taken[name], field.metadata) for name, field in model.model_fields.items()}


def _kind(hint: Any, metadata: Iterable[object]) -> str:
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
