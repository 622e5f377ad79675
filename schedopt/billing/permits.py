"""What insurers permit, and on which days: authorisations and referrals, decided or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.billing.policies import FAR, cited, day_of, day_words
from schedopt.models.office import Office
from schedopt.models.problem.calendar import Calendar
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.week import Week
from schedopt.models.tables import Authorisation, Network, Referral

Permission = Authorisation | Referral
_STANDS = {
    "pending": "is pending", "denied": "was denied", "expired": "has expired",
    "sent": "was asked for and is not answered", "needed": "has not been asked for",
}  # fmt: skip


@dataclass(frozen=True)
class Allowed:
    """On which days something is permitted.

    Attributes
    ----------
    there : bool array, shape (requests, days)
        It is permitted, or counts as permitted although it is not decided.
    undecided : bool array, shape (requests, days)
        It counts as permitted, and is decided on a later day, or nobody knows when.
    """

    there: Flags
    undecided: Flags


@dataclass(frozen=True)
class Standings:
    """How permissions stand that say more than that they hold; one entry a permission.

    Attributes
    ----------
    what : str
        What they are, such as ``"authorisation"``.
    patient, insurer, visit_type : int array
        Codes; insurer -1: all.
    words : tuple of str
        How each stands, in words.
    """

    what: str
    patient: Ints
    insurer: Ints
    visit_type: Ints
    words: tuple[str, ...]

    def of(self, patient: int, insurer: int, visit_type: int) -> str:
        """How the permissions of a patient for a type stand, in words; nothing where there are none."""
        mine = (self.patient == patient) & (self.visit_type == visit_type)
        mine &= (self.insurer < 0) | (self.insurer == insurer)
        return "; ".join(self.words[number] for number in np.flatnonzero(mine).tolist())


def _requests_of(week: Week, rows: Sequence[Permission]) -> Iterator[tuple[int, int]]:
    """Number of each row with the code of each request of its patient for its visit type, by row."""
    requests, kinds = week.requests, len(week.requests.visit_type_ids)
    patient = {name: code for code, name in enumerate(requests.patient_ids)}
    kind = {name: code for code, name in enumerate(requests.visit_type_ids)}
    needs, need = np.unique(requests.patient * kinds + requests.visit_type, return_inverse=True)
    wanted = np.array([patient[row.patient] * kinds + kind[row.visit_type] for row in rows], np.int64)
    place = np.searchsorted(needs, wanted)
    place[~np.isin(wanted, needs)] = len(needs)  # a list without requests
    number, request = Lists.by_key(need, len(needs) + 1).joined(place)
    return zip(number.tolist(), request.tolist(), strict=True)


class Payers(NamedTuple):
    """Who pays, and where that is said.

    Attributes
    ----------
    office : Office
        Its settings say what a pending permission is worth.
    week : Week
        The columns.
    insurer : int array, shape (requests, days)
        Code of who pays on the day, or -1.
    codes : dict of str to int
        Codes of the insurers.
    """

    office: Office
    week: Week
    insurer: Ints
    codes: dict[str, int]


def permitted(payers: Payers, rows: Sequence[Permission]) -> Iterator[tuple[int, int, int, Flags]]:
    """Request, number of the permission, first day, and on which days from there on it is the one that permits.

    One that holds goes before one that is pending; an authorisation without visits left permits nothing.
    """
    held = np.zeros(payers.insurer.shape, bool)
    left = visits_left(payers.office, payers.week.calendar, rows)
    by_row = [(number, r) for number, r in _requests_of(payers.week, rows) if left[number]]
    for number, r in by_row:
        if rows[number].holds:
            low, days = _days(payers, rows[number], r)
            held[r, low : low + len(days)] |= days
            yield r, number, low, days
    for number, r in by_row:
        if rows[number].status == "pending":
            low, days = _days(payers, rows[number], r)
            yield r, number, low, days & ~held[r, low : low + len(days)]


def _days(payers: Payers, row: Permission, request: int) -> tuple[int, Flags]:
    """The first day, and the days from there on, on which a row would permit a request."""
    calendar = payers.week.calendar
    low, high = max(0, day_of(calendar, row.valid_from, 0)), day_of(calendar, row.valid_until, FAR)
    if row.status == "pending" and payers.office.settings.billing.pending == "forbid":
        low = max(low, day_of(calendar, row.decision_due, FAR))
    insurer = payers.insurer[request, low : max(low, high + 1)]
    if isinstance(row, Referral):
        return low, np.ones(len(insurer), bool)
    mine: Flags = insurer == payers.codes.get(row.insurer, len(payers.codes))
    return low, mine


def allowed(payers: Payers, rows: Sequence[Permission] | None) -> Allowed:
    """Where something is permitted; everywhere if the office does not keep the table."""
    there = np.full(payers.insurer.shape, rows is None)
    undecided = np.zeros(payers.insurer.shape, bool)
    for r, number, low, days in permitted(payers, rows or ()):
        there[r, low : low + len(days)] |= days
        row = (rows or ())[number]
        if not row.holds:
            due = day_of(payers.week.calendar, row.decision_due, FAR)
            undecided[r, low : low + len(days)] |= days & (np.arange(low, low + len(days)) < due)
    return Allowed(there, undecided)


def visits_left(office: Office, calendar: Calendar, rows: Sequence[Permission]) -> list[int]:
    """Visits left of each authorisation, less those that appointments outside the days planned use by name."""
    promised = (row for row in office.appointments or () if not calendar.covers(row.date))
    used = Counter(row.authorisation for row in promised)
    return [FAR if isinstance(row, Referral) else max(0, row.visits_left - used[row.authorisation]) for row in rows]


def days_of(calendar: Calendar, row: Network) -> tuple[int, int]:
    """The first day planned on which a row holds, and the day after the last."""
    first = max(0, day_of(calendar, row.valid_from, 0))
    return first, max(first, min(calendar.num_days, day_of(calendar, row.valid_until, FAR) + 1))


def standings(
    what: str, rows: Sequence[Permission] | None, week: Week, patients: dict[str, int], insurers: dict[str, int]
) -> Standings | None:  # fmt: skip
    """How permissions stand; None where none says more than that it holds."""
    told = [row for row in rows or () if row.status != "approved" or row.answered is not None]
    if not told:
        return None
    kinds = {name: code for code, name in enumerate(week.requests.visit_type_ids)}
    codes = [-1 if isinstance(row, Referral) else insurers.get(row.insurer, len(insurers)) for row in told]
    return Standings(
        what, np.array([patients[row.patient] for row in told]), np.array(codes),
        np.array([kinds[row.visit_type] for row in told]), tuple(_words(what, row, week.calendar) for row in told),
    )  # fmt: skip


def _words(what: str, row: Permission, calendar: Calendar) -> str:
    """How a permission stands, such as ``authorisation A5 was denied (278 of 12 November)``."""
    name = what if isinstance(row, Referral) else f"{what} {row.authorisation}"
    due = (
        "" if row.decision_due is None else f", to be decided by {day_words(calendar, calendar.day(row.decision_due))}"
    )
    answered = None if row.answered is None else calendar.day(row.answered)
    from_answer = "" if answered is None and not row.source else f" ({cited(calendar, row.source, answered)})"
    if not row.holds:
        return f"{name} {_STANDS[row.status]}{due if row.status == 'pending' else ''}{from_answer}"
    ends = (("from", row.valid_from), ("until", row.valid_until))
    days = "".join(f" {end} {day_words(calendar, calendar.day(day))}" for end, day in ends if day is not None)
    visits = "" if isinstance(row, Referral) else f" for {row.visits_left} visit{'' if row.visits_left == 1 else 's'}"
    part = " in part" if row.status == "partly" else ""
    return f"{name} holds{part}{visits}{days}{from_answer}"
