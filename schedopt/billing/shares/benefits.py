"""What an insurer has said of a patient's benefits, as far as a patient's share hangs on it.

Whatever has not been said is None: an estimate then gives a range, and names what is missing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

GENERAL = "30"
"""The service type (X12) whose terms hold for a service that has none of its own: the plan as a whole."""

AccumulatorKind = Literal["none", "person", "embedded", "aggregate"]
"""none: the plan has no such sum; person: each person has one, and the family none; embedded: each person has one
within the family's, and whichever is used up first ends it; aggregate: the family has one, and persons have none."""


@dataclass(frozen=True)
class Accumulator:
    """A sum that is used up during a plan's year: the deductible, or what is paid out of pocket at most.

    Attributes
    ----------
    kind : {"none", "person", "embedded", "aggregate"} or None
        Whose sum it is; None: it is not known whether there is one.
    person, family : int or None
        What is left of it, in cents; None: not known, or there is none of this kind.
    person_total, family_total : int or None
        The whole of it, in cents: what is left is no more than this.
    """

    kind: AccumulatorKind | None = None
    person: int | None = None
    family: int | None = None
    person_total: int | None = None
    family_total: int | None = None

    def __post_init__(self) -> None:
        amounts = (self.person, self.family, self.person_total, self.family_total)
        if any(amount is not None and amount < 0 for amount in amounts):
            raise ValueError("expected what is left, and the whole, to be no less than nothing")

    @property
    def is_known(self) -> bool:
        """Whether what is left is known, or that there is no such sum."""
        return self.kind is not None and None not in self._left()

    @property
    def is_of_family(self) -> bool:
        """Whether what ends first is the family's."""
        if self.kind == "embedded" and self.family is not None:
            return self.person is None or self.family < self.person
        return self.kind == "aggregate"

    def renewed(self) -> Accumulator:
        """The same in a year that begins: it is not known how much of the whole is left."""
        return replace(self, person=None, family=None)

    def bounds(self) -> tuple[int, int | None]:
        """The least and the most that can be left for this patient, in cents; None: no limit is known.

        Of a plan without such a sum nothing can be said: there is no deductible then, and no limit to what is paid.
        """
        if self.kind is None:
            return 0, None
        least = min((0 if one is None else one for one in self._left()), default=0)
        known = [one for one in (*self._left(), *self._totals()) if one is not None]
        return least, min(known, default=None)

    def _left(self) -> tuple[int | None, ...]:
        return self._of_kind(self.person, self.family)

    def _totals(self) -> tuple[int | None, ...]:
        return self._of_kind(self.person_total, self.family_total)

    def _of_kind(self, person: int | None, family: int | None) -> tuple[int | None, ...]:
        match self.kind:
            case "person":
                return (person,)
            case "aggregate":
                return (family,)
            case "embedded":
                return (person, family)
            case _:
                return ()


NO_SUM = Accumulator("none")
"""The plan has no such sum."""


@dataclass(frozen=True)
class Terms:
    """On which terms services of one type are covered.

    Attributes
    ----------
    service_type : str
        X12 code, such as ``"98"`` (visit to a physician's office); :data:`GENERAL` stands for all others.
    covered : bool or None
        Whether they are covered at all.
    copay : int or None
        What the patient pays for each visit, in cents; 0: nothing. It is taken once from the services of one day that
        have this service type.
    coinsurance : Decimal or None
        The patient's part of what is left then, from 0 to 1, such as ``Decimal("0.2")``.
    deductible_applies : bool or None
        Whether the deductible has to be paid too.
    copay_first : bool
        The copay is taken before the deductible; otherwise after it.
    copay_to_deductible : bool
        A copay that is taken first counts towards the deductible too.
    visits_left : int or None
        Visits that are still covered; None: not known to be limited.
    """

    service_type: str = GENERAL
    covered: bool | None = None
    copay: int | None = None
    coinsurance: Decimal | None = None
    deductible_applies: bool | None = None
    copay_first: bool = True
    copay_to_deductible: bool = False
    visits_left: int | None = None

    def settled(self) -> Terms:
        """The same, read as payers answer: who names a copay or a coinsurance has not left the other out.

        A type with coinsurance alone is taken to be under the deductible; of one with a copay, that stays unknown.
        """
        if self.copay is None and self.coinsurance is None:
            return self
        applies = self.deductible_applies
        if applies is None and not self.copay and self.coinsurance:
            applies = True
        copay, coinsurance = self.copay or 0, self.coinsurance or Decimal(0)
        return replace(self, copay=copay, coinsurance=coinsurance, deductible_applies=applies)

    def __post_init__(self) -> None:
        if self.copay is not None and self.copay < 0:
            raise ValueError("expected a copay of no less than nothing")
        if self.coinsurance is not None and not 0 <= self.coinsurance <= 1:
            raise ValueError("expected a coinsurance from 0 to 1")


@dataclass(frozen=True)
class Benefits:
    """What is known of a patient's benefits with one insurer, for one network status.

    Attributes
    ----------
    insurer : str
        With whom.
    source : str
        What it rests on, in words, such as ``"271 of 12 November 2026"``; no name and no number of a person.
    terms : tuple of Terms
        By service type, each once.
    deductible, out_of_pocket : Accumulator
        What is left of them.
    until : datetime.date or None
        Last day on which what is left can be used up, the end of the plan's year; None: not known, and not looked at.
    """

    insurer: str = ""
    source: str = ""
    terms: tuple[Terms, ...] = ()
    deductible: Accumulator = Accumulator()
    out_of_pocket: Accumulator = Accumulator()
    until: dt.date | None = None

    def __post_init__(self) -> None:
        named = [one.service_type for one in self.terms]
        if len(named) != len(set(named)):
            raise ValueError("expected terms of each service type once")

    def terms_of(self, service_type: str) -> Terms:
        """The terms of a service type: its own, else those of the plan as a whole, else unknown ones."""
        by_type = {one.service_type: one for one in self.terms}
        return by_type.get(service_type) or by_type.get(GENERAL) or Terms(service_type)
