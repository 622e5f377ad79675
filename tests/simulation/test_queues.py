"""The event loop against queueing formulas, and in what can never be otherwise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from schedopt.simulation.figures import half_width
from schedopt.simulation.state import BUSY, IDLE, OVERTIME, WALK_IN_WAIT, WALK_INS
from schedopt.uncertainty.distributions import Distribution, Exponential, Lognormal, constant
from tests.simulation.worlds import draws, one_session, played

VISITS, WARM_UP, REPLICATIONS = 4000, 1000, 60


def assert_mean(per_replication: np.ndarray, expected: float) -> None:
    """The 95 % interval, half as wide again, holds the expected mean, and is narrower than 8 % of it."""
    half = 1.5 * half_width(per_replication)
    assert half < 0.08 * expected
    assert per_replication.mean() == pytest.approx(expected, abs=half)


@pytest.mark.parametrize("service", [constant(7), Lognormal.from_mean(7, scv=0.5), Exponential.from_mean(7)])
def test_poisson_arrivals(service: Distribution) -> None:
    """M/D/1, M/G/1, M/M/1: patients who come at random wait as Pollaczek and Khinchine say."""
    rng = np.random.default_rng(1)
    late = np.cumsum(rng.exponential(10, (REPLICATIONS, VISITS)), axis=1)
    day = one_session(np.zeros(VISITS), 1e6)
    waits, _ = played(day, draws(service.sample(rng, late.shape), late))
    rate = 1 / 10
    expected = rate * (service.variance + service.mean**2) / 2 / (1 - rate * service.mean)
    assert_mean(waits[:, WARM_UP:].mean(axis=1), expected)


def test_walk_ins() -> None:
    """People without an appointment wait alike, and who is counted is who came."""
    rng = np.random.default_rng(2)
    arrival = np.cumsum(rng.exponential(10, (REPLICATIONS, VISITS)), axis=1)
    empty = np.empty((REPLICATIONS, 0))
    day = one_session(np.empty(0), 1e6)
    _, counted = played(day, draws(empty, extra=(arrival, np.full(arrival.shape, 7.0))))
    assert (counted[:, 0, WALK_INS] == VISITS).all()
    assert_mean(counted[:, 0, WALK_IN_WAIT] / VISITS, 0.1 * 49 / 2 / 0.3)


def test_appointments_at_equal_distances() -> None:
    """D/M/1: the mean wait is s / (1 - s) services, s the root below 1 of s = exp(-(1 - s) distance / service)."""
    distance, service = 10.0, 7.5
    root = float(optimize.brentq(lambda s: s - math.exp(-(1 - s) * distance / service), 1e-9, 1 - 1e-6))
    rng = np.random.default_rng(3)
    minutes = rng.exponential(service, (REPLICATIONS, VISITS))
    waits, _ = played(one_session(distance * np.arange(VISITS), 1e6), draws(minutes))
    assert_mean(waits[:, WARM_UP:].mean(axis=1), service * root / (1 - root))


STARTS = st.lists(st.integers(0, 120), min_size=1, max_size=8).map(sorted)


@given(STARTS, st.data())
def test_more_to_do_never_helps(starts: list[int], data: st.DataObject) -> None:
    """Where all are punctual, a longer visit or one more patient lowers nobody else's wait, and no overtime."""
    size = len(starts)
    minutes = np.array(data.draw(st.lists(st.floats(1, 40), min_size=size, max_size=size)))
    who, more = data.draw(st.integers(0, size - 1)), data.draw(st.floats(0, 30))
    longer = minutes + more * (np.arange(size) == who)
    waits, counted = played(one_session(np.array(starts), 120), draws(np.array([minutes, longer])))
    assert (waits[1] >= waits[0] - 1e-9).all()
    assert counted[1, 0, OVERTIME] >= counted[0, 0, OVERTIME] - 1e-9
    added = np.insert(np.array(starts), who, starts[who])
    again, _ = played(one_session(added, 120), draws(np.insert(minutes, who, 1 + more)[None]))
    assert (np.delete(again[0], who) >= waits[0] - 1e-9).all()


@given(STARTS, st.data())
def test_lindley(starts: list[int], data: st.DataObject) -> None:
    """Punctual patients wait as Lindley's recursion says; busy, idle and the rest make up the session."""
    size = len(starts)
    minutes = np.array(data.draw(st.lists(st.floats(1, 40), min_size=size, max_size=size)))
    waits, counted = played(one_session(np.array(starts), 120), draws(minutes[None]))
    free, expected, busy = 0.0, [], 0.0
    for start, length in zip(starts, minutes, strict=True):
        begin = max(start, free)
        expected.append(begin - start)
        busy += max(0.0, min(120, begin + length) - begin)
        free = begin + length
    assert waits[0] == pytest.approx(expected)
    assert counted[0, 0, [BUSY, OVERTIME]] == pytest.approx([busy, max(0.0, free - 120)])
    assert counted[0, 0, IDLE] == pytest.approx(min(120, free) - busy)
