"""Compiled: how the work that is left moves from slot to slot.

Work is counted in whole units of time. ``W[t]`` is the work left at the start of slot t before anyone booked there has
come: ``W[0] = 0`` and ``W[t + 1] = max(W[t] + services of x[t] patients - slot, 0)`` (Kaandorp and Koole 2007, doi
10.1007/s10729-007-9015-x). The amounts of work told apart before a slot are 0, 1, ...; the last of them stands for all
above it too, and the amounts before a slot and after it differ in number by what is possible or likely.
"""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.compiled import allocating, compiled


@allocating
def serve(before: Floats, after: Floats, count: int, service: Floats, slot: int, scratch: Floats) -> None:
    """From the distribution of the work before a slot to the one after it, by convolution.

    Parameters
    ----------
    before : float array, shape (amounts,)
        Probability of each amount of work.
    after : float array, shape (amounts after,)
        The same after the slot, with at least ``amounts - slot`` entries. Written.
    count : int
        Patients booked at the slot.
    service : float array, shape (longest + 1,)
        Probability of each service time.
    slot : int
        Length of a slot.
    scratch : float array, shape (2, most), most >= amounts after + slot
        Written.
    """
    size, filled = len(after) + slot, len(before)
    here, there = scratch[0], scratch[1]
    here[:filled] = before
    here[filled:size] = 0.0
    for _ in range(count):
        there[:size] = 0.0
        for minutes in range(len(service)):
            chance = service[minutes]
            if chance > 0.0:
                reach = max(min(filled, size - minutes), 0)
                for work in range(reach):
                    there[work + minutes] += chance * here[work]
                for work in range(reach, filled):
                    there[size - 1] += chance * here[work]
        filled = min(filled + len(service) - 1, size)
        here, there = there, here
    after[1:] = here[slot + 1 : size]
    after[0] = here[: slot + 1].sum()


@allocating
def expect(after: Floats, before: Floats, count: int, service: Floats, slot: int, scratch: Floats) -> None:
    """From what work after a slot costs to what the work before it will: the adjoint of :func:`serve`.

    Parameters
    ----------
    after : float array, shape (amounts after,)
        Expected cost from each amount of work on, after the slot.
    before : float array, shape (amounts,)
        The same before the slot. Written.
    count, service, slot, scratch
        As for :func:`serve`.
    """
    size = len(after) + slot
    here, there = scratch[0], scratch[1]
    here[: slot + 1] = after[0]
    here[slot + 1 : size] = after[1:]
    for left in range(count - 1, -1, -1):
        asked = min(len(before) + left * (len(service) - 1), size)
        there[:asked] = 0.0
        for minutes in range(len(service)):
            chance = service[minutes]
            if chance > 0.0:
                reach = max(min(asked, size - minutes), 0)
                for work in range(reach):
                    there[work] += chance * here[work + minutes]
                for work in range(reach, asked):
                    there[work] += chance * here[size - 1]
        here, there = there, here
    before[:] = here[: len(before)]


@compiled
def expected_work(bookings: Ints, service: Floats, slot: int, rare: float) -> tuple[Floats, Ints]:
    """Expected work before each slot and after the last.

    Parameters
    ----------
    bookings : int array, shape (slots,)
        Patients booked at each slot.
    service : float array, shape (longest + 1,)
        Probability of each service time.
    slot : int
        Length of a slot.
    rare : float
        At each slot the largest amounts of work are dropped whose probability is together at most this.

    Returns
    -------
    work : float array, shape (slots + 1,)
        In units of time.
    top : int array, shape (slots + 1,)
        The largest amount of work kept.
    """
    longest = len(service) - 1
    work, top = np.zeros(len(bookings) + 1), np.zeros(len(bookings) + 1, np.int64)
    before = np.ones(1)
    for place in range(len(bookings)):
        after = np.empty(len(before) + bookings[place] * longest)
        serve(before, after, bookings[place], service, slot, np.empty((2, len(after) + slot)))
        last = len(after) - 1
        tail = after[last]
        while last > 0 and tail <= rare:
            last -= 1
            tail += after[last]
        before, top[place + 1] = after[: last + 1], last
        for amount in range(last + 1):
            work[place + 1] += amount * before[amount]
    return work, top


@compiled
def chain(bookings: Ints, order: Ints, step: int, service: Floats, slot: int, prices: Floats, amounts: Ints) -> Floats:
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
    amounts : int array, shape (slots + 1,)
        Amounts of work told apart before each slot and after the last, none below the one before it less `slot`.

    Returns
    -------
    float array, shape (shifts + 1,)
        Cost before the first shift and after each.
    """
    slots, x, most = len(bookings), bookings.copy(), amounts.max()
    scratch, work = np.empty((2, most + slot)), np.arange(most).astype(np.float64)
    past, spent = np.zeros((slots + 1, most)), np.zeros(slots + 1)
    future = np.zeros((slots + 1, most))
    past[0, 0] = 1.0
    future[slots] = prices[2] * work
    known, foreseen = 0, slots
    costs = np.empty(len(order) + 1)
    mean = (service * np.arange(len(service))).sum()
    for number in range(len(order) + 1):
        reach = 0
        if number:
            place = order[number - 1]
            x[place] += step
            x[place + 1] -= step
            reach, known = place + 2, min(known, place)
        while foreseen > reach:
            foreseen -= 1
            here, there = amounts[foreseen], amounts[foreseen + 1]
            expect(future[foreseen + 1, :there], future[foreseen, :here], x[foreseen], service, slot, scratch)
            price = prices[0] * x[foreseen] + (prices[1] if foreseen == slots - 1 else 0.0)
            future[foreseen, :here] += price * work[:here]
        while known < reach:
            here, there = amounts[known], amounts[known + 1]
            price = prices[0] * x[known] + (prices[1] if known == slots - 1 else 0.0)
            spent[known + 1] = spent[known] + price * (past[known, :here] * work[:here]).sum()
            serve(past[known, :here], past[known + 1, :there], x[known], service, slot, scratch)
            known += 1
        foreseen, here = reach, amounts[reach]
        within = prices[0] * (x * (x - 1)).sum() / 2 + prices[1] * x[slots - 1]
        costs[number] = spent[reach] + (past[reach, :here] * future[reach, :here]).sum() + mean * within
    return costs
