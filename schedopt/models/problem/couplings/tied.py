"""Who bears on whom, as the couplings say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.couplings.base import Coupling
from schedopt.models.problem.schedule import Placements, Schedule
from schedopt.models.problem.week import Week

SMALL = 8
"""Requests up to which a group is small."""


class Tied:
    """The visits of a schedule, ready to be asked which of them bear on a placement.

    Parameters
    ----------
    week : Week
        The columns.
    couplings : sequence of Coupling
        What ties visits together.
    schedule : Schedule
        Who is placed, and who is left out.
    """

    def __init__(self, week: Week, couplings: Sequence[Coupling], schedule: Schedule) -> None:
        self._week, self._couplings = week, couplings
        self._keys = [keyed_ties(week, coupling, schedule.placements) for coupling in couplings]

    def near(self, placed: Placements) -> Flags:
        """Requests, placed or left out, that share a group with any of these placements; shape (requests,)."""
        found = np.zeros(len(self._week.requests), bool)
        for coupling, (row, key) in zip(self._couplings, self._keys, strict=True):
            _, mine = keyed_ties(self._week, coupling, placed)
            found[row[np.isin(key, mine)]] = True
        return found


def keyed_ties(week: Week, coupling: Coupling, placed: Placements) -> tuple[Ints, Ints]:
    """A coupling's ties with a number for each group on each day, where days never bear on each other."""
    row, group = coupling.ties(week, placed)
    if not coupling.within_day:
        return row, group
    return row, group * (week.calendar.num_days + 1) + np.append(week.sessions.day, -1)[placed.session[row]]


def tied_requests(
    week: Week, couplings: Iterable[Coupling], places: Placements, place: Ints
) -> tuple[Ints, Ints]:  # fmt: skip
    """Groups of several requests whose placements can be at several places, numbered through all couplings.

    Parameters
    ----------
    week : Week
        The columns.
    couplings : iterable of Coupling
        What ties visits together.
    places : Placements
        Every way in which requests may be placed.
    place : int array, shape (sessions,)
        The place of each session: what placements of one place do to each other is of no interest.

    Returns
    -------
    request, group : int array
        Each pair once.
    """
    members, groups, count = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0
    for coupling in couplings:
        row, group = coupling.ties(week, places)
        names, group = np.unique(group, return_inverse=True)
        request, where = places.request[row], place[places.session[row]]
        several = _differ(request, group, len(names)) & _differ(where, group, len(names))
        pairs = np.unique(np.stack([request, group], axis=1)[several[group]], axis=0)
        members.append(pairs[:, 0])
        groups.append(pairs[:, 1] + count)
        count += len(names)
    return np.concatenate(members), np.concatenate(groups)


class Companions:
    """Requests that are tied to each other in small groups: such as those of one patient, or of a series.

    Parameters
    ----------
    week, couplings, places
        As in :func:`tied_requests`.
    """

    def __init__(self, week: Week, couplings: Iterable[Coupling], places: Placements) -> None:
        member, group = tied_requests(week, couplings, places, np.arange(len(week.sessions)))
        small = (np.bincount(group) <= SMALL)[group] if len(group) else np.zeros(0, bool)
        self._member, self._group = member[small], group[small]

    def of(self, request: int) -> Ints:
        """Those that a request shares a small group with; codes, sorted."""
        tied = self._member[np.isin(self._group, self._group[self._member == request])]
        return np.unique(tied[tied != request])


def _differ(value: Ints, group: Ints, count: int) -> Flags:
    """Groups in which there are different values."""
    low, high = np.full(count, np.iinfo(np.int64).max), np.full(count, np.iinfo(np.int64).min)
    np.minimum.at(low, group, value)
    np.maximum.at(high, group, value)
    different: Flags = high > low
    return different
