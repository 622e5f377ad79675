"""Tables of the billing source: who pays, for whom, with which permission."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from schedopt.models.tables.fields import Date, Flag, Id, Row, Whole, column


class _Valid(Row):
    """Base of rows that hold from a first to a last day, both included."""

    valid_from: Date | None = column("First day it holds; empty: always has.", example="2026-01-01", default=None)
    valid_until: Date | None = column("Last day it holds; empty: no end known.", example="2026-12-31", default=None)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_from is not None and self.valid_until is not None and self.valid_from > self.valid_until:
            raise ValueError("expected valid_until on or after valid_from")
        return self


class Coverage(_Valid):
    """A patient's insurance. Where several hold on a day, the first row is asked first and alone."""

    table_name: ClassVar[str] = "coverage"
    key: ClassVar[tuple[str, ...]] = ()

    patient: Id = column("Who is insured.", example="N17", references="patients")
    insurer: Id = column("With whom (insurer and plan).", example="ACME-PPO")


class Network(_Valid):
    """A provider an insurer pays for. Without this table every provider is in every network."""

    table_name: ClassVar[str] = "networks"
    key: ClassVar[tuple[str, ...]] = ()

    insurer: Id = column("Who pays.", example="ACME-PPO")
    provider: Id = column("For whose visits.", example="DR1", references="providers")


class Terms(Row):
    """What an insurer asks for and pays for a visit type. Without a row: nothing is asked for."""

    table_name: ClassVar[str] = "terms"
    key: ClassVar[tuple[str, ...]] = ("insurer", "visit_type")

    insurer: Id = column("Who pays.", example="ACME-PPO")
    visit_type: Id = column("For what.", example="imaging", references="visit_types")
    authorisation: Flag = column("yes: an authorisation is needed first.", example="yes", default=False)
    referral: Flag = column("yes: a referral must be on file.", example="no", default=False)
    fee: Whole | None = column(
        "What the visit brings in; empty: the visit type's fee.", example="95", default=None, unit="currency"
    )


class Authorisation(_Valid):
    """An insurer's permission for some visits of one type. Those of one patient, insurer and type may not overlap."""

    table_name: ClassVar[str] = "authorisations"
    key: ClassVar[tuple[str, ...]] = ("authorisation",)

    authorisation: Id = column("Id of the authorisation.", example="A5")
    patient: Id = column("For whom.", example="N17", references="patients")
    insurer: Id = column("By whom.", example="ACME-PPO")
    visit_type: Id = column("For what.", example="imaging", references="visit_types")
    visits_left: Whole = column(
        "Visits neither used yet nor promised outside the days planned, but for appointments that name it.",
        example="2",
        unit="visits",
    )


class Referral(_Valid):
    """A referral on file."""

    table_name: ClassVar[str] = "referrals"
    key: ClassVar[tuple[str, ...]] = ()

    patient: Id = column("For whom.", example="N17", references="patients")
    visit_type: Id = column("For what.", example="imaging", references="visit_types")
