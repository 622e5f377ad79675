"""What the physician fee schedule pays for a service at a place: exact decimals, rounded once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from schedopt.billing.fees.localities import Locality
from schedopt.billing.fees.relative_values import RelativeValue, RelativeValues

Setting = Literal["office", "facility"]
"""Who bears the expense of practice: the office (CMS: non-facility) or a facility such as a hospital."""

PAID_BY_VALUE = frozenset("ART")
"""Status codes of services that Medicare pays by relative values: active, restricted, and injections."""

BUDGET_NEUTRALITY: Mapping[int, Decimal] = {2007: Decimal("0.8994"), 2008: Decimal("0.8806")}
"""By what units of work were multiplied in these years, and then rounded to hundredths (CMS, documentation of the fee
schedule's search); in all others they stand as they are."""

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class FeeSchedule:
    """The schedule of a year at a place.

    Attributes
    ----------
    values : mapping of (str, str) to RelativeValue
        By procedure and modifier.
    locality : Locality
        Where.
    year : int or None
        For the rules of that year; None: of a year without rules of its own.
    """

    values: RelativeValues
    locality: Locality
    year: int | None = None

    def amount(self, procedure: str, modifier: str = "", setting: Setting = "office") -> int | None:
        """What the formula gives for a service, in cents, before the cap; None: it has no relative values.

        Services that Medicare does not pay may have some: other insurers' contracts refer to them.
        """
        value = self.values.get((procedure, modifier))
        if value is None:
            return None
        practice = value.office_practice if setting == "office" else value.facility_practice
        if not (value.work or practice or value.malpractice):
            return None
        return self._cents(value, value.work, practice, value.malpractice)

    def cap(self, procedure: str, modifier: str = "", setting: Setting = "office") -> int | None:
        """What imaging is capped to by what hospitals are paid for it, in cents; None: there is no cap.

        The cap puts other expenses in place of the technical part's. Where the contractor prices a whole service, its
        work is that of its professional part.
        """
        value = self.values.get((procedure, modifier))
        if value is None:
            return None
        practice = value.office_cap if setting == "office" else value.facility_cap
        if not practice:
            return None
        professional = self.values.get((procedure, "26"))
        is_whole = not modifier and value.status == "C" and professional is not None
        work = professional.work if is_whole and professional is not None else value.work
        return self._cents(value, work, practice, value.malpractice_cap)

    def lower(self, procedure: str, modifier: str = "", setting: Setting = "office") -> int | None:
        """The lower of formula and cap, in cents; None: the formula gives nothing."""
        amount, cap = self.amount(procedure, modifier, setting), self.cap(procedure, modifier, setting)
        return amount if amount is None or cap is None else min(amount, cap)

    def payment(self, procedure: str, modifier: str = "", setting: Setting = "office") -> int | None:
        """What Medicare allows, in cents: the lower of formula and cap.

        None: Medicare does not pay it by relative values, or its contractor sets the price.
        """
        value = self.values.get((procedure, modifier))
        if value is None or value.status not in PAID_BY_VALUE:
            return None
        return self.lower(procedure, modifier, setting)

    def _cents(self, value: RelativeValue, work: Decimal, practice: Decimal, malpractice: Decimal) -> int:
        if self.year is not None and self.year in BUDGET_NEUTRALITY:
            work = (work * BUDGET_NEUTRALITY[self.year]).quantize(_CENT, ROUND_HALF_UP)
        place = self.locality
        units = work * place.work + practice * place.practice + malpractice * place.malpractice
        return int((units * value.factor).quantize(_CENT, ROUND_HALF_UP) * 100)
