"""What holds providers, as couplings of their time look at it: by session, in schedules and in models."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from schedopt.arrays import Ints
from schedopt.models.problem.couplings.base import Encoder
from schedopt.models.problem.holds import Holds, every_hold, filled, holds
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.schedule import Placements
from schedopt.models.problem.week import Week


class Stretch(NamedTuple):
    """What may hold a provider, in a model.

    Attributes
    ----------
    request : int
        Code.
    literals : list
        Those all of which are true where it does; none for visits that stay.
    begin : variable, expression or int
        First cell.
    size : int
        Cells.
    """

    request: int
    literals: Sequence[Any]
    begin: Any
    size: int


class MayHold:
    """All that may hold the providers of sessions in a model, found once.

    Parameters
    ----------
    encoder : Encoder
        The model.
    once : bool
        A group visit counts once; otherwise each of its visits does.
    """

    def __init__(self, encoder: Encoder, *, once: bool = False) -> None:
        week, pairs = encoder.week, encoder.pairs()
        self._found: dict[int, list[Stretch]] = defaultdict(list)
        for r, s, hold in zip(*(column.tolist() for column in (*pairs, week.hold_of(*pairs))), strict=True):
            begin = encoder.start(int(week.steps.provider_step[r])) - int(week.requests.buffer_before[r])
            literal = encoder.holding(r, s) if once else encoder.at(r, s)
            self._found[s].append(Stretch(r, [literal], begin, hold))
        for role, s in zip(*(column.tolist() for column in encoder.fillings()), strict=True):
            r, step = int(week.roles.request[role]), int(week.roles.step[role])
            self._found[s].append(
                Stretch(r, [encoder.fills(role, s)], encoder.start(step), int(week.steps.length[step]))
            )
        self.free = frozenset(self._found)
        held = (holds if once else every_hold)(week, encoder.outside)
        for r, s, start, end in zip(*(column.tolist() for column in held), strict=True):
            self._found[s].append(Stretch(r, [], start, end - start))

    def session(self, session: int) -> Sequence[Stretch]:
        """What may hold its provider in a session."""
        return self._found.get(session, ())


def by_session(week: Week, held: Holds) -> list[Ints]:
    """For each session, positions of what holds its provider."""
    lists = Lists.by_key(held.session, len(week.sessions))
    return np.split(lists.member, lists.offset[1:-1]) if len(week.sessions) else []


def held_groups(week: Week, placed: Placements, session: Ints, group: Ints) -> tuple[Ints, Ints]:
    """Positions of placements, and each group that is listed for a session that they hold; each pair once.

    Parameters
    ----------
    week : Week
        The columns.
    placed : Placements
        Where requests are, or may be.
    session, group : int array
        Sessions and the groups that they are in; a session may be in several.
    """
    there = np.flatnonzero(placed.session >= 0)
    row, _, other = filled(week, placed)
    row, held = np.concatenate([there, row]), np.concatenate([placed.session[there], other])
    lists = Lists.by_key(session, len(week.sessions) + 1)
    at, entry = lists.joined(held)
    if not len(at):
        return at, at
    found = np.unique(np.stack([row[at], group[entry]], axis=1), axis=0)
    return found[:, 0], found[:, 1]


def some_of(every: Ints, groups: Ints, *, but: bool) -> Ints:
    """These groups; with `but`, all others."""
    return np.setdiff1d(every, groups) if but else np.intersect1d(every, groups)
