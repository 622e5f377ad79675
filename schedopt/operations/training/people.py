"""Who works in the office on a day, in which role, and what each of them holds."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from schedopt.models.office import Office
from schedopt.models.tables import Credential
from schedopt.operations.training.staff_tables import Competence, Staff, StaffCompetence

FIRST, LAST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
"""Between which all dates of tables are: what holds without an end, holds up to the last."""
DAY = dt.timedelta(days=1)
COMPETENCE, CREDENTIAL = "competence", "credential"
"""The two kinds of what is held: by the tables of training, and by credentials.csv."""


class Person(NamedTuple):
    """Somebody who works in the office.

    Attributes
    ----------
    staff : str
        Id: of staff.csv, or of providers.csv for a provider who has no row there.
    provider : str or None
        The provider that he or she is.
    role : str
        Empty for a provider without a row in staff.csv.
    duties : tuple of str
        Ids.
    site : str or None
        Where the person mostly works.
    hired, left : datetime.date
        First and last day of work; the ends of all dates where they are not known.
    """

    staff: str
    provider: str | None
    role: str
    duties: tuple[str, ...]
    site: str | None
    hired: dt.date
    left: dt.date

    @property
    def ids(self) -> frozenset[str]:
        """By which tables name the person."""
        return frozenset({self.staff} if self.provider is None else {self.staff, self.provider})

    def works_on(self, day: dt.date) -> bool:
        """Whether he or she works in the office on a day, at home or at work."""
        return self.hired <= day <= self.left


class Held(NamedTuple):
    """A stretch of days in which somebody holds something at a level.

    Attributes
    ----------
    level : int
        At which level.
    first, last : datetime.date
        First and last day.
    """

    level: int
    first: dt.date
    last: dt.date


class What(NamedTuple):
    """What can be held: its kind, ``competence`` or ``credential``, and its id."""

    kind: str
    id: str


Holdings = Mapping[What, tuple[Held, ...]]
"""What one person holds, has held or will hold, by what it is."""


def people_of(office: Office) -> list[Person]:
    """All who have worked or will work in the office: those of staff.csv, then other providers."""
    rows = office.rows(Staff) or ()
    found = [
        Person(row.staff, row.provider, row.role, row.duties, row.site, row.hired or FIRST, row.left or LAST)
        for row in rows
    ]
    known = {row.provider for row in rows}
    others = (row.provider for row in office.providers if row.provider not in known)
    return [*found, *(Person(name, name, "", (), None, FIRST, LAST) for name in others)]


def by_id(people: Iterable[Person]) -> dict[str, Person]:
    """People by every id that tables name them by; that of staff.csv goes first."""
    people = list(people)
    named = {person.provider: person for person in reversed(people) if person.provider is not None}
    return {**named, **{person.staff: person for person in people}}


def plus_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months later, or that month's last day; not beyond all dates of tables."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    if year > LAST.year:
        return LAST
    following = dt.date(year + month // 11, (month + 1) % 12 + 1, 1) if (year, month) < (LAST.year, 11) else LAST
    last = (following - DAY).day if following != LAST else 31
    return dt.date(year, month + 1, min(day.day, last))


def last_day_of(row: StaffCompetence, months: Mapping[str, int | None]) -> dt.date:
    """The last day on which a row of staff_competences.csv holds."""
    if row.valid_until is not None:
        return row.valid_until
    number = months.get(row.competence)
    if number is None or row.valid_from is None:
        return LAST
    return plus_months(row.valid_from, number) - DAY


def holdings_of(office: Office) -> dict[str, dict[What, tuple[Held, ...]]]:
    """What each person holds, by the id of :class:`Person`.

    A credential of credentials.csv is held as such, and as the competence of its name, at level 1, where there is one.
    """
    person, competences = by_id(people_of(office)), office.rows(Competence) or ()
    months = {row.competence: row.months for row in competences}
    found: dict[str, dict[What, list[Held]]] = defaultdict(lambda: defaultdict(list))
    for row in office.rows(StaffCompetence) or ():
        if row.staff in person:
            held = Held(row.level, row.valid_from or FIRST, last_day_of(row, months))
            found[person[row.staff].staff][What(COMPETENCE, row.competence)].append(held)
    for one in office.credentials or ():
        for what in _as_held(one, months):
            held = Held(1, one.valid_from or FIRST, one.valid_until or LAST)
            found[person[one.provider].staff][what].append(held)
    return {name: {what: tuple(rows) for what, rows in held.items()} for name, held in found.items()}


def _as_held(row: Credential, months: Mapping[str, int | None]) -> list[What]:
    credential = What(CREDENTIAL, row.credential)
    return [credential, What(COMPETENCE, row.credential)] if row.credential in months else [credential]


def stretches(held: Iterable[Held], level: int) -> list[tuple[dt.date, dt.date]]:
    """First and last days of the stretches in which something is held at a level or a higher one, in order.

    What follows the day after is one stretch.
    """
    found: list[tuple[dt.date, dt.date]] = []
    for first, last in sorted((one.first, one.last) for one in held if one.level >= level and one.first <= one.last):
        if found and (found[-1][1] >= LAST or first <= found[-1][1] + DAY):
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def level_on(held: Iterable[Held], day: dt.date) -> int:
    """The highest level held on a day; 0: none."""
    return max((one.level for one in held if one.first <= day <= one.last), default=0)
