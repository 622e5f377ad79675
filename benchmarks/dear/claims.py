"""Whether what a plan says of a request that it leaves out is so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

import schedopt
from benchmarks.dear.around import Found
from schedopt.arrays import Ints

DEARER = "would cost more than leaving it out"
"""What plans that do not say what they have proved claim of all places at once."""
LEFT = re.compile(r"(\d+) of (\d+) sessions would do")
FULL = re.compile(r"Full at the times possible: (\d+)(?:, held among others by ([^.]*))?\.")
NO_PLACE = re.compile(r"With time left but no place: (\d+)")
PLACE = re.compile(r"that would cost (?:([\d,]+) points? (more|less)|the same)")
BESIDE = re.compile(r"With time left|It would fit")
"""Of what is found beside the others as they are; where that is told, so are the sessions that are full."""
LEAST = re.compile(r"every schedule that places it costs ([\d,]+) points at least")
NEVER = "every schedule that places it breaks a rule"


@dataclass(frozen=True)
class Told:
    """What a plan says of a request that it leaves out.

    Attributes
    ----------
    request : int
        Its code.
    text : str
        The reason.
    proved : bool or None
        What the plan says to be proved; None: it says nothing of proofs.
    """

    request: int
    text: str
    proved: bool | None

    @property
    def final(self) -> bool:
        """It claims that no schedule at all is better that places the request."""
        return DEARER in self.text if self.proved is None else self.proved


def told(plan: schedopt.Plan) -> list[Told]:
    """What a plan says of those left out for whom some session would do."""
    codes, offset = plan.problem.week.request_code, plan.problem.offset
    proved = plan.left_out.get("proved", [None] * len(plan.left_out))
    rows = zip(plan.left_out["request"], plan.left_out["reason"], proved, strict=True)
    everybody = [Told(codes[name], text, None if sure is None else bool(sure)) for name, text, sure in rows]
    return [one for one in everybody if offset[one.request] < offset[one.request + 1]]


def untrue(plan: schedopt.Plan, one: Told, alone: Found, found: Found | None = None) -> Iterator[str]:
    """What is said and is not so, in words.

    Parameters
    ----------
    plan : Plan
        Leaves the request out.
    one : Told
        What it says.
    alone : Found
        With everybody else where they are.
    found : Found, optional
        With others moved.
    """
    yield from _counts(plan, one)
    place, least = PLACE.search(one.text), LEAST.search(one.text)
    if NO_PLACE.search(one.text) and alone.cost is not None:
        yield "no place is said to be left as the others are, and there is one"
    if place and alone.cost is not None:
        sign = {"more": 1, "less": -1, None: 0}[place[2]]
        points = sign * int((place[1] or "0").replace(",", ""))
        if points != alone.cost - plan.cost:
            yield f"its best place is said to cost {points:+,} points, and costs {alone.cost - plan.cost:+,}"
    if place and alone.cost is None and alone.closed:
        yield "a place is named, and there is none"
    for outcome in (alone, found):
        if outcome is None or outcome.cost is None:
            continue
        if one.final and outcome.gain > 0:
            yield f"no better schedule is said to place it, and one costs {outcome.gain:,} points less"
        if least and outcome.cost < int(least[1].replace(",", "")):
            yield f"at least {least[1]} points are said to be proved, and one schedule costs {outcome.cost:,}"
        if NEVER in one.text:
            yield "every schedule that places it is said to break a rule, and one does not"


def _counts(plan: schedopt.Plan, one: Told) -> Iterator[str]:
    """Numbers of sessions, and who holds them."""
    options, offset = plan.problem.options, plan.problem.offset
    rows = range(int(offset[one.request]), int(offset[one.request + 1]))
    left = {int(options.session[row]) for row in rows}
    full = left - {int(options.session[row]) for row in rows if any(not len(who) for who in _holders(plan, row))}
    counted, held = LEFT.search(one.text), FULL.search(one.text)
    if counted and (int(counted[1]), int(counted[2])) != (len(left), len(plan.problem.week.sessions)):
        yield f"{counted[0]}, and {len(left)} would"
    if (int(held[1]) if held else 0) != len(full) and (held or BESIDE.search(one.text)):
        yield f"{held[1] if held else 'no'} sessions are said to be full, and {len(full)} are"
    if held and held[2]:
        names = plan.problem.week.requests.ids
        there = {names[code] for row in rows if int(options.session[row]) in full
                 for who in _holders(plan, row) for code in who.tolist()}  # fmt: skip
        for name in set(held[2].split(", ")) - there:
            yield f"{name} is said to hold a session that is full, and does not"


def _holders(plan: schedopt.Plan, row: int) -> Iterator[Ints]:
    """Who holds the provider, for each start of an option."""
    problem, schedule = plan.problem, plan.assignment
    requests, options = problem.week.requests, problem.options
    request = int(options.request[row])
    mine = np.flatnonzero(schedule.session == options.session[row])
    begin = schedule.start(problem.week)[mine] - requests.buffer_before[mine]
    end = begin + requests.hold[mine]
    for start in range(int(options.earliest[row]), int(options.latest[row]) + 1):
        at = start - int(requests.buffer_before[request])
        yield mine[(begin < at + int(requests.hold[request])) & (at < end)]
