"""What payers refused to pay: how much, why, until when it can be appealed, and what to do next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from schedopt.billing.accounts.adjudications import Adjudication
from schedopt.billing.accounts.reasons import denial_class
from schedopt.billing.accounts.settled import denied


class Denial(NamedTuple):
    """Something that a payer has not paid and that is not agreed.

    Attributes
    ----------
    line : int
        Of the claim; 0: the claim as a whole.
    why : str
        Group and reason, such as ``CO-16``.
    cents : int
        How much.
    day : str
        Of the decision (YYYY-MM-DD).
    appeal_until : str
        Last day on which it can be appealed.
    kind : str
        Class of the denial, such as ``authorisation``.
    step : str
        What to do next.
    """

    line: int
    why: str
    cents: int
    day: str
    appeal_until: str
    kind: str
    step: str


def denials(counting: Iterable[Adjudication], appeal_days: int) -> Iterator[Denial]:
    """Denials in what counts of a claim's adjudications.

    Parameters
    ----------
    counting : iterable of Adjudication
        As in :class:`~schedopt.billing.accounts.settled.Settled`.
    appeal_days : int
        Days from the decision in which the payer can be asked again.
    """
    for one in counting:
        last = dt.date.fromisoformat(one.day) + dt.timedelta(days=appeal_days)
        for line, group, reason, cents in denied(one):
            kind = denial_class(reason)
            yield Denial(line, f"{group}-{reason}", cents, one.day, last.isoformat(), kind.name, kind.step)
