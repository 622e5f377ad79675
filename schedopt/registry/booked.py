"""A store's bookings: book, hold, move, cancel, and say what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pandas as pd
import sqlalchemy as sa

from schedopt.answers.desk import book, recommend
from schedopt.errors import SlotTaken, StoreError
from schedopt.registry import bookings, desk
from schedopt.registry.bookings import Booking, as_booking
from schedopt.registry.desk import Overbooking
from schedopt.registry.offhand import offhand_slot
from schedopt.registry.planned import Planned
from schedopt.registry.slots import Slot, slots_of
from schedopt.registry.tables import self_paid
from schedopt.store import schema
from schedopt.store.session import Call
from schedopt.store.words import told


class Booked(Planned):
    """What the desk asks of a store."""

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

    def propose(
        self, request: str, provider: str, start: dt.datetime, *, rules: bool = True, key: str | None = None,
        now: dt.datetime | None = None,
    ) -> Booking:  # fmt: skip
        """Propose a slot for a request: held until it is booked (:meth:`confirm`) or cancelled."""
        return self._slotted("propose", request, provider, start, desk.propose, rules, key, now)

    def wait(self, request: str) -> Booking:
        """Put a request on the waiting list, from which booking or moving takes it."""
        return self._do("wait", lambda call: desk.wait(call, request), about=request)

    def move(
        self, booking: str, provider: str, start: dt.datetime, *, rules: bool = True, over: Overbooking | None = None,
        key: str | None = None, now: dt.datetime | None = None,
    ) -> Booking:  # fmt: skip
        """Move a booking to another slot; as :meth:`book`."""

        def request() -> str:
            return str(
                self.session.do("look up", lambda call: bookings.current(call, booking), about=booking)["request"]
            )

        def find_here(call: Call) -> Slot:
            return offhand_slot(call, str(bookings.current(call, booking)["request"]), provider, start)

        def body(call: Call, find: desk.Find) -> Booking:
            if rules and over is None:
                return desk.move(call, booking, find, over)
            return desk.move(call, booking, find_here, over)

        asked = request() if rules and over is None else booking
        return self._slotted("move", asked, provider, start, body, rules and over is None, key, now, over, request)

    def _slotted(
        self, operation: str, request: str, provider: str, start: dt.datetime,
        body: Callable[[Call, desk.Find], Booking], rules: bool, key: str | None, now: dt.datetime | None,
        over: Overbooking | None = None, asked: Callable[[], str] | None = None,
    ) -> Booking:  # fmt: skip
        """Do something that needs a slot; who does not get it is told of others."""
        said = f"{request} {provider} {start.isoformat()}"

        def others() -> pd.DataFrame:
            wanted = request if asked is None else asked()
            plan = desk.sound(self._plan(monday_of(start), now, None if asked is None else wanted))
            slots, zones = recommend(plan, wanted, now=now).slots, plan.problem.calendar.zone_at
            return self.session.do("look for slots", lambda call: desk.free_of(call, slots, zones), about=request)

        def once(call: Call) -> Booking:
            return desk.once(call, key, operation, said, lambda call: body(call, find))

        try:
            if rules and key is not None:
                call_before = lambda call: desk.answered(call, key, operation, said)  # noqa: E731
                if (before := self.session.do("look up", call_before)) is not None:
                    return before
            find = desk.plain(request, provider, start)
            if rules:
                find = self._found(request, provider, start, now, None if asked is None else request)
            return self._do(operation, once, about=request, reason="" if over is None else over.reason)
        except SlotTaken as taken:
            raise SlotTaken(str(taken), others) from None

    def _found(
        self, request: str, provider: str, start: dt.datetime, now: dt.datetime | None, moving: str | None
    ) -> desk.Find:  # fmt: skip
        """The slot of a request by all rules of its week; that of one that moves as if it had no booking yet.

        Raises
        ------
        SlotTaken
            If it is not free by them.
        """
        plan = desk.sound(self._plan(monday_of(start), now, moving))
        if request not in plan.problem.week.request_code:
            raise StoreError(
                f"expected a request that can be planned in the week of {start:%Y-%m-%d}, not {told(request)}"
            )
        if provider not in plan.problem.week.sessions.provider_ids:
            raise SlotTaken(f"expected the id of a provider who works in that week, not {told(provider)}")
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
            secret = self_paid(call) if call.purpose == "payment" else frozenset[str]()
            return [as_booking(row) for row in bookings.rows_of(call, query) if row["request"] not in secret]

        found = self.session.do("list bookings", body, about=f"{first} {last}")
        names = ("booking", "status", "request", "patient", "provider", "site", "date", "start")
        return pd.DataFrame({name: [getattr(one, name) for one in found] for name in names})


def monday_of(moment: dt.datetime) -> dt.date:
    """The Monday of the week of a moment."""
    return moment.date() - dt.timedelta(days=moment.weekday())
