"""From all pairs of request and session to the options that the rules leave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from schedopt.arrays import Ints
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.options import Options, concatenate, pairs, staffed
from schedopt.models.problem.rules import Forbids, Rule, narrow
from schedopt.models.problem.week import Week

CHUNK = 1_000_000
"""Pairs of request and session that are looked at together, or some more; bounds the memory needed."""


def all_options(week: Week, rules: Sequence[Rule]) -> Options:
    """Options of all requests, sorted by request, session and earliest start."""
    return options_of(week, rules, np.arange(len(week.requests)))


def options_of(week: Week, rules: Sequence[Rule], requests: Ints) -> Options:
    """Options of some requests alone, sorted by request, session and earliest start."""
    _, example, group = np.unique(_provider_site(week), return_index=True, return_inverse=True)
    members = Lists.by_key(group, len(example))
    of, lists = _shortest(week, rules, requests, example)
    per_example = len(week.sessions) / max(1, len(example))
    chunk = ((np.cumsum(lists.length(of)) - 1) * per_example // CHUNK).astype(np.int64)
    parts = [pairs(week, requests[:0], requests[:0])]
    for number in np.unique(chunk):
        mine = np.flatnonzero(chunk == number)
        row, place = lists.joined(of[mine])
        options = pairs(week, requests[mine][row], example[place])
        for verdict in _first(rules):
            options = narrow(verdict, options, week)
        row, session = members.joined(group[options.session])
        options = staffed(week, pairs(week, options.request[row], session))
        for rule in sorted(_then(rules), key=lambda rule: not rule.sharp):
            options = narrow(rule, options, week)
        parts.append(options)
    options = concatenate(parts)
    return options.in_order()


def removals(week: Week, rules: Sequence[Rule], requests: Ints, sessions: Ints | None = None) -> pd.DataFrame:
    """Which rule, the first to do so, removed how many sessions of which request.

    Parameters
    ----------
    week : Week
        The columns.
    rules : sequence of Rule
        In the order in which they are applied.
    requests : int array
        Codes.
    sessions : int array, optional
        Codes of the sessions to look at; all without it.

    Returns
    -------
    pandas.DataFrame
        ``request`` (code), ``rule``, ``source``, ``sessions`` (number removed), ``reason`` (words that many share),
        ``detail`` (the same in words of its own, where the rule has them).
    """
    looked_at = np.arange(len(week.sessions)) if sessions is None else sessions
    size = max(1, CHUNK // max(1, len(looked_at)))
    columns = ["request", "rule", "source", "sessions", "reason", "detail"]
    tables = [
        pd.DataFrame({name: pd.Series(dtype=int if name in ("request", "sessions") else "str") for name in columns})
    ]
    for first in range(0, len(requests), size):
        tables.extend(_removed(week, rules, requests[first : first + size], looked_at))
    return pd.concat(tables, ignore_index=True)[columns]


def _removed(week: Week, rules: Sequence[Rule], requests: Ints, sessions: Ints) -> Iterator[pd.DataFrame]:
    """A table for each rule that removed something."""
    number = np.zeros(len(week.requests), np.int64)
    number[requests] = np.arange(len(requests))
    options = staffed(week, pairs(week, np.repeat(requests, len(sessions)), np.tile(sessions, len(requests))))
    before = np.zeros((len(requests), len(week.sessions)), bool)
    before[:, sessions] = True
    for rule in (*_first(rules), *_then(rules)):
        looked_at, options = options, narrow(rule, options, week)
        after = np.zeros_like(before)
        after[number[options.request], options.session] = True
        gone = before & ~after
        hit = np.flatnonzero(gone.any(axis=1))
        if len(hit):
            lost = looked_at.take(np.flatnonzero(gone[number[looked_at.request], looked_at.session]))
            detail = _details(rule, lost, requests[hit], week)
            table = pd.DataFrame({"request": requests[hit], "sessions": gone[hit].sum(axis=1)})
            yield table.assign(rule=rule.name, source=rule.source, reason=rule.reason, detail=detail)
        before = after


def _details(rule: Rule, lost: Options, requests: Ints, week: Week) -> str | list[str]:
    """Why a rule removed what each request has lost by it."""
    if type(rule).why is Rule.why:
        return rule.reason
    of = Lists.by_key(lost.request, len(week.requests))
    return [rule.why(lost.take(of.joined(np.array([request]))[1]), week) for request in requests.tolist()]


def _first(rules: Sequence[Rule]) -> list[Forbids]:
    """Rules that decide by provider alone; applied to one session of each provider and site."""
    return [rule for rule in rules if isinstance(rule, Forbids) and rule.by_provider]


def _then(rules: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in rules if not (isinstance(rule, Forbids) and rule.by_provider)]


def _provider_site(week: Week) -> Ints:
    sessions = week.sessions
    return sessions.provider * max(1, len(sessions.site_ids)) + sessions.site


def _shortest(week: Week, rules: Sequence[Rule], requests: Ints, example: Ints) -> tuple[Ints, Lists]:
    """Which examples to look at for each request: what the rule lists that leaves the fewest, or all."""
    num_all = len(example)
    of, lists = np.zeros(len(requests), np.int64), Lists(np.zeros(1, np.int64), requests[:0]).with_all(num_all)
    for rule in _first(rules):
        listed = rule.listed(example, week)
        if listed is None:
            continue
        number, longer = listed[0][requests], listed[1].with_all(num_all)
        everything = (number < 0) | (week.requests.fixed[requests] & rule.waived)
        number = np.where(everything, len(longer.offset) - 2, number)
        if longer.length(number).sum() < lists.length(of).sum():
            of, lists = number, longer
    return of, lists
