"""From all pairs of request and session to the options that the rules leave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from schedopt.models.options import Options, concatenate, pairs
from schedopt.models.rules import Forbids, Rule, narrow
from schedopt.models.week import Ints, Week

CHUNK = 1_000_000
"""Pairs of request and provider that are looked at together; bounds the memory needed."""


def all_options(week: Week, rules: Sequence[Rule]) -> Options:
    """Options of all requests, sorted by request, session and earliest start."""
    per_request = max(1, len(np.unique(_provider_site(week))))
    size = max(1, CHUNK // per_request)
    chunks = [
        _options(week, rules, np.arange(first, min(first + size, len(week.requests))))
        for first in range(0, max(1, len(week.requests)), size)
    ]
    options = concatenate(chunks)
    return options.take(np.lexsort((options.earliest, options.session, options.request)))


def options_of(week: Week, rules: Sequence[Rule], requests: Ints) -> Options:
    """Options of some requests alone, sorted by request, session and earliest start."""
    options = _options(week, rules, requests)
    return options.take(np.lexsort((options.earliest, options.session, options.request)))


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
        ``request`` (code), ``rule``, ``source``, ``sessions`` (number removed), ``reason``.
    """
    looked_at = np.arange(len(week.sessions)) if sessions is None else sessions
    size = max(1, CHUNK // max(1, len(looked_at)))
    columns = ["request", "rule", "source", "sessions", "reason"]
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
    options = pairs(week, np.repeat(requests, len(sessions)), np.tile(sessions, len(requests)))
    before = np.zeros((len(requests), len(week.sessions)), bool)
    before[:, sessions] = True
    for rule in (*_first(rules), *_then(rules)):
        options = narrow(rule, options, week)
        after = np.zeros_like(before)
        after[number[options.request], options.session] = True
        gone = (before & ~after).sum(axis=1)
        hit = np.flatnonzero(gone)
        if len(hit):
            table = pd.DataFrame({"request": requests[hit], "sessions": gone[hit]})
            yield table.assign(rule=rule.name, source=rule.source, reason=rule.reason)
        before = after


def _first(rules: Sequence[Rule]) -> list[Rule]:
    """Rules that decide by provider alone; applied to one session of each provider and site."""
    return [rule for rule in rules if isinstance(rule, Forbids) and rule.by_provider]


def _then(rules: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in rules if not (isinstance(rule, Forbids) and rule.by_provider)]


def _provider_site(week: Week) -> Ints:
    sessions = week.sessions
    return sessions.provider * max(1, len(sessions.site_ids)) + sessions.site


def _options(week: Week, rules: Sequence[Rule], requests: Ints) -> Options:
    """Decide by provider and site first, on one session of each, then on all sessions of those that are left."""
    _, example, group = np.unique(_provider_site(week), return_index=True, return_inverse=True)
    options = pairs(week, np.repeat(requests, len(example)), np.tile(example, len(requests)))
    for rule in _first(rules):
        options = narrow(rule, options, week)
    order = np.argsort(group, kind="stable")
    offset = np.searchsorted(group[order], np.arange(len(example) + 1))
    mine = group[options.session]
    counts = offset[mine + 1] - offset[mine]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    sessions = order[np.repeat(offset[mine], counts) + within]
    options = pairs(week, np.repeat(options.request, counts), sessions)
    for rule in _then(rules):
        options = narrow(rule, options, week)
    return options
