"""The one table of statuses of a booking, and which may follow which; the words are FHIR's for appointments."""

from __future__ import annotations

from collections.abc import Mapping

from schedopt.errors import NoSuchChange

FOLLOWING: Mapping[str, tuple[str, ...]] = {
    "": ("proposed", "pending", "booked", "waitlist"),
    "waitlist": ("proposed", "pending", "booked", "cancelled", "entered-in-error"),
    "proposed": ("pending", "booked", "cancelled", "entered-in-error", "waitlist"),
    "pending": ("booked", "cancelled", "entered-in-error"),
    "booked": ("booked", "arrived", "cancelled", "no-show", "entered-in-error"),
    "arrived": ("checked-in", "fulfilled", "cancelled", "no-show", "entered-in-error"),
    "checked-in": ("fulfilled", "cancelled", "entered-in-error"),
    "fulfilled": ("entered-in-error",),
    "no-show": ("arrived", "entered-in-error"),
    "cancelled": ("entered-in-error",),
    "entered-in-error": (),
}
"""Status to those that may follow; the empty one is before a booking is made. Booked follows booked where it moves."""

STATUSES = tuple(status for status in FOLLOWING if status)
HOLDING = ("proposed", "pending", "booked", "arrived", "checked-in", "fulfilled")
"""Those in which a booking holds its provider, patient and pools, and planning knows it as an appointment."""
STANDING = ("pending", "booked", "arrived", "checked-in")
"""Those that something is still to come of."""


def expect_follows(booking: str, status: str, wanted: str) -> None:
    """Refuse a change that is not in the table.

    Raises
    ------
    NoSuchChange
        With what may follow.
    """
    if wanted not in FOLLOWING[status]:
        may = ", ".join(FOLLOWING[status]) or "nothing"
        was = status or "not made yet"
        raise NoSuchChange(f"booking {booking} is {was}: {wanted} does not follow, only {may}")
