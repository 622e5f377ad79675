"""Appointments that are shorter than visits are expected to be, so that a provider need not wait for who is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from schedopt.models.problem import Problem


def with_lengths(problem: Problem, booked: Mapping[str, int], expected: Mapping[str, int] | None = None) -> Problem:
    """The same problem with other lengths of appointments.

    Parameters
    ----------
    problem : Problem
        The week.
    booked : mapping of str to int
        Minutes that the provider's time is booked for, by request; all others stay. What the visits are expected to
        take stays too: :attr:`~schedopt.models.week.Requests.usual_length`.
    expected : mapping of str to int, optional
        Minutes that visits are expected to take, and are booked for where `booked` does not say otherwise.

    Raises
    ------
    ValueError
        If a request is not known, or its minutes are no positive multiple of the grid.
    """
    if not booked and not expected:
        return problem
    week, grid = problem.week, problem.calendar.grid
    usual, length = week.requests.usual_length.copy(), week.requests.length.copy()
    for minutes, columns in ((expected or {}, (usual, length)), (booked, (length,))):
        for name, number in minutes.items():
            if name not in week.request_code:
                raise ValueError(f"expected a length of a request of these days, not of {name!r}")
            if number <= 0 or number % grid:
                raise ValueError(f"expected minutes of {name} to be a positive multiple of {grid}, not {number!r}")
            for column in columns:
                column[week.request_code[name]] = number // grid
    step_length = week.steps.length.copy()
    step_length[week.steps.provider_step] = length
    requests = replace(week.requests, length=length, usual=usual)
    return replace(problem, week=replace(week, requests=requests, steps=replace(week.steps, length=step_length)))
