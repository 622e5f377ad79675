"""What an office has to do by law, contract or its own rules, and on which days it is due."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping

from schedopt.operations.audits.tables import Basis, Obligation

_DAY = dt.timedelta(days=1)
_LEAP_DAY = "02-29"


def _said(
    obligation: str, what: str, source: str, every: int | None, basis: Basis, lead: int = 30, **more: object
) -> Obligation:  # fmt: skip
    return Obligation.model_validate(
        {
            "obligation": obligation,
            "what": what,
            "source": source,
            "every": every,
            "basis": basis,
            "lead_days": lead,
            **more,
        }
    )


DEFAULTS: tuple[Obligation, ...] = (
    _said("risk-analysis", "Analyse risks to electronic records", "45 CFR 164.308(a)(1)(ii)(A)", 12, "office", 60),
    _said("activity-review", "Review records of system activity", "45 CFR 164.308(a)(1)(ii)(D)", 1, "office", 5),
    _said("security-training", "Train staff in security awareness", "45 CFR 164.308(a)(5)(i)", 12, "office"),
    _said("privacy-training", "Train staff in privacy policies", "45 CFR 164.530(b)(1)", 12, "office"),
    _said("contingency-test", "Test and revise the contingency plan", "45 CFR 164.308(a)(7)(ii)(D)", 12, "office"),
    _said("security-evaluation", "Evaluate security measures", "45 CFR 164.308(a)(8)", 12, "office"),
    _said("associate-contracts", "Review contracts of business associates", "45 CFR 164.308(b)(1), 164.504(e)", 12,
          "office"),
    _said("documentation", "Review documentation; keep it for six years", "45 CFR 164.316(b)(2)", 12, "office"),
    _said("small-breaches", "Report breaches of fewer than 500 persons of the year before", "45 CFR 164.408(c)", None,
          "law", dates=_LEAP_DAY),
    _said("exposure-plan", "Review the exposure control plan", "29 CFR 1910.1030(c)(1)(iv)", 12, "law"),
    _said("bloodborne-training", "Train staff about bloodborne pathogens", "29 CFR 1910.1030(g)(2)", 12, "law"),
    _said("extinguisher-look", "Look at fire extinguishers", "29 CFR 1910.157(e)(2)", 1, "law", 5),
    _said("extinguisher-service", "Have fire extinguishers serviced", "29 CFR 1910.157(e)(3)", 12, "law"),
    _said("clia-certificate", "Renew the CLIA certificate of waiver", "42 CFR 493.37(e)(1)", 24, "law", 180),
    _said("controlled-inventory", "Take the inventory of controlled substances", "21 CFR 1304.11(c)", 24, "law"),
    _said("exclusion-check", "Look staff and contractors up in the list of the excluded",
          "OIG Special Advisory Bulletin of 8 May 2013", 1, "guidance", 5),
    _said("revalidation", "Revalidate the enrolment in Medicare", "42 CFR 424.515", 60, "law", 180),
)  # fmt: skip
"""What many medical offices of the United States owe. ``basis`` says whether the source itself names the interval:
where it is ``office``, the rule says "periodically" or nothing, and a year or a month is this package's proposal."""


def due_days(row: Obligation, done: dt.date | None, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The days by which an obligation is due up to a day: what is overdue, and then each time after it.

    Parameters
    ----------
    row : Obligation
        What it is.
    done : datetime.date or None
        When it was last done. On a day of its own (``due``, ``dates``) that counts for this day if it was within its
        lead.
    first, last : datetime.date
        What was due before the first day is given once, with the day on which it was due. Of what was never done, as
        far as is known, and has no day of its own, that is the first day.

    Notes
    -----
    Later times count from the day on which it is next due, or from the first day where that has gone by. The last day
    of a month stays one: after 31 January comes 28 or 29 February, and then 31 March.
    """
    if row.dates:
        yield from _on_dates(row, done, first, last)
        return
    if row.every is None:
        if row.due is not None and done is None and row.due <= last:
            yield row.due
        return
    if done is not None and (row.due is None or _counts_for(row, done) >= row.due):
        base, count = done, 1
    else:
        base, count = row.due or first, 0
    day = _later(base, row, count)
    if day <= last:
        yield day
    if day < first:
        base, count = first, 0
    while (day := _later(base, row, count := count + 1)) <= last:
        yield day


def last_done_of(row: Obligation, done: Mapping[str, dt.date]) -> dt.date | None:
    """When it was last done, by its row and by what the store knows."""
    days = [day for day in (row.last_done, done.get(row.obligation)) if day is not None]
    return max(days, default=None)


def _on_dates(row: Obligation, done: dt.date | None, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Days of each year: the last one that has gone by since it was done, if any, and those to come."""
    begin = dt.date(first.year - 1, 12, 31)
    if done is not None:
        begin = _counts_for(row, done)
    if row.due is not None:
        begin = max(begin, row.due - _DAY)
    days = [
        day
        for year in range(begin.year, last.year + 1)
        for day in sorted(_day_of_year(text, year) for text in row.dates)
        if begin < day <= last
    ]
    late = [day for day in days if day < first]
    yield from (*late[-1:], *(day for day in days if day >= first))


def _counts_for(row: Obligation, done: dt.date) -> dt.date:
    """The last day for which something counts that was done on a day."""
    return done + dt.timedelta(days=row.lead_days)


def _day_of_year(text: str, year: int) -> dt.date:
    """A day of a year; the sixtieth is 29 February or 1 March."""
    if text == _LEAP_DAY and not calendar.isleap(year):
        return dt.date(year, 3, 1)
    return dt.date(year, int(text[:2]), int(text[3:]))


def _later(day: dt.date, row: Obligation, count: int) -> dt.date:
    """So many times the interval later."""
    steps = count * (row.every or 0)
    if row.unit == "days":
        return day + dt.timedelta(days=steps)
    months = day.month - 1 + steps * (12 if row.unit == "years" else 1)
    year, month = day.year + months // 12, months % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
