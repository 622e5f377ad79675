"""The families of rules about a single visit.

A rule is a value that knows its name, its source and its reason, and has one vectorised function over a table of
options. :func:`narrow` uses that function to build the options a solver chooses from, :func:`judge` uses the same
function to audit and price visits that are already placed. So a rule is written once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import ClassVar

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.options import Options, concatenate
from schedopt.models.problem.spans import SpanTable
from schedopt.models.problem.week import Week


class Rule(ABC):
    """Base of the four families below.

    Attributes
    ----------
    name : str
        Short and unique, also the name of the part of the cost that the rule makes.
    source : str
        Name of the source that states it.
    reason : str
        Why it removes or prices an option, in words that a coordinator would use.
    relief : str
        What would have to be granted for a rule that removes options not to apply, in words; may be empty.
    waived : bool
        A fixed promise goes before this rule (the patient has agreed to it).
    by_provider : bool
        The verdict depends on request, provider and site alone, not on the session.
    sharp : bool
        Leaves very few options of some requests: applied before others where only what all rules leave matters.
    """

    name: ClassVar[str]
    source: ClassVar[str]
    reason: ClassVar[str]
    relief: ClassVar[str] = ""
    waived: ClassVar[bool] = False
    by_provider: ClassVar[bool] = False
    sharp: ClassVar[bool] = False
    unit: ClassVar[str] = "visits"

    def left_out(self, week: Week) -> Ints:
        """Points that this rule adds to the price of leaving each request out."""
        return np.zeros(len(week.requests), np.int64)

    def why(self, options: Options, week: Week) -> str:
        """Why it removes or prices options, all of one request, in words: without a say of its own, its reason."""
        return self.reason

    def grounds(self, options: Options, week: Week) -> str:
        """On what it rests that it lets options be, in words for people; mostly nothing."""
        return ""

    def for_week(self, week: Week) -> Rule:
        """The same rule for a week whose sessions have changed; most rules hold nothing of sessions."""
        return self

    def quantity(self, visits: Options, price: Ints, week: Week) -> int:
        """What the price of placed visits counts, in the rule's unit: without a say of its own, visits."""
        return int((price > 0).sum())

    def quantity_left_out(self, price: Ints) -> int:
        """What the price of requests left out counts, in the rule's unit: without a say of its own, visits."""
        return int((price > 0).sum())


class Forbids(Rule):
    """Allows an option or does not."""

    @abstractmethod
    def allows(self, options: Options, week: Week) -> Flags:
        """Which options are allowed."""

    def listed(self, sessions: Ints, week: Week) -> tuple[Ints, Lists] | None:
        """For a rule by provider that allows what stands on a list: the lists, so that nothing else is looked at.

        Parameters
        ----------
        sessions : int array
            Codes.
        week : Week
            The columns.

        Returns
        -------
        int array, shape (requests,), and Lists, or None
            Number of each request's list, or -1 if it has none and all is allowed; positions in `sessions` of what each
            list allows. None: the rule makes no lists.
        """
        return None


class Confines(Rule):
    """Allows starts, or whole visits, only inside spans of time.

    Attributes
    ----------
    whole_visit : bool
        True: all steps of the visit lie inside one span. False: the provider step starts inside one.
    """

    whole_visit: ClassVar[bool] = False

    @abstractmethod
    def spans(self, options: Options, week: Week) -> tuple[Ints, Ints, Ints]:
        """Row of `options`, first cell, cell after the last; spans of one row do not touch."""


class Prices(Rule):
    """Adds to the cost of an option."""

    @abstractmethod
    def price(self, options: Options, week: Week) -> Ints:
        """Points of each option."""


class PricesTimes(Rule):
    """Adds to the cost of starting outside spans of time."""

    @abstractmethod
    def times(self, options: Options, week: Week) -> tuple[SpanTable, Ints]:
        """Spans without a price, and the key of each option into them."""

    @abstractmethod
    def outside(self, options: Options, week: Week) -> Ints:
        """Points of each option for a start outside its spans."""


def narrow(rule: Rule, options: Options, week: Week) -> Options:
    """The options that a rule leaves: rows dropped, ranges narrowed or split, prices added."""
    exempt = week.requests.fixed[options.request] if rule.waived else np.zeros(len(options), bool)
    match rule:
        case Forbids():
            allowed = np.flatnonzero(rule.allows(options, week) | exempt)
            return options if len(allowed) == len(options) else options.take(allowed)
        case Prices():
            return replace(options, cost=options.cost + rule.price(options, week))
        case Confines():
            if not exempt.any():
                return _confined(rule, options, week)
            kept, others = options.take(exempt), options.take(~exempt)
            return concatenate([kept, _confined(rule, others, week)]).in_order()
        case PricesTimes():
            table, key = rule.times(options, week)
            inside = _ranges(options, *table.join(key))
            dearer = replace(options, cost=options.cost + rule.outside(options, week))
            return concatenate([inside, _ranges(dearer, *table.complement().join(key))]).in_order()
    raise TypeError(f"{type(rule).__name__} is of no family that can be applied")


def judge(rule: Rule, visits: Options, week: Week) -> tuple[Flags, Ints]:
    """Whether each visit keeps a rule, and what it costs by that rule; visits are options with one start."""
    fine, free = np.ones(len(visits), bool), np.zeros(len(visits), np.int64)
    exempt = week.requests.fixed[visits.request] if rule.waived else ~fine
    match rule:
        case Forbids():
            return rule.allows(visits, week) | exempt, free
        case Prices():
            return fine, rule.price(visits, week)
        case Confines():
            row, start, end = rule.spans(visits, week)
            if rule.whole_visit:
                inside = (visits.opens[row] >= start) & (visits.closes[row] <= end)
            else:
                inside = (visits.earliest[row] >= start) & (visits.earliest[row] < end)
            return exempt | np.isin(np.arange(len(visits)), row[inside]), free
        case PricesTimes():
            table, key = rule.times(visits, week)
            row, start, end = table.join(key)
            inside = (visits.earliest[row] >= start) & (visits.earliest[row] < end)
            outside = ~np.isin(np.arange(len(visits)), row[inside])
            return fine, np.where(outside, rule.outside(visits, week), 0)
    raise TypeError(f"{type(rule).__name__} is of no family that can be applied")


def _ranges(options: Options, row: Ints, start: Ints, end: Ints) -> Options:
    """Options at `row` with starts only from `start` to before `end`."""
    return _between(options, row, start, end - 1)


def _between(options: Options, row: Ints, first: Ints, last: Ints, **columns: Ints) -> Options:
    """Options at `row` with starts from `first` to `last` alone, and these other columns; empty ones left out."""
    columns |= {
        "earliest": np.maximum(options.earliest[row], first), "latest": np.minimum(options.latest[row], last)
    }  # fmt: skip
    open_ = columns["earliest"] <= columns["latest"]
    if not open_.all():
        row, columns = row[open_], {name: column[open_] for name, column in columns.items()}
    same = len(row) == len(options) and bool((row == np.arange(len(row))).all())
    return replace(options, **columns) if same else options.take(row, **columns)


def _confined(rule: Confines, options: Options, week: Week) -> Options:
    row, start, end = rule.spans(options, week)
    if not rule.whole_visit:
        return _ranges(options, row, start, end)
    request = options.request[row]
    lead, rest = week.lead[request], week.length_of(request, options.session[row]) + week.lag[request]
    opens, closes = np.maximum(options.opens[row], start), np.minimum(options.closes[row], end)
    return _between(options, row, opens + lead, closes - rest, opens=opens, closes=closes)
