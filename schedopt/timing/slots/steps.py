"""Compiled: how the work that is left moves from slot to slot.

Work is counted in whole units of time. ``W[t]`` is the work left at the start of slot t before anyone booked there has
come: ``W[0] = 0`` and ``W[t + 1] = max(W[t] + services of x[t] patients - slot, 0)`` (Kaandorp and Koole 2007, doi
10.1007/s10729-007-9015-x).
"""

from __future__ import annotations

import numpy as np

from schedopt.compiled import compiled
from schedopt.models.week import Ints
from schedopt.timing.distributions.base import Floats


@compiled
def serve(before: Floats, after: Floats, count: int, service: Floats, slot: int, scratch: Floats) -> None:
    """From the distribution of the work before a slot to the one after it, by convolution.

    Parameters
    ----------
    before, after : float arrays, shape (cells,)
        Probability of each amount of work; the last stands for all above it too. `after` is written.
    count : int
        Patients booked at the slot.
    service : float array, shape (longest + 1,)
        Probability of each service time.
    slot : int
        Length of a slot.
    scratch : float array, shape (2, cells + slot)
        Written.
    """
    cells, size = len(before), scratch.shape[1]
    here, there = scratch[0], scratch[1]
    here[:cells] = before
    here[cells:] = 0.0
    for _ in range(count):
        there[:] = 0.0
        for minutes in range(len(service)):
            chance = service[minutes]
            if chance > 0.0:
                reach = max(size - minutes, 0)
                for work in range(reach):
                    there[work + minutes] += chance * here[work]
                for work in range(reach, size):
                    there[size - 1] += chance * here[work]
        here, there = there, here
    after[1:] = here[slot + 1 :]
    after[0] = here[: slot + 1].sum()


@compiled
def expect(after: Floats, before: Floats, count: int, service: Floats, slot: int, scratch: Floats) -> None:
    """From what work after a slot costs to what the work before it will: the adjoint of :func:`serve`.

    Parameters
    ----------
    after, before : float arrays, shape (cells,)
        Expected cost from each amount of work on. `before` is written.
    count, service, slot, scratch
        As for :func:`serve`.
    """
    cells, size = len(after), scratch.shape[1]
    here, there = scratch[0], scratch[1]
    here[: slot + 1] = after[0]
    here[slot + 1 :] = after[1:]
    for _ in range(count):
        there[:] = 0.0
        for minutes in range(len(service)):
            chance = service[minutes]
            if chance > 0.0:
                reach = max(size - minutes, 0)
                for work in range(reach):
                    there[work] += chance * here[work + minutes]
                for work in range(reach, size):
                    there[work] += chance * here[size - 1]
        here, there = there, here
    before[:] = here[:cells]


@compiled
def expected_work(bookings: Ints, service: Floats, slot: int, forget: float) -> tuple[Floats, int]:
    """Expected work before each slot and after the last.

    Parameters
    ----------
    bookings : int array, shape (slots,)
        Patients booked at each slot.
    service : float array, shape (longest + 1,)
        Probability of each service time.
    slot : int
        Length of a slot.
    forget : float
        At each slot the largest amounts of work are dropped whose probability is together at most this.

    Returns
    -------
    work : float array, shape (slots + 1,)
        In units of time.
    top : int
        The largest amount of work kept at any slot.
    """
    longest, cells, top = len(service) - 1, 1, 0
    work = np.zeros(len(bookings) + 1)
    before = np.ones(1)
    for place in range(len(bookings)):
        cells = len(before) + bookings[place] * longest
        wide, scratch = np.zeros(cells), np.empty((2, cells + slot))
        wide[: len(before)] = before
        after = np.empty(cells)
        serve(wide, after, bookings[place], service, slot, scratch)
        last, tail = cells - 1, after[cells - 1]
        while last > 0 and tail <= forget:
            last -= 1
            tail += after[last]
        before = after[: last + 1]
        top = max(top, last)
        for amount in range(last + 1):
            work[place + 1] += amount * before[amount]
    return work, top


@compiled
def chain(bookings: Ints, order: Ints, step: int, service: Floats, slot: int, prices: Floats, cells: int) -> Floats:
    """Cost after each of a row of shifts, of one patient by one slot each.

    Shift v takes a patient from slot v + 1 to slot v (`step` 1), or the other way (`step` -1). Distributions before
    the place of the last shift and costs to come behind it are kept, so that a shift takes as many steps as it lies
    away from the last.

    Parameters
    ----------
    bookings : int array, shape (slots,)
        Before the first shift.
    order : int array, shape (shifts,)
        Shifts, each at most once, such that no slot is ever left with fewer than 0 patients.
    step : int
        1 or -1.
    service, slot
        As for :func:`serve`.
    prices : float array, shape (3,)
        Of a unit of waiting, of work at the start of the last slot with those booked there, and of work after it.
    cells : int
        Amounts of work told apart, from 0.

    Returns
    -------
    float array, shape (shifts + 1,)
        Cost before the first shift and after each.
    """
    slots, x = len(bookings), bookings.copy()
    scratch = np.empty((2, cells + slot))
    amounts = np.arange(cells).astype(np.float64)
    past, spent = np.zeros((slots + 1, cells)), np.zeros(slots + 1)
    future = np.zeros((slots + 1, cells))
    past[0, 0] = 1.0
    future[slots] = prices[2] * amounts
    known, foreseen = 0, slots
    costs = np.empty(len(order) + 1)
    mean = (service * np.arange(len(service))).sum()
    for number in range(len(order) + 1):
        place, reach = 0, 0
        if number:
            place = order[number - 1]
            x[place] += step
            x[place + 1] -= step
            reach = place + 2
            known = min(known, place)
        while foreseen > reach:
            foreseen -= 1
            price = prices[0] * x[foreseen] + (prices[1] if foreseen == slots - 1 else 0.0)
            expect(future[foreseen + 1], future[foreseen], x[foreseen], service, slot, scratch)
            future[foreseen] += price * amounts
        while known < reach:
            price = prices[0] * x[known] + (prices[1] if known == slots - 1 else 0.0)
            spent[known + 1] = spent[known] + price * (past[known] * amounts).sum()
            serve(past[known], past[known + 1], x[known], service, slot, scratch)
            known += 1
        foreseen = reach
        within = prices[0] * (x * (x - 1)).sum() / 2 + prices[1] * x[slots - 1]
        costs[number] = spent[reach] + (past[reach] * future[reach]).sum() + mean * within
    return costs
