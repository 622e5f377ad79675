"""Tables of the billing source: who pays, for whom, with which permission."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from schedopt.models.tables.fields import Amount, Date, Flag, Id, Row, Share, Text, Whole, column

PermissionStatus = Literal["approved", "pending", "denied", "expired", "partly", "sent", "needed"]
"""approved, partly (for fewer visits or days than asked for): it holds; pending: the insurer has it, and decides by a
day; sent: nothing has come back yet; needed: nobody has asked; denied, expired: it does not hold."""
EligibilityStatus = Literal["active", "inactive", "unknown"]


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


class _Permission(_Valid):
    """Base of what an insurer permits or has not decided yet."""

    status: PermissionStatus = column(
        "Where it stands. Approved and partly: it holds. Pending: as billing.pending says. Otherwise it does not hold.",
        example="approved", default="approved", later=True,
    )  # fmt: skip
    decision_due: Date | None = column(
        "Of a pending one, the day by which the insurer decides; empty: not known.", example="2026-12-02",
        default=None, later=True,
    )  # fmt: skip
    answered: Date | None = column("Day of the answer that says so.", example="2026-11-12", default=None, later=True)
    source: Text = column(
        "What the answer was, without anything private; explanations cite it.", example="278", default="", later=True
    )

    @property
    def holds(self) -> bool:
        """Whether it permits visits, on its days."""
        return self.status in ("approved", "partly")


class Authorisation(_Permission):
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


class Referral(_Permission):
    """A referral on file."""

    table_name: ClassVar[str] = "referrals"
    key: ClassVar[tuple[str, ...]] = ()

    patient: Id = column("For whom.", example="N17", references="patients")
    visit_type: Id = column("For what.", example="imaging", references="visit_types")


class Eligibility(_Valid):
    """What an insurer has answered about a patient's coverage. Of several answers, the newest about a day counts.

    An answer speaks of the days from ``valid_from`` to ``valid_until``; where it gives neither, of the day asked for
    alone; and where it does not give that either, of all days. Active: the patient is covered on these days and, where
    it gives them, on no others. Inactive: the patient is not covered on these days. Unknown: it says nothing. What an
    answer says goes before the days of coverage.csv, which says with whom a patient is insured.
    """

    table_name: ClassVar[str] = "eligibility"
    key: ClassVar[tuple[str, ...]] = ("patient", "insurer", "visit_type", "asked_for", "answered")

    patient: Id = column("Who was asked about.", example="N17", references="patients")
    insurer: Id = column("Who answered, as in coverage.csv.", example="ACME-PPO")
    visit_type: Id | None = column(
        "For which visits it was asked; empty: for all.", example="imaging", default=None, references="visit_types"
    )
    asked_for: Date | None = column(
        "Day of the visit that was asked about; empty: of none.", example="2026-12-01", default=None
    )
    answered: Date = column("Day of the answer.", example="2026-11-12")
    status: EligibilityStatus = column("What was answered.", example="active")
    visits_left: Whole | None = column(
        "Visits that the insurer still pays for, as answered; empty: not said.", example="12", default=None,
        unit="visits",
    )  # fmt: skip
    source: Text = column(
        "What the answer was, without anything private; explanations cite it.", example="271", default=""
    )


class Collection(Row):
    """What a visit is expected to bring in: what is allowed times the chance of being paid, less bad debt."""

    table_name: ClassVar[str] = "collection"
    key: ClassVar[tuple[str, ...]] = ("insurer", "visit_type")

    insurer: Id | None = column("Who pays; empty: a patient who pays.", example="ACME-PPO", default=None)
    visit_type: Id | None = column(
        "For what; empty: for all types for which no other row of the insurer says it.", example="imaging",
        default=None, references="visit_types",
    )  # fmt: skip
    allowed: Amount | None = column(
        "What is allowed for a visit; empty: its fee, by terms.csv or visit_types.csv.", example="95.00", default=None,
        unit="currency",
    )  # fmt: skip
    chance: Share = column("Chance that it is paid.", example="0.93")
    low: Share | None = column("Lower end of what the chance may be; for people.", example="0.88", default=None)
    high: Share | None = column("Upper end of the same.", example="0.96", default=None)
    bad_debt: Amount = column(
        "What a visit is expected to lose of the patient's share.", example="4.00", default=0, unit="currency"
    )
    claims: Whole | None = column(
        "Decided claims of the insurer and visit type that it was learnt from.", example="120", default=None,
        unit="claims",
    )  # fmt: skip

    @model_validator(mode="after")
    def _chance_between(self) -> Self:
        low, high = self.low, self.high
        if (low is not None and low > self.chance) or (high is not None and high < self.chance):
            raise ValueError("expected low, chance and high in this order")
        return self
