"""The coupling of places that a provider keeps for some requests."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.couplings.base import Coupling, Encoder
from schedopt.models.problem.couplings.days import ProviderDay, in_spells
from schedopt.models.problem.couplings.stretches import Stretch
from schedopt.models.problem.holds import Holds
from schedopt.models.problem.week import Week

NEVER = 2**40
"""A moment that never comes."""


@dataclass(frozen=True)
class PlacesKept(ProviderDay):
    """A provider keeps places of so many minutes on a day for some requests, until they are released to all.

    The visits of other requests leave so many places free, or as many as there are beside fixed promises.

    Attributes
    ----------
    provider, day : int array, shape (groups,)
        Who keeps places, and when.
    start, end : int array, shape (groups,)
        Cells: the places lie in these hours, in the provider's sessions without their overtime.
    size, places : int array, shape (groups,)
        Cells of a place, and how many are kept.
    release : int array, shape (groups,)
        Moment from which they are released to all, as :meth:`Calendar.instant` counts it; `NEVER` where they never are.
    kept_for : int array, shape (groups,)
        Position in `may_take` and `whom`.
    may_take : bool array, shape (kinds, requests)
        Requests that may take the places.
    whom : tuple of str
        These requests in words.
    now : int, optional
        The moment of planning, counted in the same way; without it, nothing has been released.
    """

    provider: Ints
    day: Ints
    start: Ints
    end: Ints
    size: Ints
    places: Ints
    release: Ints
    kept_for: Ints
    may_take: Flags
    whom: tuple[str, ...]
    now: int | None = field(default=None, kw_only=True)

    name = "places_kept"
    source = "rosters"
    reason = "the time is kept for other requests"

    def whose(self, week: Week) -> tuple[Ints, Ints]:
        """A group is a provider, a day, and what is kept then."""
        return self.provider, self.day

    def seen(self, week: Week) -> tuple[Flags, Ints]:
        """Requests that may not take the places."""
        return ~self.may_take, self.kept_for

    def at(self, now: int) -> Coupling:
        """Places are no longer kept once they are released; the same value where that is true of no others."""
        before = self.release <= (-NEVER if self.now is None else self.now)
        return self if np.array_equal(before, self.release <= now) else replace(self, now=now)

    def held(self, week: Week) -> Ints:
        """Those that are not released yet."""
        kept = super().held(week)
        return kept if self.now is None else kept[self.release[kept] > self.now]

    def words(self, week: Week, group: int) -> str:
        """Who keeps what, for whom, and until when."""
        calendar, places, release = week.calendar, int(self.places[group]), int(self.release[group])
        name, minutes = week.sessions.provider_ids[int(self.provider[group])], int(self.size[group]) * calendar.grid
        hours = f"{calendar.words(int(self.start[group]))} to {calendar.clock(int(self.end[group]), end=True)}"
        until = "" if release == NEVER else f" until {calendar.instant_words(release, self._site(week, group))}"
        what = f"{places} place{'' if places == 1 else 's'} of {minutes} minutes"
        return f"{name} keeps {what} from {hours} for {self.whom[int(self.kept_for[group])]}{until}"

    def _site(self, week: Week, group: int) -> str | None:
        """Where the provider is on the day; None where that is not known."""
        sessions = week.sessions
        mine = np.flatnonzero((sessions.provider == self.provider[group]) & (sessions.day == self.day[group]))
        return sessions.site_ids[int(sessions.site[mine[0]])] if len(mine) else None

    def needed(self, week: Week, group: int) -> int:
        """How many places there have to be: those kept, or as many as there are beside fixed promises."""
        requests = week.requests
        mine = (
            requests.fixed & (requests.promised_provider == self.provider[group]) & ~self.may_take[self.kept_for[group]]
        )
        before, after = requests.buffer_before[mine], requests.buffer_after[mine]
        start = requests.promised_start[mine] - before
        end = start + before + week.length_with(np.flatnonzero(mine), int(self.provider[group])) + after
        order = np.argsort(start, kind="stable")
        room = self._room(week, group, start[order], end[order])
        return min(int(self.places[group]), room)

    def _hours(self, week: Week, group: int) -> list[tuple[int, int]]:
        """Stretches in which places can lie."""
        sessions = week.sessions
        mine = np.flatnonzero((sessions.provider == self.provider[group]) & (sessions.day == self.day[group]))
        start = np.maximum(sessions.start[mine], self.start[group])
        end = np.minimum(sessions.end[mine], self.end[group])
        return sorted((low, high) for low, high in zip(start.tolist(), end.tolist(), strict=True) if low < high)

    def _room(self, week: Week, group: int, start: Ints, end: Ints) -> int:
        """How many places are left beside some stretches, which come in order."""
        room, size = 0, int(self.size[group])
        for low, high in self._hours(week, group):
            through = np.maximum.accumulate(np.concatenate([[low], end]))
            gaps = np.minimum(np.append(start, high), high) - through
            room += int((np.maximum(gaps, 0) // size).sum())
        return room

    def broken(self, week: Week, group: int, held: Holds) -> Iterator[tuple[Sequence[int], str]]:
        """All that lies in the hours, where too few places are left."""
        room, needed = self._room(week, group, held.start, held.end), self.needed(week, group)
        if room < needed:
            inside = np.zeros(len(held.start), bool)
            for low, high in self._hours(week, group):
                inside |= (held.start < high) & (held.end > low)
            yield np.flatnonzero(inside).tolist(), f"{self.words(week, group)}, and {room} would be left"

    def require(self, encoder: Encoder, group: int, stretches: Sequence[Stretch]) -> None:
        """The places, one after the other, are between spells."""
        model, size = encoder.model, int(self.size[group])
        hours = [(low, high - size) for low, high in self._hours(encoder.week, group) if high - low >= size]
        needed = self.needed(encoder.week, group)
        if not needed:
            return
        places: list[Any] = []
        for _ in range(needed):
            place = model.new_int_var(hours[0][0], hours[-1][1], "")
            within = [model.new_bool_var("") for _ in hours]
            model.add_exactly_one(within)
            for literal, (low, high) in zip(within, hours, strict=True):
                model.add_linear_constraint(place, low, high).only_enforce_if(literal)
            places.append(place)
        for one, other in itertools.pairwise(places):
            model.add(other >= one + size)
        edges = [None, *(edge for place in places for edge in (place, place + size)), None]
        in_spells(model, stretches, list(zip(edges[::2], edges[1::2], strict=True)))
