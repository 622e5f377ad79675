"""Tables of audits: what was drawn and found, what is done about it, and what the office owes by law and contract."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, model_validator

from schedopt.models.tables.fields import Date, Id, IdList, Positive, Row, Share, Text, Whole, column
from schedopt.models.tables.money import Money

Basis = Literal["law", "guidance", "contract", "office"]
"""Who says how often: a law or rule, an authority that advises it, a contract, or the office itself."""
Source = Literal["visits", "claims", "entries"]
"""What a sample of a store is drawn from: bookings, claims, or entries of the audit trail."""
ActionState = Literal["open", "done", "verified", "dropped"]


def _days_of_year(value: object) -> object:
    """Days of a year as ``MM-DD``, each checked against a leap year."""
    import datetime as dt

    for part in value.split(";") if isinstance(value, str) else ():
        text = part.strip()
        try:
            if text and dt.date.fromisoformat(f"2024-{text}").strftime("%m-%d") != text:
                raise ValueError
        except ValueError:
            raise ValueError("expected days of the year MM-DD separated by ;") from None
    return value


YearDays = Annotated[IdList, BeforeValidator(_days_of_year)]


class Obligation(Row):
    """Something that the office has to do again and again, or once by a day."""

    table_name: ClassVar[str] = "obligations"
    key: ClassVar[tuple[str, ...]] = ("obligation",)

    obligation: Id = column("Its id.", example="risk-analysis")
    what: Text = column("What is to be done.", example="Analyse risks to electronic records")
    source: Text = column("Where it is asked for.", example="45 CFR 164.308(a)(1)(ii)(A)")
    basis: Basis = column("Who says how often.", example="office", default="office")
    every: Positive | None = column("Again after so many days, months or years.", example="12", default=None)
    unit: Literal["days", "months", "years"] = column("Of what `every` counts.", example="months", default="months")
    dates: YearDays = column(
        "Or on these days of each year, MM-DD separated by ; (02-29: 1 March in years without it).",
        example="03-31; 09-30", default=(), instead_of="every",
    )  # fmt: skip
    due: Date | None = column("First or only day by which it is due.", example="2026-12-31", default=None)
    last_done: Date | None = column("When it was last done.", example="2026-01-15", default=None)
    owner: Id | None = column("Who sees to it.", example="ann", default=None)
    lead_days: Whole = column("Begin so many days ahead.", example="30", default=30, unit="days")

    @model_validator(mode="after")
    def _when(self) -> Self:
        if self.every is None and not self.dates and self.due is None:
            raise ValueError("expected every, dates or due: when it is to be done")
        if self.every is not None and self.dates:
            raise ValueError("expected either every or dates")
        return self


class ObligationDone(Row):
    """That an obligation was met."""

    table_name: ClassVar[str] = "obligations_done"
    key: ClassVar[tuple[str, ...]] = ("obligation", "done_on")

    obligation: Id = column("Which one.", example="risk-analysis")
    done_on: Date = column("When.", example="2026-11-20")
    evidence: Text = column("Where it can be seen: a file's name or number.", example="RA-2026.pdf", private=True)


class Audit(Row):
    """A sample that was drawn to be looked at."""

    table_name: ClassVar[str] = "audits"
    key: ClassVar[tuple[str, ...]] = ("audit",)

    audit: Id = column("Random id.", example="u0f3a91b2c4d5e6f7a8b")
    about: Text = column("What is looked for.", example="Referral on file at the visit", private=True)
    source: Source = column("From what it was drawn.", example="visits")
    first_day: Date = column("First day of what it was drawn from.", example="2026-10-01")
    last_day: Date = column("Last day.", example="2026-10-31")
    drawn_on: Date = column("When it was drawn.", example="2026-11-23")
    known_at: Whole = column("Entry of the audit trail as after which the population was known.", example="417")
    seed: Text = column("Draws it again.", example="spring")
    method: Literal["random", "systematic", "money"] = column("How it was drawn.", example="random")
    divide: Literal["proportional", "equal", "neyman"] = column(
        "How it was divided among strata.", example="proportional", default="proportional"
    )
    strata: Text = column("By what the population was divided; empty: not at all.", example="provider", default="")
    population: Positive = column("Items that there were.", example="1240")
    frame: Id = column("Fingerprint of all items, with strata and amounts.", example="9f2c4e7a1b3d5f60")
    items: Positive = column("Items to draw; of money, units.", example="59")
    tolerable: Share | None = column("Smallest share of deviations that is too many.", example="0.05", default=None)
    confidence: Share | None = column(
        "Of limits; empty: 95 % of shares, 90 % of amounts.", example="0.95", default=None
    )
    follows: Id | None = column(
        "Earlier audit, of which this one shows what was gained.", example="u1a2", default=None, references="audits"
    )


class AuditStratum(Row):
    """A part of what an audit was drawn from."""

    table_name: ClassVar[str] = "audit_strata"
    key: ClassVar[tuple[str, ...]] = ("audit", "stratum")

    audit: Id = column("Of which audit.", example="u0f3a91b2c4d5e6f7a8b", references="audits")
    stratum: Text = column("Its name.", example="DR1")
    population: Positive = column("Items that it had.", example="310")
    book: Money | None = column("Their amounts.", example="41200.00", default=None, unit="currency")


class AuditItem(Row):
    """An item that was drawn. It is never changed."""

    table_name: ClassVar[str] = "audit_items"
    key: ClassVar[tuple[str, ...]] = ("audit", "item")

    audit: Id = column("Of which audit.", example="u0f3a91b2c4d5e6f7a8b", references="audits")
    item: Id = column("Id of the booking, claim or entry.", example="b4c5")
    stratum: Text = column("In which stratum.", example="DR1")
    place: Positive = column("In which order it was drawn.", example="7")
    amount: Money | None = column("Its book amount.", example="180.00", default=None, unit="currency")
    hits: Positive = column("How often it was drawn; of money more than once.", example="1", default=1)


class AuditFinding(Row):
    """What was found of an item."""

    table_name: ClassVar[str] = "audit_findings"
    key: ClassVar[tuple[str, ...]] = ("audit", "item")

    audit: Id = column("Of which audit.", example="u0f3a91b2c4d5e6f7a8b", references="audits")
    item: Id = column("Which item.", example="b4c5")
    result: Literal["ok", "deviates", "missing"] = column(
        "As it should be, or not; missing: it cannot be looked at, and counts as a deviation.", example="deviates"
    )
    audited: Money | None = column("What the amount should have been.", example="120.00", default=None, unit="currency")
    found_on: Date = column("When.", example="2026-11-24")
    note: Text = column("What was seen.", example="no referral on file", default="", private=True)


class CorrectiveAction(Row):
    """What is done about what an audit has found."""

    table_name: ClassVar[str] = "audit_actions"
    key: ClassVar[tuple[str, ...]] = ("action",)

    action: Id = column("Random id.", example="x9f2c4e7a1b3d5f60a7b8")
    audit: Id = column("After which audit.", example="u0f3a91b2c4d5e6f7a8b", references="audits")
    item: Id | None = column("About which item; empty: all.", example="b4c5", default=None)
    what: Text = column("What is to be done.", example="Ask for the referral when booking", private=True)
    owner: Id = column("Who does it: an actor of the store.", example="dora")
    opened_on: Date = column("Since when.", example="2026-11-25")
    due: Date = column("By when.", example="2026-12-09")
    state: ActionState = column("How it stands.", example="done", default="open")
    evidence: Text = column("Where it can be seen.", example="checklist 3", default="", private=True)
    done_by: Id | None = column("Who has said that it is done.", example="dora", default=None)
    done_on: Date | None = column("When.", example="2026-12-01", default=None)
    verified_by: Id | None = column("Who has seen that it is.", example="ann", default=None)
    verified_on: Date | None = column("When.", example="2026-12-15", default=None)


AUDITS_GIVEN: tuple[type[Row], ...] = (Obligation,)
"""What an office brings, in a folder or in a store."""

AUDITS_KEPT: tuple[type[Row], ...] = (Audit, AuditStratum, AuditItem, AuditFinding, CorrectiveAction, ObligationDone)
"""What a store alone keeps."""
