"""Authorisations and referrals that are asked for: their states, and what leads from one to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from schedopt.errors import NoSuchChange

State = Literal["needed", "sent", "pending", "approved", "partly", "denied"]
Standing = Literal["needed", "sent", "pending", "approved", "partly", "denied", "expired"]

FOLLOWING: Mapping[State, tuple[State, ...]] = {
    "needed": ("sent",),
    "sent": ("sent", "pending", "approved", "partly", "denied", "needed"),
    "pending": ("pending", "approved", "partly", "denied", "needed"),
    "approved": ("approved", "partly", "denied", "needed"),
    "partly": ("approved", "partly", "denied", "needed"),
    "denied": ("sent", "pending", "approved", "partly", "denied", "needed"),
}
"""State to those that may follow. A payer may think again, so a decision may follow a decision; nobody decides what was
not sent, and what was decided is not undecided again unless it was denied."""

ACTIONS: Mapping[str, State] = {
    "A1": "approved", "A2": "partly", "A3": "denied", "A4": "pending", "A6": "partly", "C": "needed", "CT": "pending",
    "NA": "approved",
}  # fmt: skip
"""What a payer answers (X12's HCR01), as a state: as asked, in part, no, not decided yet, otherwise than asked, taken
back, to be talked about, not needed at all."""


@dataclass(frozen=True, slots=True)
class Review:
    """An authorisation or a referral: what was asked for, and where it stands.

    Attributes
    ----------
    visits_asked : int
        How many visits.
    first_asked, last_asked : datetime.date
        In which days.
    state : str
        Where it stands, whatever the day.
    visits : int or None
        How many were approved.
    first, last : datetime.date or None
        In which days.
    number : str
        The payer's of it.
    sent_on, answered : datetime.date or None
        Last day on which it was sent, and day of the last answer.
    decision_due : datetime.date or None
        Until when the payer decides.
    reasons : tuple of str
        Codes of the last answer.
    """

    visits_asked: int
    first_asked: dt.date
    last_asked: dt.date
    state: State = "needed"
    visits: int | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    number: str = ""
    sent_on: dt.date | None = None
    answered: dt.date | None = None
    decision_due: dt.date | None = None
    reasons: tuple[str, ...] = ()

    def standing(self, day: dt.date) -> Standing:
        """Where it stands on a day: an approval whose last day is over has expired."""
        over = self.state in ("approved", "partly") and self.last is not None and self.last < day
        return "expired" if over else self.state

    def allows(self, day: dt.date) -> bool:
        """Whether a visit on a day is approved, as far as the number of visits goes."""
        approved = self.state in ("approved", "partly") and (self.visits or 0) > 0
        return approved and (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Sent:
    """It was asked for.

    Attributes
    ----------
    day : datetime.date
        When.
    due : datetime.date or None
        Until when the payer decides.
    """

    day: dt.date
    due: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The payer has answered.

    Attributes
    ----------
    day : datetime.date
        When.
    action : str
        One of ``ACTIONS``.
    visits : int or None
        How many; None: not said.
    first, last : datetime.date or None
        In which days; None: not said.
    number : str
        The payer's.
    due : datetime.date or None
        Until when it will decide.
    reasons : tuple of str
        Codes.
    """

    day: dt.date
    action: str
    visits: int | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    number: str = ""
    due: dt.date | None = None
    reasons: tuple[str, ...] = ()


def after(review: Review, event: Sent | Answered) -> Review:
    """The review after something has happened.

    An answer that is older than the last one, or than what was sent last by more than a day (clocks differ), changes
    nothing. What a decision does not say is as it was asked for.

    Raises
    ------
    NoSuchChange
        If that cannot follow, or it is not clear what was decided.
    """
    if isinstance(event, Sent):
        _expect(review, "sent")
        return replace(review, state="sent", sent_on=event.day, decision_due=event.due)
    if event.action not in ACTIONS:
        raise NoSuchChange("expected an answer that says what was decided")
    if _is_late(review, event.day):
        return review
    state = ACTIONS[event.action]
    _expect(review, state)
    number = event.number or review.number
    new = replace(review, state=state, answered=event.day, number=number, reasons=event.reasons, decision_due=None)
    if state == "pending":
        return replace(new, decision_due=event.due)
    if state in ("denied", "needed"):
        return replace(new, visits=None, first=None, last=None)
    if event.action == "A2" and event.visits is None and event.first is None and event.last is None:
        raise NoSuchChange("expected an answer in part to say how many visits, or which days")
    visits = review.visits_asked if event.visits is None else event.visits
    first, last = event.first or review.first_asked, event.last or review.last_asked
    if first > last:
        raise NoSuchChange("expected an approval whose last day is not before its first")
    return replace(new, visits=visits, first=first, last=last)


def _is_late(review: Review, day: dt.date) -> bool:
    if review.answered is not None and day < review.answered:
        return True
    return review.sent_on is not None and day < review.sent_on - dt.timedelta(days=1)


def _expect(review: Review, state: State) -> None:
    if state not in FOLLOWING[review.state]:
        may = ", ".join(FOLLOWING[review.state])
        raise NoSuchChange(f"what is {review.state} does not become {state}: only {may} may follow")
