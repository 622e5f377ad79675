"""Appointments that are shorter than visits are expected to be, so that a provider need not wait for who is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from schedopt.models.problem import Problem


def with_lengths(problem: Problem, minutes: Mapping[str, int]) -> Problem:
    """The same problem with other lengths of appointments.

    Parameters
    ----------
    problem : Problem
        The week.
    minutes : mapping of str to int
        Minutes that the provider's time is booked for, by request; all others stay. Minutes that visits are expected to
        take stay too: :attr:`~schedopt.models.week.Requests.usual_length`.

    Raises
    ------
    ValueError
        If a request is not known, or its minutes are no positive multiple of the grid.
    """
    if not minutes:
        return problem
    week, grid = problem.week, problem.calendar.grid
    length, step_length = week.requests.length.copy(), week.steps.length.copy()
    for name, booked in minutes.items():
        if name not in week.request_code:
            raise ValueError(f"expected a length of a request of these days, not of {name!r}")
        if booked <= 0 or booked % grid:
            raise ValueError(f"expected minutes of {name} to be a positive multiple of {grid}, not {booked!r}")
        code = week.request_code[name]
        length[code] = step_length[week.steps.provider_step[code]] = booked // grid
    requests = replace(week.requests, length=length, usual=week.requests.usual_length)
    return replace(problem, week=replace(week, requests=requests, steps=replace(week.steps, length=step_length)))
