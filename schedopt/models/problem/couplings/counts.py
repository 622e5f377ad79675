"""Couplings of numbers: at most so many visits of a kind, and promises that must be kept."""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.couplings.base import Breach, Coupling, Encoder, speak_as
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.names import PROMISES
from schedopt.models.problem.schedule import Placements, Schedule
from schedopt.models.problem.week import Week


class Limit(Coupling):
    """Base: visits fall into groups, and each group has a most.

    By default that is a number of visits. Where visits take more or less of it, a limit says how much, and how it is
    called.
    """

    untimed = True

    @abstractmethod
    def groups(self, week: Week, request: Ints, session: Ints) -> tuple[Ints, Ints]:
        """Which of these visits fall into which group: (position in `request`, group)."""

    @abstractmethod
    def most(self, week: Week, group: int) -> int:
        """Most visits of a group; or the most that its visits may take."""

    def takes(self, week: Week, request: Ints, group: Ints) -> Ints:
        """How much of its group's most each of these visits takes."""
        return np.ones(len(request), np.int64)

    def amount_words(self, week: Week, group: int, amount: int) -> str:
        """So much of a group's most, for people."""
        return f"{amount} visit{'' if amount == 1 else 's'}"

    def taken(self, week: Week, request: Ints, session: Ints) -> dict[int, int]:
        """What these visits take, by group."""
        row, group = self.groups(week, request, session)
        names, place = np.unique(group, return_inverse=True)
        sums = np.zeros(len(names), np.int64)
        np.add.at(sums, place, self.takes(week, request[row], group))
        return dict(zip(names.tolist(), sums.tolist(), strict=True))

    @abstractmethod
    def group_words(self, week: Week, group: int) -> str:
        """What the group is, for people."""

    def words(self, week: Week, group: int) -> str:
        """The group, and the most of it."""
        return f"{self.group_words(week, group)}: at most {self.amount_words(week, group, self.most(week, group))}"

    def ties(self, week: Week, placed: Placements) -> tuple[Ints, Ints]:
        """Its groups; who is left out is in none."""
        there = np.flatnonzero(placed.session >= 0)
        row, group = self.groups(week, placed.request[there], placed.session[there])
        return there[row], group

    def only(self, week: Week, groups: Ints, *, but: bool = False) -> Coupling:
        """The limit on some of its groups."""
        return SomeGroups(self, groups, but)

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Every visit of a group that is over its most."""
        placed = schedule.placed
        row, group = self.groups(week, placed, schedule.session[placed])
        for g, count in self.taken(week, placed, schedule.session[placed]).items():
            most = self.most(week, g)
            if count > most:
                detail = f"{self.words(week, g)}, not {self.amount_words(week, g, count)}"
                for r in placed[row[group == g]].tolist():
                    yield Breach(r, detail)

    def post(self, encoder: Encoder) -> None:
        """The literals of each group that free requests can fall into add up to no more than others leave."""
        week, outside = encoder.week, encoder.outside
        request, session = encoder.pairs()
        literals = defaultdict(list)
        row, group = self.groups(week, request, session)
        columns = (request[row], session[row], group, self.takes(week, request[row], group))
        for r, s, g, amount in zip(*(column.tolist() for column in columns), strict=True):
            literals[g].append((amount, encoder.at(r, s)))
        if not literals:
            return
        placed = outside.placed
        counts = self.taken(week, placed, outside.session[placed])
        for g, members in literals.items():
            left = max(0, self.most(week, g) - counts.get(g, 0))
            if sum(amount for amount, _ in members) > left:
                encoder.model.add(sum(at if amount == 1 else amount * at for amount, at in members) <= left)


@dataclass(frozen=True)
class SomeGroups(Limit):
    """A limit on some of its groups, or on all others.

    Attributes
    ----------
    limit : Limit
        What is asked.
    chosen : int array
        Groups, sorted.
    but : bool
        True: the limit holds for all groups but those chosen. False: for those chosen alone.
    """

    limit: Limit
    chosen: Ints
    but: bool = False

    def __post_init__(self) -> None:
        speak_as(self, self.limit, "within_day")

    def groups(self, week: Week, request: Ints, session: Ints) -> tuple[Ints, Ints]:
        """The limit's groups, those set aside left out."""
        row, group = self.limit.groups(week, request, session)
        kept = np.isin(group, self.chosen) != self.but
        return row[kept], group[kept]

    def most(self, week: Week, group: int) -> int:
        """The limit's."""
        return self.limit.most(week, group)

    def takes(self, week: Week, request: Ints, group: Ints) -> Ints:
        """The limit's."""
        return self.limit.takes(week, request, group)

    def amount_words(self, week: Week, group: int, amount: int) -> str:
        """The limit's."""
        return self.limit.amount_words(week, group, amount)

    def group_words(self, week: Week, group: int) -> str:
        """The limit's."""
        return self.limit.group_words(week, group)


@dataclass(frozen=True)
class ShiftCaps(Limit):
    """At most so many visits, of a type or with new patients, in one shift of a provider.

    Attributes
    ----------
    maximum : int array
        Visits; one entry a cap.
    provider, visit_type : int array
        Codes, or -1 for all.
    new_only : bool array
        Only new patients count.
    """

    maximum: Ints
    provider: Ints
    visit_type: Ints
    new_only: Flags

    name = "shift_caps"
    source = "rosters"
    reason = "a provider takes only so many such visits in one shift"

    def groups(self, week: Week, request: Ints, session: Ints) -> tuple[Ints, Ints]:
        """A group is a cap and a shift."""
        sessions, requests = week.sessions, week.requests
        rows, groups = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        num_shifts = self._num_shifts(week)
        for cap in range(len(self.maximum)):
            inside = np.ones(len(request), bool)
            if self.provider[cap] >= 0:
                inside &= sessions.provider[session] == self.provider[cap]
            if self.visit_type[cap] >= 0:
                inside &= requests.visit_type[request] == self.visit_type[cap]
            if self.new_only[cap]:
                inside &= requests.new[request]
            row = np.flatnonzero(inside)
            rows.append(row)
            groups.append(cap * num_shifts + sessions.shift[session[row]])
        return np.concatenate(rows), np.concatenate(groups)

    @staticmethod
    def _num_shifts(week: Week) -> int:
        return int(week.sessions.shift.max(initial=-1)) + 1

    def most(self, week: Week, group: int) -> int:
        """The cap's maximum."""
        return int(self.maximum[group // self._num_shifts(week)])

    def group_words(self, week: Week, group: int) -> str:
        """Provider, day and kind of visit."""
        cap, shift = divmod(group, self._num_shifts(week))
        session = int(np.flatnonzero(week.sessions.shift == shift)[0])
        provider = week.sessions.provider_ids[week.sessions.provider[session]]
        kind = f" of {week.requests.visit_type_ids[self.visit_type[cap]]}" if self.visit_type[cap] >= 0 else ""
        whom = " with new patients" if self.new_only[cap] else ""
        return f"cap{kind}{whom} in the shift of {provider} on {week.calendar.date(week.sessions.day[session])}"


@dataclass(frozen=True)
class _VisitsLeft(Limit):
    """Base: visits that somebody still pays for, on days.

    Attributes
    ----------
    ids : tuple of str
        Of each that allows visits, its id or what it is called.
    visits_left : int array
        Visits; one entry each.
    request, allowance, first_day, last_day : int array
        One entry for each request that may use one of them on some days (counted from the first planned), with its
        number; sorted by request. The days of one request's entries do not overlap.
    beside : tuple of str
        Of each, what else limits the same visits, in words; without any, nothing does.
    """

    ids: tuple[str, ...]
    visits_left: Ints
    request: Ints
    allowance: Ints
    first_day: Ints
    last_day: Ints
    beside: tuple[str, ...] = ()

    def groups(self, week: Week, request: Ints, session: Ints) -> tuple[Ints, Ints]:
        """A group is what allows visits."""
        row, entry = Lists.by_key(self.request, len(week.requests)).joined(request)
        day = week.sessions.day[session[row]]
        inside = (day >= self.first_day[entry]) & (day <= self.last_day[entry])
        return row[inside], self.allowance[entry[inside]]

    def most(self, week: Week, group: int) -> int:
        """Visits left."""
        return int(self.visits_left[group])

    def _beside(self, group: int) -> str:
        return f" ({self.beside[group]})" if self.beside and self.beside[group] else ""


class AuthorisedVisits(_VisitsLeft):
    """An authorisation pays for so many visits, on its days."""

    name = "authorised_visits"
    source = "billing"
    reason = "the authorisation has no visits left"

    def group_words(self, week: Week, group: int) -> str:
        """The authorisation's id."""
        return f"authorisation {self.ids[group]}{self._beside(group)}"


class CoveredVisits(_VisitsLeft):
    """An insurer pays for so many more visits of a patient, as it has answered."""

    name = "covered_visits"
    source = "billing"
    reason = "the insurer pays for no more visits, as it has answered"

    def group_words(self, week: Week, group: int) -> str:
        """The answer as it is cited."""
        return f"visits left by {self.ids[group]}{self._beside(group)}"


@dataclass(frozen=True)
class Promises(Coupling):
    """An appointment promised as fixed may not be left out.

    Attributes
    ----------
    released : frozenset of int
        Codes of requests whose promises cannot be kept.
    """

    released: frozenset[int] = frozenset()

    name = PROMISES
    source = "records"
    reason = "the appointment was promised as fixed"

    def ties(self, week: Week, placed: Placements) -> tuple[Ints, Ints]:
        """Nothing: each promise stands alone."""
        return placed.request[:0], placed.request[:0]

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Fixed appointments that are missing."""
        for r in np.flatnonzero(week.requests.fixed & (schedule.session < 0)).tolist():
            if r not in self.released:
                yield Breach(r, "was promised as fixed and is left out")

    def post(self, encoder: Encoder) -> None:
        """Place every free request that is fixed."""
        for r in encoder.free:
            if encoder.week.requests.fixed[r] and r not in self.released:
                encoder.model.add(encoder.placed(r) == 1)
