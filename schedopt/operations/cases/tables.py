"""Tables of cases, and of the material that patients are given."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from schedopt.models.tables.fields import Age, Date, Flag, Id, IdList, Row, Text, column

MaterialKind = Literal["education", "policy", "preparation", "form"]
"""education: what a patient should know; policy: a rule of the office; preparation: what to do before the visit; form:
what the patient fills in."""


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


CASES_GIVEN: tuple[type[Row], ...] = (Material,)
"""What an office brings, in a folder or in a store."""

CASES_KEPT: tuple[type[Row], ...] = ()
"""What a store alone keeps."""
