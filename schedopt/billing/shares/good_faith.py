"""The good-faith estimate of what a patient who pays without an insurer will be charged (45 CFR 149.610, 149.620)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schedopt.billing.shares.business_days import business_day_after, business_days_before

SUBSTANTIAL = 40_000
"""Cents over what was expected of a provider from which on a bill may be disputed."""
DISPUTE_DAYS = 120
"""Calendar days from the bill in which a dispute may be begun."""
_LATER, _SOON = 10, 3
"""Business days ahead of a visit: from the first on there are three to give an estimate, from the second on there is
one, and below it none has to be given unless it is asked for."""


@dataclass(frozen=True)
class Item:
    """A service that is expected.

    Attributes
    ----------
    request : str
        The visit.
    provider : str
        Who gives it.
    day : datetime.date or None
        When; None: it has no day yet.
    procedure : str
        CPT or HCPCS code.
    modifiers : tuple of str
        Of the procedure.
    units : int
        How many.
    charge : int
        What is expected to be asked for all units, in cents.
    about : str
        What it is part of, in words that a patient understands.
    diagnoses : tuple of str
        ICD-10 codes, where they are known; not shown by ``repr``.
    """

    request: str
    provider: str
    day: dt.date | None
    procedure: str
    modifiers: tuple[str, ...]
    units: int
    charge: int
    about: str = ""
    diagnoses: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class GoodFaithEstimate:
    """What a patient is expected to be charged.

    Attributes
    ----------
    estimate : str
        Its id.
    patient : str
        Id of the patient.
    made : datetime.date
        When.
    due : datetime.date or None
        Until when the patient has to have it; None: it need not be given.
    items : tuple of Item
        Services, those of the first visit first.
    separate : tuple of str
        What is expected too, and will be scheduled apart, in words.
    """

    estimate: str
    patient: str
    made: dt.date
    due: dt.date | None
    items: tuple[Item, ...]
    separate: tuple[str, ...] = ()

    @property
    def by_provider(self) -> Mapping[str, tuple[Item, ...]]:
        """Its items by who gives them, in the order of the first item of each."""
        providers = dict.fromkeys(item.provider for item in self.items)
        return {name: tuple(item for item in self.items if item.provider == name) for name in providers}

    @property
    def expected(self) -> Mapping[str, int]:
        """Expected charges of each provider, in cents."""
        return {name: sum(item.charge for item in items) for name, items in self.by_provider.items()}

    @property
    def total(self) -> int:
        """All expected charges, in cents."""
        return sum(item.charge for item in self.items)


def due_day(asked: dt.date, visit: dt.date | None, *, on_request: bool) -> dt.date | None:
    """Until when an estimate has to be given.

    Parameters
    ----------
    asked : datetime.date
        When the visit was scheduled, or the patient asked.
    visit : datetime.date or None
        When it will be; None: it is not scheduled.
    on_request : bool
        The patient has asked for an estimate, whether a visit is scheduled or not.

    Returns
    -------
    datetime.date or None
        One business day after scheduling where the visit is at least three business days ahead, three where it is at
        least ten ahead, three after being asked; the earliest of these. None: none has to be given.
    """
    days = [business_day_after(asked, 3)] if on_request else []
    if visit is not None:
        ahead = business_days_before(visit, asked)
        if ahead >= _LATER:
            days.append(business_day_after(asked, 3))
        elif ahead >= _SOON:
            days.append(business_day_after(asked, 1))
    return min(days, default=None)


@dataclass(frozen=True)
class Over:
    """A provider's bill beside what was expected.

    Attributes
    ----------
    provider : str
        Whose.
    expected, billed : int
        In cents.
    """

    provider: str
    expected: int
    billed: int

    @property
    def over(self) -> int:
        """Cents that were billed beyond what was expected; below nothing: less was."""
        return self.billed - self.expected

    @property
    def may_be_disputed(self) -> bool:
        """Whether it is so much more that the patient may dispute it."""
        return self.over >= SUBSTANTIAL


def compared(expected: Mapping[str, int], billed: Mapping[str, int]) -> Sequence[Over]:
    """What each provider billed beside what was expected of him or her, by whose bill goes beyond it the most.

    Whether a provider's bill may be disputed is decided by all that he or she billed, also what was not expected.

    Parameters
    ----------
    expected, billed : mapping of str to int
        Cents by provider. A provider who was not expected at all is not listed: another process holds for that.
    """
    found = [Over(name, cents, billed[name]) for name, cents in expected.items() if name in billed]
    return sorted(found, key=lambda one: (-one.over, one.provider))


def last_day_to_dispute(bill: dt.date) -> dt.date:
    """The last day on which a dispute may be begun, by the day on which the bill was received."""
    return bill + dt.timedelta(days=DISPUTE_DAYS)
