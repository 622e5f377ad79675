"""Visits that a repair has lost, and that a free place is left for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from schedopt.answers.desk import Desk, book
from schedopt.answers.replan import Replan, replan
from schedopt.models.problem.changes import Change
from schedopt.models.problem.plan import Plan


class Settled(NamedTuple):
    """A plan after changes.

    Attributes
    ----------
    plan : Plan
        The new one.
    repair : Replan
        What :func:`schedopt.replan` made of it.
    placed : tuple of str
        Requests that the repair had lost and that have a free place all the same.
    """

    plan: Plan
    repair: Replan
    placed: tuple[str, ...]

    @property
    def moved(self) -> int:
        """Visits at another time or with another provider."""
        return self.repair.moved + len(self.placed)

    @property
    def lost(self) -> int:
        """Visits that are left out now."""
        return self.repair.lost - len(self.placed)


def settle(
    plan: Plan, changes: Sequence[Change], time_limit: float, *, now: dt.datetime | None = None
) -> Settled:  # fmt: skip
    """Repair a plan, and give visits that are lost, the dearest first, the place that is free and cheapest for them.

    A repair of a large week stops searching at its limit, and may leave a place free that somebody who is lost could
    have.
    """
    repair = replan(plan, changes, time_limit, now=now)
    after, placed = repair.plan, list[str]()
    lost = repair.calls.loc[repair.calls["what"] == "lost", "request"].tolist()
    code, price = after.problem.week.request_code, after.problem.left_out
    for request in sorted(lost, key=lambda name: -int(price[code[name]])):
        better = _cheapest(after, request, now)
        if better is not None:
            after = better
            placed.append(request)
    return Settled(after, repair, tuple(placed))


def _cheapest(plan: Plan, request: str, now: dt.datetime | None) -> Plan | None:
    """The plan with a visit where it costs least, if that is less than to leave it out."""
    desk = Desk(plan, now)
    code = desk.code(request)
    places = desk.places(code)
    if not len(places.row):
        return None
    best = int(places.added.argmin())
    sessions, calendar = plan.problem.week.sessions, plan.problem.calendar
    provider = sessions.provider_ids[int(sessions.provider[desk.problem.options.session[places.row[best]]])]
    start = int(places.start[best])
    midnight = dt.datetime.combine(calendar.date(calendar.day_of(start)), dt.time())
    after = book(desk, request, provider, midnight + dt.timedelta(minutes=calendar.minutes(start)), now=now)
    return after if after.cost < plan.cost else None
