"""Tables of people that a store keeps beside the office's: who patients are, what they agreed to, who works with it."""

from __future__ import annotations

from typing import ClassVar, Literal

from schedopt.models.tables.fields import Date, Flag, Id, IdList, Row, Text, column

Sex = Literal["female", "male", "other"]


def _person(description: str, example: str) -> str:
    text: str = column(description, example=example, default="", private=True)
    return text


class Person(Row):
    """A person as the office knows him or her; planning knows the alias in ``patient`` alone."""

    table_name: ClassVar[str] = "people"
    key: ClassVar[tuple[str, ...]] = ("person",)

    person: Id = column("Random id of the person in the store.", example="p7c1d0e2a94")
    patient: Id | None = column(
        "The id by which planning knows the person, random too; empty once merged into another.", example="N17",
        default=None,
    )  # fmt: skip
    merged_into: Id | None = column("The person that this one turned out to be.", example="p11f", default=None)
    name: Text = _person("Name for people; empty: given name and surname.", "Ada Byron")
    given_name: Text = _person("Given names.", "Ada")
    surname: Text = _person("Surnames.", "Byron")
    suffix: Text = _person("Such as Jr or Sr.", "Jr")
    birth_date: Date | None = column("Date of birth.", example="1984-02-29", default=None, private=True)
    sex: Sex | None = column("Sex on file.", example="female", default=None, private=True)
    group: Text = _person("Group for comparing how long people wait.", "North")
    street_number: Text = _person("Number in the street.", "12")
    address_1: Text = _person("Street.", "Main Street")
    address_2: Text = _person("Flat, building or care of.", "Flat 3")
    suburb: Text = _person("Town or suburb.", "Tuba City")
    state: Text = _person("State.", "AZ")
    postcode: Text = _person("Postal code.", "86045")
    phone: Text = _person("Telephone number.", "+1 928 555 0110")
    email: Text = _person("Electronic mail address.", "ada@example.org")
    soc_sec_id: Text = _person("Social security number or another national one.", "219-09-9999")
    mrn: Text = _person("Medical record number.", "00412")
    note: Text = _person("For the desk.", "hard of hearing")


class Actor(Row):
    """Somebody, or a program, that works with the store."""

    table_name: ClassVar[str] = "actors"
    key: ClassVar[tuple[str, ...]] = ("actor",)

    actor: Id = column("Id of the account.", example="desk-2")
    roles: IdList = column(
        "What the actor is: planner, desk, billing, clinician, auditor, administrator; separated by ;",
        example="desk; planner",
    )


class Emergency(Row):
    """Access that somebody took in an emergency, with its end."""

    table_name: ClassVar[str] = "emergencies"
    key: ClassVar[tuple[str, ...]] = ("actor", "begins")

    actor: Id = column("Who took it.", example="desk-2")
    begins: Text = column("From this moment (UTC).", example="2026-11-27T09:00:00.000000Z")
    ends: Text = column("Until this moment (UTC).", example="2026-11-27T13:00:00.000000Z")
    reason: Text = column("Why, in the actor's words.", example="patient unconscious", default="", private=True)


class Consent(Row):
    """What a person has agreed to, or has not."""

    table_name: ClassVar[str] = "consents"
    key: ClassVar[tuple[str, ...]] = ("person", "purpose")

    person: Id = column("Who.", example="p7c1d0e2a94", references="people")
    purpose: Literal["treatment", "payment", "operations", "messages", "research"] = column(
        "To what use.", example="messages"
    )
    given: Flag = column("yes: agreed; no: refused or taken back.", example="yes")


class Restriction(Row):
    """What must not be done with a person's records, or how the person is to be reached."""

    table_name: ClassVar[str] = "restrictions"
    key: ClassVar[tuple[str, ...]] = ("person", "kind", "request")

    person: Id = column("Whose records.", example="p7c1d0e2a94", references="people")
    kind: Literal["self_pay_visit", "confidential_channel", "legal_hold"] = column(
        "self_pay_visit: nothing of the request to the insurer's side; confidential_channel: reach only as told; "
        "legal_hold: nothing is disposed of.",
        example="self_pay_visit",
    )
    request: Id | None = column("The request, for self_pay_visit.", example="R12", default=None, references="requests")
    told: Text = column("How to reach the person, or by what order it is held.", example="", default="", private=True)


class Decision(Row):
    """What somebody has decided of two persons who may be one."""

    table_name: ClassVar[str] = "decisions"
    key: ClassVar[tuple[str, ...]] = ("person", "other")

    person: Id = column("One of them, the lower id.", example="p11f", references="people")
    other: Id = column("The other.", example="p7c1d0e2a94", references="people")
    decided: Literal["same", "different", "later"] = column("What they are.", example="different")


PEOPLE_TABLES: tuple[type[Row], ...] = (Person, Actor, Emergency, Consent, Restriction, Decision)
"""Tables that stand in a store beside those of the office's sources."""
