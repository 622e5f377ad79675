"""What has happened to a plan, as rows of the office's tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from schedopt.models.clock import format_time
from schedopt.models.office import Office
from schedopt.models.problem.happened import Away, Cancelled, Closed, Happened
from schedopt.models.tables import Cancellation, Leave, PoolClosure, Row

_DAY = dt.timedelta(days=1)
_MINUTE = dt.timedelta(minutes=1)


def with_changes(office: Office, changes: Sequence[Happened]) -> Office:
    """The office with a row for everything that has happened and does not stand there yet.

    Parameters
    ----------
    office : Office
        As it was planned.
    changes : sequence
        Absences become leave, closed pools closures, cancelled requests cancellations; all others, and what the
        office does not have, become nothing.

    Returns
    -------
    Office
        Its fingerprint is still that of the old one.
    """
    known = {
        Away: {row.provider for row in office.providers}, Closed: {row.pool for row in office.pools or ()},
        Cancelled: {row.request for row in office.requests},
    }  # fmt: skip
    found: dict[str, list[Row]] = {}
    for change in changes:
        for row in _rows(change) if _name(change) in known.get(type(change), ()) else ():
            found.setdefault(row.table_name, []).append(row)
    own = {name: office.rows(type(rows[0])) for name, rows in found.items()}
    tables = {name: _joined(own[name] or (), rows) for name, rows in found.items()}
    return office.model_copy(update={name: rows for name, rows in tables.items() if rows != own[name]})


def _name(change: Happened) -> str:
    """Who or what it happened to."""
    if isinstance(change, Away):
        return change.provider
    return change.pool if isinstance(change, Closed) else change.request


def _rows(change: Happened) -> Iterator[Row]:
    if isinstance(change, Cancelled):
        yield Cancellation(request=change.request)
    elif isinstance(change, Closed):
        for date, start, end in _days(change.start, change.end):
            yield PoolClosure(
                pool=change.pool, date=date, start=start, end=end, units=change.units, taken_by=change.taken_by
            )
    elif isinstance(change, Away):
        for date, start, end in _days(change.start, change.end):
            yield Leave(provider=change.provider, first_day=date, last_day=date, start=start, end=end)


def _days(start: dt.datetime, end: dt.datetime) -> Iterator[tuple[dt.date, str, str]]:
    """Each day of a stretch, with the times (HH:MM) from and until which it lasts."""
    midnight = dt.datetime.combine(start.date(), dt.time())
    while midnight < end:
        first, last = max(start, midnight) - midnight, min(end, midnight + _DAY) - midnight
        yield midnight.date(), format_time(first // _MINUTE), format_time(-(-last // _MINUTE))
        midnight += _DAY


def _joined(own: Sequence[Row], more: Sequence[Row]) -> tuple[Row, ...]:
    """The rows, and those of the others that say anything else."""
    said = {_without_reason(row) for row in own}
    return (*own, *(row for row in dict.fromkeys(more) if _without_reason(row) not in said))


def _without_reason(row: Row) -> Row:
    return row.model_copy(update={"reason": ""})
