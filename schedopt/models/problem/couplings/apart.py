"""Couplings of the time between sessions: a provider needs so much of it from one to another."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from schedopt.arrays import Ints
from schedopt.models.problem.couplings.base import Breach, Coupling, Encoder
from schedopt.models.problem.couplings.stretches import MayHold, by_session, held_groups, some_of
from schedopt.models.problem.holds import every_hold
from schedopt.models.problem.schedule import Placements, Schedule
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class SessionsApart(Coupling):
    """Base: what holds a provider in a session is so many cells after all that holds them in an earlier one.

    A group is a provider, and the day of the earlier session.

    Attributes
    ----------
    some : int array, optional
        The groups that it holds for; without it, all.
    """

    some: Ints | None = field(default=None, kw_only=True)

    @abstractmethod
    def cells(self, week: Week, first: Ints, second: Ints) -> Ints:
        """Fewest cells between visits in two sessions of one provider; 0: any."""

    @abstractmethod
    def need(self, week: Week, first: int, second: int) -> str:
        """What the provider needs between two sessions, in words that complete "DR1 needs"."""

    def gained(self, week: Week, first: Ints, second: Ints) -> Ints:
        """Minutes by which clocks show more than passes from one session to another, where that matters."""
        return np.zeros(len(first), np.int64)

    def pairs(self, week: Week) -> tuple[Ints, Ints, Ints]:
        """Sessions of one provider that can come too near to each other: the earlier, the later, cells between."""
        sessions = week.sessions
        order = np.lexsort((sessions.start, sessions.provider))
        edges = np.searchsorted(sessions.provider[order], np.arange(len(sessions.provider_ids) + 1))
        later = np.repeat(edges[1:], np.diff(edges)) - np.arange(len(order)) - 1
        one = np.repeat(np.arange(len(order)), later)
        other = one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(later) - later, later)
        first, second = order[one], order[other]
        cells = self.cells(week, first, second)
        near = sessions.start[second] - sessions.end[first] - sessions.overtime[first] < cells
        mine = near if self.some is None else near & np.isin(self._group(week, first), self.some)
        return first[mine], second[mine], cells[mine]

    @staticmethod
    def _group(week: Week, first: Ints) -> Ints:
        return week.sessions.provider[first] * week.calendar.num_days + week.sessions.day[first]

    def ties(self, week: Week, placed: Placements) -> tuple[Ints, Ints]:
        """A group is a provider, and the day of the earlier session."""
        first, second, _ = self.pairs(week)
        group = self._group(week, first)
        return held_groups(week, placed, np.concatenate([first, second]), np.concatenate([group, group]))

    def words(self, week: Week, group: int) -> str:
        """Who needs how much time."""
        first, second, cells = self.pairs(week)
        mine = np.flatnonzero(self._group(week, first) == group)
        if not len(mine):
            return self.reason
        longest = int(mine[np.argmax(cells[mine])])
        return self._needs(week, int(first[longest]), int(second[longest]))

    def _needs(self, week: Week, first: int, second: int) -> str:
        sessions = week.sessions
        return f"{sessions.provider_ids[int(sessions.provider[first])]} needs {self.need(week, first, second)}"

    def only(self, week: Week, groups: Ints, *, but: bool = False) -> Coupling | None:
        """For some providers and days."""
        return replace(self, some=some_of(self._group(week, self.pairs(week)[0]), groups, but=but))

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Visits that begin too soon after one in an earlier session."""
        first, second, cells = self.pairs(week)
        if not len(first):
            return
        held, ids = every_hold(week, schedule), week.requests.ids
        at, gained = by_session(week, held), self.gained(week, first, second)
        columns = (column.tolist() for column in (first, second, cells, gained))
        for one, other, least, more in zip(*columns, strict=True):
            before, after = at[one], at[other]
            if not len(before) or not len(after):
                continue
            last = int(before[np.argmax(held.end[before])])
            between = held.start[after] - held.end[last]
            for k in np.flatnonzero(between < least).tolist():
                minutes = max(0, int(between[k]) * week.calendar.grid - more)
                had = f"{minutes} minutes after {ids[int(held.request[last])]}"
                yield Breach(int(held.request[after[k]]), f"{self._needs(week, one, other)}, and has {had}")

    def post(self, encoder: Encoder) -> None:
        """Between two sessions lies a cell at which the first is over, and the second at least so much later begins."""
        week, model = encoder.week, encoder.model
        first, second, cells = self.pairs(week)
        may_hold, day = MayHold(encoder), week.calendar.cells_per_day
        for one, other, least in zip(first.tolist(), second.tolist(), cells.tolist(), strict=True):
            before, after = may_hold.session(one), may_hold.session(other)
            if not before or not after or may_hold.free.isdisjoint((one, other)):
                continue
            parting = model.new_int_var(-least - day, week.calendar.num_cells + day, "")
            for stretch in before:
                model.add(parting >= stretch.begin + stretch.size).only_enforce_if(stretch.literals)
            for stretch in after:
                model.add(stretch.begin >= parting + least).only_enforce_if(stretch.literals)


@dataclass(frozen=True)
class ProviderTravel(SessionsApart):
    """A provider who sees patients at two sites on a day has the time to get from one to the other.

    Attributes
    ----------
    travel : int array, shape (sites, sites)
        Minutes from one site to another; 0 where no time is needed.
    grid : int
        Minutes of a cell.
    """

    travel: Ints
    grid: int

    name = "travel"
    source = "rosters"
    reason = "the provider needs the time to get from one site to another"

    def cells(self, week: Week, first: Ints, second: Ints) -> Ints:
        """On one day alone."""
        sessions = week.sessions
        minutes = self.travel[sessions.site[first], sessions.site[second]]
        return np.where(sessions.day[first] == sessions.day[second], -(-minutes // self.grid), 0)

    def need(self, week: Week, first: int, second: int) -> str:
        """How long the way is."""
        sites = int(week.sessions.site[first]), int(week.sessions.site[second])
        return f"{int(self.travel[sites])} minutes from {' to '.join(week.sessions.site_ids[s] for s in sites)}"


@dataclass(frozen=True)
class DailyRest(SessionsApart):
    """A provider has so many hours of rest from the last visit of a day to the first of another.

    Hours are counted as they pass, whatever the clocks of two sites show or how clocks change in the night.

    Attributes
    ----------
    hours : int array, shape (providers,)
        Of rest; 0: none is asked for.
    grid : int
        Minutes of a cell.
    """

    hours: Ints
    grid: int

    name = "rest"
    source = "rosters"
    reason = "the provider needs rest between two days"

    def cells(self, week: Week, first: Ints, second: Ints) -> Ints:
        """On different days, for those of whom rest is asked."""
        sessions = week.sessions
        hours = self.hours[sessions.provider[first]]
        cells = np.maximum(0, -(-(60 * hours + self.gained(week, first, second)) // self.grid))
        return np.where((sessions.day[first] == sessions.day[second]) | (hours == 0), 0, cells)

    def gained(self, week: Week, first: Ints, second: Ints) -> Ints:
        """By how much the second clock is further ahead than the first; no clock changes within a session."""
        sessions, calendar = week.sessions, week.calendar
        sites = {calendar.zone_at(site).key: code for code, site in enumerate(sessions.site_ids)}
        like = np.array([sites[calendar.zone_at(site).key] for site in sessions.site_ids], np.int64)
        found, number = np.unique(like[sessions.site] * calendar.num_cells + sessions.start, return_inverse=True)
        at = (divmod(key, calendar.num_cells) for key in found.tolist())
        ahead = np.array([calendar.ahead(cell, sessions.site_ids[site]) for site, cell in at], np.int64)[number]
        minutes: Ints = ahead[second] - ahead[first]
        return minutes

    def need(self, week: Week, first: int, second: int) -> str:
        """How much."""
        day = week.calendar.words(int(week.sessions.start[second])).rsplit(" ", 1)[0]
        return f"{int(self.hours[int(week.sessions.provider[first])])} hours of rest before {day}"
