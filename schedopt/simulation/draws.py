"""What is drawn for a part of a week, in the kernel's arrays."""

from __future__ import annotations

import numpy as np

from schedopt.arrays import Floats, Ints
from schedopt.simulation.days import DayPart
from schedopt.simulation.state import END, START, Draws
from schedopt.uncertainty.week import Uncertainty, WeekScenarios, named_stream

_WALK_IN, _URGENT = 2**32, 2**32 + 1
"""Aspects of a session."""


def draws_of(part: DayPart, names: tuple[str, ...], uncertainty: Uncertainty, scenarios: WeekScenarios) -> Draws:
    """The columns of a part, and the people who come to its sessions without an appointment.

    Parameters
    ----------
    part : DayPart
        The part.
    names : tuple of str
        Ids of all sessions, by code.
    uncertainty : Uncertainty
        Who comes without an appointment.
    scenarios : WeekScenarios
        Of all placed visits.
    """
    replications = len(scenarios)
    people = []
    for number, session in enumerate(part.sessions.tolist()):
        begin, end = part.day.hours[number, START], part.day.hours[number, END]
        for urgent, arrivals, aspect in ((0, uncertainty.walk_ins, _WALK_IN), (1, uncertainty.urgent, _URGENT)):
            if names[session] in arrivals:
                known = arrivals[names[session]]
                rng = named_stream(scenarios.key, names[session], aspect)
                counts = rng.poisson(known.per_hour * (end - begin) / 60, replications)
                total = int(counts.sum())
                arrival = begin + (end - begin) * rng.random(total)
                service = known.service.sample(rng, total)
                people.append((np.repeat(np.arange(replications), counts), arrival, service, number, urgent))
    replication, arrival, service, session_of, is_urgent = _joined(people)
    return Draws(
        np.ascontiguousarray(scenarios.minutes[:, part.steps]), np.ascontiguousarray(scenarios.came[:, part.visits]),
        np.ascontiguousarray(scenarios.late[:, part.visits]),
        np.searchsorted(replication, np.arange(replications + 1)).astype(np.int64),
        session_of, is_urgent, arrival, service,
    )  # fmt: skip


def _joined(people: list[tuple[Ints, Floats, Floats, int, int]]) -> tuple[Ints, Floats, Floats, Ints, Ints]:
    """Replication, arrival, minutes, session and urgency of all people, by replication and arrival."""
    nothing = np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0, np.int64), np.empty(0, np.int64)
    rows = [
        (which, arrival, service, np.full(len(which), session), np.full(len(which), urgent))
        for which, arrival, service, session, urgent in people
    ]
    which, arrival, service, session_of, is_urgent = (
        np.concatenate(columns) for columns in zip(nothing, *rows, strict=True)
    )
    order = np.lexsort((arrival, which))
    return which[order], arrival[order], service[order], session_of[order], is_urgent[order]
