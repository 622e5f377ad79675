"""One office planned, and what CP-SAT finds about those whom the plan leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

import schedopt
from benchmarks.dear.around import Around, Found
from benchmarks.dear.claims import Told, told, untrue
from benchmarks.dear.offices import Planted, is_dear, limit_pressure
from benchmarks.dear.ties import needs_pools, tied_to
from schedopt.models.problem.couplings import DayGap, Limit


@dataclass(frozen=True)
class Effort:
    """What may be spent.

    Attributes
    ----------
    time_limit : float
        Seconds for each plan.
    around : float
        Seconds of CP-SAT around each dear request that is left out.
    others : int
        Other requests, of whom the plan claims that no schedule is better that places them, drawn in each office.
    briefly : float
        Seconds of CP-SAT around each of those.
    workers, seed : int
        Threads, and seed of everything.
    """

    time_limit: float = 20.0
    around: float = 60.0
    others: int = 10
    briefly: float = 5.0
    workers: int = 2
    seed: int = 1


@dataclass(frozen=True)
class Outcome:
    """One office.

    Attributes
    ----------
    office : str
        Sites, providers, load and seed.
    requests, dear, left_out : int
        How many; those dear that have options; and of them, those left out.
    gained : int
        Dear ones left out that CP-SAT places at a gain.
    untrue : int
        Reasons that do not hold.
    said, final : int
        Reasons, of all who are left out with options; and those that claim that no schedule is better.
    cost, bound : int
        Points of the plan.
    lines : tuple of str
        What was found about each dear request left out, in words.
    faults : tuple of str
        What is wrong.
    """

    office: str
    requests: int
    dear: int
    left_out: int
    gained: int
    untrue: int
    cost: int
    bound: int
    said: int = 0
    final: int = 0
    lines: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def run(planted: Planted, effort: Effort) -> Outcome:
    """Plan an office, and judge the plan."""
    plan = schedopt.plan(planted.problem, effort.time_limit, effort.workers, effort.seed, progress=False)
    return judged(str(planted.size), plan, effort)


def judged(office: str, plan: schedopt.Plan, effort: Effort) -> Outcome:
    """Judge a plan: whom it leaves out by accident, and what it says of them and does not hold."""
    problem, said = plan.problem, told(plan)
    dear = is_dear(problem)
    around = Around(problem, plan.assignment, effort.workers, effort.seed)
    chosen = _seconds(plan, said, effort)
    lines, faults, gained, false = [], list(_broken(plan)), 0, 0
    for one in said:
        alone = around.alone(one.request)
        seconds = chosen.get(one.request, 0.0)
        found = alone if alone.gain > 0 or not seconds else around.search(one.request, seconds)
        name = problem.week.requests.ids[one.request]
        words = f"{name} ({traits(problem, one.request)}): {found.words}"
        if dear[one.request]:
            lines.append(words + _how(plan, found))
            if found.gain > 0:
                gained += 1
                faults.append(f"dear and left out by accident: {lines[-1]}")
        wrong = [*untrue(plan, one, alone, found)]
        false += bool(wrong)
        faults += [f"{name} is told what is not so: {text} – “{one.text}”" for text in dict.fromkeys(wrong)]
        faults += [f"{name}: {text}" for text in {alone.wrong, found.wrong} - {""}]
    return Outcome(
        office, len(problem.week.requests), int(dear.sum()), len(lines), gained, false, plan.cost, plan.bound,
        len(said), sum(one.final for one in said), tuple(lines), tuple(faults),
    )  # fmt: skip


def _seconds(plan: schedopt.Plan, said: list[Told], effort: Effort) -> dict[int, float]:
    """How long CP-SAT may look around whom: all dear ones, and some of whom the plan claims that it is final."""
    dear = is_dear(plan.problem)
    others = [one.request for one in said if one.final and not dear[one.request]]
    drawn = np.random.default_rng(effort.seed).permutation(others)[: effort.others]
    brief = {int(request): effort.briefly for request in drawn.tolist()}
    return brief | {one.request: effort.around for one in said if dear[one.request]}


def _broken(plan: schedopt.Plan) -> Iterator[str]:
    audit = schedopt.check(plan.problem, plan.assignment)
    if len(audit.breaches):
        yield f"the plan breaks {len(audit.breaches)} rules"
    if audit.cost != plan.cost:
        yield f"the plan says {plan.cost:,} points, the check {audit.cost:,}"
    if plan.bound > audit.cost:
        yield f"the bound {plan.bound:,} is above the cost {audit.cost:,}"


def traits(problem: schedopt.Problem, request: int) -> str:
    """What could stand in a request's way."""
    week, gaps, names = problem.week, problem.coupling(DayGap), problem.week.requests.ids
    kinds = {kind for step in range(int(week.steps.offset[request]), int(week.steps.offset[request + 1]))
             for kind in week.steps.needs[step]}  # fmt: skip
    found = [
        f"{int(problem.left_out[request]):,} points",
        f"{int(problem.offset[request + 1] - problem.offset[request])} options",
        f"{int(week.requests.hold[request]) * week.calendar.grid} minutes",
    ]
    if needs_pools(week, request):
        found.append("needs " + ", ".join(sorted(week.pools.kind_ids[kind] for kind in kinds)))
    found += [f"follows {names[code]}" for code in gaps.first[gaps.second == request].tolist()]
    found += [f"{names[code]} follows" for code in gaps.second[gaps.first == request].tolist()]
    for limit in problem.couplings:
        if isinstance(limit, Limit) and limit_pressure(problem, limit)[request] > 0:
            found.append(limit.name.replace("_", " "))
    tied = [names[code] for code in tied_to(problem, request).tolist()]
    return "; ".join([*found, f"tied to {', '.join(tied)}"] if tied else found)


def _how(plan: schedopt.Plan, found: Found) -> str:
    """What the better schedule does otherwise."""
    if found.schedule is None or found.gain <= 0:
        return ""
    names, then, now = plan.problem.week.requests.ids, plan.assignment, found.schedule
    week = plan.problem.week
    gone = np.flatnonzero((then.session >= 0) & (now.session < 0)).tolist()
    come = np.flatnonzero((then.session < 0) & (now.session >= 0)).tolist()
    both = (then.session >= 0) & (now.session >= 0)
    moved = np.flatnonzero(both & (then.start(week) != now.start(week))).tolist()
    where = week.sessions.ids[int(now.session[found.request])]
    return (
        f"; in {where}, placed {', '.join(names[code] for code in come)}, left out "
        f"{', '.join(names[code] for code in gone) or 'nobody'}, moved {len(moved)}"
    )
