"""The compliance calendar: obligations, expiries and actions by the day on which they are due, overdue first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

import pandas as pd

from schedopt.models.office import Office
from schedopt.models.tables import Credential
from schedopt.operations.audits.obligations import DEFAULTS, due_days, last_done_of
from schedopt.operations.audits.tables import Obligation

Kind = Literal["obligation", "credential", "competence", "maintenance", "retention", "action"]
COLUMNS = ("due", "state", "days_left", "kind", "id", "what", "who", "source", "basis", "last_done", "begin")


class Due(NamedTuple):
    """Something that is due on a day.

    Attributes
    ----------
    due : datetime.date
        By when.
    kind : str
        Of what it is.
    id : str
        Id of the obligation, credential, device or action.
    what : str
        In words.
    who : str
        Who sees to it, or whom it is about; an id, or empty.
    source : str
        Where it is asked for.
    basis : str
        Who says how often: law, guidance, contract or office; empty for a day that is written down.
    last_done : datetime.date or None
        When it was last done.
    lead_days : int
        Days ahead on which to begin.
    """

    due: dt.date
    kind: Kind
    id: str
    what: str
    who: str = ""
    source: str = ""
    basis: str = ""
    last_done: dt.date | None = None
    lead_days: int = 30


def compliance_calendar(
    office: Office, first: dt.date, last: dt.date, *, done: Mapping[str, dt.date] | None = None,
    more: Iterable[Due] = (),
) -> pd.DataFrame:  # fmt: skip
    """What an office has to do in some days, by law, contract and its own rules; what is overdue first.

    Parameters
    ----------
    office : Office
        Whose table ``obligations`` holds; :data:`~schedopt.operations.audits.obligations.DEFAULTS` where it has none.
        Its ``credentials`` expire.
    first, last : datetime.date
        The days. What was due before the first one and is not known to be done is overdue.
    done : mapping of str to datetime.date, optional
        When obligations were last done, by id, beside what their rows say.
    more : iterable of Due, optional
        What else is due: expiries of staff, maintenance, actions, what may be disposed of.

    Returns
    -------
    pandas.DataFrame
        One row a day by which something is due: ``due`` (datetime64), ``state`` (``overdue``; ``begin``: its lead has
        begun; ``later``), ``days_left`` (from the first day; below 0: overdue), ``kind``, ``id``, ``what``, ``who``,
        ``source``, ``basis``, ``last_done`` (datetime64, NaT), ``begin`` (datetime64: the day ahead on which to begin).

    Raises
    ------
    ValueError
        If the last day is before the first.
    """
    if last < first:
        raise ValueError("expected the last day on or after the first")
    rows = office.rows(Obligation)
    others = list(more)
    told = {(one.id, one.who) for one in others if one.kind == "credential"}
    held = [one for one in _credentials(office) if (one.id, one.who) not in told]
    dues = [*obligations_due(DEFAULTS if rows is None else rows, first, last, done or {}), *held, *others]
    return calendar_table(dues, first, last)


def expiries_due(table: pd.DataFrame) -> list[Due]:
    """What of staff's competences and credentials ends, as :func:`schedopt.operations.training.matrix.expiries` has it.

    Parameters
    ----------
    table : pandas.DataFrame
        ``staff``, ``what``, ``kind``, ``until``, ``required``, ``course``.
    """
    found = []
    for row in table.to_dict("records"):
        words = f"Renew {row['what']}: last day it is held" + (
            f"; required by {row['required']}" if row["required"] else ""
        )
        found.append(
            Due(
                pd.Timestamp(row["until"]).date(), row["kind"], str(row["what"]), words, str(row["staff"]), lead_days=90
            )
        )
    return found


def retention_due(table: pd.DataFrame) -> list[Due]:
    """What may be disposed of, by the month in which it may be, as ``Store.retention`` has it."""
    months = pd.to_datetime(table.loc[table["status"] != "legal hold", "until"]).dt.strftime("%Y-%m")
    return [
        Due(
            dt.date.fromisoformat(f"{month}-01"), "retention", str(month),
            f"Look at records that may be disposed of: {count:,}", lead_days=0,
            source="45 CFR 164.316(b)(2), 164.530(j)(2)",
        )
        for month, count in months.value_counts().sort_index().items()
    ]  # fmt: skip


def obligations_due(
    rows: Sequence[Obligation], first: dt.date, last: dt.date, done: Mapping[str, dt.date]
) -> list[Due]:  # fmt: skip
    """What obligations ask for in some days."""
    found = []
    for row in rows:
        before = last_done_of(row, done)
        for day in due_days(row, before, first, last):
            found.append(
                Due(day, "obligation", row.obligation, row.what, row.owner or "", row.source, row.basis, before,
                    row.lead_days)
            )  # fmt: skip
    return found


def calendar_table(dues: Iterable[Due], first: dt.date, last: dt.date) -> pd.DataFrame:
    """Columns of :func:`compliance_calendar`, by day."""
    table = pd.DataFrame(
        [
            (one.due, _state(one, first), (one.due - first).days, one.kind, one.id, one.what, one.who, one.source,
             one.basis, one.last_done, max(one.due - dt.timedelta(days=one.lead_days), dt.date(1900, 1, 1)))
            for one in sorted(dues, key=lambda one: (one.due, one.kind, one.id, one.who))
            if one.due <= last
        ],
        columns=list(COLUMNS),
    )  # fmt: skip
    return table.astype(
        {"due": "datetime64[s]", "last_done": "datetime64[s]", "begin": "datetime64[s]", "days_left": "int64"}
    )


def _state(one: Due, first: dt.date) -> str:
    if one.due < first:
        return "overdue"
    return "begin" if one.due - dt.timedelta(days=one.lead_days) <= first else "later"


def _credentials(office: Office) -> list[Due]:
    """Credentials by their last day, the latest of those of one kind that somebody holds."""
    latest: dict[tuple[str, str], dt.date | None] = {}
    for row in office.rows(Credential) or ():
        key = (row.provider, row.credential)
        before = latest.get(key, dt.date.min)
        latest[key] = None if before is None or row.valid_until is None else max(before, row.valid_until)
    return [
        Due(day, "credential", credential, f"Renew {credential}: last day it is held", provider, lead_days=90)
        for (provider, credential), day in latest.items()
        if day is not None
    ]
