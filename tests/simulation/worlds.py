"""Days made by hand, plans around random schedules, and a plain event loop to compare the compiled one with."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from schedopt.answers.result import plan_around
from schedopt.models.problem.plan import Plan
from schedopt.simulation.kernel import play
from schedopt.simulation.state import COUNTED, Day, Draws, new_state
from tests.offices import Size, cases
from tests.schedules import built, sound

INFINITE = float("inf")


@st.composite
def plans(draw: st.DrawFn, *, fits: bool) -> Plan:
    """A plan around a random schedule of a small office; with `fits` around one that keeps all rules."""
    problem = draw(cases(Size(requests=6, providers=2, days=2))).problem
    return plan_around(problem, draw(sound(problem) if fits else built(problem)), {})


def one_session(starts: np.ndarray, end: float) -> Day:
    """Visits of one step each, in one session from 0 on, without pools or buffers."""
    num = len(starts)
    hours = np.array([[0.0, end, np.inf, min(end, float(starts.max(initial=0)))]])
    nothing = np.zeros(0, np.int64)
    return Day(
        np.arange(num + 1), starts.astype(float), np.arange(num), np.zeros(num + 1, np.int64), nothing,
        np.zeros(num, np.int64), np.full(num, -1), np.zeros(num), np.zeros(num), np.zeros(1, np.int64), hours,
        np.zeros(1, np.int64), np.zeros(0), np.zeros((0, 3)), 1, np.arange(num),
    )  # fmt: skip


def draws(
    minutes: np.ndarray, late: np.ndarray | None = None, extra: tuple[np.ndarray, np.ndarray] | None = None
) -> Draws:
    """Everybody comes; people without an appointment as lists, by replication, of arrivals and lengths."""
    replications = len(minutes)
    arrival, service = extra or (np.empty((replications, 0)), np.empty((replications, 0)))
    people = arrival.size
    return Draws(
        minutes, np.ones(minutes.shape, bool), np.zeros(minutes.shape) if late is None else late,
        np.arange(replications + 1) * arrival.shape[1], np.zeros(people, np.int64), np.zeros(people, np.int64),
        arrival.ravel(), service.ravel(),
    )  # fmt: skip


def played(day: Day, drawn: Draws) -> tuple[np.ndarray, np.ndarray]:
    """Minutes waited by replication and visit, and what is counted by replication and session."""
    waits = np.empty(drawn.came.shape)
    counted = np.empty((len(drawn.came), len(day.provider), COUNTED))
    play(day, drawn, new_state(day, drawn), waits, counted)
    return waits, counted


@dataclass
class _Person:
    """Somebody who comes, with or without an appointment; `place` is that in the plan."""

    number: int
    place: int
    rank: tuple[int, float]
    steps: list[tuple[float, str | None, list[int], float, float, float, list[tuple[str, int]]]]
    """Planned start, provider, pools, minutes before, of the step and after it, and who takes part in which session."""
    ready: float
    can: float
    session: int
    group: int = -1
    before: _Person | None = None
    at: int = 0
    waited: float = 0.0
    done: float | None = None


@dataclass
class Told:
    """What the plain loop found: waits by request, and by session busy minutes and the end of its last patient."""

    waits: dict[str, float] = field(default_factory=dict)
    done: dict[int, float] = field(default_factory=dict)
    held: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    extra: list[tuple[int, bool, float]] = field(default_factory=list)


def tell(
    plan: Plan, minutes: dict[str, list[float]], late: dict[str, float], extra: list[tuple[int, bool, float, float]]
) -> Told:
    """Play one week as docs/simulation.md says it, in lists and dicts, all days at once.

    `minutes` of each step and `late` are of the requests that come; `extra` are session, urgent, arrival and length.
    """
    people = _people(plan, minutes, late, extra)
    week, grid = plan.problem.week, plan.problem.calendar.grid
    midnight = plan.problem.calendar.cells_per_day
    closed = [(pool, first * grid, INFINITE if last % midnight == 0 else last * grid, first // midnight, units, taker)
              for pool, first, last, units, taker in week.pools.closed.tolist()]  # fmt: skip
    free: dict[str, float] = {}
    units = {(pool, day): [-INFINITE] * int(capacity) for pool, capacity in enumerate(week.pools.capacity)
             for day in range(plan.problem.calendar.num_days)}  # fmt: skip
    told, now, groups = Told(), -INFINITE, dict[int, tuple[float, float]]()

    def under_way(person: _Person) -> bool:
        at_provider = person.steps[person.at][1] is not None
        return at_provider and person.group >= 0 and groups.get(person.group, (0, -INFINITE))[1] > now

    def unit(pool: int, day: int) -> int | None:
        gone: dict[int, int] = {}
        for p, first, last, d, number, taker in closed:
            if p == pool and d == day and first <= now < last:
                gone[taker] = max(gone.get(taker, 0), number)
        there = [k for k, at in enumerate(units[pool, day]) if at <= now]
        return there[-1] if len(there) > sum(gone.values()) else None

    def able(person: _Person) -> bool:
        if under_way(person):
            return True
        _, provider, pools, *_, others = person.steps[person.at]
        day = int(week.sessions.day[person.session])
        needed = [] if provider is None else [provider]
        needed += [other for other, _ in others]
        return all(free.get(name, -INFINITE) <= now for name in needed) and all(
            unit(pool, day) is not None for pool in pools
        )

    while True:
        moments = [p.can for p in people if p.done is None] + [last for _, _, last, *_ in closed]
        moments += [*free.values(), *itertools.chain(*units.values())]
        now = min((m for m in moments if now < m < INFINITE), default=INFINITE)
        if now == INFINITE:
            return told
        while True:
            able_now = [p for p in people if p.done is None and p.can <= now and able(p)]
            first = {}
            for p in sorted(able_now, key=lambda p: (p.rank, p.can, p.place)):
                if not under_way(p):
                    first.setdefault(p.steps[p.at][1], p)
            able_now = [p for p in able_now if p.steps[p.at][1] is None or under_way(p) or first[p.steps[p.at][1]] is p]
            if not able_now:
                break
            person = min(able_now, key=lambda p: (p.can, p.place))
            if under_way(person):
                begin, end = groups[person.group]
                _go_on(person, max(now, begin), end, people, plan, told)
                continue
            day = int(week.sessions.day[person.session])
            _, provider, pools, before, length, after, others = person.steps[person.at]
            begin = now if provider is None else max(now, free.get(provider, -INFINITE) + before)
            end = begin + length
            if provider is not None:
                groups[person.group] = begin, end
                free[provider] = end + after
                told.held.setdefault(provider, []).append((begin - before, end + after))
                told.done[person.session] = max(told.done.get(person.session, 0.0), end + after)
            for other, session in others:
                free[other] = end
                told.held.setdefault(other, []).append((begin, end))
                told.done[session] = max(told.done.get(session, 0.0), end)
            for pool in pools:
                place = unit(pool, day)
                assert place is not None
                units[pool, day][place] = end + float(week.pools.turnover[pool] * grid)
            _go_on(person, begin, end, people, plan, told)


def _go_on(person: _Person, begin: float, end: float, people: list[_Person], plan: Plan, told: Told) -> None:
    """The person has a step behind them."""
    person.waited += begin - person.ready
    person.at += 1
    if person.at < len(person.steps):
        person.ready, person.can = end, max(end, person.steps[person.at][0])
        return
    person.done = end
    if person.rank[0] == 1:
        told.waits[plan.problem.week.requests.ids[person.number]] = person.waited
    else:
        told.extra.append((person.session, person.rank[0] == 0, person.waited))
    for other in people:
        if other.before is person:
            other.ready = max(other.ready, end)
            other.can = other.ready


def _group(plan: Plan, request: int) -> int:
    """A number that those have in common who are seen together, or -1: of a type of several seats, starting together
    in one session; whoever is one more than there are seats begins the next group.
    """
    week, schedule = plan.problem.week, plan.assignment
    seats = int(week.requests.most_together[request])
    if seats == 1:
        return -1
    start, length = schedule.start(week), week.length_of(np.arange(len(schedule.session)), schedule.session)
    alike = [
        other for other in schedule.placed.tolist()
        if week.requests.visit_type[other] == week.requests.visit_type[request] and length[other] == length[request]
        and schedule.session[other] == schedule.session[request] and start[other] == start[request]
    ]  # fmt: skip
    return alike[alike.index(request) // seats * seats]


def _people(
    plan: Plan, minutes: dict[str, list[float]], late: dict[str, float], extra: list[tuple[int, bool, float, float]]
) -> list[_Person]:
    week, schedule, grid = plan.problem.week, plan.assignment, plan.problem.calendar.grid
    people: list[_Person] = []
    latest: dict[tuple[int, int], _Person] = {}
    first, _ = schedule.span(week)
    for request in sorted(schedule.placed.tolist(), key=lambda r: (first[r], schedule.start(week)[r], r)):
        name, session = week.requests.ids[request], int(schedule.session[request])
        if name not in minutes:
            continue
        site, own = int(week.sessions.site[session]), int(week.steps.provider_step[request])
        steps = []
        for step in range(int(week.steps.offset[request]), int(week.steps.offset[request + 1])):
            pools = [
                int(week.pools.at[site, kind]) for kind in week.steps.needs[step] if week.pools.at[site, kind] >= 0
            ]
            hold = (week.requests.buffer_before[request] * grid, week.requests.buffer_after[request] * grid)
            before, after = hold if step == own else (0, 0)
            provider = str(int(week.sessions.provider[session])) if step == own else None
            length = minutes[name][len(steps)]
            others = [
                (str(int(week.sessions.provider[other])), other)
                for role in week.roles.of(request)
                if week.roles.step[role] == step
                and (other := int(schedule.others[request, week.roles.number[role]])) >= 0
            ]
            steps.append((float(schedule.step_start[step] * grid), provider, pools, before, length, after, others))
        ready = steps[0][0] + max(0.0, late[name])
        key = (int(week.requests.patient[request]), int(week.sessions.day[session]))
        rank = float(schedule.start(week)[request] * grid)
        person = _Person(
            request, len(people), (1, rank), steps, ready, ready, session, _group(plan, request), latest.get(key)
        )
        if person.before is not None:
            person.can = math.inf
        latest[key] = person
        people.append(person)
    for session, urgent, arrival, length in extra:
        provider = str(int(week.sessions.provider[session]))
        rank = (0 if urgent else 2, arrival)
        step = (arrival, provider, [], 0.0, length, 0.0, [])
        people.append(_Person(-1, len(people), rank, [step], arrival, arrival, session))
    return people
