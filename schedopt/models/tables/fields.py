"""Column types of the office's tables: how a cell of text becomes a value."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MINUTES_PER_DAY = 24 * 60

_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)(?::00)?")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?|24:00(?::00)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def parse_time(value: object) -> int:
    """Minutes from local midnight of ``HH:MM``; ``24:00`` is the end of the day."""
    if isinstance(value, dt.time):
        if value == value.replace(second=0, microsecond=0):
            return value.hour * 60 + value.minute
    elif isinstance(value, str) and (match := _TIME.fullmatch(value.strip())):
        minutes = int(match[1]) * 60 + int(match[2])
        if minutes <= MINUTES_PER_DAY:
            return minutes
    raise ValueError("expected a time HH:MM from 00:00 to 24:00")


def _parse_clock(value: object) -> float:
    """Minutes from local midnight of ``HH:MM`` or ``HH:MM:SS``."""
    if isinstance(value, dt.time):
        return value.hour * 60 + value.minute + value.second / 60
    if isinstance(value, str) and (match := _CLOCK.fullmatch(value.strip())):
        return int(match[1]) * 60 + int(match[2]) + int(match[3] or 0) / 60 if match[1] else float(MINUTES_PER_DAY)
    raise ValueError("expected a time HH:MM or HH:MM:SS from 00:00 to 24:00")


def format_time(minutes: int) -> str:
    """``HH:MM`` of minutes from local midnight."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _as_date(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time(0) else None
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value.strip()):
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError:
            return None
    return None


def _parse_date(value: object) -> dt.date:
    day = _as_date(value)
    if day is None or not 1900 <= day.year <= 2199:
        raise ValueError("expected a date YYYY-MM-DD between 1900 and 2199")
    return day


def _parse_weekday(value: object) -> int:
    if isinstance(value, str):
        for number, name in enumerate(WEEKDAYS):
            if value.strip().lower() in (name.lower(), name[:3].lower()):
                return number
    raise ValueError("expected a weekday, Monday to Sunday")


def _parse_flag(value: object) -> bool:
    text = str(value).strip().lower()
    if text in ("yes", "true", "1"):
        return True
    if text in ("no", "false", "0"):
        return False
    raise ValueError("expected yes or no")


def _parse_whole(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,12}", value.strip()):
        return int(value)
    raise ValueError("expected a whole number")


def _parse_list(value: object) -> tuple[str, ...]:
    items = value.split(";") if isinstance(value, str) else value
    if isinstance(items, (int, float)):  # a column of numeric ids, read by pandas
        items = (items,)
    if not isinstance(items, (list, tuple)):
        raise ValueError("expected values separated by ;")
    return tuple(dict.fromkeys(_plain(text) for item in items if (text := _as_text(item))))


def _parse_spans(value: object) -> tuple[tuple[int, int], ...]:
    spans = []
    for item in _parse_list(value):
        ends = item.split("-")
        if len(ends) != 2:
            raise ValueError("expected spans HH:MM-HH:MM separated by ;")
        start, end = parse_time(ends[0]), parse_time(ends[1])
        if start >= end:
            raise ValueError("expected each span to end after it starts")
        spans.append((start, end))
    spans.sort()
    if any(first[1] > second[0] for first, second in pairwise(spans)):
        raise ValueError("expected spans that do not overlap")
    return tuple(spans)


def _parse_times(value: object) -> tuple[int, ...]:
    items = value.split(";") if isinstance(value, str) else value if isinstance(value, (list, tuple)) else (value,)
    return tuple(parse_time(item) for item in items)


def _plain(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError("expected text without control characters")
    return value


def _plain_id(value: str) -> str:
    if ";" in value:
        raise ValueError("expected an id without ; (it separates ids in lists)")
    return _plain(value)


def _as_text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


Text = Annotated[str, BeforeValidator(_as_text), AfterValidator(_plain)]
Id = Annotated[str, BeforeValidator(_as_text), Field(min_length=1, max_length=64), AfterValidator(_plain_id)]
IdList = Annotated[tuple[str, ...], BeforeValidator(_parse_list)]
TimeOfDay = Annotated[int, BeforeValidator(parse_time)]
ClockTime = Annotated[float, BeforeValidator(_parse_clock)]
Times = Annotated[tuple[int, ...], BeforeValidator(_parse_times)]
Date = Annotated[dt.date, BeforeValidator(_parse_date)]
Weekday = Annotated[int, BeforeValidator(_parse_weekday)]
Flag = Annotated[bool, BeforeValidator(_parse_flag)]
Whole = Annotated[int, BeforeValidator(_parse_whole), Field(ge=0, le=1_000_000)]
Age = Annotated[int, BeforeValidator(_parse_whole), Field(ge=0, le=150)]
Signed = Annotated[int, BeforeValidator(_parse_whole), Field(ge=-1_000_000, le=1_000_000)]
Positive = Annotated[int, BeforeValidator(_parse_whole), Field(ge=1, le=1_000_000)]
Minutes = Annotated[int, BeforeValidator(_parse_whole), Field(ge=0, le=MINUTES_PER_DAY)]
Length = Annotated[int, BeforeValidator(_parse_whole), Field(ge=1, le=MINUTES_PER_DAY)]
Spans = Annotated[tuple[tuple[int, int], ...], BeforeValidator(_parse_spans)]


def column(
    description: str,
    *,
    example: str,
    default: Any = ...,
    unit: str | None = None,
    references: str | None = None,
    private: bool = False,
) -> Any:
    """Declare a column.

    Parameters
    ----------
    description : str
        One sentence for the document of tables.
    example : str
        The cell as it would stand in the CSV file.
    default : optional
        Value of an empty cell or absent column. Without it the column must be there, and filled.
    unit : str, optional
        Unit of the value, such as ``"minutes"``.
    references : str, optional
        Table whose key this column names; every value must be found there.
    private : bool
        Health information that identifies a person: hidden in errors and logs.
    """
    extra: dict[str, JsonValue] = {"unit": unit, "references": references, "private": private}
    return Field(default, description=description, examples=[example], json_schema_extra=extra, repr=not private)


class Row(BaseModel):
    """One row of a table: immutable, and without columns that are not declared.

    Subclasses say in ``table_name`` which table they are rows of (the file is ``<table_name>.csv``), in
    ``key`` which columns together may not repeat (empty: rows may repeat), and in ``passes_over`` whether a table may
    have columns that are not declared, which are then not looked at.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    table_name: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    passes_over: ClassVar[bool] = False
