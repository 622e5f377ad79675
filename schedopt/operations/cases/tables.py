"""Tables of cases, and of the material that patients are given."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from schedopt.models.tables.fields import Age, Date, Flag, Id, IdList, Positive, Row, Text, Whole, column

MaterialKind = Literal["education", "policy", "preparation", "form"]
"""education: what a patient should know; policy: a rule of the office; preparation: what to do before the visit; form:
what the patient fills in."""

CaseKind = Literal["inquiry", "concern", "complaint"]
CaseState = Literal["open", "acknowledged", "answered", "closed"]
"""open: nobody has said that it was received; acknowledged: somebody has; answered: whoever sent it was told what the
office says; closed: it has an outcome."""

Deed = Literal["open", "acknowledge", "note", "hand-over", "answer", "close", "reopen"]
Channel = Literal["phone", "in-person", "letter", "e-mail", "portal", "survey", "payer", "other"]
Outcome = Literal["resolved", "partly-resolved", "not-upheld", "withdrawn", "passed-on"]
"""resolved, partly-resolved: whoever sent it got what was asked for, or some of it; not-upheld: the office sees it
otherwise; withdrawn: nothing is asked for any more; passed-on: somebody else decides."""

Subject = Annotated[str, BeforeValidator(str), Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
"""A word of the office's own list, without capitals, so that nobody's name stands in it."""

Within = Annotated[Whole, Field(le=366)]


class Material(Row):
    """What patients are given to read, fill in or sign, in one language and of one reading level.

    Several rows of one id are the same material in other languages, of other levels or of other days.
    """

    table_name: ClassVar[str] = "material"
    key: ClassVar[tuple[str, ...]] = ("material", "language", "level", "valid_from")

    material: Id = column("Id of the material.", example="stress-test")
    language: Text = column(
        "Language that it is written in, by its English name or its code (ISO 639), as in patients.csv.",
        example="Spanish", default="English",
    )  # fmt: skip
    level: Age | None = column(
        "School year from which on it can be read (US grade); empty: not known.", example="6", default=None,
        unit="grade",
    )  # fmt: skip
    title: Text = column("Its title, in its language.", example="Su prueba de esfuerzo")
    kind: MaterialKind = column("What it is.", example="preparation", default="education")
    visit_types: IdList = column(
        "Visit types that it is for, separated by ;. Empty: all.", example="procedure; imaging", default=(),
        references="visit_types",
    )  # fmt: skip
    valid_from: Date | None = column("First day on which it is given.", example="2026-01-01", default=None)
    valid_until: Date | None = column("Last day on which it is given.", example="2026-12-31", default=None)
    place: Text = column(
        "Where it is: a file's name or an address in the web.", example="material/stress-test-es.pdf", default=""
    )
    needs_signature: Flag = column("yes: the patient signs it.", example="no", default=False)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_from is not None and self.valid_until is not None and self.valid_from > self.valid_until:
            raise ValueError("expected valid_until on or after valid_from")
        return self


class CaseRule(Row):
    """By when cases of a kind are to be acknowledged and closed, and whose they are when they are overdue."""

    table_name: ClassVar[str] = "case_rules"
    key: ClassVar[tuple[str, ...]] = ("kind", "subject")

    kind: CaseKind = column("The kind of case.", example="complaint")
    subject: Subject | None = column(
        "For this subject; empty: for all for which no other row of the kind says it.", example="billing", default=None
    )  # fmt: skip
    acknowledge_within: Within = column(
        "Days after it was received in which to say so to whoever has sent it.", example="5", unit="days"
    )
    close_within: Within = column("Days after it was received in which to close it.", example="30", unit="days")
    counted: Literal["business", "calendar"] = column(
        "business: days on which the office works; calendar: all.", example="calendar", default="business"
    )
    escalate_to: Id | None = column("Actor of the store who takes over what is overdue.", example="mgr-1", default=None)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.acknowledge_within > self.close_within:
            raise ValueError("expected acknowledge_within to be at most close_within")
        return self


class Case(Row):
    """An inquiry, a concern or a complaint: whose it is, by when, and what became of it."""

    table_name: ClassVar[str] = "cases"
    key: ClassVar[tuple[str, ...]] = ("case",)

    case: Id = column("Random id of the case.", example="c5f0c1d2e3a4b5c6d7e8")
    kind: CaseKind = column(
        "inquiry: somebody wants to know; concern: somebody is uneasy; complaint: somebody asks for redress.",
        example="complaint",
    )
    subject: Subject = column("What about, as the office sorts them.", example="waiting-time")
    site: Id | None = column("Site that it is about.", example="MAIN", default=None, references="sites", names=True)
    patient: Id | None = column("Patient whom it is about.", example="N17", default=None, references="patients")
    request: Id | None = column("Visit that it is about.", example="R12", default=None, references="requests")
    received: Date = column("Day on which it came.", example="2026-11-30")
    received_by: Channel = column("How it came.", example="phone")
    acknowledge_by: Date = column("Last day to say that it was received.", example="2026-12-05")
    acknowledged: Date | None = column("Day on which that was said.", example="2026-12-01", default=None)
    due: Date = column("Last day to close it.", example="2026-12-30")
    closed: Date | None = column("Day on which it was closed.", example="2026-12-10", default=None)
    owner: Id | None = column("Actor who sees to it; empty: nobody yet.", example="desk-2", default=None)
    state: CaseState = column("Where it stands.", example="acknowledged", default="open")
    outcome: Outcome | None = column("What came of it.", example="resolved", default=None)
    words: Text = column("What was said, in words.", example="waited an hour", default="", private=True)


class CaseEvent(Row):
    """What was done about a case: its history, in order."""

    table_name: ClassVar[str] = "case_events"
    key: ClassVar[tuple[str, ...]] = ("case", "number")

    case: Id = column("The case.", example="c5f0c1d2e3a4b5c6d7e8", references="cases")
    number: Positive = column("Its place in the history, from 1.", example="2")
    patient: Id | None = column("Patient of the case.", example="N17", default=None, references="patients")
    on: Date = column("Day on which it was done.", example="2026-12-01")
    deed: Deed = column("What was done.", example="acknowledge")
    by: Id = column("Actor who did it.", example="desk-2")
    state: CaseState = column("Where the case stood after it.", example="acknowledged")
    owner: Id | None = column("Whose it was after it.", example="desk-2", default=None)
    words: Text = column("In words.", example="rang back, will look into it", default="", private=True)


CASES_GIVEN: tuple[type[Row], ...] = (Material, CaseRule)
"""What an office brings, in a folder or in a store."""

CASES_KEPT: tuple[type[Row], ...] = (Case, CaseEvent)
"""What a store alone keeps."""
