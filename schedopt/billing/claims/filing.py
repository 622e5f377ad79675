"""Until when a claim can be filed."""

from __future__ import annotations

import datetime as dt


def filing_ends(visit: dt.date, filing_days: int | None) -> dt.date:
    """The last day on which a claim can be filed, counted from the visit.

    Parameters
    ----------
    visit : datetime.date
        Its day.
    filing_days : int or None
        Days that the payer leaves; None: a calendar year. That of 29 February ends on 28 February.
    """
    if filing_days is not None:
        return visit + dt.timedelta(days=filing_days)
    if (visit.month, visit.day) == (2, 29):
        return dt.date(visit.year + 1, 2, 28)
    return visit.replace(year=visit.year + 1)
