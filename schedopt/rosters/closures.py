"""Days on which a site, or the whole office, is closed: the closures table and the public holidays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from holidays import country_holidays, list_supported_countries

from schedopt.models.office import Holidays, Office


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
        Name of the holiday for each day that is one; days observed instead are included.
    """
    found = country_holidays(holidays.country, subdiv=holidays.subdivision, years=list(years))
    return dict(sorted(found.items()))


def closed_days(office: Office, first: dt.date, num_days: int) -> dict[tuple[str | None, dt.date], str]:
    """Which days are closed where, and why.

    Parameters
    ----------
    office : Office
        Its closures table and its choice of public holidays are looked at.
    first : datetime.date
        The first day asked for.
    num_days : int
        Days asked for.

    Returns
    -------
    dict of (str or None, datetime.date) to str
        The reason for each site and day; site None is the whole office. A closure that the office states itself
        goes before a public holiday on the same day.
    """
    last = first + dt.timedelta(days=num_days - 1)
    closed: dict[tuple[str | None, dt.date], str] = {}
    if office.settings.holidays is not None:
        named = public_holidays(office.settings.holidays, range(first.year, last.year + 1))
        closed.update({(None, day): name for day, name in named.items() if first <= day <= last})
    for closure in office.closures or ():
        if first <= closure.date <= last:
            closed[closure.site, closure.date] = closure.reason or "closed"
    return closed
