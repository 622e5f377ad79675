"""Column types of the office's tables: how a cell of text becomes a value."""

from __future__ import annotations

import datetime as dt
import re
import types
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from typing import Annotated, Any, ClassVar, TypedDict, Union, Unpack, get_args, get_origin, get_type_hints
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo

from schedopt.models.clock import DAYS_WORDS, MINUTES_PER_DAY, format_time, is_known_day

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

LAST = -1
"""Of the weeks of a month."""

_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)(?::00)?")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?|24:00(?::00)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_UNSEEN = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""What shows nothing although its category is that of letters, marks or signs."""

_NO_PLACE = frozenset(["Factory", "localtime"])
"""Names of zones that mean no zone, or on each machine another one."""

zone_names = cache(available_timezones)


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
    if day is None or not is_known_day(day):
        raise ValueError(f"expected a date YYYY-MM-DD {DAYS_WORDS}")
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
    return tuple(dict.fromkeys(_clear(text) for item in items if (text := _as_text(item))))


def _parse_weeks_of_month(value: object) -> tuple[int, ...]:
    numbers = {"last": LAST, str(LAST): LAST, **{str(number): number for number in range(1, 6)}}
    items = [item.lower() for item in _parse_list(value)]
    if not set(items) <= numbers.keys():
        raise ValueError("expected numbers from 1 to 5, or last, separated by ;")
    return tuple(numbers[item] for item in items)


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


def _parse_movable(value: object) -> tuple[tuple[int, int, int], ...]:
    movable = []
    for item in _parse_list(value):
        parts = item.split()
        if len(parts) != 2:
            raise ValueError("expected breaks HH:MM-HH:MM MINUTES separated by ;")
        ((start, end),), minutes = _parse_spans(parts[0]), _parse_whole(parts[1])
        movable.append((start, end, minutes))
        if not 1 <= minutes <= end - start:
            raise ValueError("expected each break to be a minute at least, and to fit between its two times")
    movable.sort()
    if any(first[1] > second[0] for first, second in pairwise(movable)):
        raise ValueError("expected hours of breaks that do not overlap")
    return tuple(movable)


def format_movable(movable: tuple[int, int, int]) -> str:
    """A break as it stands in a cell, such as ``11:00-14:00 30``."""
    start, end, minutes = movable
    return f"{format_time(start)}-{format_time(end)} {minutes}"


def _parse_times(value: object) -> tuple[int, ...]:
    items = value.split(";") if isinstance(value, str) else value if isinstance(value, (list, tuple)) else (value,)
    return tuple(parse_time(item) for item in items)


def plain(value: str) -> str:
    """The text, if it has no characters that drive a terminal, break a line or belong to no text at all."""
    if _CONTROL.search(value):
        raise ValueError("expected text without control characters")
    return value


def _clear(value: str) -> str:
    """The text, if two people who see it would type the same characters."""
    if not plain(value).isascii():
        if any(_is_unseen(character) for character in value):
            raise ValueError("expected no characters that cannot be seen, and no blanks but plain ones")
        if not unicodedata.is_normalized("NFC", value):
            raise ValueError("expected letters with their accents as single characters (Unicode NFC)")
    return value


def _is_unseen(character: str) -> bool:
    """Whether a character shows nothing, or a blank that is not the plain one."""
    category = unicodedata.category(character)
    return category in ("Cf", "Cn", "Co") or (category == "Zs" and character != " ") or bool(_UNSEEN.match(character))


def _plain_id(value: str) -> str:
    if value.isascii() and value.isprintable() and ";" not in value:
        return value
    if ";" in value:
        raise ValueError("expected an id without ; (it separates ids in lists)")
    return _clear(value)


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def known_zone(name: str) -> str:
    """The name of a time zone that is the same one everywhere."""
    if name in _NO_PLACE or name not in zone_names():
        raise ValueError("expected an IANA time zone such as America/New_York")
    return name


Text = Annotated[str, BeforeValidator(_as_text), AfterValidator(plain)]
Id = Annotated[str, Field(min_length=1, max_length=64), BeforeValidator(_as_text), AfterValidator(_plain_id)]
Zone = Annotated[str, BeforeValidator(_as_text), AfterValidator(known_zone)]
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
RestHours = Annotated[int, BeforeValidator(_parse_whole), Field(ge=0, le=48)]
Length = Annotated[int, BeforeValidator(_parse_whole), Field(ge=1, le=MINUTES_PER_DAY)]
Hours = Annotated[int, BeforeValidator(_parse_whole), Field(ge=0, le=1000)]
Amount = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Weeks = Annotated[int, BeforeValidator(_parse_whole), Field(ge=1, le=52)]
WeeksOfMonth = Annotated[tuple[int, ...], BeforeValidator(_parse_weeks_of_month)]
Spans = Annotated[tuple[tuple[int, int], ...], BeforeValidator(_parse_spans)]
Movable = Annotated[tuple[tuple[int, int, int], ...], BeforeValidator(_parse_movable)]


class Notes(TypedDict, total=False):
    """What a column says beside its type; without a word, nothing of it holds.

    Attributes
    ----------
    unit : str
        Unit of the value, such as ``"minutes"``.
    references : str
        Table whose key this column names; every value must be found there.
    names : bool
        Where the office does not have that table, this column says which ids there are.
    private : bool
        Health information that identifies a person: hidden in errors and logs.
    tells_apart : bool
        The value tells one row from another, so that it makes no groups.
    on_grid : bool
        Every value, in minutes, is a multiple of ``grid_minutes``.
    of_day : str
        Column with the date on which this time of day is, where it is filled: the clocks of the site then show the time
        exactly once.
    whole_day : bool
        With `of_day`: 00:00 and 24:00 are the ends of the day, whatever the clocks show.
    ends : bool
        With `of_day`: the end of a stretch, which may be the instant at which clocks jump forward.
    instead_of : str
        Column beside which this one is empty.
    later : bool
        It came when offices had fingerprints: where all its cells are left empty, theirs stay as they were.
    """

    unit: str
    references: str
    names: bool
    private: bool
    tells_apart: bool
    on_grid: bool
    of_day: str
    whole_day: bool
    ends: bool
    instead_of: str
    later: bool


def column(description: str, *, example: str, default: Any = ..., **notes: Unpack[Notes]) -> Any:
    """Declare a column.

    Parameters
    ----------
    description : str
        One sentence for the document of tables.
    example : str
        The cell as it would stand in the CSV file.
    default : optional
        Value of an empty cell or absent column. Without it the column must be there, and filled.
    **notes : optional
        What else it needs, as in :class:`Notes`.
    """
    extra: dict[str, Any] = {**notes}
    shown = not notes.get("private", False)
    return Field(default, description=description, examples=[example], json_schema_extra=extra, repr=shown)


def note(field: FieldInfo, name: str) -> Any:
    """What the declaration of a column or setting says beside its type, under a name of :class:`Notes`."""
    extra = field.json_schema_extra
    return extra.get(name) if isinstance(extra, dict) else None


@lru_cache(1000)
def noted(model: type[BaseModel], name: str) -> dict[str, Any]:
    """The columns, or settings, of which a note says something, with what it says."""
    found = {column: note(field, name) for column, field in model.model_fields.items()}
    return {column: said for column, said in found.items() if said not in (None, False)}


@lru_cache(1000)
def types_of(model: type[Any]) -> dict[str, Any]:
    """The type of what stands in each column where it is filled, such as :data:`Date`."""
    hints = get_type_hints(model, include_extras=True)
    return {name: _filled(hints[name]) for name in model.model_fields}


def _filled(hint: Any) -> Any:
    """A type without None."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(part for part in get_args(hint) if part is not type(None))
    return hint


class Row(BaseModel):
    """One row of a table: immutable, and without columns that are not declared.

    Subclasses say in ``table_name`` which table they are rows of (the file is ``<table_name>.csv``), in
    ``key`` which columns together may not repeat (empty: rows may repeat), in ``required`` whether an office must have
    the table, and in ``passes_over`` whether a table may have columns that are not declared, which are then not looked
    at.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    table_name: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    required: ClassVar[bool] = False
    passes_over: ClassVar[bool] = False
