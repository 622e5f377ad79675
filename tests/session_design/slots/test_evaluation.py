"""What bookings on a slot grid lead to: enumeration, exact cases, order, published numbers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.session_design.slots import SlotSession, evaluate
from schedopt.timing.costs import Costs
from schedopt.uncertainty.distributions import Discrete, constant

PUBLISHED = Discrete((3.0, 5.0, 8.0), (0.2, 0.3, 0.5))


@st.composite
def services(draw: st.DrawFn) -> Discrete:
    values = sorted(draw(st.sets(st.integers(0, 14), min_size=1, max_size=3)))
    weights = np.array([draw(st.integers(1, 9)) for _ in values], float)
    return Discrete(tuple(map(float, values)), tuple((weights / weights.sum()).tolist()))


NO_SHOWS = st.sampled_from([0.0, 0.1, 0.35, 1.0])
SESSIONS = st.builds(SlotSession, st.integers(1, 5), st.integers(1, 8), services(), NO_SHOWS)


@st.composite
def booked(draw: st.DrawFn) -> tuple[SlotSession, list[int]]:
    session = draw(SESSIONS)
    places = draw(st.lists(st.integers(0, session.slots - 1), max_size=4))
    return session, np.bincount(np.array(places, int), minlength=session.slots).tolist()


@given(booked())
def test_evaluation_is_the_mean_over_all_outcomes(case: tuple[SlotSession, list[int]]) -> None:
    """Every figure is its mean over all combinations of service times, each followed minute by minute."""
    session, bookings = case
    patients = sum(bookings)
    outcomes = [(0.0, session.no_show)] + [
        (minutes, (1 - session.no_show) * chance)
        for minutes, chance in zip(session.service.values, session.service.probabilities, strict=True)
    ]
    starts = np.repeat(np.arange(session.slots), bookings) * session.slot_minutes
    end, last = session.slots * session.slot_minutes, (session.slots - 1) * session.slot_minutes
    waiting, makespan, idle, overtime = np.zeros(patients), 0.0, 0.0, 0.0
    for outcome in itertools.product(outcomes, repeat=patients):
        chance = float(np.prod([share for _, share in outcome]))
        free, waited = 0.0, []
        for start, (minutes, _) in zip(starts, outcome, strict=True):
            waited.append(max(free - start, 0.0))
            free = max(free, start) + minutes
        waiting += chance * np.array(waited)
        makespan += chance * max(free, last)
        idle += chance * (max(free, last) - sum(minutes for minutes, _ in outcome))
        overtime += chance * max(free - end, 0.0)
    found = evaluate(session, bookings)
    assert found.waiting == pytest.approx(waiting, abs=1e-10)
    assert found.slot_waiting == pytest.approx(
        [waiting[starts == slot * session.slot_minutes].sum() for slot in range(session.slots)], abs=1e-10
    )
    assert found.total_waiting == pytest.approx(waiting.sum(), abs=1e-10)
    assert found.mean_waiting == pytest.approx(waiting.mean() if patients else 0, abs=1e-10)
    assert (found.makespan, found.idle, found.overtime) == pytest.approx((makespan, idle, overtime), abs=1e-10)
    assert found.cost(Costs(2, 3, 5)) == pytest.approx(2 * waiting.sum() + 3 * idle + 5 * overtime, abs=1e-9)


@given(booked(), st.integers(0, 4))
def test_one_more_patient_shortens_no_wait(case: tuple[SlotSession, list[int]], slot: int) -> None:
    """A patient added at the end of a slot leaves those before alone and makes nobody after wait less."""
    session, bookings = case
    slot = min(slot, session.slots - 1)
    more = [count + (place == slot) for place, count in enumerate(bookings)]
    before, after = evaluate(session, bookings), evaluate(session, more)
    place = sum(bookings[: slot + 1])
    others = np.delete(after.waiting, place)
    assert others[:place] == pytest.approx(before.waiting[:place], abs=1e-12)
    assert (others[place:] >= before.waiting[place:] - 1e-12).all()
    assert after.overtime >= before.overtime - 1e-12


@given(booked(), st.integers(1, 9))
def test_longer_service_shortens_no_wait(case: tuple[SlotSession, list[int]], longer: int) -> None:
    """When every service takes some minutes more, nobody waits less."""
    session, bookings = case
    slower = Discrete(tuple(minutes + longer for minutes in session.service.values), session.service.probabilities)
    before = evaluate(session, bookings)
    after = evaluate(SlotSession(session.slots, session.slot_minutes, slower, session.no_show), bookings)
    assert (after.waiting >= before.waiting - 1e-12).all()
    assert after.overtime >= before.overtime - 1e-12


def test_certain_outcomes_are_exact() -> None:
    """If nobody comes nobody waits; if all come for a constant time the day is plain arithmetic, to the last bit."""
    nobody = evaluate(SlotSession(4, 10, constant(25), 1.0), [2, 0, 3, 1])
    assert (nobody.total_waiting, nobody.overtime, nobody.idle) == (0, 0, 30)
    everybody = evaluate(SlotSession(4, 10, constant(25), 0.0), [2, 0, 0, 1])
    assert everybody.waiting.tolist() == [0, 25, 20]
    assert (everybody.makespan, everybody.idle, everybody.overtime) == (75, 0, 35)


@pytest.mark.parametrize(
    ("bookings", "mean_wait", "overtime"),
    [
        ((2, 0, 0, 0, 0, 1), 1.83, 1.35),
        ((2, 2, 2, 2), 11.816608810500004, 24.064827562971374),
        ((5, 2, 1, 0), 16.715096633250006, 23.92331748953545),
        ((0, 1, 2, 5), 12.5150625, 29.856120798600017),
    ],
)
def test_published_evaluations(bookings: tuple[int, ...], mean_wait: float, overtime: float) -> None:
    """Slots of 5 minutes, services of 3, 5 or 8, one in ten does not come: numbers of a public notebook (witusj)."""
    found = evaluate(SlotSession(len(bookings), 5, PUBLISHED, 0.1), bookings)
    assert found.mean_waiting == pytest.approx(mean_wait, rel=1e-12)
    assert found.overtime == pytest.approx(overtime, rel=1e-12)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: SlotSession(0, 5, PUBLISHED), "slots"),
        (lambda: SlotSession(3, 5, Discrete((2.5,), (1.0,))), "whole minutes"),
        (lambda: SlotSession(3, 5, Discrete((-1.0, 2.0), (0.5, 0.5))), "whole minutes"),
        (lambda: SlotSession(3, 5, PUBLISHED, 1.2), "no_show"),
        (lambda: evaluate(SlotSession(3, 5, PUBLISHED), [1, 1]), "3 slots"),
        (lambda: evaluate(SlotSession(3, 5, PUBLISHED), [1, -1, 1]), "at least 0"),
        (lambda: evaluate(SlotSession(3, 5, PUBLISHED), np.array([1, 0.5, 1])), "whole numbers"),
    ],
)
def test_wrong_values_are_refused(wrong: object, words: str) -> None:
    """What is not a session, or bookings of it, raises and says why."""
    assert callable(wrong)
    with pytest.raises(ValueError, match=words):
        wrong()
