"""Tables of letters."""

from __future__ import annotations

from typing import ClassVar, Literal

from schedopt.models.tables.fields import (
    Date,
    Hours,
    Id,
    Length,
    Row,
    Text,
    TimeOfDay,
    Whole,
    Zone,
    column,
)
from schedopt.models.tables.money import Money
from schedopt.operations.letters.kinds import Channel, Language, LetterKind, LetterState


class ContactWish(Row):
    """How a patient wishes to be written to. Without a row, or in an empty cell, it is as the office does it."""

    table_name: ClassVar[str] = "wishes"
    key: ClassVar[tuple[str, ...]] = ("patient",)

    patient: Id = column("Who.", example="N17", references="patients")
    channel: Channel | None = column(
        "mail, letter (on paper), phone (somebody calls) or none; empty: mail where the person has agreed to messages "
        "and an address is on file, else letter.",
        example="letter", default=None,
    )  # fmt: skip
    lead_hours: Hours | None = column(
        "From the reminder to the visit; 0: no reminder; empty: the office's.", example="24", default=None, unit="hours"
    )
    quiet_from: TimeOfDay | None = column(
        "From when on nothing is sent; empty: the office's.", example="19:00", default=None, unit="HH:MM"
    )
    quiet_until: TimeOfDay | None = column("Until when.", example="09:30", default=None, unit="HH:MM")
    time_zone: Zone | None = column(
        "Where the patient lives; empty: as the site of the visit.", example="America/Denver", default=None
    )
    clock: Literal["12h", "24h"] | None = column(
        "Hours of the day as the patient reads them; empty: as usual in the language.", example="24h", default=None
    )


class VisitWords(Row):
    """What patients are told of a type of visit. Without a row, letters do not say what a visit is for."""

    table_name: ClassVar[str] = "visit_words"
    key: ClassVar[tuple[str, ...]] = ("visit_type", "language")

    visit_type: Id = column("Of which type.", example="imaging", references="visit_types")
    language: Language = column("In which language.", example="es")
    called: Text = column("What patients call it; it stands in letters and mail.", example="Ecografía", default="")
    prepare: Text = column("How to prepare for it.", example="No coma nada desde las 6 de la mañana.", default="")


class Recall(Row):
    """A visit that a patient should come for again some day, for which nobody has asked yet."""

    table_name: ClassVar[str] = "recalls"
    key: ClassVar[tuple[str, ...]] = ("recall",)

    recall: Id = column("Id of the recall.", example="C12")
    patient: Id = column("Who.", example="N17", references="patients")
    visit_type: Id = column("For what.", example="check-up", references="visit_types")
    due: Date = column("Day about which the visit should be.", example="2027-03-01")


class Message(Row):
    """A letter to a patient, on whatever channel: what it says, when it is due, and what has become of it."""

    table_name: ClassVar[str] = "messages"
    key: ClassVar[tuple[str, ...]] = ("message",)

    message: Id = column("Random id.", example="m0f3a91b2c4d5e6f7a8b9")
    patient: Id = column("To whom.", example="N17", references="patients")
    kind: LetterKind = column("What it is.", example="confirmation")
    state: LetterState = column("Where it stands.", example="waiting")
    request: Id | None = column("About which request.", example="R12", default=None, references="requests")
    provider: Id | None = column("With whom the visit is.", example="DR1", default=None, references="providers")
    site: Id | None = column("Where.", example="MAIN", default=None)
    date: Date | None = column("On which day.", example="2026-12-01", default=None)
    start: TimeOfDay | None = column(
        "When the patient is to be there, by the site's clocks.", example="09:00", default=None, unit="HH:MM"
    )
    minutes: Length | None = column("How long the patient is there.", example="20", default=None, unit="minutes")
    zone: Zone | None = column("The site's time zone.", example="America/Denver", default=None)
    was_date: Date | None = column(
        "Of a visit that was moved: the day told before.", example="2026-11-30", default=None
    )
    was_start: TimeOfDay | None = column("The time told before.", example="10:00", default=None, unit="HH:MM")
    visit_type: Id | None = column("For what.", example="check-up", default=None, references="visit_types")
    lacks: Literal["authorisation", "referral"] | None = column(
        "What is lacking.", example="referral", default=None
    )  # fmt: skip
    recall: Id | None = column("Of which recall.", example="C12", default=None)
    due_day: Date | None = column("Day about which a recalled visit should be.", example="2027-03-01", default=None)
    amount: Money | None = column("What is open.", example="95.00", default=None, unit="currency")
    opening: Id | None = column("Of which free place it is an offer.", example="o1f3a91b2c4d", default=None)
    expires: Text = column("Until when an offer holds (UTC).", example="2026-11-27T18:00:00.000000Z", default="")
    answer: Literal["yes", "no", "late", "expired", "gone"] | None = column(
        "What became of an offer: late is a yes after somebody else's.", example="yes", default=None
    )
    books: TimeOfDay | None = column(
        "Of an offer: when the visit begins for the provider.", example="09:10", default=None, unit="HH:MM"
    )
    sequence: Whole = column("Which revision of the visit it tells, from 0 on.", example="1", default=0)
    channel: Channel = column("How it goes.", example="mail")
    language: Language = column("In which language.", example="es")
    clock: Literal["12h", "24h"] = column("How hours are shown.", example="12h")
    due: Text = column("When it is to be sent, at the earliest (UTC).", example="2026-11-27T15:00:00.000000Z")
    told: Text = column("When it was sent, or tried last (UTC).", example="2026-11-27T15:02:11.000000Z", default="")
    why: Text = column("Why it goes so, or was not sent.", example="no consent", default="")


class FreePlace(Row):
    """A free stretch of a provider's time that is offered to those who wait."""

    table_name: ClassVar[str] = "openings"
    key: ClassVar[tuple[str, ...]] = ("opening",)

    opening: Id = column("Random id.", example="o1f3a91b2c4d")
    provider: Id = column("Whose time.", example="DR1", references="providers")
    date: Date = column("On which day.", example="2026-12-01")
    start: TimeOfDay = column("From when on, by the site's clocks.", example="09:00", unit="HH:MM")
    end: TimeOfDay = column("Until when.", example="10:00", unit="HH:MM")
    zone: Zone = column("The site's time zone.", example="America/Denver")
    at_once: Whole = column("To how many it is offered at a time.", example="1", default=1)
    state: Literal["open", "filled", "closed"] = column(
        "open: still to be had; filled: somebody has said yes; closed: nobody can have it any more.", example="open"
    )


LETTERS_GIVEN: tuple[type[Row], ...] = (ContactWish, VisitWords, Recall)
"""What an office brings, in a folder or in a store."""

LETTERS_KEPT: tuple[type[Row], ...] = (Message, FreePlace)
"""What a store alone keeps."""
