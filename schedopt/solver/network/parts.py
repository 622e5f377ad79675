"""Parts of a week: groups of sites that can be planned at the same time, by workers who know nothing of each other.

A week is cut along its sites, as pools and shifts lie at one site each. Sites that share nobody are parts as they are;
where a network is larger than one worker should have, sites that share many requests stay together. A request that
could go to several parts is dealt to the one in which its cheapest option lies, requests that are tied to each other
together. How many parts there are depends on the problem alone, never on who works.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from schedopt.arrays import Flags, Floats, Ints
from schedopt.models.problem.couplings import tied_requests
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.solver.known import across
from schedopt.solver.params import DEFAULTS, PartParams

NO_PART = -1
"""In place of a part: in none."""


@dataclass(frozen=True)
class Part:
    """A part of a week, by codes of the whole one; all arrays are sorted.

    Attributes
    ----------
    sites, sessions : int array
        All sessions of some sites.
    requests : int array
        Who may be placed there, with all they are tied to, or is placed there and stays.
    rows : int array
        Their options there.
    held : int array
        Those of the requests that stay where they are, as they are tied to visits in other parts.
    """

    sites: Ints
    sessions: Ints
    requests: Ints
    rows: Ints
    held: Ints


def parts_of(
    problem: Problem, excess: Floats, start: Schedule, params: PartParams = DEFAULTS.parts
) -> tuple[Part, ...]:  # fmt: skip
    """Cut a week into parts.

    Parts share no site, session, pool or request. Every session is in one. A request is in none if it has no option, or
    if it is left out and tied to visits that are placed in several parts.

    Parameters
    ----------
    problem : Problem
        The week.
    excess : float array, shape (options,)
        Points, 0 or more, that an option seems to cost above the best of its request.
    start : Schedule
        What is placed already stays in the part in which it is.
    params : PartParams
        How large parts are.

    Returns
    -------
    tuple of Part
        One alone where the week is small, or cannot be cut.
    """
    week, options = problem.week, problem.options
    if len(week.requests) <= params.largest:
        return (_whole(problem),)
    num_sites = len(week.sessions.site_ids)
    site = week.sessions.site[options.session]
    tie = _ties(problem)
    first = np.lexsort((excess, options.request))
    best = first[np.unique(options.request[first], return_index=True)[1]]
    size = np.bincount(site[best], minlength=num_sites)
    group = _groups_of_sites(_links(tie[options.request], site, num_sites), size, params)
    part, held = _deal(problem, group[site], tie, excess, start, group)
    return _parts(problem, group, part, held)


def _whole(problem: Problem) -> Part:
    week = problem.week
    counts = len(week.sessions.site_ids), len(week.sessions), len(week.requests), len(problem.options), 0
    return Part(*(np.arange(count) for count in counts))


def _ties(problem: Problem) -> Ints:
    """A number for each request; those who bear on each other at several sites, or need each other, have the same.

    Whoever needs a request without options stays with it, and so is never placed.
    """
    week, options, count = problem.week, problem.options, len(problem.week.requests)
    one, group = tied_requests(week, across(problem), options.placements, week.sessions.site)
    size = count + int(group.max(initial=-1)) + 1
    first, second = problem.needs
    one, other = np.concatenate([one, first]), np.concatenate([group + count, second])
    graph = sparse.coo_matrix((np.ones(len(one), np.int8), (one, other)), (size, size))
    return np.asarray(connected_components(graph, directed=False)[1][:count], np.int64)


def _links(tie: Ints, site: Ints, num_sites: int) -> sparse.csr_matrix:
    """How many requests, or knots of tied requests, each two sites share; shape (sites, sites)."""
    size = int(tie.max(initial=-1)) + 1
    both = sparse.coo_matrix((np.ones(len(tie), np.int64), (tie, site)), (size, num_sites)).tocsr()
    both.data[:] = 1
    return (both.T @ both).tocsr()


def _groups_of_sites(links: sparse.csr_matrix, size: Ints, params: PartParams) -> Ints:
    """A group for each site: networks as they are, large ones cut, small ones together."""
    count, network = connected_components(links, directed=False)
    total = np.bincount(network, weights=size, minlength=count).astype(np.int64)
    group, filled = np.full(len(size), NO_PART), list[int]()
    for k in np.argsort(-total, kind="stable").tolist():
        sites = np.flatnonzero(network == k)
        if total[k] > params.largest:
            pieces = params.even * math.ceil(total[k] / params.usual / params.even)
            filled += _cut(links, size, sites, pieces, group, len(filled))
            continue
        least = int(np.argmin(filled)) if filled else 0
        if not filled or filled[least] + total[k] > params.usual:
            least = len(filled)
            filled.append(0)
        group[sites] = least
        filled[least] += int(total[k])
    return group


def _cut(links: sparse.csr_matrix, size: Ints, sites: Ints, pieces: int, group: Ints, number: int) -> list[int]:
    """Cut a network into groups from a number on, each grown by the site with most in common; how large they are."""
    free = np.zeros(len(size), bool)
    free[sites] = True
    left, filled = int(size[sites].sum()), list[int]()
    for piece in range(pieces):
        goal, mine, common = left / (pieces - piece), 0, np.zeros(len(size), np.int64)
        while free.any():
            site = int(np.argmax(np.where(free, common, -1)))
            if mine and piece < pieces - 1 and mine + size[site] / 2 > goal:
                break
            group[site], free[site] = number + piece, False
            mine += int(size[site])
            common += links[[site]].toarray()[0]
        left -= mine
        filled.append(mine)
    return filled


def _deal(
    problem: Problem, at: Ints, tie: Ints, excess: Floats, start: Schedule, group: Ints
) -> tuple[Ints, Flags]:  # fmt: skip
    """A part for each request, and whether it is held there; `at` is the part of each option."""
    num_parts = int(group.max(initial=0)) + 1
    part = _cheapest_part(problem, at, tie, excess, num_parts)[tie]
    held = np.zeros(len(part), bool)
    placed = start.placed
    where = group[problem.week.sessions.site[start.session[placed]]]
    low, high = np.full(len(tie), num_parts), np.full(len(tie), NO_PART)
    np.minimum.at(low, tie[placed], where)
    np.maximum.at(high, tie[placed], where)
    several = high[tie] > low[tie]
    part = np.where(high[tie] >= 0, high[tie], part)
    part[several] = NO_PART
    part[placed], held[placed] = where, several[placed]
    return part, held


def _cheapest_part(problem: Problem, at: Ints, tie: Ints, excess: Floats, num_parts: int) -> Ints:
    """The part in which all who are tied together cost least, by the number of their tie."""
    request = problem.options.request
    pair, place = np.unique(request * num_parts + at, return_inverse=True)
    least = np.full(len(pair), np.inf)
    np.minimum.at(least, place, excess)
    knot = tie[pair // num_parts] * num_parts + pair % num_parts
    knots, place = np.unique(knot, return_inverse=True)
    points = np.bincount(place, weights=least - problem.left_out[pair // num_parts], minlength=len(knots))
    order = np.lexsort((knots % num_parts, points, knots // num_parts))
    number, first = np.unique(knots[order] // num_parts, return_index=True)
    part = np.full(len(tie), NO_PART)
    part[number] = knots[order][first] % num_parts
    return part


def _parts(problem: Problem, group: Ints, part: Ints, held: Flags) -> tuple[Part, ...]:
    """Columns by part."""
    sessions, options = problem.week.sessions, problem.options
    num_parts = int(group.max(initial=0)) + 1
    row_part = group[sessions.site[options.session]]
    row_part = np.where(row_part == part[options.request], row_part, NO_PART)
    columns = [_by_number(numbers, num_parts) for numbers in (group, group[sessions.site], part, row_part)]
    parts = zip(*columns, strict=True)
    return tuple(Part(sites, mine, some, rows, some[held[some]]) for sites, mine, some, rows in parts)


def _by_number(number: Ints, count: int) -> list[Ints]:
    """Positions of each number from 0 to `count` - 1."""
    order = np.argsort(number, kind="stable")
    edges = np.searchsorted(number[order], np.arange(count + 1))
    return [order[edges[k] : edges[k + 1]] for k in range(count)]
