"""Days and hours in which a site, or the whole office, is closed: the closures table and the public holidays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from holidays import country_holidays, list_supported_countries

from schedopt.models.clock import MINUTES_PER_DAY
from schedopt.models.office import Holidays, Office
from schedopt.models.problem.names import CLOSED

_OBSERVED = " (observed)"
"""What the names of days end in that are observed instead of a holiday."""


@dataclass(frozen=True)
class Shut:
    """A stretch of a day in which a site is closed.

    Attributes
    ----------
    site : str or None
        Id; None is the whole office.
    date : datetime.date
        The day.
    start, end : int
        Minutes from midnight.
    words : str
        Why, such as ``closed: Independence Day, observed``.
    """

    site: str | None
    date: dt.date
    start: int
    end: int
    words: str

    def meets(self, site: str, date: dt.date) -> bool:
        """Whether it closes a site on a date."""
        return self.date == date and self.site in (None, site)


def holiday_fault(holidays: Holidays) -> tuple[str, str] | None:
    """What is wrong with the choice of public holidays.

    Parameters
    ----------
    holidays : Holidays
        The section of office.toml.

    Returns
    -------
    tuple of str, or None
        The key at fault and what was expected there, in words. None: the holidays are known.
    """
    known = list_supported_countries(include_aliases=False)
    if holidays.country not in known:
        return "country", "expected an ISO 3166-1 alpha-2 code of a country whose public holidays are known, such as US"
    try:
        country_holidays(holidays.country, subdiv=holidays.subdivision)
    except NotImplementedError:  # so the package says that it does not know the subdivision
        choices = ", ".join(known[holidays.country]) or "none: leave it out"
        return "subdivision", f"expected a subdivision of {holidays.country} ({choices})"
    return None


def public_holidays(holidays: Holidays, years: Iterable[int]) -> dict[dt.date, str]:
    """The public holidays of some years, with their names.

    Parameters
    ----------
    holidays : Holidays
        The section of office.toml, without :func:`holiday_fault`.
    years : iterable of int
        Calendar years.

    Returns
    -------
    dict of datetime.date to str
        Name of the holiday for each day that is one; days observed instead are included, such as
        ``Independence Day, observed``.
    """
    found = country_holidays(holidays.country, subdiv=holidays.subdivision, years=list(years))
    return {day: name.replace(_OBSERVED, ", observed") for day, name in sorted(found.items())}


def closed_hours(office: Office, first: dt.date, num_days: int) -> list[Shut]:
    """When what is closed, and why.

    Parameters
    ----------
    office : Office
        Its closures, its choice of public holidays and the holidays on which it is open are looked at.
    first : datetime.date
        The first day asked for.
    num_days : int
        Days asked for.

    Returns
    -------
    list of Shut
        By day. What the office states itself goes before the public holidays, so that the first that meets a time says
        why it is closed.
    """
    last = first + dt.timedelta(days=num_days - 1)
    found = [
        Shut(row.site, row.date, row.start, row.end, f"{CLOSED}: {row.reason}" if row.reason else CLOSED)
        for row in office.closures or ()
        if first <= row.date <= last
    ]
    if office.settings.holidays is not None:
        named = public_holidays(office.settings.holidays, range(first.year, last.year + 1))
        for day in (day for day in named if first <= day <= last):
            sites = _closed_sites(office, day)
            found.extend(Shut(site, day, 0, MINUTES_PER_DAY, f"{CLOSED}: {named[day]}") for site in sites)
    return sorted(found, key=lambda shut: shut.date)


def _closed_sites(office: Office, holiday: dt.date) -> Iterator[str | None]:
    """The sites that a public holiday closes; None alone where it closes them all."""
    open_at = {row.site for row in office.open_holidays or () if row.date == holiday}
    if not open_at:
        yield None
    elif None not in open_at:
        yield from (site for site in site_ids(office) if site not in open_at)


def site_ids(office: Office) -> tuple[str, ...]:
    """All sites of an office, in the order of their table, or in that of the shifts without one."""
    named = [site.site for site in office.sites] if office.sites is not None else []
    return tuple(dict.fromkeys([*named, *(shift.site for shift in office.shifts)]))
