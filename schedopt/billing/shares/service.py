"""Services that a patient is expected to get."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

OFFICE_VISIT = "98"
"""The service type (X12) of a visit to a physician's office."""


@dataclass(frozen=True)
class Service:
    """A service that is expected, with what is known of its price.

    Attributes
    ----------
    day : datetime.date
        When.
    procedure : str
        CPT or HCPCS code.
    allowed : int or None
        What the insurer allows for all units, in cents; None: not known.
    charge : int or None
        What the office asks for all units, in cents; no more than this is allowed. None: not known.
    modifiers : tuple of str
        Of the procedure.
    units : int
        How many.
    service_type : str
        X12 code, by which benefits are named.
    provider : str
        Id of who gives it.
    source : str
        Where the allowed amount comes from, or why it is not known, in words.
    """

    day: dt.date
    procedure: str
    allowed: int | None = None
    charge: int | None = None
    modifiers: tuple[str, ...] = ()
    units: int = 1
    service_type: str = OFFICE_VISIT
    provider: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if any(cents is not None and cents < 0 for cents in (self.allowed, self.charge)):
            raise ValueError("expected amounts of no less than nothing")
        if self.units < 1:
            raise ValueError("expected at least one unit")

    @property
    def floor(self) -> int:
        """The least that can be allowed, in cents."""
        return 0 if self.allowed is None else self.allowed

    @property
    def ceiling(self) -> int | None:
        """The most that can be allowed, in cents; None: not known."""
        return self.charge if self.allowed is None else self.allowed
