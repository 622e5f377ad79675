"""Who works under supervision, when, and whether a supervisor is on site."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from schedopt.models.clock import format_time
from schedopt.models.office import Office
from schedopt.models.problem.spans import minus
from schedopt.operations.training.people import by_id, people_of
from schedopt.operations.training.presence import Presence, days_between, shared

_COLUMNS = {
    "staff": "str", "provider": "str", "date": "object", "site": "str", "start": "str", "end": "str",
    "supervisors": "str", "minutes": "int64", "supervised_minutes": "int64", "alone": "str", "state": "str",
}  # fmt: skip
COVERED, PARTLY, ALONE = "on site", "partly", "nobody"
"""States of a stretch of a trainee's day."""


def supervision(office: Office, first_day: dt.date, last_day: dt.date) -> pd.DataFrame:
    """When trainees work, and when one of their supervisors is on site.

    Parameters
    ----------
    office : Office
        As read; trainees are providers with ``supervisors``.
    first_day, last_day : datetime.date
        The days.

    Returns
    -------
    pandas.DataFrame
        One row for each stretch of work of a trainee, by date: ``staff``, ``provider``, ``date`` (datetime.date),
        ``site``, ``start``, ``end`` (HH:MM), ``supervisors`` (ids of those who are on site for some of it),
        ``minutes``, ``supervised_minutes``, ``alone`` (the times without one, such as ``08:00-09:00``), ``state``
        (``on site``, ``partly`` or ``nobody``). Visits are planned in supervised times alone (rule ``supervision``).
    """
    presence, person = Presence(office, first_day, last_day), by_id(people_of(office))
    rows: list[tuple[object, ...]] = []
    for trainee in (row for row in office.providers if row.supervisors):
        me = person[trainee.provider]
        for day in days_between(first_day, last_day):
            for here in presence.on(me, day):
                there = {name: shared([here], presence.on(person[name], day)) for name in trainee.supervisors}
                covered = [(one.start, one.end) for some in there.values() for one in some]
                alone = [span for span in minus((here.start, here.end), covered) if span[0] < span[1]]
                minutes = here.end - here.start
                supervised = minutes - sum(end - start for start, end in alone)
                state = COVERED if supervised == minutes else PARTLY if supervised else ALONE
                rows.append((
                    me.staff, trainee.provider, day, here.site, format_time(here.start), format_time(here.end),
                    "; ".join(name for name, some in there.items() if some), minutes, supervised,
                    "; ".join(f"{format_time(start)}-{format_time(end)}" for start, end in alone), state,
                ))  # fmt: skip
    table = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)
    return table.sort_values(["date", "staff", "start"], kind="stable", ignore_index=True)
