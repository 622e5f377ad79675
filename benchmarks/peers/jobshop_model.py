"""The PyJobShop model, in a process of its own: ``python -m benchmarks.peers.jobshop_model TASK.json ANSWER.json``.

It imports nothing of this library, so that any interpreter with PyJobShop can run it.

A session is a machine with breaks outside its hours, a pool a renewable resource with breaks where it is closed, and a
patient's windows are the breaks of a machine of the request's own. A visit is a task with a mode for each way to place
it, and one without resources for being left out; its step before is a second task whose modes hang on the visit's.

PyJobShop prices jobs by when they end, not modes by what they are. So every request also has a job whose only task is
as long as the chosen mode costs points: each mode of the visit demands the right mode of that task, and total flow time
is then exactly what access, lateness, continuity, preference, leaving out and moving cost together. A promise that may
be moved is an alternative, optional task, its start fixed, whose mode is free of the price of moving.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.peers.ways import Session, Way, left_out, sessions_of, ways_of

if TYPE_CHECKING:
    from benchmarks.instances import Instance

MINUTES_A_DAY = 24 * 60


class Shop:
    """Builds the model of an instance. Times are grid cells from the first midnight.

    Parameters
    ----------
    instance : Instance
        What is to be planned.
    model : pyjobshop.Model
        An empty one.
    """

    def __init__(self, instance: Instance, model: Any) -> None:
        self._instance, self.model = instance, model
        self._grid: int = instance["grid"]
        self._day = MINUTES_A_DAY // self._grid
        self.horizon = self._cell(len(instance["days"]), 0)
        """After it nothing is closed any more, so tasks have to end by it."""
        self._sessions = sessions_of(instance)
        self._machines = [model.add_machine(breaks=self._breaks([_hours(s)])) for s in self._sessions]
        self._pools = {(p["site"], p["kind"]): self._pool(p) for p in instance["pools"] if p["capacity"] > 0}
        self._position = {request["id"]: number for number, request in enumerate(instance["requests"])}
        self._ways = list(map(self._one_window, ways_of(instance)))
        self._patients = self._shared_patients()
        self._on_day: dict[tuple[int, int], list[Any]] = defaultdict(list)
        self.task_of: dict[int, tuple[int, int | None]] = {}
        """By the position of a visit's task: its request's, and that of the task of its step before."""
        self.session_of: dict[int, str] = {}
        """By the position of a mode: the session it stands for."""
        self.settled = 0
        """Points that are no matter of choice, and so in no job."""
        for number in sorted(range(len(instance["requests"])), key=self._depth):
            self._add_request(number)
        model.set_objective(weight_total_flow_time=1)

    def _cell(self, day: int, minutes: int) -> int:
        cell: int = day * self._day + minutes // self._grid
        return cell

    def _breaks(self, spans: Sequence[tuple[int, int, int]]) -> list[tuple[int, int]]:
        """What spans of days, in minutes, leave of the horizon."""
        cells = sorted((self._cell(day, begin), self._cell(day, end)) for day, begin, end in spans)
        breaks, at = [], 0
        for begin, end in [*cells, (self.horizon, self.horizon)]:
            if begin > at:
                breaks.append((at, begin))
            at = max(at, end)
        return breaks

    def _pool(self, pool: Instance) -> Any:
        closed: list[tuple[int, int]] = []
        for day, begin, end in sorted(pool["closed"]):
            first, last = self._cell(day, begin), self._cell(day, end)
            if closed and first <= closed[-1][1]:
                closed[-1] = (closed[-1][0], max(last, closed[-1][1]))
            else:
                closed.append((first, last))
        return self.model.add_renewable(pool["capacity"], breaks=closed)

    def _one_window(self, ways: list[Way]) -> list[Way]:
        """One way a session, the widest: a visit with a step before could else span two windows of a day."""
        widest: dict[int, Way] = {}
        for way in ways:
            other = widest.get(way.session)
            if other is None or way.latest - way.earliest > other.latest - other.earliest:
                widest[way.session] = way
        return list(widest.values())

    def _shared_patients(self) -> dict[str, Any]:
        """A machine for every patient with several requests."""
        count: dict[str, int] = defaultdict(int)
        for request in self._instance["requests"]:
            count[request["patient"]] += 1
        return {name: self.model.add_machine() for name, number in count.items() if number > 1}

    def _depth(self, number: int) -> int:
        """How many requests come before this one in its series; their modes have to be there first."""
        after = self._instance["requests"][number]["after"]
        return 1 + self._depth(self._position[after["request"]]) if after else 0

    def _open(self, number: int) -> list[Way]:
        """The ways of a request that leave its predecessor, if it has one, some day."""
        request, days = self._instance["requests"][number], self._sessions
        after = request["after"]
        if not after:
            return self._ways[number]
        first = {days[way.session].day for way in self._open(self._position[after["request"]])}
        gap = range(after["min_days"], after["max_days"] + 1)
        return [way for way in self._ways[number] if any(days[way.session].day - day in gap for day in first)]

    def _add_request(self, number: int) -> None:
        """The visit, or the promise kept and the visit elsewhere; then what each mode costs."""
        request = self._instance["requests"][number]
        booked, ways = request["booked"], self._open(number)
        kept = [way for way in ways if booked and _is_promised(self._sessions[way.session], way, booked)]
        days = [(self._sessions[w.session].day, w.opens, w.latest + request["minutes"]) for w in ways]
        own = self.model.add_machine(breaks=self._breaks(days))
        before = _Before(self, request, own) if request["before"] else None
        prices: dict[int, list[Any]] = defaultdict(list)
        tasks = []
        if kept:
            cell = self._cell(booked["day"], booked["start"])
            task = self._task(number, before, earliest_start=cell, latest_start=cell, optional=not booked["fixed"])
            self._add_modes(number, task, kept, own, before, prices, extra=0)
            tasks.append(task)
        if not (kept and booked["fixed"]):
            weight = self._instance["weights"]["moved"] * request["priority"] if booked else 0
            task = self._task(number, before, optional=bool(kept))
            self._add_modes(number, task, ways, own, before, prices, extra=weight)
            self._leave_out(number, task, before, prices)
            tasks.append(task)
        if len(tasks) == 2:
            self.model.add_select_exactly_one(tasks)
        self._add_prices(prices)

    def _task(self, number: int, before: _Before | None, **times: Any) -> Any:
        place = len(self.model.tasks)
        task = self.model.add_task(latest_end=self.horizon, **times)
        self.task_of[place] = (number, before.place if before else None)
        if before:
            before.tie(task)
        return task

    def _add_modes(
        self, number: int, task: Any, ways: list[Way], own: Any, before: _Before | None, prices: dict[int, list[Any]],
        *, extra: int,
    ) -> None:  # fmt: skip
        """A mode for each way, which holds the provider's session, a room, and the patient."""
        request = self._instance["requests"][number]
        for way in ways:
            session = self._sessions[way.session]
            held, units = [self._machines[way.session], *self._persons(request, own)], [0, 0, 0]
            if request["room_kind"]:
                held, units = [self._pools[session.site, request["room_kind"]], *held], [1, 0, 0, 0]
            self.session_of[len(self.model.modes)] = session.name
            mode = self.model.add_mode(task, held, request["minutes"] // self._grid, units[: len(held)])
            prices[way.price + self._preference(request, session) + extra].append(mode)
            self._on_day[number, session.day].append(mode)
            if before:
                self.model.add_mode_dependency(mode, [before.at(session.site)])
            if request["after"]:
                self.model.add_mode_dependency(mode, list(self._leaders(request["after"], session.day)))

    def _leave_out(self, number: int, task: Any, before: _Before | None, prices: dict[int, list[Any]]) -> None:
        mode = self.model.add_mode(task, [], 0)
        prices[left_out(self._instance, self._instance["requests"][number])].append(mode)
        if before:
            self.model.add_mode_dependency(mode, [before.nowhere()])

    def _add_prices(self, prices: dict[int, list[Any]]) -> None:
        """A job as long as the chosen mode's price."""
        if len(prices) == 1:
            self.settled += next(iter(prices))
            return
        task = self.model.add_task(job=self.model.add_job(), latest_start=0)
        for points, modes in sorted(prices.items()):
            price = self.model.add_mode(task, [], points)
            for mode in modes:
                self.model.add_mode_dependency(mode, [price])

    def _persons(self, request: Instance, own: Any) -> list[Any]:
        patient = self._patients.get(request["patient"])
        return [own] if patient is None else [own, patient]

    def _preference(self, request: Instance, session: Session) -> int:
        """The price of a session that lies wholly or in part outside the part of the day that is preferred."""
        prefer = request["prefer"]
        inside = not prefer or (prefer[0] <= session.start and session.end <= prefer[1])
        return 0 if inside else int(self._instance["weights"]["preference"])

    def _leaders(self, after: Instance, day: int) -> Iterator[Any]:
        """Modes of the request to follow that leave the right number of days."""
        first = self._position[after["request"]]
        for gap in range(after["min_days"], after["max_days"] + 1):
            yield from self._on_day[first, day - gap]


class _Before:
    """The task of a step before the provider's, and its modes: one a site, made when they are asked for."""

    def __init__(self, shop: Shop, request: Instance, own: Any) -> None:
        self._shop, self._need = shop, request["before"]
        self._persons = shop._persons(request, own)
        self.place = len(shop.model.tasks)
        self._task = shop.model.add_task(latest_end=shop.horizon)
        self._modes: dict[str | None, Any] = {}
        # Two visits of one patient may not meet; without a wait, the two steps hold the patient all the time.
        self._wait = self._need["max_wait"] // shop._grid if len(self._persons) == 1 else 0

    def tie(self, visit: Any) -> None:
        """The step ends before the visit starts, and not too long before."""
        model = self._shop.model
        model.add_end_before_start(self._task, visit)
        model.add_start_before_end(visit, self._task, delay=-self._wait)

    def at(self, site: str) -> Any:
        """The mode that holds a unit of the site's pool."""
        if site not in self._modes:
            pool = self._shop._pools[site, self._need["pool_kind"]]
            held, length = [pool, *self._persons], self._need["minutes"] // self._shop._grid
            self._modes[site] = self._shop.model.add_mode(self._task, held, length, [1, 0, 0][: len(held)])
        return self._modes[site]

    def nowhere(self) -> Any:
        """The mode of a request that is left out."""
        if None not in self._modes:
            self._modes[None] = self._shop.model.add_mode(self._task, [], 0)
        return self._modes[None]


def _hours(session: Session) -> tuple[int, int, int]:
    return session.day, session.start, session.end


def _is_promised(session: Session, way: Way, booked: Instance) -> bool:
    same = (session.provider, session.day) == (booked["provider"], booked["day"])
    return same and way.earliest <= int(booked["start"]) <= way.latest


def visits_of(instance: Instance, shop: Shop, tasks: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """The visits in a result's tasks."""
    grid, cells = instance["grid"], MINUTES_A_DAY // instance["grid"]
    for place, (number, before) in shop.task_of.items():
        task = tasks[place]
        if task.present and task.mode in shop.session_of:
            yield {
                "request": instance["requests"][number]["id"],
                "session": shop.session_of[task.mode],
                "start": task.start % cells * grid,
                "before_start": None if before is None else tasks[before].start % cells * grid,
            }


def solve(instance: Instance, time_limit: float, workers: int, seed: int) -> dict[str, Any]:
    """Build, search, and read the visits; with the points that the model prices, all but idling and waiting."""
    from pyjobshop import Model  # this module can be imported where it is not installed

    shop = Shop(instance, Model())
    result = shop.model.solve(time_limit=time_limit, num_workers=workers, display=False, random_seed=seed)
    tasks = result.best.tasks
    if not tasks:
        return {"visits": None, "notes": ["found nothing"]}
    return {
        "visits": list(visits_of(instance, shop, tasks)),
        "notes": ["proved best of its own model"] if result.status.value == "Optimal" else [],
        "priced": round(result.objective) + shop.settled,
    }


def main(arguments: Sequence[str]) -> None:
    """Read a task, write an answer."""
    task = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    Path(arguments[1]).write_text(json.dumps(solve(**task)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
