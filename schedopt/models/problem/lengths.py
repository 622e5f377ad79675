"""Appointments that are shorter than visits are expected to be, so that a provider need not wait for who is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from schedopt.models.clock import MINUTES_PER_DAY
from schedopt.models.problem.problem import Problem


def lengths_of(problem: Problem) -> tuple[dict[str, int], dict[str, int]]:
    """Minutes that are not simply those of the office's tables, as :func:`with_lengths` takes them.

    Returns
    -------
    booked : dict of str to int
        Minutes of appointments that are shorter than their visits are expected to be, by request.
    expected : dict of str to int
        Minutes that visits are expected to take, by request; empty where the tables say all.
    """
    requests, grid = problem.week.requests, problem.calendar.grid
    if requests.usual is None:
        return {}, {}
    alike = np.ones(len(requests), bool)
    if requests.by_provider is not None:
        alike = (requests.by_provider == requests.length[:, None]).all(axis=1)
    columns = (np.array(requests.ids, object), requests.length * grid, requests.usual * grid)
    rows = list(zip(*(column[alike].tolist() for column in columns), strict=True))
    return {name: cut for name, cut, usual in rows if cut < usual}, {name: usual for name, _, usual in rows}


def with_known_lengths(problem: Problem, booked: Mapping[str, int], expected: Mapping[str, int]) -> Problem:
    """The same as :func:`with_lengths`; what this problem has no request for, or its grid no cells, is passed over."""
    grid, known = problem.calendar.grid, problem.week.request_code
    fit = [
        {name: minutes for name, minutes in lengths.items() if name in known and minutes > 0 and minutes % grid == 0}
        for lengths in (booked, expected)
    ]
    return with_lengths(problem, *fit)


def with_lengths(problem: Problem, booked: Mapping[str, int], expected: Mapping[str, int] | None = None) -> Problem:
    """The same problem with other lengths of appointments.

    Parameters
    ----------
    problem : Problem
        The week.
    booked : mapping of str to int
        Minutes that the provider's time is booked for, by request; all others stay. What the visits are expected to
        take stays too: :attr:`~schedopt.models.problem.week.Requests.usual_length`.
    expected : mapping of str to int, optional
        Minutes that visits are expected to take, and are booked for where `booked` does not say otherwise.

    Raises
    ------
    ValueError
        If a request is not known, or its minutes are no positive multiple of the grid of at most a day.
    """
    if not booked and not expected:
        return problem
    week, grid = problem.week, problem.calendar.grid
    usual, length = week.requests.usual_length.copy(), week.requests.length.copy()
    for minutes, columns in ((expected or {}, (usual, length)), (booked, (length,))):
        for name, number in minutes.items():
            if name not in week.request_code:
                raise ValueError(f"expected a length of a request of these days, not of {name!r}")
            if not 0 < number <= MINUTES_PER_DAY or number % grid:
                raise ValueError(f"expected minutes of {name} to be a multiple of {grid} up to a day, not {number!r}")
            for column in columns:
                column[week.request_code[name]] = number // grid
    step_length = week.steps.length.copy()
    step_length[week.steps.provider_step] = length
    requests = replace(week.requests, length=length, usual=usual)
    if requests.by_provider is not None:
        told = [week.request_code[name] for name in {**(expected or {}), **booked}]
        by_provider = requests.by_provider.copy()
        by_provider[told] = length[told, None]
        requests = replace(requests, by_provider=by_provider)
    return replace(problem, week=replace(week, requests=requests, steps=replace(week.steps, length=step_length)))
