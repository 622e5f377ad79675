"""The standards of CMS for waiting: ten, fifteen and thirty business days, for nine patients in ten."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from schedopt.operations.measures.defined.waits import business_days, waited
from schedopt.operations.measures.measure import Evidence, Measure, counted

BUSINESS_DAYS: Mapping[str, int] = {"behavioral": 10, "primary": 15, "specialty": 30}
"""Kind of care to the most business days that the standard allows."""
_WORDS = {
    "behavioral": "routine behavioral health visits", "primary": "routine primary care visits",
    "specialty": "specialty visits that are not urgent",
}  # fmt: skip
_SOURCES = {
    "behavioral": "42 CFR 438.68(e)(1)(i) (Medicaid managed care); 45 CFR 156.230(a)(2) with CMS, 2025 Final "
    "Letter to Issuers in the FFEs, ch. 2 § 3.ii.b",
    "primary": "42 CFR 438.68(e)(1)(ii) (Medicaid managed care); 45 CFR 156.230(a)(2) with CMS, 2025 Final "
    "Letter to Issuers in the FFEs, ch. 2 § 3.ii.b",
    "specialty": "45 CFR 156.230(a)(2) with CMS, 2025 Final Letter to Issuers in the FFEs, ch. 2 § 3.ii.b",
}


def count(kind: str) -> Callable[[Evidence], pd.DataFrame]:
    """A row a visit of a kind of care."""

    def within(evidence: Evidence) -> pd.DataFrame:
        visits = waited(evidence)
        visits = visits[visits["visit_type"].map(evidence.care) == kind]
        return counted(visits, (business_days(visits, evidence) <= BUSINESS_DAYS[kind]).astype(float))

    return within


def _standard(kind: str) -> Measure:
    days = BUSINESS_DAYS[kind]
    return Measure(
        name=f"wait_standard_{kind}",
        title=f"{kind.capitalize()} care within {days} business days",
        definition=f"Share of {_WORDS[kind]} that take place within {days} business days of the day on which the "
        "patient asked, or could come first where that is later. The standard asks for 90 %.",
        numerator=f"visits within {days} business days",
        denominator=f"{_WORDS[kind]}",
        counts="Visit types that table care_kinds puts under this kind of care, by the day of the visit. Business days "
        "are Monday to Friday without public holidays; the day of asking is not counted, that of the visit is.",
        leaves_out="Cancelled bookings, and those of which the day of booking is not known. Regulators ask by secret "
        "shopper; this is what patients got.",
        source=_SOURCES[kind],
        unit="%",
        better="higher",
        count=count(kind),
        scale=100.0,
        target=90.0,
    )


WAIT_STANDARDS = tuple(map(_standard, BUSINESS_DAYS))
