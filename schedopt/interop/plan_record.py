"""plan.json: everything about a plan that its office does not say, written and read in one place."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, cast, get_args

import numpy as np
import pandas as pd

from schedopt.models.problem.happened import Away, Cancelled, Closed, Happened, Loosened, Released, Urgent
from schedopt.models.problem.plan import Plan, Status
from schedopt.models.problem.visits import Visit

_KINDS: Mapping[str, type[Happened]] = {
    "away": Away, "cancelled": Cancelled, "closed": Closed, "loosened": Loosened, "released": Released,
    "urgent": Urgent,
}  # fmt: skip
_KIND = "change"
_TIMES = ("start", "end")
_MAY_LACK: Mapping[str, Callable[[Any], Any]] = {"units": int, "taken_by": str}
"""What changes say only where there is something to say."""
_OWN = (
    "bound", "changes", "conflicts", "cost", "files", "gap", "levels", "seconds", "status", "trace", "left_out",
    "visits",
)  # fmt: skip
"""Keys that come from the plan, in every record of one; all others but `_LATER` are its record."""
_LATER = ("not_due",)
"""Keys that come from the plan, but stand in no record that was written before there were any."""
_VISITS, _NO_VISITS = "visits", '\n  "visits": []'
_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "left_out": {
        "request": "str", "patient": "str", "visit_type": "str", "priority": "int64", "cost": "int64",
        "sessions": "int64", "sessions_left": "int64", "promised": "str", "cause": "str", "reason": "str",
        "proved": "bool", "nearest": "str", "gives": "str", "what": "str", "change": "int64",
    },
    "removed": {"request": "str", "rule": "str", "source": "str", "sessions": "int64", "reason": "str"},
    "conflicts": {"request": "str", "rule": "str", "source": "str", "detail": "str"},
    "trace": {"seconds": "float64", "cost": "int64", "bound": "int64"},
    "levels": {"level": "int64", "parts": "str", "points": "int64", "bound": "int64"},
}  # fmt: skip
"""Tables that plan.json holds, with their columns."""
_ADDED: Mapping[str, object] = {"nearest": "", "gives": "", "what": "", "change": 0}
"""Columns that earlier records do not have, and what stands for them."""


@dataclass(frozen=True)
class PlanRecord:
    """What plan.json says.

    Attributes
    ----------
    first : datetime.date
        The first day planned.
    now : datetime.datetime or None
        The moment of planning, where one was given.
    asked : datetime.datetime or None
        As in :class:`~schedopt.models.problem.problem.Problem`.
    fingerprint : str
        Of the office's data that was planned.
    changes : tuple of Away, Closed, Cancelled, Urgent, Loosened or Released
        What has happened to the problem since it was assembled, in order.
    booked, expected : mapping of str to int
        Minutes by request, as :func:`~schedopt.models.problem.lengths.with_lengths` takes them.
    visits : tuple of Visit
        As in :class:`~schedopt.models.problem.plan.Plan`: what schedule.csv was written of.
    cost : int
        Points, as they were counted then.
    status, bound, seconds
        As in :class:`~schedopt.models.problem.plan.Plan`.
    tables : mapping of str to pandas.DataFrame
        ``left_out``, ``removed``, ``conflicts``, ``trace`` and ``levels``, as there.
    record : mapping
        As there.
    """

    first: dt.date
    now: dt.datetime | None
    asked: dt.datetime | None
    fingerprint: str
    changes: tuple[Happened, ...]
    booked: Mapping[str, int]
    expected: Mapping[str, int]
    visits: tuple[Visit, ...]
    status: Status
    cost: int
    bound: int
    seconds: float
    tables: Mapping[str, pd.DataFrame]
    record: Mapping[str, object]


def record_text(plan: Plan, files: Sequence[str]) -> str:
    """plan.json of a plan that is written with other files, by ids alone.

    A visit stands in each line, so that two versions can be compared by eye.
    """
    removed: dict[str, list[dict[str, object]]] = {}
    for row in _rows(plan.removed):
        removed.setdefault(row.pop("request"), []).append(row)
    content = {
        **plan.record,
        "status": plan.status,
        "cost": plan.cost,
        "bound": plan.bound,
        "files": sorted(files),
        "gap": plan.gap,
        "seconds": plan.seconds,
        "changes": [_from_change(change) for change in plan.problem.changes],
        "conflicts": _rows(plan.conflicts),
        "trace": _rows(plan.trace),
        "levels": _rows(plan.levels),
        "not_due": _rows(plan.not_due),
        "left_out": [row | {"removed": removed.get(row["request"], [])} for row in _rows(plan.left_out)],
        _VISITS: [],
    }
    text = json.dumps(_plain(content), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
    lines = ",\n".join(f"    {_visit_text(visit)}" for visit in plan.visits)
    return text.replace(_NO_VISITS, f"{_NO_VISITS[:-1]}\n{lines}\n  ]", 1) if lines else text


def files_of(text: bytes) -> tuple[str, ...] | None:
    """Which files were written with a plan, by its plan.json; None if the text is anything else."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or not content.keys() >= set(_OWN):
        return None
    return _texts(content["files"]) if isinstance(content["files"], list) else None


def parse_record(text: bytes) -> PlanRecord:
    """What :func:`record_text` wrote.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    try:
        content = json.loads(text)
        lengths = content.get("lengths", {})
        booked, expected = (
            {str(name): int(minutes) for name, minutes in lengths.get(key, {}).items()}
            for key in ("booked", "expected")
        )
        status = content["status"]
        if status not in get_args(Status):
            raise ValueError(f"no status of a plan: {status!r}")
        return PlanRecord(
            first=dt.date.fromisoformat(content["first_day"]),
            now=_moment(content, "now"), asked=_moment(content, "asked"),
            fingerprint=str(content["input_hash"]),
            changes=tuple(_to_change(wire) for wire in content["changes"]), booked=booked, expected=expected,
            visits=tuple(_to_visit(wire) for wire in content[_VISITS]), status=cast(Status, status),
            cost=int(content["cost"]), bound=int(content["bound"]), seconds=float(content["seconds"]),
            tables=_tables(content),
            record={key: value for key, value in content.items() if key not in (*_OWN, *_LATER)},
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise ValueError(f"no record of a plan: {error!r}") from None


def _moment(content: Mapping[str, Any], name: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(content[name]) if name in content else None


def _tables(content: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    left_out = content["left_out"]
    removed = [{"request": row["request"], **rest} for row in left_out for rest in row["removed"]]
    wire = {"removed": removed, **{name: content[name] for name in _COLUMNS if name != "removed"}}
    return {name: _frame(wire[name], columns) for name, columns in _COLUMNS.items()}


def _frame(wire: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    rows = [[row[name] if name in row else _ADDED[name] for name in columns] for row in wire]
    return pd.DataFrame(rows, columns=list(columns)).astype(dict(columns))


def _from_change(change: Happened) -> dict[str, object]:
    kind = next(name for name, kind in _KINDS.items() if isinstance(change, kind))
    said = {name: value for name, value in asdict(change).items() if name not in _MAY_LACK or value is not None}
    return {_KIND: kind, **said}


def _to_change(wire: Mapping[str, Any]) -> Happened:
    kind = _KINDS[wire[_KIND]]
    names = [field.name for field in fields(kind) if field.name in wire or field.name not in _MAY_LACK]
    values: dict[str, Any] = {name: _MAY_LACK.get(name, str)(wire[name]) for name in names}
    values |= {name: dt.datetime.fromisoformat(values[name]) for name in _TIMES if name in values}
    return kind(**values)


def _visit_text(visit: Visit) -> str:
    return json.dumps(_plain(asdict(visit)), ensure_ascii=False)


def _to_visit(wire: Mapping[str, Any]) -> Visit:
    values = {name: kind(wire[name]) for name, kind in _VISIT_FIELDS.items()}
    visit = Visit(**values)
    if not 0 <= visit.provider_step < len(visit.steps) == len(visit.minutes):
        raise ValueError(f"no visit: {visit.request!r} has other steps than lengths")
    if len(visit.others) != len(visit.other_steps) or not set(visit.other_steps) <= set(range(len(visit.steps))):
        raise ValueError(f"no visit: {visit.request!r} has others in steps that it does not have")
    return visit


def _numbers(wire: Sequence[Any]) -> tuple[int, ...]:
    return tuple(int(number) for number in wire)


def _texts(wire: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(text) for text in wire)


_VISIT_FIELDS: Mapping[str, Callable[[Any], Any]] = {
    **{field.name: str for field in fields(Visit)}, "date": dt.date.fromisoformat, "steps": _numbers,
    "minutes": _numbers, "provider_step": int, "cost": int, "others": _texts, "other_steps": _numbers,
}  # fmt: skip


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A table's rows as mappings from column to value."""
    columns: Sequence[str] = [str(column) for column in frame.columns]
    return [dict(zip(columns, row, strict=True)) for row in frame.itertuples(index=False, name=None)]


def _plain(value: object) -> object:
    """The value in JSON's own types: NumPy's numbers become Python's, dates text, and what is missing null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        parts = [_plain(part) for part in value]
        return sorted(parts, key=repr) if isinstance(value, (set, frozenset)) else parts
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)
