"""Publish a plan: its visits become promises of the office, fixed on the days published and movable on draft days."""

from __future__ import annotations

import datetime as dt

import numpy as np

from schedopt.models.clock import format_time
from schedopt.models.office import Office
from schedopt.models.problem.couplings import AuthorisedVisits, Promises
from schedopt.models.problem.happened import Cancelled
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.models.tables import Appointment
from schedopt.office.happened import with_changes
from schedopt.office.read import fingerprint


def publish(office: Office, plan: Plan, through: dt.date, *, draft: bool = True) -> Office:
    """The office with a plan's visits among its appointments, ready for the next days to be planned.

    Visits on days up to `through` are promised as fixed. Those on later days are a draft: promised as movable, so that
    the next plan may move them at the price ``moved``; without `draft` they are not promised at all. Appointments of
    days that the plan does not reach stay as they are, and so do fixed ones that the plan could not keep. A movable one
    that the plan has left out is gone where its day is published, and so is a fixed one that a change has made
    impossible.

    What has happened to the plan becomes the office's too: cancelled requests stand in ``cancellations`` and are
    promised no more, absences in ``leave``, closed pools in ``pool_closures``.

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
    cancelled = {change.request for change in problem.changes if isinstance(change, Cancelled)}
    given_up = _given_up(problem, schedule)
    rows: list[Appointment] = []
    for row in office.appointments or ():
        new = visits.pop(row.request, None)
        if new is not None:
            rows.append(new.model_copy(update={"mark": "fixed"}) if row.mark == "fixed" else new)
        elif row.request in cancelled or (row.request in given_up and row.date <= through):
            continue
        else:
            rows.append(row.model_copy(update={"mark": "movable"}) if row.request in given_up else row)
    rows.extend(visits.values())
    promised = with_changes(office, problem.changes).model_copy(update={"appointments": tuple(rows)})
    return promised.model_copy(update={"fingerprint": fingerprint(promised)})


def _given_up(problem: Problem, schedule: Schedule) -> set[str]:
    """Requests promised as movable, or not any more, by what the plan knows."""
    requests, released = problem.week.requests, problem.coupling(Promises).released
    lost = [code for code in released if schedule.session[code] < 0]
    loose = np.flatnonzero((requests.promised_start >= 0) & ~requests.fixed).tolist()
    return {requests.ids[code] for code in (*lost, *loose)}


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
