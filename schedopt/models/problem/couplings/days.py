"""What couplings about one provider's day have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.couplings.base import Breach, Coupling, Encoder
from schedopt.models.problem.couplings.stretches import MayHold, Stretch, held_groups, some_of
from schedopt.models.problem.holds import Holds, every_hold, holds
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.schedule import Placements, Schedule
from schedopt.models.problem.week import Week

Spell = tuple[Any, Any]
"""First cell, and the cell after the last, of a stretch of a model's time; None where it has no end."""


@dataclass(frozen=True)
class ProviderDay(Coupling):
    """Base: conditions each of which is about what holds one provider on one day, and which no visit less can break.

    Each condition is a group.

    Attributes
    ----------
    some : int array, optional
        The groups that it holds for; without it, all.
    once : bool
        A group visit counts once; otherwise each of its visits does.
    """

    once: ClassVar[bool] = False
    some: Ints | None = field(default=None, kw_only=True)

    @abstractmethod
    def whose(self, week: Week) -> tuple[Ints, Ints]:
        """Provider and day of each group."""

    def seen(self, week: Week) -> tuple[Flags, Ints] | None:
        """Whose visits count, shape (kinds, requests), and the kind of each group; None: everybody's, in all groups."""
        return None

    def held(self, week: Week) -> Ints:
        """The groups that it holds for."""
        return np.arange(len(self.whose(week)[0])) if self.some is None else self.some

    @abstractmethod
    def broken(self, week: Week, group: int, held: Holds) -> Iterator[tuple[Sequence[int], str]]:
        """Positions in what holds the provider, in order, of what together breaks a group, and how."""

    @abstractmethod
    def require(self, encoder: Encoder, group: int, stretches: Sequence[Stretch]) -> None:
        """Make a model keep a group, whose provider may be held for these stretches."""

    def sessions_of(self, week: Week) -> Lists:
        """For each group that it holds for, the sessions of the provider on the day; the others have none."""
        provider, day = self.whose(week)
        num_days = week.calendar.num_days
        at = Lists.by_key(
            week.sessions.provider * num_days + week.sessions.day, len(week.sessions.provider_ids) * num_days
        )
        mine = self.held(week)
        number, session = at.joined(provider[mine] * num_days + day[mine])
        lists = Lists.by_key(mine[number], len(provider))
        return Lists(lists.offset, session[lists.member])

    def ties(self, week: Week, placed: Placements) -> tuple[Ints, Ints]:
        """A group is a condition."""
        lists = self.sessions_of(week)
        group = np.repeat(np.arange(len(lists.offset) - 1), np.diff(lists.offset))
        row, found = held_groups(week, placed, lists.member, group)
        if (seen := self.seen(week)) is None:
            return row, found
        counted, kind = seen
        kept = counted[kind[found], placed.request[row]]
        return row[kept], found[kept]

    def only(self, week: Week, groups: Ints, *, but: bool = False) -> Coupling | None:
        """For some conditions."""
        every = np.arange(len(self.whose(week)[0]))
        return replace(self, some=some_of(every if self.some is None else self.some, groups, but=but))

    def breaches(self, week: Week, schedule: Schedule) -> Iterator[Breach]:
        """Visits that together break a condition."""
        held, seen = (holds if self.once else every_hold)(week, schedule), self.seen(week)
        at, lists = Lists.by_key(held.session, len(week.sessions)), self.sessions_of(week)
        for group in np.flatnonzero(np.diff(lists.offset)).tolist():
            member = at.joined(lists.joined(np.array([group]))[1])[1]
            if seen is not None:
                member = member[seen[0][seen[1][group], held.request[member]]]
            if not len(member):
                continue
            member = member[np.lexsort((held.end[member], held.start[member]))]
            mine = Holds(*(column[member] for column in held))
            for positions, detail in self.broken(week, group, mine):
                for request in np.unique(mine.request[positions]).tolist():
                    yield Breach(request, detail)

    def post(self, encoder: Encoder) -> None:
        """Every condition on a provider whose day the model decides about."""
        may_hold, lists, seen = (
            MayHold(encoder, once=self.once),
            self.sessions_of(encoder.week),
            self.seen(encoder.week),
        )
        for group in np.flatnonzero(np.diff(lists.offset)).tolist():
            sessions = lists.joined(np.array([group]))[1].tolist()
            if may_hold.free.isdisjoint(sessions):
                continue
            found = [one for session in sessions for one in may_hold.session(session)]
            if seen is not None:
                found = [one for one in found if seen[0][seen[1][group], one.request]]
            self.require(encoder, group, found)


def in_spells(model: Any, stretches: Sequence[Stretch], spells: Sequence[Spell]) -> list[list[Any]]:
    """Make every stretch that holds somebody lie within one spell; for each stretch, the literals of its spells."""
    chosen = []
    for stretch in stretches:
        within = [model.new_bool_var("") for _ in spells]
        model.add_exactly_one([*within, *(~literal for literal in stretch.literals)])
        for literal, (first, end) in zip(within, spells, strict=True):
            if first is not None:
                model.add(stretch.begin >= first).only_enforce_if(literal)
            if end is not None:
                model.add(stretch.begin + stretch.size <= end).only_enforce_if(literal)
        chosen.append(within)
    return chosen
