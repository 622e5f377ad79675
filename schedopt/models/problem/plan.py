"""A plan: a schedule together with everything that is known about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import pandas as pd

from schedopt.models.problem.check import Audit
from schedopt.models.problem.due import not_due_table
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.uses import SessionUse, pools_table, session_uses, sessions_table
from schedopt.models.problem.visits import Visit, schedule_table, visits_of

Status = Literal["optimal", "feasible", "nothing found", "conflict"]


def _no_levels() -> pd.DataFrame:
    return pd.DataFrame({"level": [], "parts": [], "points": [], "bound": []})


@dataclass(frozen=True)
class Plan:
    """Next week's schedule, its cost, its proven bound, and why the rest was left out.

    Attributes
    ----------
    problem : Problem
        What was solved.
    assignment : Schedule
        The schedule as arrays.
    audit : Audit
        What the check says of the schedule.
    status : {"optimal", "feasible", "nothing found", "conflict"}
        ``optimal``: proved best. ``feasible``: the best found in the time given. ``nothing found``: no visit could
        be placed before time ended. ``conflict``: promised appointments contradict each other or a rule; see
        `conflicts`; the schedule keeps as many of them as it can.
    bound : int
        Points; no schedule of this problem costs less.
    told : callable
        Works out `left_out` and `removed`: what is said of requests left out takes longer than all else, and is not
        asked of most plans that lead from one to the next.
    conflicts : pandas.DataFrame
        Breaches among the fixed appointments: ``request``, ``rule``, ``source``, ``detail`` (words). What contradicts
        what, :func:`schedopt.conflict` says.
    trace : pandas.DataFrame
        Cost and bound over time: ``seconds``, ``cost``, ``bound`` (points).
    seconds : float
        Time the solving took.
    record : mapping
        The decision record that ``plan.json`` carries: hash of the input, versions, seed, weights, rules;
        of a search also ``moves`` and ``moves_per_second``, of all workers while they moved visits.
    levels : pandas.DataFrame
        One row a level of strict priorities, where any were asked for: ``level`` (from 1), ``parts`` (names of parts of
        the cost), ``points`` (by the office's weights), ``bound`` (points; no schedule that does as well in the levels
        before costs less in this one).
    """

    problem: Problem = field(repr=False)
    assignment: Schedule = field(repr=False)
    audit: Audit = field(repr=False)
    status: Status
    bound: int
    told: Callable[[], tuple[pd.DataFrame, pd.DataFrame]] = field(repr=False)
    conflicts: pd.DataFrame = field(repr=False)
    trace: pd.DataFrame = field(repr=False)
    seconds: float
    record: Mapping[str, object] = field(repr=False)
    levels: pd.DataFrame = field(default_factory=_no_levels, repr=False)

    @property
    def cost(self) -> int:
        """Points; the sum of `costs`."""
        return self.audit.cost

    @property
    def costs(self) -> pd.DataFrame:
        """One row a part: ``part``, ``source``, ``points``, ``quantity``, ``unit``."""
        return self.audit.costs

    @property
    def gap(self) -> float:
        """Share of the cost that the bound leaves open: (cost - bound) / cost; 0 is proved best."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0

    @cached_property
    def _told(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        return self.told()

    @property
    def left_out(self) -> pd.DataFrame:
        """One row a request left out, dearest first.

        Columns are ``request``, ``patient``, ``visit_type``, ``priority``, ``cost`` (points of leaving it out),
        ``sessions`` (number considered), ``sessions_left`` (number no rule removed), ``promised`` (words: when and with
        whom; empty without a promise), ``cause`` (words that requests left out for the same cause share), ``reason``
        (words of its own), ``proved`` (bool: no session will do, or no schedule that places it is better; otherwise no
        place was found, and there may be one), ``nearest`` (words: the place nearest to fitting, when and with whom),
        ``gives`` (name of the rule or coupling that would have to give for it; or ``overtime``, ``longer_session``,
        ``move``), ``what`` (words: what would have to give), ``change`` (points that the plan's cost would change by).
        These four are empty, and 0, where no single change gives a place, and are worked out for the 20 dearest
        requests.
        """
        return self._told[0]

    @property
    def removed(self) -> pd.DataFrame:
        """Why sessions were no option for the requests left out, in the order of `left_out`.

        Columns are ``request``, ``rule``, ``source`` (``records``, ``billing`` or ``rosters``), ``sessions`` (number
        that this rule, the first to do so, removed), ``reason``. Under the rule ``closed``, the closures that took
        sessions which would have done.
        """
        return self._told[1]

    @cached_property
    def visits(self) -> tuple[Visit, ...]:
        """The visits, by date, start and provider."""
        return visits_of(self.problem.week, self.assignment, self.audit.visit_points)

    @cached_property
    def schedule(self) -> pd.DataFrame:
        """One row a visit, in the order of `visits`.

        Columns are ``request``, ``patient``, ``visit_type``, ``provider``, ``site`` (ids), ``session`` (id), ``date``
        (datetime.date), ``arrive`` (HH:MM, first step), ``start``, ``end`` (HH:MM, provider step), ``depart`` (HH:MM,
        end of the last step), ``steps`` (HH:MM;HH:MM, start of every step in order), ``promise`` (empty, ``fixed``,
        ``kept`` or ``moved``), ``promised`` (words: when and with whom; empty without a promise), ``cost`` (points of
        the rules that look at this visit alone).
        """
        return schedule_table(self.visits)

    @cached_property
    def not_due(self) -> pd.DataFrame:
        """One row a request that is due only after the days planned, the earliest first; no cost and no share has it.

        Columns are ``request``, ``patient``, ``visit_type`` (ids), ``due_from`` (datetime.date, the first day on which
        it may be seen), ``reason`` (words: why not sooner).
        """
        return not_due_table(self.problem.week.requests.not_due)

    @cached_property
    def session_uses(self) -> tuple[SessionUse, ...]:
        """The sessions, and what the schedule makes of each."""
        return session_uses(self.problem, self.assignment)

    @cached_property
    def sessions(self) -> pd.DataFrame:
        """One row a session, in the order of `session_uses`.

        Columns are ``session``, ``provider``, ``site``, ``date``, ``start``, ``end`` (HH:MM), ``visits``,
        ``seen_minutes``, ``idle_minutes``, ``overtime_minutes``, ``utilisation`` (seen over regular minutes).
        """
        return sessions_table(self.session_uses)

    @cached_property
    def pools(self) -> pd.DataFrame:
        """One row a pool and day on which its site has sessions.

        Columns are ``pool``, ``site``, ``kind``, ``date``, ``capacity`` (units), ``used_minutes``, ``open_minutes``
        (unit minutes within the site's sessions), ``utilisation``.
        """
        return pools_table(self.problem, self.assignment)
