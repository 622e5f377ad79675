"""Every place of a request while all others stay, against the check."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schedopt.answers.free_places import FreePlaces
from schedopt.models import tables
from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import Balance
from schedopt.models.problem.schedule import place_at
from schedopt.solver.search.grid import LEAST, make_tables
from tests.effort import examples
from tests.foreign import KINDS, foreign
from tests.offices import Size, cases
from tests.schedules import sound
from tests.smallest import Smallest


@pytest.mark.parametrize("kind", ["none", *KINDS])
@settings(max_examples=examples(8))
@given(data=st.data())
def test_every_place_costs_what_the_check_says(kind: str, data: st.DataObject) -> None:
    """At every place the request breaks nothing, and adds the points that are said; it is at the start that is said."""
    problem = data.draw(cases(Size(requests=4, providers=2, days=2, longest=60))).problem
    assume(len(problem.options))
    problem = problem if kind == "none" else data.draw(foreign(problem, kind))
    schedule = data.draw(sound(problem))
    assume(check(problem, schedule).breaches.empty)
    request = int(problem.options.request[data.draw(st.integers(0, len(problem.options) - 1))])
    without = schedule.without(problem.week, np.array([request]))
    before = check(problem, without)
    cost, missing = before.cost - int(problem.left_out[request]), {request for request, *_ in before.broken}
    spots = FreePlaces(problem, schedule)
    places = spots.places(request)
    for number in range(len(places.row)):
        placed = spots.placed(places, number)
        audit = check(problem, placed)
        assert {request for request, *_ in audit.broken} <= missing
        assert audit.cost - cost == places.added[number]
        assert placed.start(problem.week)[request] == places.start[number]


@settings(max_examples=examples(28))
@given(st.data())
def test_every_place_that_breaks_nothing_is_offered(data: st.DataObject) -> None:
    """A request of one step, which nobody else takes part in, has all the places at which the check finds no breach."""
    problem = data.draw(cases(Size(requests=5, providers=2, days=2, longest=60))).problem
    week, alone = problem.week, np.diff(problem.week.steps.offset) == 1
    alone[week.roles.request] = False
    wanted = np.flatnonzero(alone & (np.diff(problem.offset) > 0))
    schedule = data.draw(sound(problem))
    assume(len(wanted) and check(problem, schedule).breaches.empty)
    request = int(wanted[data.draw(st.integers(0, len(wanted) - 1))])
    without = schedule.without(week, np.array([request]))
    assume(set(check(problem, without).breaches["request"]) <= {week.requests.ids[request]})
    places = FreePlaces(problem, schedule).places(request)
    offered = set(zip(problem.options.session[places.row].tolist(), places.start.tolist(), strict=True))
    for session in range(len(week.sessions)):
        for start in range(int(week.sessions.start[session]), int(week.sessions.end[session])):
            sound_there = not check(problem, place_at(week, without, request, session, start)).broken
            assert sound_there == ((session, start) in offered)


@settings(max_examples=examples(24))
@given(st.data())
def test_no_place_adds_less_than_the_least(data: st.DataObject) -> None:
    """What the search takes for the fewest points that placing a request can add is no more than any place adds."""
    problem = data.draw(cases(Size(requests=4, providers=2, days=2, longest=60))).problem
    problem = replace(problem, couplings=tuple(c for c in problem.couplings if not isinstance(c, Balance)))
    schedule = data.draw(sound(problem))
    assume(check(problem, schedule).breaches.empty)
    spots, least = FreePlaces(problem, schedule), make_tables(problem).request[:, LEAST]
    for request in range(len(problem.week.requests)):
        assert spots.places(request).added.min(initial=2**40) >= least[request]


def test_who_moves_gives_back_what_a_limit_counts() -> None:
    """The only visit that a shift may take can have any other start in it."""
    smallest = Smallest({"caps": (tables.Cap(maximum=1),)})
    problem = smallest.problem()
    places = FreePlaces(problem, smallest.schedule(problem)).places(0)
    shifts = problem.week.sessions.shift[problem.options.session[places.row]]
    assert (np.bincount(shifts) > 1).all()
