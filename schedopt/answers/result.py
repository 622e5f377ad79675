"""From the best schedule to a plan: tables for people and programs, all worked out from the schedule."""

from __future__ import annotations

import datetime as dt
import platform
from collections.abc import Mapping, Sequence
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import pandas as pd

from schedopt.answers.left_out import Known, Why, reasons, sessions_left
from schedopt.answers.relief import place_words
from schedopt.answers.ruled_out import ruled_out
from schedopt.arrays import Ints
from schedopt.models.problem.check import Audit, check
from schedopt.models.problem.couplings import Coupling
from schedopt.models.problem.lengths import lengths_of
from schedopt.models.problem.plan import Plan, Status
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.rules import Rule
from schedopt.models.problem.schedule import Schedule
from schedopt.models.problem.visits import promised_words, text_column
from schedopt.solver.search.track import Track


def make_plan(
    problem: Problem, track: Track, status: Status, conflicts: pd.DataFrame, how: Mapping[str, object]
) -> Plan:
    """Work out a plan's tables.

    Parameters
    ----------
    problem : Problem
        As given.
    track : Track
        Holds the best schedule, of the problem without the promises that cannot be kept.
    status : str
        See :class:`~schedopt.models.problem.plan.Plan`.
    conflicts : pandas.DataFrame
        Promises that cannot be kept.
    how : mapping
        How it was solved, for the decision record.
    """
    seconds = track.seconds
    left_out = np.flatnonzero((track.best.session < 0) & (np.diff(track.problem.offset) > 0))
    least = np.full(len(track.best.session), float(track.bound))
    least[left_out] = track.least_with(left_out)
    return tables_of(
        problem, track.problem, track.best, status=status, bound=track.bound, conflicts=conflicts, seconds=seconds,
        trace=pd.DataFrame(
            [*track.trace, (round(seconds, 3), track.cost, track.bound)], columns=["seconds", "cost", "bound"]
        ),
        record=_record(problem, {**how, **track.effort}), known=Known(True, status == "optimal", least),
    )  # fmt: skip


def plan_around(
    problem: Problem, schedule: Schedule, how: Mapping[str, object], *, bound: int = 0, seconds: float = 0.0,
    conflicts: pd.DataFrame | None = None,
) -> Plan:  # fmt: skip
    """A plan around a schedule that was not searched for.

    Parameters
    ----------
    problem : Problem
        The week.
    schedule : Schedule
        Any schedule of it.
    how : mapping
        Where the schedule comes from, for the decision record.
    bound : int
        Points that no schedule of the problem costs less than; 0 where nothing better is proved.
    seconds : float
        What it took.
    conflicts : pandas.DataFrame, optional
        Visits that were given up, as in :attr:`~schedopt.models.problem.plan.Plan.conflicts`.

    Returns
    -------
    Plan
        Never called optimal, but for a schedule that costs no more than the bound.
    """
    cost = check(problem, schedule).cost
    given_up = pd.DataFrame(columns=["request", "rule", "source", "detail"]) if conflicts is None else conflicts
    status: Status = "conflict" if len(given_up) else "optimal" if cost <= bound else "feasible"
    return tables_of(
        problem, problem, schedule, status=status, bound=bound, conflicts=given_up, seconds=seconds,
        trace=pd.DataFrame([(round(seconds, 3), cost, bound)], columns=["seconds", "cost", "bound"]),
        record=_record(problem, how), known=Known(best=status == "optimal"),
    )  # fmt: skip


def tables_of(
    problem: Problem, kept: Problem, schedule: Schedule, *, status: Status, bound: int, conflicts: pd.DataFrame,
    seconds: float, trace: pd.DataFrame, record: Mapping[str, object], known: Known | None = None,
) -> Plan:  # fmt: skip
    """A plan around any schedule; `kept` is the problem without the promises that cannot be kept."""
    audit = check(problem, schedule)
    return Plan(
        problem=problem,
        assignment=schedule,
        audit=audit,
        status=status,
        bound=bound,
        told=partial(_told, problem, kept, schedule, audit, known or Known()),
        conflicts=conflicts,
        trace=trace,
        seconds=seconds,
        record=record,
    )


def _told(
    problem: Problem, kept: Problem, schedule: Schedule, audit: Audit, known: Known
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """The tables of requests left out, and of the sessions that rules removed for them."""
    left_out = np.flatnonzero(schedule.session < 0)
    left_out = left_out[np.argsort(-problem.left_out[left_out], kind="stable")]
    removed = ruled_out(problem, left_out)
    why = reasons(kept, schedule, audit, removed, left_out, known)
    ids = np.array(problem.week.requests.ids, object)
    by_request = _by_request(removed, left_out)
    return _left_out_table(kept, left_out, why), by_request.assign(
        request=ids[by_request["request"].to_numpy(np.int64)]
    )


def _by_request(removed: pd.DataFrame, requests: Ints) -> pd.DataFrame:
    """Rows about the same request together, in the order of the requests."""
    place = {code: number for number, code in enumerate(requests.tolist())}
    order = np.argsort([place[code] for code in removed["request"].tolist()], kind="stable")
    return removed.drop(columns="detail").iloc[order].reset_index(drop=True)


def _record(problem: Problem, how: Mapping[str, object]) -> dict[str, object]:
    names = ("schedopt", "ortools", "numpy", "scipy", "numba")
    return {
        "office": problem.office_name,
        "first_day": problem.calendar.first.isoformat(),
        "days": problem.calendar.num_days,
        **({} if problem.now is None else {"now": problem.now.isoformat()}),
        **({} if problem.asked is None else {"asked": problem.asked.isoformat()}),
        "input_hash": problem.fingerprint,
        "solved_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in names}},
        "weights": dict(problem.weights),
        "rules": [_rule(rule) for rule in problem.rules] + [_rule(coupling) for coupling in problem.couplings],
        **_lengths(problem),
        **how,
    }


def _lengths(problem: Problem) -> dict[str, object]:
    """Minutes that are not simply those of the office's tables: what visits are expected to take and are booked for."""
    booked, expected = lengths_of(problem)
    return {"lengths": {"booked": booked, "expected": expected}} if expected else {}


def _rule(rule: Rule | Coupling) -> dict[str, str]:
    return {"name": rule.name, "source": rule.source, "reason": rule.reason}


@cache
def _version(name: str) -> str:
    """Of a library; looking it up takes longer than to plan a tiny week."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _left_out_table(problem: Problem, left_out: Ints, why: Sequence[Why]) -> pd.DataFrame:
    requests = problem.week.requests
    codes = left_out.tolist()
    return pd.DataFrame(
        {
            "request": text_column([requests.ids[r] for r in codes]),
            "patient": text_column([requests.patient_ids[p] for p in requests.patient[left_out].tolist()]),
            "visit_type": text_column([requests.visit_type_ids[v] for v in requests.visit_type[left_out].tolist()]),
            "priority": requests.priority[left_out],
            "cost": problem.left_out[left_out],
            "sessions": len(problem.week.sessions),
            "sessions_left": [len(sessions_left(problem, r)) for r in codes],
            "promised": text_column(promised_words(problem.week, r) for r in codes),
            "cause": text_column(one.cause for one in why),
            "reason": text_column(one.reason for one in why),
            "proved": np.array([one.proved for one in why], bool),
            **_nearest_columns(problem, why),
        }
    )


def _nearest_columns(problem: Problem, why: Sequence[Why]) -> dict[str, object]:
    """The place nearest to fitting, what would have to give for it, and what the plan would cost more then."""
    near = [one.nearest for one in why]
    return {
        "nearest": text_column("" if r is None else place_words(problem, r) for r in near),
        "gives": text_column("" if r is None else r.kind for r in near),
        "what": text_column("" if r is None else r.what for r in near),
        "change": np.array([0 if r is None else r.change for r in near], np.int64),
    }
