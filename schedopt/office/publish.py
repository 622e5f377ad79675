"""Publish a plan: its visits become promises of the office, fixed on the days published and movable on draft days."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from schedopt.errors import OutputError
from schedopt.models.couplings import AuthorisedVisits
from schedopt.models.office import Office
from schedopt.models.plan import Plan
from schedopt.models.problem import Problem
from schedopt.models.schedule import Schedule
from schedopt.models.tables import Appointment
from schedopt.models.tables.fields import format_time
from schedopt.office.read import fingerprint


def publish(office: Office, plan: Plan, through: dt.date, *, draft: bool = True) -> Office:
    """The office with a plan's visits among its appointments, ready for the next days to be planned.

    Visits on days up to `through` are promised as fixed. Those on later days are a draft: promised as movable, so that
    the next plan may move them at the price ``moved``; without `draft` they are not promised at all. Appointments of
    days that the plan does not reach stay as they are, and so do fixed ones that the plan could not keep. A movable one
    that the plan has left out is gone where its day is published.

    The office then holds its own history: :func:`schedopt.assemble` plans no visit again that is promised outside the
    days planned, keeps the distance of series to it, and counts it off its authorisation.

    Parameters
    ----------
    office : Office
        The office that was planned.
    plan : Plan
        A plan of it.
    through : datetime.date
        The last day published.
    draft : bool
        Promise the visits of later days as movable.

    Returns
    -------
    Office

    Raises
    ------
    ValueError
        If the plan has a visit of a request or provider that the office does not have.
    """
    return publish_schedule(office, plan.problem, plan.assignment, through, draft=draft)


def publish_schedule(
    office: Office, problem: Problem, schedule: Schedule, through: dt.date, *, draft: bool = True
) -> Office:
    """The same as :func:`publish`, for any schedule of a problem."""
    through = through.date() if isinstance(through, dt.datetime) else through
    _known(office, problem, schedule)
    visits = {row.request: row for row in _promises(problem, schedule, through)}
    if not draft:
        visits = {name: row for name, row in visits.items() if row.date <= through}
    planned = problem.week.request_code
    rows: list[Appointment] = []
    for row in office.appointments or ():
        new = visits.pop(row.request, None)
        gone = row.request in planned and row.mark == "movable" and row.date <= through
        if new is not None:
            rows.append(new.model_copy(update={"mark": "fixed"}) if row.mark == "fixed" else new)
        elif not gone:
            rows.append(row)
    rows.extend(visits.values())
    promised = office.model_copy(update={"appointments": tuple(rows)})
    return promised.model_copy(update={"fingerprint": fingerprint(promised)})


def _known(office: Office, problem: Problem, schedule: Schedule) -> None:
    requests, providers = {row.request for row in office.requests}, {row.provider for row in office.providers}
    week = problem.week
    for request in schedule.placed.tolist():
        name = week.requests.ids[request]
        provider = week.sessions.provider_ids[int(week.sessions.provider[schedule.session[request]])]
        if name not in requests:
            raise ValueError(f"expected a plan of this office, which has no request {name!r}")
        if provider not in providers:
            raise ValueError(f"expected a plan of this office, which has no provider {provider!r}")


def _promises(problem: Problem, schedule: Schedule, through: dt.date) -> list[Appointment]:
    """Every visit of a schedule as an appointment, by start and provider."""
    week, calendar = problem.week, problem.calendar
    start, used = schedule.start(week), _authorisations(problem, schedule)
    placed = schedule.placed
    provider = week.sessions.provider[schedule.session[placed]]
    found = []
    for place in np.lexsort((provider, start[placed])).tolist():
        request = int(placed[place])
        date = calendar.date(calendar.day_of(start[request]))
        found.append(
            Appointment(
                request=week.requests.ids[request], provider=week.sessions.provider_ids[int(provider[place])],
                date=date, start=format_time(calendar.minutes(start[request])),
                mark="fixed" if date <= through else "movable", minutes=_shorter(problem, request),
                authorisation=used.get(request),
            )
        )  # fmt: skip
    return found


def _shorter(problem: Problem, request: int) -> int | None:
    """Minutes of an appointment that is shorter than its visit is expected to be."""
    requests = problem.week.requests
    length = int(requests.length[request])
    return length * problem.calendar.grid if length < requests.usual_length[request] else None


def _authorisations(problem: Problem, schedule: Schedule) -> dict[int, str]:
    """The authorisation that each visit uses a visit of, by request."""
    placed, used = schedule.placed, {}
    for coupling in problem.couplings:
        if isinstance(coupling, AuthorisedVisits):
            row, group = coupling.groups(problem.week, placed, schedule.session[placed])
            for request, number in zip(placed[row].tolist(), group.tolist(), strict=True):
                used[request] = coupling.ids[number]
    return used


def appointments_table(office: Office) -> pd.DataFrame:
    """The appointments as they stand in their file, a column for each of the table's; ids as they are."""
    columns = list(Appointment.model_fields)
    rows = [{**row.model_dump(), "start": format_time(row.start)} for row in office.appointments or ()]
    table = pd.DataFrame(rows, columns=columns).astype(object)
    return table.where(table.notna(), None)


def write_appointments(office: Office, file: str | Path) -> Path:
    """Write an office's appointments into a CSV file: the whole of them, or nothing.

    Parameters
    ----------
    office : Office
        As :func:`publish` returns it.
    file : path
        Such as ``appointments.csv`` in the office's folder; replaced in one step.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    OutputError
        If it cannot be written; an earlier file is then as it was.
    """
    place = Path(file).resolve()
    content = appointments_table(office).to_csv(index=False, lineterminator="\r\n").encode()
    try:
        with TemporaryDirectory(prefix=f".{place.name}.", dir=place.parent, ignore_cleanup_errors=True) as beside:
            new = Path(beside, place.name)
            new.write_bytes(content)
            new.replace(place)
    except OSError as error:
        raise OutputError(f"cannot write {place}: {error.strerror or error}") from error
    return Path(file)
