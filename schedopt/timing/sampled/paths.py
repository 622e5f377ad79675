"""What a session's times come to in every scenario. Compiled, and without the interpreter lock.

``t`` are appointed times, ``d`` the minutes from them until the visit may begin, ``s`` minutes of service. Visits are
seen in order, so that with ``free = start`` at first

    begin = max(free, t + d),  wait = max(0, begin - t - max(0, d)),  free = begin + s,

which is Lindley's recursion (1952, doi 10.1017/S0305004100027638) with appointments.
"""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Flags, Floats
from schedopt.compiled import compiled, inlined

_NEAR = 1e-6
"""Minutes that are rounding."""


@compiled
def mean_cost(
    times: Floats, service: Floats, came: Flags, delay: Floats, prices: Floats, start: float, end: float, slope: Floats
) -> float:
    """Mean cost of booked visits alone, and its slope.

    Visits that begin one after another without a gap move with the first of them, the head: a minute's delay of the
    head delays the begin of all of them by that minute, and the free moment after them. So waiting adds to the slope
    of the head and takes from that of the visit, a gap adds to that of the visit after it and takes from the head
    before it, and overtime adds to the last head. Where two pieces of the cost meet, that is one of its subgradients.

    Parameters
    ----------
    times : float array, shape (visits,)
        Minutes.
    service, came, delay : arrays, shape (scenarios, visits)
        As in :class:`Scenarios`.
    prices : float array, shape (3,)
        Of a minute of waiting, idle and overtime.
    start, end : float
        The session, minutes.
    slope : float array, shape (visits,)
        Overwritten: cost a minute by which each time is moved.
    """
    num, visits = service.shape
    waited, stood, over = 0.0, 0.0, 0.0
    slope[:] = 0.0
    for scenario in range(num):
        free, head = start, -1
        for visit in range(visits):
            late = delay[scenario, visit]
            ready = times[visit] + late
            if ready > free:
                if free < end:
                    stood += min(ready, end) - free
                    if ready <= end + _NEAR:  # at the end, where times may not be later, the slope is that before it
                        slope[visit] += prices[1]
                    if head >= 0:
                        slope[head] -= prices[1]
                free, head = ready, visit
            if came[scenario, visit]:
                wait = free - times[visit] - max(late, 0.0)
                if wait > 0.0:
                    waited += wait
                    slope[visit] -= prices[0]
                    if head >= 0:
                        slope[head] += prices[0]
                free += service[scenario, visit]
        if free > end:
            over += free - end
            if head >= 0:
                slope[head] += prices[2]
    for visit in range(visits):
        slope[visit] /= num
    mean: float = (prices[0] * waited + prices[1] * stood + prices[2] * over) / num
    return mean


@inlined
def _within(low: float, high: float, breaks: Floats) -> float:
    """Minutes from `low` to `high` that are in no break."""
    minutes = max(high - low, 0.0)
    for row in range(len(breaks)):
        minutes -= max(min(high, breaks[row, 1]) - max(low, breaks[row, 0]), 0.0)
    return minutes


@compiled
def follow(
    times: Floats,
    service: Floats,
    came: Flags,
    delay: Floats,
    walk_in_at: Floats,
    walk_in_service: Floats,
    walk_in_urgent: Flags,
    breaks: Floats,
    start: float,
    end: float,
    wait: Floats,
    walk_in_wait: Floats,
    idle: Floats,
    overtime: Floats,
) -> None:
    """What each scenario comes to, with breaks and with patients without appointment.

    Whenever the provider is free, and no break is on, the next is who came first of the urgent; else the next booked
    visit, if its patient is there; else who came first of the others without appointment, if before the end. Before
    a patient who does not come the provider is not free for later ones until the appointed time, and loses no more.

    Parameters
    ----------
    times : float array, shape (visits,)
        Minutes.
    service, came, delay : arrays, shape (scenarios, visits)
        As in :class:`Scenarios`.
    walk_in_at, walk_in_service, walk_in_urgent : arrays, shape (scenarios, walk_ins)
        As in :class:`Scenarios`.
    breaks : float array, shape (breaks, 2)
        From and to, minutes, in order.
    start, end : float
        The session, minutes.
    wait : float array, shape (scenarios, visits)
        Overwritten: minutes waited; NaN where the patient does not come.
    walk_in_wait : float array, shape (scenarios, walk_ins)
        Overwritten: minutes waited; NaN where nobody is seen.
    idle, overtime : float arrays, shape (scenarios,)
        Overwritten: minutes.
    """
    num, visits = service.shape
    walk_ins = walk_in_at.shape[1]
    wait[:] = np.nan
    walk_in_wait[:] = np.nan
    for scenario in range(num):
        free, visit, stood = start, 0, 0.0
        while True:
            moment = free
            for row in range(len(breaks)):
                if breaks[row, 0] <= moment < breaks[row, 1]:
                    moment = breaks[row, 1]
            ready = times[visit] + delay[scenario, visit] if visit < visits else np.inf
            here, soonest = -1, ready
            for other in range(walk_ins):
                at = walk_in_at[scenario, other]
                if np.isnan(walk_in_wait[scenario, other]) and at <= end:  # not for NaN
                    soonest = min(soonest, at)
                    urgent = walk_in_urgent[scenario, other]
                    if (
                        at <= moment
                        and (urgent or ready > moment)
                        and (
                            here < 0
                            or urgent > walk_in_urgent[scenario, here]
                            or (urgent == walk_in_urgent[scenario, here] and at < walk_in_at[scenario, here])
                        )
                    ):
                        here = other
            if here >= 0:
                walk_in_wait[scenario, here] = moment - walk_in_at[scenario, here]
                free = moment + walk_in_service[scenario, here]
            elif ready <= moment:
                if came[scenario, visit]:
                    wait[scenario, visit] = max(moment - times[visit] - max(delay[scenario, visit], 0.0), 0.0)
                    free = moment + service[scenario, visit]
                else:
                    free = max(free, ready)
                visit += 1
            elif soonest < np.inf:
                if visit < visits:
                    stood += _within(free, min(soonest, end), breaks)
                free = soonest
            else:
                break
        idle[scenario], overtime[scenario] = stood, max(free - end, 0.0)
