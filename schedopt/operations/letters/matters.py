"""What letters are about, and what is to be told: the values of :mod:`~schedopt.operations.letters.due`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from schedopt.operations.letters.kinds import Channel, Language, LetterKind
from schedopt.operations.letters.moments import instant_of
from schedopt.operations.letters.tables import Message

_DAY = dt.timedelta(days=1)


class Visit(NamedTuple):
    """A visit as its patient knows it.

    Attributes
    ----------
    provider, site : str
        Ids.
    date : datetime.date
        The day.
    start : int
        When the patient is to be there: minutes from midnight, as the site's clocks show them.
    minutes : int
        How long the patient is there.
    zone : str
        The site's.
    """

    provider: str
    site: str
    date: dt.date
    start: int
    minutes: int
    zone: str

    @property
    def begins(self) -> dt.datetime:
        """The moment (UTC)."""
        return instant_of(self.date, self.start, self.zone)

    def is_as(self, other: Visit | None) -> bool:
        """Whether a patient who was told of the other knows all of this one."""
        return other is not None and self[:4] == other[:4]


@dataclass(frozen=True, slots=True)
class Reach:
    """How a patient is to be told.

    Attributes
    ----------
    channel : str
        mail, letter, phone or none.
    why : str
        Why it is not the channel that would be first; empty: it is.
    language, clock : str
        As in :class:`~schedopt.operations.letters.tables.Message`.
    lead_hours : int
        From the reminder to the visit; 0: none.
    quiet_from, quiet_until : int
        Minutes from midnight.
    zone : str or None
        Where the patient lives; None: as the site of the visit.
    days_on_way : int
        From sending to when it is read.
    """

    channel: Channel
    why: str
    language: Language
    clock: Literal["12h", "24h"]
    lead_hours: int
    quiet_from: int
    quiet_until: int
    zone: str | None = None
    days_on_way: int = 0

    @property
    def on_way(self) -> dt.timedelta:
        """The same as a length of time."""
        return self.days_on_way * _DAY


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that a patient is to be told.

    Attributes
    ----------
    kind : str
        What.
    base : datetime.datetime or None
        From when on; None: at once.
    before : datetime.datetime or None
        Telling it later than that is of no use; None: it always is.
    visit, was : Visit or None
        The visit, and what was told of it before.
    more : dict
        Further columns of the message.
    """

    kind: LetterKind
    base: dt.datetime | None = None
    before: dt.datetime | None = None
    visit: Visit | None = None
    was: Visit | None = None
    more: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matter:
    """What letters are about: a request of a patient, a recall, or an account.

    Attributes
    ----------
    patient : str
        Whose.
    reach : Reach
        How the patient is to be told.
    zone : str
        Of the office.
    log : sequence of Message
        What was written of it, oldest first.
    request, visit_type : str or None
        Which request, and for what.
    visit : Visit or None
        Where it stands now.
    promised : bool
        Whether the visit stays where it is, or is a draft that nobody is told of.
    attended : bool
        Whether the patient has come.
    missed : tuple of Visit
        To which visits of the request nobody has come.
    lacks : tuple of str or None
        What the insurer asks for and is not there; None: it was not looked at.
    """

    patient: str
    reach: Reach
    zone: str
    log: Sequence[Message]
    request: str | None = None
    visit_type: str | None = None
    visit: Visit | None = None
    promised: bool = True
    attended: bool = False
    missed: tuple[Visit, ...] = ()
    lacks: tuple[str, ...] | None = None


class Change(NamedTuple):
    """A message that is written: the version before, if there is one, and the new one."""

    before: Message | None
    after: Message


def visit_in(message: Message) -> Visit | None:
    """The visit that a message tells of."""
    if message.date is None or message.start is None or message.provider is None or message.zone is None:
        return None
    return Visit(
        message.provider, message.site or "", message.date, message.start, message.minutes or 1, message.zone
    )  # fmt: skip


def moment_of(text: str) -> dt.datetime | None:
    """A moment as it stands in a cell; None where it is empty."""
    return dt.datetime.fromisoformat(text) if text else None
