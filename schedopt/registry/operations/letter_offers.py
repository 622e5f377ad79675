"""Offers from the waiting list: a free place, in the order of ``fill``, to one or several at a time; first yes wins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from schedopt.answers.desk.fill import Opening, Taker, takers
from schedopt.errors import SlotTaken, StoreError
from schedopt.operations.letters.kinds import TOLD
from schedopt.operations.letters.matters import Matter, Visit, Wanted
from schedopt.operations.letters.settling import settled
from schedopt.operations.letters.tables import FreePlace, Message
from schedopt.registry import bookings, desk
from schedopt.registry.booked import Booked, monday_of
from schedopt.registry.bookings import Booking
from schedopt.registry.exchange import key_of
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.registry.operations.letter_facts import reaches
from schedopt.registry.operations.messages import moment, new_message
from schedopt.registry.operations.openings import (
    SOON,
    follow_places,
    for_offers,
    may_offer,
    offers_of,
    open_places,
    state_of,
)
from schedopt.registry.operations.outbox import expect_letters, write
from schedopt.store import schema
from schedopt.store.session import Call, random_id, stamp
from schedopt.store.words import told


@dataclass(frozen=True)
class Answered:
    """What became of an answer to an offer.

    Attributes
    ----------
    message : str
        The offer.
    outcome : str
        booked; declined; or gone: somebody else has the place.
    booking : Booking or None
        That was made or moved.
    """

    message: str
    outcome: str
    booking: Booking | None = None


class LetterOffers(Booked):
    """What is asked of a store to offer free places."""

    def offer(self, provider: str, start: dt.datetime, end: dt.datetime, *, at_once: int = 1) -> str:
        """Offer a free stretch of a provider's time to those who would take it, in the order of :func:`schedopt.fill`.

        Who says no, or does not answer in time, is followed by the next one whenever letters are updated.

        Parameters
        ----------
        provider : str
            Id.
        start, end : datetime.datetime
            As the site's clocks show them.
        at_once : int
            To how many it is offered at a time.

        Returns
        -------
        str
            Id of the place.

        Raises
        ------
        StoreError
            If the time is not free, or there is no such session.
        """
        if at_once < 1 or start >= end or start.date() != end.date():
            raise StoreError("expected an end after the start, on the same day, and one patient or more at once")
        zone = self._zone_of(provider, start, end)

        def body(call: Call) -> str:
            expect_letters(call)
            row = FreePlace.model_construct(
                opening=random_id("o"), provider=provider, date=start.date(), start=_minutes(start),
                end=_minutes(end), zone=zone, at_once=at_once, state="open",
            )  # fmt: skip
            if state_of(call, row, moment(call)) != "open":
                raise StoreError("expected a time that is free, and still to come")
            changes = Changes()
            changes.add(row)
            changes.write(call)
            return row.opening

        name = self._do("offer", body, about=provider)
        self._offer_on()
        return name

    def offer_again(self, booking: str, *, at_once: int = 1) -> str:
        """Offer the place of a booking that was cancelled, or to which nobody came; as :meth:`offer`."""

        def body(call: Call) -> tuple[str, dt.datetime, dt.datetime]:
            row = bookings.current(call, booking)
            if row["status"] not in ("cancelled", "no-show", "entered-in-error"):
                raise StoreError(f"booking {booking} is {row['status']}: its place is not free")
            start = dt.datetime.fromisoformat(f"{row['date']}T{row['start']}")
            return str(row["provider"]), start, start + dt.timedelta(minutes=row["ends"] - row["starts"])

        provider, start, end = self.session.do("look up", body, about=booking)
        return self.offer(provider, start, end, at_once=at_once)

    def answer_offer(self, message: str, yes: bool) -> Answered:
        """Take down what a patient answers to an offer; the first yes books, in the same transaction.

        Parameters
        ----------
        message : str
            The offer.
        yes : bool
            Whether the patient takes it. Saying it again gives the same answer.

        Raises
        ------
        StoreError
            If it is no offer that was made.
        """
        row = self.session.do("look up", lambda call: _offer_of(call, message).row, about=message)
        if not yes:
            answered = self._do("decline offer", lambda call: _declined(call, message), about=message)
            self._offer_on()
            return answered
        if row.answer == "yes":
            return Answered(message, "booked", self._booking_of(str(row.request)))
        if row.answer in ("no", "late", "gone"):
            return self._do("late answer", lambda call: _late(call, message), about=message)
        try:
            return self._taken(row)
        except SlotTaken:
            return self._do("late answer", lambda call: _late(call, message), about=message)

    def _taken(self, row: Message) -> Answered:
        """Book what an offer offers."""
        assert row.date is not None
        assert row.books is not None
        start = dt.datetime.combine(row.date, dt.time(row.books // 60, row.books % 60))
        request, provider = str(row.request), str(row.provider)
        before = self._booking_of(request)
        find = self._found(request, provider, start, None, None if before is None else request)

        def body(call: Call) -> Answered:
            one = _offer_of(call, row.message)
            places = [place for place in open_places(call) if place.row.opening == row.opening]
            if not places or one.row.answer not in (None, "expired"):
                raise SlotTaken("the place is gone")
            made = desk.book(call, find) if before is None else desk.move(call, before.booking, find)
            changes = Changes()
            changes.change(one.fact, one.row.model_copy(update={"answer": "yes"}))
            changes.write(call)
            rest = Changes()
            follow_places(call, expect_letters(call), moment(call), rest, row.message)
            write(call, rest)
            return Answered(row.message, "booked", made)

        return self._do("accept offer", body, about=row.message)

    def _booking_of(self, request: str) -> Booking | None:
        """The booking of a request that holds a place, or waits."""

        def body(call: Call) -> Booking | None:
            b = schema.bookings.c
            states = ("booked", "pending", "proposed", "waitlist")
            query = sa.select(schema.bookings).where(b.until.is_(None), b.request == request, b.status.in_(states))
            rows = bookings.rows_of(call, query)
            return bookings.as_booking(rows[0]) if rows else None

        return self.session.do("look up", body, about=request)

    def _zone_of(self, provider: str, start: dt.datetime, end: dt.datetime) -> str:
        """The zone of the session in which a time lies."""
        plan = desk.sound(self._plan(monday_of(start), None, None))
        try:
            takers(plan, Opening(provider, start, end))
        except ValueError as error:
            raise StoreError(str(error)) from None
        sessions, calendar = plan.problem.week.sessions, plan.problem.calendar
        code, day = sessions.provider_ids.index(provider), calendar.day(start.date())
        rows = ((sessions.provider == code) & (sessions.day == day)).nonzero()[0].tolist()
        site = sessions.site_ids[int(sessions.site[rows[0]])]
        return str(calendar.zone_at(site).key)

    def _offer_on(self) -> bool:
        """Offer places on to the next in order, where fewer have an offer than should; whether anything was offered."""
        places = self.session.do("look up", _to_be_offered)
        made = False
        for place, left, asked in places:
            plan = desk.sound(self._plan(monday_of(dt.datetime.combine(place.date, dt.time())), None, None))
            opening = Opening(place.provider, _at(place.date, place.start), _at(place.date, place.end))
            try:
                found = [taker for taker in takers(plan, opening) if taker.visit.request not in asked]
            except ValueError:
                continue
            if found:
                body = _offering(place.opening, found, left)
                made = self._do("offer on", body, about=place.opening) > 0 or made
        return made


def _minutes(moment_: dt.datetime) -> int:
    return moment_.hour * 60 + moment_.minute


def _at(date: dt.date, minutes: int) -> dt.datetime:
    return dt.datetime.combine(date, dt.time()) + dt.timedelta(minutes=minutes)


def _to_be_offered(call: Call) -> list[tuple[FreePlace, int, set[str]]]:
    """Places that fewer have an offer of than should: how many more, and who had one already."""
    places = open_places(call) if may_offer(call) else []
    offers = offers_of(call, places)
    found = []
    for place in places:
        mine = [one.row for one in offers.get(place.row.opening, []) if one.row.state != "withdrawn"]
        alive = [row for row in mine if row.answer is None and row.state != "failed"]
        if len(alive) < place.row.at_once:
            found.append((place.row, place.row.at_once - len(alive), {str(row.request) for row in mine}))
    return found


def _offering(opening: str, found: list[Taker], left: int) -> Callable[[Call], int]:
    """Writes offers to the first so many who can be told."""

    def body(call: Call) -> int:
        office, now = expect_letters(call), moment(call)
        again = [one for one in _to_be_offered(call) if one[0].opening == opening]
        if not again:
            return 0
        place, most, asked = again[0]
        reach = reaches(call, office, [taker.visit.patient for taker in found])
        changes, made = Changes(), 0
        for taker in found:
            visit = taker.visit
            if made == min(left, most) or visit.request in asked:
                continue
            offered = Visit(
                visit.provider, visit.site, visit.date, visit.arrive, visit.depart - visit.arrive, place.zone
            )  # fmt: skip
            how = for_offers(reach[visit.patient])
            matter = Matter(visit.patient, how, office.zone, [], visit.request, visit.visit_type)
            ends = min(now + dt.timedelta(hours=office.rules.offer_hours), offered.begins - SOON)
            more: dict[str, object] = {"opening": opening, "books": visit.start, "expires": stamp(ends)}
            wanted = [Wanted("offer", None, offered.begins - SOON, offered, more=more)]
            for _, after in settled(matter, wanted, now, new_message, ("offer",)):
                changes.add(after, after.patient, after.request)
                made += 1
        write(call, changes)
        return made

    return body


def _offer_of(call: Call, message: str) -> Kept[Message]:
    call.may("read", Message.table_name, ("message", "kind", "state", "answer"))
    found = kept(call, Message, by="key", values=[key_of(message)])
    if not found or found[0].row.kind != "offer" or found[0].row.state not in (*TOLD, "waiting"):
        raise StoreError(f"expected the id of an offer that was made, not {told(message)}")
    return found[0]


def _declined(call: Call, message: str) -> Answered:
    one = _offer_of(call, message)
    if one.row.answer == "yes":
        raise StoreError(f"offer {message} was taken: cancel the booking")
    if one.row.answer is None:
        _say(call, one, "no")
    return Answered(message, "declined")


def _late(call: Call, message: str) -> Answered:
    one = _offer_of(call, message)
    if one.row.answer != "late":
        _say(call, one, "late")
    return Answered(message, "gone")


def _say(call: Call, one: Kept[Message], answer: str) -> None:
    changes = Changes()
    state = "known" if one.row.state == "waiting" else one.row.state  # told by telephone
    changes.change(one.fact, one.row.model_copy(update={"answer": answer, "state": state}))
    changes.write(call)
