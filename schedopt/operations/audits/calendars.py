"""The compliance calendar for people and their calendars: a page, and iCalendar (RFC 5545)."""

from __future__ import annotations

import datetime as dt
import uuid

import icalendar
import pandas as pd

from schedopt.pages import environment

_NAMESPACE = uuid.UUID("b1a9f1f5-58b8-52a2-9d4f-0c3f5d1f6c77")
_PRODUCT = "-//schedopt//schedopt//EN"
_STATES = {"overdue": "Overdue", "begin": "To begin now", "later": "Later"}
_ABOUT = {
    "obligation": "obligation", "credential": "credential", "competence": "competence", "maintenance": "maintenance",
    "retention": "retention", "action": "corrective action",
}  # fmt: skip


def calendar_page(table: pd.DataFrame, office: str, first: dt.date, last: dt.date) -> str:
    """A page with all that is due, what is overdue first.

    Parameters
    ----------
    table : pandas.DataFrame
        As of :func:`~schedopt.operations.audits.due.compliance_calendar`.
    office : str
        Its name.
    first, last : datetime.date
        The days that it is about.
    """
    groups = [
        (title, _rows(table[table["state"] == state]))
        for state, title in _STATES.items()
        if (table["state"] == state).any()
    ]
    template = environment("schedopt.operations.audits", {"day": _day}).get_template("calendar.html.j2")
    counts = {state: int((table["state"] == state).sum()) for state in _STATES}
    return template.render(office=office, first=first, last=last, groups=groups, counts=counts, about=_ABOUT)


def calendar_ics(table: pd.DataFrame, office: str, stamp: dt.datetime) -> bytes:
    """The same as all-day events, each with an alarm on the day on which to begin.

    Parameters
    ----------
    table, office
        As in :func:`calendar_page`.
    stamp : datetime.datetime
        Moment of the revision, aware.

    Returns
    -------
    bytes
        An event's UID depends on office, kind, id, whom it is about and day, so that a later file moves nothing twice.
    """
    whole = icalendar.Calendar()
    whole.add("PRODID", _PRODUCT)
    whole.add("VERSION", "2.0")
    whole.add("METHOD", "PUBLISH")
    for row in table.itertuples():
        whole.add_component(_event(row, office, stamp))
    content: bytes = whole.to_ical()
    return content


def _event(row: object, office: str, stamp: dt.datetime) -> icalendar.Event:
    said = {name: getattr(row, name) for name in ("kind", "id", "who", "what", "source", "state")}
    day = pd.Timestamp(getattr(row, "due")).date()  # noqa: B009
    event, identity = icalendar.Event(), f"{office}|{said['kind']}|{said['id']}|{said['who']}|{day}"
    event.add("UID", f"{uuid.uuid5(_NAMESPACE, identity)}@schedopt")
    event.add("DTSTAMP", stamp)
    event.add("DTSTART", day)
    event.add("DTEND", day + dt.timedelta(days=1))
    late = "Overdue: " if said["state"] == "overdue" else ""
    event.add("SUMMARY", f"{late}{said['what']}" + (f" ({said['who']})" if said["who"] else ""))
    if said["source"]:
        event.add("DESCRIPTION", said["source"])
    event.add("TRANSP", "TRANSPARENT")
    event.add("CATEGORIES", [_ABOUT[said["kind"]]])
    lead = day - pd.Timestamp(getattr(row, "begin")).date()  # noqa: B009
    alarm = icalendar.Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", said["what"])
    alarm.add("TRIGGER", -lead)
    event.add_component(alarm)
    return event


def _rows(table: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {
            **{name: row[name] for name in ("days_left", "kind", "id", "what", "who", "source", "basis")},
            **{name: None if pd.isna(row[name]) else row[name].date() for name in ("due", "last_done", "begin")},
        }
        for row in table.to_dict("records")
    ]


def _day(day: dt.date) -> str:
    """A day as people read it, such as ``Mon 30 Nov 2026``."""
    return f"{day:%a} {day.day} {day:%b %Y}"
