"""What stands between a request that is left out and a place, as a schedule is: facts, each of them looked at."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from schedopt.answers.demand_words import count
from schedopt.answers.free import ProvidersTime
from schedopt.answers.free_places import FreePlaces, Places
from schedopt.answers.relief import Relief
from schedopt.answers.reliefs import nearest
from schedopt.answers.surroundings import Surroundings, differences
from schedopt.arrays import Ints
from schedopt.models.problem.check import Audit, check
from schedopt.models.problem.couplings import PatientTime, ProviderTime
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule

FULL = "every session that would do is held by others"
DEAR = "it would cost more than leaving it out, as the others are placed"
GAIN = "it has a place that costs no more than leaving it out"
OR = "; or "
"""Between the reasons of one cause: each start at which a provider is free is forbidden by one of them."""
SOME = "something else is in the way at starts that were not looked at"
UNSOUND = "some visits break rules, so that free places were not looked at"
MOST_STARTS = 200
"""Starts of a request that are tried out one by one, where no single coupling forbids all of a session's."""


class Standing:
    """A schedule, ready to be asked what keeps requests out of it.

    Parameters
    ----------
    problem : Problem
        The week.
    schedule : Schedule
        Leaves out whom it is asked about.
    sound : bool
        It breaks no rule, fixed promises that are missing aside.
    """

    def __init__(self, problem: Problem, schedule: Schedule, *, sound: bool) -> None:
        self.problem = problem
        self._schedule, self._sound = schedule, sound

    @cached_property
    def _time(self) -> ProvidersTime:
        return ProvidersTime(self.problem, self._schedule)

    @cached_property
    def _free(self) -> FreePlaces:
        return FreePlaces(self.problem, self._schedule)

    @cached_property
    def _around(self) -> Surroundings:
        return Surroundings(self.problem, self._schedule)

    @cached_property
    def _audit(self) -> Audit:
        return check(self.problem, self._schedule)

    def nearest(self, request: int) -> Relief | None:
        """The cheapest single change with which a request has a place; None where there is none, or none was sought."""
        return nearest(self._around, self._time, self._audit, request) if self._sound else None

    def facts(self, request: int) -> tuple[str, str]:
        """What is in the way of a request that has options: in words that many share, and in sentences of its own."""
        options = self.problem.options
        rows = np.arange(int(self.problem.offset[request]), int(self.problem.offset[request + 1]))
        starts = {row: free for row in rows.tolist() if len(free := self._time.free_starts(row))}
        free = np.unique(options.session[list(starts)])
        full = rows[~np.isin(options.session[rows], free)]
        told = [self._full(full)] if len(full) else []
        if not len(free):
            return FULL, told[0]
        if not self._sound:
            return UNSOUND, " ".join([*told, f"With time left: {len(free)}, but {UNSOUND}."])
        places = self._free.places(request)
        if len(places.row):
            cause, text = self._costs(places)
        else:
            cause, text = self._broken(places, starts, free)
        return cause, " ".join([*told, text])

    def _full(self, rows: Ints) -> str:
        """Sessions in which no option has a free start, and the dearest visits that hold them."""
        holders = np.unique(np.concatenate([self._time.holders(row) for row in rows.tolist()]))
        dearest = holders[np.argsort(-self.problem.left_out[holders], kind="stable")][:3]
        names = [self.problem.week.requests.ids[r] for r in dearest.tolist()]
        sessions = len(np.unique(self.problem.options.session[rows]))
        return f"Full at the times possible: {sessions}, held among others by {', '.join(names)}."

    def _costs(self, places: Places) -> tuple[str, str]:
        """What the place costs that adds least, all else unchanged."""
        number = int(np.lexsort((places.start, places.added))[0])
        placed, request = self._free.placed(places, number), places.request
        before, after = self._around.audits(placed, [request])
        change = after.cost - before.cost
        parts = ", ".join(f"{points:+,} {name.replace('_', ' ')}" for name, points in differences(before, after))
        where = self._words(int(placed.session[request]), int(places.start[number]))
        sessions = len(np.unique(self.problem.options.session[places.row]))
        text = f"It would fit into {count(sessions, 'session')} as the others are placed; on {where} that would cost "
        if change > 0:
            return DEAR, f"{text}{_points(change)} more than leaving it out ({parts})."
        text += f"{_points(-change)} less" if change else "the same"
        return GAIN, f"{text}{f' ({parts})' if parts else ''}."

    def _broken(self, places: Places, starts: dict[int, Ints], free: Ints) -> tuple[str, str]:
        """What is in the way in sessions whose provider has time."""
        reasons = [
            (reason, len(some), some)
            for reason, sessions in self._forbids(places, starts)
            if len(some := np.intersect1d(sessions, free))
        ]  # fmt: skip
        ranked = sorted(reasons, key=lambda found: (found[0] == SOME, -found[1]))
        text = "; ".join(f"{reason} ({number})" for reason, number, _ in ranked)
        session = int(ranked[0][2][0])
        row, start = next((row, int(at[0])) for row, at in starts.items() if self._session(row) == session)
        details = self._details(row, start, ranked[0][0])
        text = f"With time left but no place: {len(free)}, as {text}. On {self._words(session, start)}: {details}."
        return OR.join(reason for reason, _, _ in ranked), text

    def _forbids(self, places: Places, starts: dict[int, Ints]) -> Iterator[tuple[str, Ints]]:
        """Reasons that hold at every free start of some sessions, with these sessions."""
        for coupling, sessions in self._free.held_by(places):
            if isinstance(coupling, PatientTime):
                yield from self._tried(sessions, starts)
            elif not isinstance(coupling, ProviderTime):
                yield coupling.reason, sessions

    def _tried(self, sessions: Ints, starts: dict[int, Ints]) -> Iterator[tuple[str, Ints]]:
        """The same, found by trying the free starts one by one."""
        left, found = MOST_STARTS, dict[str, list[int]]()
        for session in sessions.tolist():
            cells = [(row, at) for row, free in starts.items() if self._session(row) == session for at in free.tolist()]
            left -= len(cells)
            for reason in self._cover(cells) if left >= 0 else (SOME,):
                found.setdefault(reason, []).append(session)
        for reason, members in found.items():
            yield reason, np.array(members)

    def _session(self, row: int) -> int:
        return int(self.problem.options.session[row])

    def _cover(self, places: list[tuple[int, int]]) -> Iterator[str]:
        """Reasons of rules and couplings of which a request breaks one at each of these options and starts; few."""
        left = [{rule for _, rule, _ in self._breaks(row, start)} for row, start in places]
        while left:
            hits = {name: sum(name in rules for rules in left) for name in self._reasons}
            most = max(hits, key=lambda name: hits[name])
            if not hits[most]:
                yield SOME
                return
            yield self._reasons[most]
            left = [rules for rules in left if most not in rules]

    def _breaks(self, row: int, start: int) -> list[tuple[str, str, str]]:
        options = self.problem.options
        placed = options.place(self.problem.week, self._schedule, row, start)
        return self._around.change(placed, [int(options.request[row])])[1]

    @cached_property
    def _reasons(self) -> dict[str, str]:
        """Every rule's and coupling's reason by its name, couplings first."""
        reasons = {coupling.name: coupling.reason for coupling in self.problem.couplings}
        return reasons | {rule.name: rule.reason for rule in self.problem.rules}

    def _details(self, row: int, start: int, reason: str) -> str:
        """What a request would break at a start, the breaches of the reason first, the request's own before others'."""
        name = self.problem.week.requests.ids[int(self.problem.options.request[row])]
        broken = self._breaks(row, start)
        ranked = sorted(broken, key=lambda breach: (self._reasons[breach[1]] != reason, breach[0] != name))
        who, _, detail = ranked[0] if ranked else (name, "", reason)
        return detail if who == name else f"{who}: {detail}"

    def _words(self, session: int, start: int) -> str:
        week = self.problem.week
        provider = week.sessions.provider_ids[int(week.sessions.provider[session])]
        return f"{week.time_words(session, start)} with {provider}"


def _points(number: int) -> str:
    return "1 point" if number == 1 else f"{number:,} points"
