"""A store as its users see it: who asks, and what they may ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import sqlalchemy as sa

from schedopt.answers.desk import book, recommend
from schedopt.errors import SlotTaken, StoreError
from schedopt.models.office import Office
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.office import assemble, read_office, read_schedule
from schedopt.office.publish import publish_schedule
from schedopt.office.write import office_files
from schedopt.registry import bookings, desk
from schedopt.registry.bookings import Booking, as_booking
from schedopt.registry.desk import Overbooking
from schedopt.registry.exchange import import_facts
from schedopt.registry.loading import Scope, for_planning, load_office
from schedopt.registry.publishing import bring_bookings, settle_cancellations
from schedopt.registry.slots import slots_of
from schedopt.store import schema
from schedopt.store.schema import ALWAYS, EVER
from schedopt.store.session import Call, Session, stamp
from schedopt.store.trail import Tampered, verify
from schedopt.writing import full_path, try_folder, write_folder

Answer = TypeVar("Answer")
_DAYS = dt.timedelta(days=27)
"""From the first day of a plan to the last that it can have."""


@dataclass(frozen=True)
class Store:
    """An office that lives in a store.

    Every method is one call: a transaction with its entry in the audit trail, whatever becomes of it. What the actor
    may not do, by role and purpose, raises :class:`~schedopt.errors.AccessDenied`.

    Attributes
    ----------
    session : Session
        Who asks, and where.
    moment : str or None
        The office is shown as it was known then; None: as it is known now.
    """

    session: Session
    moment: str | None = None

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Sign where the audit trail stands, and let go of the database."""
        if self.moment is None:
            self.session.checkpoint()
        self.session.engine.dispose()
        self.session.keys.close()

    def at(self, moment: dt.datetime) -> Store:
        """The store as it was known at a moment (with a zone); nothing can be changed in it."""
        return replace(self, moment=stamp(moment))

    def by(self, actor: str, purpose: str) -> Store:
        """The same store, asked by somebody else or for another purpose."""
        return replace(self, session=replace(self.session, actor=actor, purpose=purpose))

    def _do(self, operation: str, body: Callable[[Call], Answer], **said: str) -> Answer:
        if self.moment is not None:
            raise StoreError("expected the store as it is now: what was known before cannot be changed")
        return self.session.do(operation, body, **said)

    def import_folder(self, folder: str | Path) -> pd.DataFrame:
        """Bring the store to what an office's folder says; rows that it does not have any more are ended.

        Parameters
        ----------
        folder : str or Path
            As :func:`schedopt.read_office` takes it.

        Returns
        -------
        pandas.DataFrame
            ``table`` and ``changed`` (rows written, changed or ended).

        Raises
        ------
        InputError
            With every fault of the folder.
        AccessDenied
            If the actor may not.
        """
        return self.import_office(read_office(folder), source=str(Path(folder).name))

    def import_office(self, office: Office, source: str = "office") -> pd.DataFrame:
        """The same, of an office that has been read; it must be whole, with names and birth dates."""

        def body(call: Call) -> dict[str, int]:
            changed = import_facts(call, office)
            count = bring_bookings(call, office, office.appointments or (), {})
            settle_cancellations(call, office)
            return {**changed, "appointments": count} if count else changed

        changed = self._do("import", body, source=source)
        return pd.DataFrame({"table": list(changed), "changed": list(changed.values())})

    def export(self, folder: str | Path) -> Path:
        """Write all of the office into a folder, as :func:`schedopt.read_office` reads it; all or nothing."""
        office = self.whole_office()
        place = full_path(folder, f"an office to {folder}")
        try_folder(place, "an office")
        write_folder(place, office_files(office), "an office")
        return Path(folder)

    def whole_office(self) -> Office:
        """All of the office, with names and birth dates, for who may read all of it."""

        def body(call: Call) -> Office:
            call.may("read", "people", ("name", "birth_date", "group"))
            call.may("read", "cancellations", ("reason",))
            return load_office(call, Scope(self._entry(call), ALWAYS, EVER, whole=True))[0]

        return self.session.do("export", body)

    def office(self, first_day: dt.date) -> Office:
        """What the days planned from one on need, as planning may know it.

        Parameters
        ----------
        first_day : datetime.date
            The first day planned.

        Returns
        -------
        Office
            Rows as a folder gives them: without names and birth dates, of which ``age_days`` says all that planning
            needs, and with groups as numbers. Its ``fingerprint`` is that of the rows with them, so that a folder with
            the same rows has the same one. Patients' ids are aliases: those that a folder brought, or random ones.
        """
        return self.session.do("load office", lambda call: self._planning(call, first_day), about=first_day.isoformat())

    def _planning(self, call: Call, first_day: dt.date) -> Office:
        scope = Scope(self._entry(call), first_day.isoformat(), (first_day + _DAYS).isoformat(), whole=False)
        return for_planning(load_office(call, scope)[0], first_day)

    def problem(self, first_day: dt.date, now: dt.datetime | None = None) -> Problem:
        """The problem of the days from one on, assembled."""
        return assemble(self.office(first_day), first_day, now)

    def plan(self, first_day: dt.date, now: dt.datetime | None = None) -> Plan:
        """The bookings of these days as a plan, for :func:`schedopt.recommend`, ``fill``, ``replan`` and others."""

        def body(call: Call) -> tuple[Office, list[bookings.Row]]:
            return self._planning(call, first_day), bookings.between(call, first_day, first_day + _DAYS)

        if self.moment is not None:
            raise StoreError("expected the store as it is now, to plan on")
        office, rows = self.session.do("load plan", body, about=first_day.isoformat())
        problem = assemble(office, first_day, now)
        there = [row for row in rows if problem.calendar.covers(dt.date.fromisoformat(row["date"]))]
        names = ("request", "provider", "date", "start", "steps", "others")
        frame = pd.DataFrame({name: [row[name] for row in there] for name in names}, dtype=object)
        schedule, _ = read_schedule(problem, frame)
        return desk.as_plan(problem, schedule)

    def publish(self, plan: Plan, through: dt.date, *, draft: bool = True) -> pd.DataFrame:
        """Turn a plan's visits into bookings, all in one transaction; see :func:`schedopt.publish` for what changes.

        Parameters
        ----------
        plan : Plan
            A plan of :meth:`office`.
        through : datetime.date
            The last day published; visits of later days are movable.
        draft : bool
            Book the visits of later days too.

        Returns
        -------
        pandas.DataFrame
            ``table`` and ``changed``.
        """

        def body(call: Call) -> dict[str, int]:
            first = plan.problem.calendar.first
            scope = Scope(None, first.isoformat(), (first + _DAYS).isoformat(), whole=False)
            before, _ = load_office(call, scope)
            after = publish_schedule(before, plan.problem, plan.assignment, through, draft=draft)
            known = slots_of(plan.problem, plan.assignment)
            changed = desk.write_changes(call, before, after)
            within = {row.request for row in before.requests}
            rows = after.appointments or ()
            changed["appointments"] = bring_bookings(call, after, rows, _standing_as(known, rows), within)
            settle_cancellations(call, after)
            return {name: count for name, count in changed.items() if count}

        changed = self._do("publish", body, about=plan.problem.fingerprint[:16])
        return pd.DataFrame({"table": list(changed), "changed": list(changed.values())})

    def book(
        self, request: str, provider: str, start: dt.datetime, *, rules: bool = True, over: Overbooking | None = None,
        key: str | None = None, now: dt.datetime | None = None,
    ) -> Booking:  # fmt: skip
        """Book a request that has no booking.

        Parameters
        ----------
        request, provider : str
            Ids.
        start : datetime.datetime
            Start of the provider step, as the clocks of the site show it.
        rules : bool
            Ask every rule of the office, and hold the pools that the visit needs. Without, the database alone sees to
            it that provider and patient are free.
        over : Overbooking, optional
            The booking may overlap others; no rule is asked then.
        key : str, optional
            Idempotency key: the same call with the same key gives the same answer, and books once.
        now : datetime.datetime, optional
            The moment of asking, as in :func:`schedopt.recommend`.

        Returns
        -------
        Booking

        Raises
        ------
        SlotTaken
            If others have it, or a rule is in its way; with other slots.
        """

        def body(call: Call, find: desk.Find) -> Booking:
            return desk.book(call, find, over)

        return self._slotted("book", request, provider, start, body, rules and over is None, key, now, over)

    def hold(
        self, request: str, provider: str, start: dt.datetime, minutes: int = 15, *, rules: bool = True,
        key: str | None = None, now: dt.datetime | None = None,
    ) -> Booking:  # fmt: skip
        """Hold a slot for a request for some minutes: pending, and given up when they are over and others ask."""

        def body(call: Call, find: desk.Find) -> Booking:
            return desk.hold(call, find, minutes)

        return self._slotted("hold", request, provider, start, body, rules, key, now)

    def move(
        self, booking: str, provider: str, start: dt.datetime, *, rules: bool = True, over: Overbooking | None = None,
        key: str | None = None, now: dt.datetime | None = None,
    ) -> Booking:  # fmt: skip
        """Move a booking to another slot; as :meth:`book`."""
        request = str(
            self.session.do("look up", lambda call: bookings.current(call, booking), about=booking)["request"]
        )

        def body(call: Call, find: desk.Find) -> Booking:
            return desk.move(call, booking, find, over)

        return self._slotted("move", request, provider, start, body, rules and over is None, key, now, over)

    def _slotted(
        self, operation: str, request: str, provider: str, start: dt.datetime,
        body: Callable[[Call, desk.Find], Booking], rules: bool, key: str | None, now: dt.datetime | None,
        over: Overbooking | None = None,
    ) -> Booking:  # fmt: skip
        """Do something that needs a slot; who does not get it is told of others."""

        def others() -> pd.DataFrame:
            return recommend(self.plan(monday_of(start), now), request, now=now).slots

        def once(call: Call) -> Booking:
            said = f"{request} {provider} {start.isoformat()}"
            return desk.once(call, key, operation, said, lambda call: body(call, find))

        try:
            find = self._found(request, provider, start, now) if rules else desk.plain(request, provider, start)
            return self._do(operation, once, about=request, reason="" if over is None else over.reason)
        except SlotTaken as taken:
            raise SlotTaken(str(taken), others) from None

    def _found(self, request: str, provider: str, start: dt.datetime, now: dt.datetime | None) -> desk.Find:
        """The slot of a request by all rules of its week.

        Raises
        ------
        SlotTaken
            If it is not free by them.
        """
        plan = self.plan(monday_of(start), now)
        if request not in plan.problem.week.request_code:
            raise StoreError(f"expected a request that can be planned in the week of {start:%Y-%m-%d}, not {request!r}")
        try:
            booked = book(plan, request, provider, start, now=now)
        except ValueError as error:
            raise SlotTaken(str(error)) from None
        slot = slots_of(booked.problem, booked.assignment)[request]
        return lambda _call: slot

    def confirm(self, booking: str) -> Booking:
        """Book what was held or proposed."""
        return self._change(booking, "booked", "confirm")

    def cancel(self, booking: str, reason: str = "", *, again: bool = False) -> Booking:
        """Cancel a booking; with `again`, its request is planned again."""
        body = lambda call: desk.cancel(call, booking, reason, again=again)  # noqa: E731
        return self._do("cancel", body, about=booking)

    def arrive(self, booking: str) -> Booking:
        """The patient is here."""
        return self._change(booking, "arrived", "arrive")

    def check_in(self, booking: str) -> Booking:
        """The patient is checked in."""
        return self._change(booking, "checked-in", "check in")

    def fulfil(self, booking: str) -> Booking:
        """The visit has taken place; planning is done with its request."""
        return self._change(booking, "fulfilled", "fulfil")

    def no_show(self, booking: str) -> Booking:
        """The patient has not come; the request is planned again."""
        return self._change(booking, "no-show", "no-show")

    def enter_in_error(self, booking: str) -> Booking:
        """The booking should never have been made."""
        return self._change(booking, "entered-in-error", "enter in error")

    def _change(self, booking: str, status: str, operation: str) -> Booking:
        return self._do(operation, lambda call: desk.set_status(call, booking, status), about=booking)

    def bookings(self, first: dt.date, last: dt.date) -> pd.DataFrame:
        """The bookings of some days, whatever their status.

        Returns
        -------
        pandas.DataFrame
            ``booking``, ``status``, ``request``, ``patient``, ``provider``, ``site`` (ids), ``date``
            (datetime.date), ``start`` (HH:MM, the site's clocks), by date and start.
        """

        def body(call: Call) -> list[Booking]:
            b = schema.bookings.c
            call.may("read", "appointments", ("request", "provider", "date", "start"))
            days = b.date.between(first.isoformat(), last.isoformat())
            query = sa.select(schema.bookings).where(b.until.is_(None), days).order_by(b.date, b.start, b.booking)
            return [as_booking(row) for row in call.connection.execute(query).mappings()]

        found = self.session.do("list bookings", body, about=f"{first} {last}")
        names = ("booking", "status", "request", "patient", "provider", "site", "date", "start")
        return pd.DataFrame({name: [getattr(one, name) for one in found] for name in names})

    def verify(self) -> list[Tampered]:
        """Recompute the audit trail and all that it says of rows; empty where nothing was tampered with."""
        session, lines = self.session, []
        if session.checkpoints.exists():
            lines = session.checkpoints.read_text("utf-8").splitlines()
        with session.engine.connect() as connection:
            found = verify(connection, session.keys, lines)
        return found

    def _entry(self, call: Call) -> int | None:
        """The last entry before the moment shown."""
        if self.moment is None:
            return None
        e = schema.entries.c
        return int(call.connection.scalar(sa.select(sa.func.max(e.number)).where(e.at <= self.moment)) or 0)


def monday_of(moment: dt.datetime) -> dt.date:
    """The Monday of the week of a moment."""
    return moment.date() - dt.timedelta(days=moment.weekday())


def _standing_as(known: Mapping[str, Any], rows: Any) -> dict[str, Any]:
    """Slots of those visits that stand where the plan has them."""
    found = {}
    for row in rows:
        slot = known.get(row.request)
        if slot is not None and (slot.provider, slot.date, slot.start) == (row.provider, row.date, row.start):
            found[row.request] = slot
    return found
