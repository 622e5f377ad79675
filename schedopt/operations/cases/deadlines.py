"""By when a case is to be acknowledged and closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from schedopt.operations.cases.office_days import OfficeDays
from schedopt.operations.cases.tables import CaseKind, CaseRule

SOURCES = {
    "complaint": "acknowledged within 5 calendar days and closed within 30 as health plans of California have to "
    "(28 CCR 1300.68(d)); closed within 30 as Medicare plans have to (42 CFR 422.564(e))",
    "concern": "closed within 7 calendar days, as CMS holds appropriate for hospitals on average (State Operations "
    "Manual, appendix A, on 42 CFR 482.13(a)(2))",
    "inquiry": "no published source: a value to begin with",
}
"""Where :data:`DEFAULT_RULES` come from. None of these binds a medical office; its contracts and its state may."""

DEFAULT_RULES = (
    CaseRule(kind="complaint", acknowledge_within=5, close_within=30, counted="calendar"),
    CaseRule(kind="concern", acknowledge_within=2, close_within=7, counted="calendar"),
    CaseRule(kind="inquiry", acknowledge_within=1, close_within=5, counted="business"),
)
"""What holds where the office has no rule of its own for a kind."""


class Deadlines(NamedTuple):
    """By when.

    Attributes
    ----------
    acknowledge_by, due : datetime.date
        Last day to say that the case was received, and to close it.
    escalate_to : str or None
        Whose it is when it is overdue.
    """

    acknowledge_by: dt.date
    due: dt.date
    escalate_to: str | None


def rule_for(rules: Iterable[CaseRule], kind: CaseKind, subject: str) -> CaseRule:
    """The rule of a kind and subject: the office's for both, or for the kind, or the default."""
    mine = [rule for rule in rules if rule.kind == kind and rule.subject in (None, subject)]
    exact = [rule for rule in mine if rule.subject is not None]
    return next(iter([*exact, *mine, *(rule for rule in DEFAULT_RULES if rule.kind == kind)]))


def deadlines(received: dt.date, rule: CaseRule, days: OfficeDays) -> Deadlines:
    """By when a case is to be acknowledged and closed.

    Parameters
    ----------
    received : datetime.date
        Day on which it came; it is not counted.
    rule : CaseRule
        The office's.
    days : OfficeDays
        Its business days.
    """
    return Deadlines(
        _after(received, rule.acknowledge_within, rule, days), _after(received, rule.close_within, rule, days),
        rule.escalate_to,
    )  # fmt: skip


def _after(received: dt.date, count: int, rule: CaseRule, days: OfficeDays) -> dt.date:
    if rule.counted == "business":
        return days.after(received, count)
    return received + dt.timedelta(days=count)
