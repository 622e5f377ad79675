"""What can happen to a week that is planned already, as values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Away:
    """A provider is not there.

    Attributes
    ----------
    provider : str
        Id.
    start, end : datetime.datetime
        From when until when, as the clocks of the provider's sites show it.
    """

    provider: str
    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing of a pool of rooms, devices or support staff can be used, or some of its units cannot.

    Attributes
    ----------
    pool : str
        Id.
    start, end : datetime.datetime
        From when until when, as the clocks of the pool's site show it.
    units : int, optional
        How many units cannot be used; all without it.
    taken_by : str, optional
        Which device is out of use, or what else takes the units. Closures of some units add up where this differs, and
        are of the same units where it does not.
    """

    pool: str
    start: dt.datetime
    end: dt.datetime
    units: int | None = None
    taken_by: str | None = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A patient does not want a visit any more.

    Attributes
    ----------
    request : str
        Id.
    """

    request: str


@dataclass(frozen=True, slots=True)
class Urgent:
    """A request of the problem that was left out has to be placed, if it can be.

    Attributes
    ----------
    request : str
        Id.
    """

    request: str


@dataclass(frozen=True, slots=True)
class Loosened:
    """A fixed promise that a change has made impossible binds no more than a movable one.

    Attributes
    ----------
    request, provider : str
        Ids: whose promise it is, and who was promised.
    start : datetime.datetime
        The time promised, as the clocks of the provider's site show it. A promise of another time stays as it is.
    """

    request: str
    provider: str
    start: dt.datetime


@dataclass(frozen=True, slots=True)
class Released:
    """A fixed promise that follows a visit which cannot stay need not be kept, but is not moved either.

    Attributes
    ----------
    request, provider : str
        Ids: whose promise it is, and who was promised.
    start : datetime.datetime
        The time promised, as the clocks of the provider's site show it. A promise of another time stays as it is.
    """

    request: str
    provider: str
    start: dt.datetime


Change = Away | Closed | Cancelled | Urgent
"""What people say has happened."""
Happened = Change | Loosened | Released
"""The same, and what became of promises in its wake."""
