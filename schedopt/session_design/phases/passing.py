"""What passing time does to a chain, forward and backward; compiled.

Uniformisation: over t minutes a chain with generator G is, with L the highest rate of leaving, a mixture over a
Poisson number of steps with mean L t of steps of ``I + G / L`` (Jensen 1953; Grassmann 1977, doi
10.1016/0305-0548(77)90007-7). Nothing is subtracted, so that what is small is exact too.
"""

from __future__ import annotations

import math

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.compiled import compiled
from schedopt.session_design.phases.chain import Chain

_TRIMMED = 1e-20
"""Probability of the earliest states that is left out."""


@compiled
def poisson(mean: float) -> Floats:
    """Probabilities of 0, 1, … events; the last one is that beyond which there is less than 1e-18 or so."""
    mode = int(mean)
    weights = np.zeros(mode + int(10 * math.sqrt(mean)) + 30)
    weights[mode] = 1.0
    for k in range(mode + 1, len(weights)):
        weights[k] = weights[k - 1] * mean / k
    for k in range(mode - 1, -1, -1):
        weights[k] = weights[k + 1] * (k + 1) / mean
    last = len(weights)
    while weights[last - 1] < 1e-19:
        last -= 1
    weights = weights[:last]
    total: float = weights.sum()
    found: Floats = weights / total
    return found


@compiled
def forward(chain: Chain, first: int, stop: int, minutes: float, start: Floats) -> Floats:
    """Probabilities of the states after some minutes.

    Parameters
    ----------
    first, stop : int
        The states that take part.
    start : float array, shape (states,)
        Probabilities now.

    Returns
    -------
    float array, shape (states,)
        0 outside of `first` to `stop`.
    """
    found = np.zeros(len(start))
    rate = chain.leaving[first:stop].max()
    weights = poisson(rate * minutes)
    now, then = start.copy(), np.zeros(len(start))
    for k in range(len(weights)):
        if k > 0:
            for i in range(first, stop):
                then[i] = now[i] * (1 - chain.leaving[i] / rate)
            for i in range(first, stop):
                share = now[i] / rate
                for at in range(chain.rows[i], chain.rows[i + 1]):
                    if chain.columns[at] >= stop:
                        break
                    then[chain.columns[at]] += share * chain.rates[at]
            now, then = then, now
        for i in range(first, stop):
            found[i] += weights[k] * now[i]
    return found


@compiled
def backward(chain: Chain, first: int, stop: int, minutes: float, value: Floats) -> Floats:
    """Expected value, seen from each state, of the state after some minutes; a provider who is free is worth 0.

    Parameters
    ----------
    first, stop : int
        The states that take part.
    value : float array, shape (states,)
        Of each state then.

    Returns
    -------
    float array, shape (states,)
        0 outside of `first` to `stop`.
    """
    found = np.zeros(len(value))
    rate = chain.leaving[first:stop].max()
    weights = poisson(rate * minutes)
    now, then = value.copy(), np.zeros(len(value))
    for k in range(len(weights)):
        if k > 0:
            for i in range(first, stop):
                total = now[i] * (rate - chain.leaving[i])
                for at in range(chain.rows[i], chain.rows[i + 1]):
                    if chain.columns[at] >= stop:
                        break
                    total += chain.rates[at] * now[chain.columns[at]]
                then[i] = total / rate
            now, then = then, now
        for i in range(first, stop):
            found[i] += weights[k] * now[i]
    return found


@compiled
def before_each(chain: Chain, gaps: Floats) -> tuple[Floats, Ints]:
    """The states just before each patient but the first comes.

    Parameters
    ----------
    chain : Chain
        Of as many patients as gaps, or one more.
    gaps : float array, shape (gaps,)
        Minutes from each patient's time to the next one's; one gap more than that leads to the session's end.

    Returns
    -------
    before : float array, shape (gaps, states)
        Probabilities of the states at the end of each gap; what a row lacks to 1 is that the provider is free.
    first : int array, shape (gaps,)
        The state at which each gap begins: those before are next to impossible.
    """
    before = np.zeros((len(gaps), len(chain.leaving)))
    first = np.zeros(len(gaps), np.int64)
    start = chain.entry.copy()
    start[chain.ends[0] :] = 0.0
    low = 0
    for k in range(len(gaps)):
        stop = chain.ends[k]
        first[k] = low
        before[k] = forward(chain, low, stop, gaps[k], start)
        start = before[k].copy()
        below = start[low]
        while low < stop - 1 and below < _TRIMMED:
            start[low] = 0.0
            low += 1
            below += start[low]
        if k + 1 < len(chain.ends):
            free = max(0.0, 1 - start[low:stop].sum())
            for i in range(stop, chain.ends[k + 1]):
                start[i] = free * chain.entry[i]
    return before, first


@compiled
def slopes(chain: Chain, gaps: Floats, before: Floats, first: Ints, prices: Floats) -> Floats:
    """Derivatives in the gaps of priced expected waits.

    The adjoint of :func:`before_each`: from the last gap to the first, what a state is worth at the end of a gap
    becomes what it is worth at its beginning, and the derivative in the gap is the expected worth of G's next move.

    Parameters
    ----------
    chain, gaps, before, first
        As of :func:`before_each`.
    prices : float array, shape (gaps,)
        Of a minute of work that is left at the end of each gap.

    Returns
    -------
    float array, shape (gaps,)
    """
    found = np.zeros(len(gaps))
    after = np.zeros(len(chain.leaving))
    for k in range(len(gaps) - 1, -1, -1):
        stop = chain.ends[k]
        free = 0.0
        if k + 1 < len(chain.ends):
            for i in range(stop, chain.ends[k + 1]):
                free += chain.entry[i] * after[i]
        value = np.zeros(len(after))
        for i in range(first[k], stop):
            value[i] = after[i] - free + prices[k] * (chain.left[i] + chain.work[k])
        for i in range(first[k], stop):
            move = -chain.leaving[i] * value[i]
            for at in range(chain.rows[i], chain.rows[i + 1]):
                if chain.columns[at] >= stop:
                    break
                move += chain.rates[at] * value[chain.columns[at]]
            found[k] += before[k, i] * move
        after = backward(chain, first[k], stop, gaps[k], value)
    return found
