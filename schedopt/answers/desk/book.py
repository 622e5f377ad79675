"""Give a request a slot that is free: one that was recommended, or that a fill offers."""

from __future__ import annotations

import datetime as dt

import numpy as np

from schedopt.answers.desk.desk import Desk, desk_of
from schedopt.answers.result import plan_around
from schedopt.models.problem.notice import released
from schedopt.models.problem.plan import Plan


def book(
    plan: Plan | Desk, request: str, provider: str, start: dt.datetime, *, now: dt.datetime | None = None
) -> Plan:  # fmt: skip
    """The plan with a request at a slot that is free; everybody else stays where they are.

    A request that has a visit already moves it there. Steps before and after the provider step lie where they cost
    least, as :func:`~schedopt.answers.desk.recommend.recommend` and :func:`~schedopt.answers.desk.fill.fill` list them.

    Parameters
    ----------
    plan : Plan or Desk
        A finished plan.
    request : str
        Id of a request of its problem.
    provider : str
        Id.
    start : datetime.datetime
        Start of the provider step, as the clocks of the provider's site show it.
    now : datetime.datetime, optional
        The moment of asking, as in :class:`~schedopt.answers.desk.desk.Desk`.

    Returns
    -------
    Plan
        Of the same problem, with the same bound.

    Raises
    ------
    ValueError
        If the request or the provider is unknown, the slot is not free or a rule is in its way, the start carries a
        time zone, or the plan's schedule breaks a rule.
    """
    desk = desk_of(plan, now)
    before, problem, code = desk.plan, desk.problem, desk.code(request)
    sessions, calendar = problem.week.sessions, problem.calendar
    if start.tzinfo:
        raise ValueError(f"expected a time as the site's clocks show it, without a zone: {start}")
    if provider not in sessions.provider_ids:
        raise ValueError(f"expected the id of a provider of the plan's problem, not {provider!r}")
    since = start - dt.datetime.combine(calendar.first, dt.time())
    cell, rest = divmod(since, dt.timedelta(minutes=calendar.grid))
    places = desk.places(code)
    mine = sessions.provider[problem.options.session[places.row]] == sessions.provider_ids.index(provider)
    here = np.flatnonzero(mine & (places.start == cell)) if not rest else np.zeros(0, np.int64)
    if not len(here):
        raise ValueError(f"expected a slot that is free for {request}: none begins at {start} with {provider}")
    best = here[np.lexsort((places.stranded[here], places.added[here]))[0]]
    conflicts = before.conflicts[before.conflicts["request"] != request]
    how = {"booked": {"request": request, "provider": provider, "start": start.isoformat(timespec="minutes")}}
    bound = 0 if before.status == "conflict" else before.bound
    after = released(before.problem, now)
    return plan_around(after, desk.placed(places, int(best)), how, bound=bound, conflicts=conflicts)
