"""What a simulation found, as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from schedopt.arrays import Floats, Ints
from schedopt.models.groups import group_codes
from schedopt.models.problem.plan import Plan
from schedopt.simulation.figures import half_width, ratio, waiting_figures
from schedopt.simulation.state import BUSY, IDLE, OVERTIME, URGENT, WALK_INS


@dataclass(frozen=True)
class Played:
    """What happened in each replication.

    Attributes
    ----------
    requests : tuple of str
        Ids of the visits.
    came : int array, shape (visits,)
        In how many replications the patient came.
    waits : float array, shape (visits, replications)
        Minutes waited, to some 0.001; NaN where the patient did not come or was not served to the end.
    counted : float array, shape (sessions, replications, COUNTED)
        See :mod:`schedopt.simulation.state`.
    length : float array, shape (sessions,)
        Minutes of each session.
    """

    requests: tuple[str, ...]
    came: Ints
    waits: NDArray[np.float32]
    counted: Floats
    length: Floats


@dataclass(frozen=True)
class Simulated:
    """A planned week, played many times. Every ``_half`` is half of the 95 % confidence interval of the column before.

    Tables about patients have, for those with an appointment who came: ``waiting_minutes`` (mean of all their waits,
    from the appointed time or the arrival, whichever is later, to the first step, and between steps), ``p90_minutes``
    (nine in ten do not wait longer), ``over_15_share`` and ``over_30_share`` (of the patients, 0 to 1, who wait longer
    than so many minutes), each with its half width, and ``not_served`` (mean number of patients a week who came, but
    a pool that they needed was closed for the rest of the day).

    Tables about time have: ``idle_minutes`` (within session hours; after the last patient, and after the time of the
    last appointment, nobody is waited for), ``overtime_minutes`` (past a session's end, until the last of its patients
    is done or the provider's next session of the day begins), ``utilisation`` (busy minutes, buffers included, over the
    minutes of the session, 0 to 1), each with its half width. All are means of a week.

    Attributes
    ----------
    replications, seed : int
        How often it was played, and with which random numbers.
    origin : mapping of str to str
        Where what is uncertain comes from, in words.
    visits : pandas.DataFrame
        One row a visit: ``request``, ``patient``, ``visit_type``, ``provider``, ``site``, ``session`` (ids), ``date``
        (datetime.date), ``arrive``, ``start`` (HH:MM, as planned: first step, and step with the provider), ``came``
        (share of the replications), and those about patients.
    sessions : pandas.DataFrame
        One row a session: ``session``, ``provider``, ``site``, ``date``, ``start``, ``end`` (HH:MM), ``visits``
        (planned), those about patients, those about time, ``walk_ins`` (mean number), ``walk_in_minutes`` (mean wait),
        ``walk_in_half``, ``urgent``, ``urgent_minutes`` and ``urgent_half``.
    providers : pandas.DataFrame
        The same by ``provider``, with ``sessions`` (number).
    visit_types, groups : pandas.DataFrame
        One row a ``visit_type`` or a ``group`` of patients: ``visits``, and those about patients. No groups: no rows.
    total : pandas.DataFrame
        One row, of the whole week, with the columns of `providers` but the name.
    played : Played
        What happened in each replication.
    """

    replications: int
    seed: int
    origin: Mapping[str, str] = field(repr=False)
    visits: pd.DataFrame = field(repr=False)
    sessions: pd.DataFrame = field(repr=False)
    providers: pd.DataFrame = field(repr=False)
    visit_types: pd.DataFrame = field(repr=False)
    groups: pd.DataFrame = field(repr=False)
    total: pd.DataFrame = field(repr=False)
    played: Played = field(repr=False)


def tables_of(
    plan: Plan, played: Played, seed: int, origin: Mapping[str, str], groups: Mapping[str, object] | None
) -> Simulated:
    """Work out the tables; `groups` is the group of each patient, by id."""
    week, schedule = plan.problem.week, plan.assignment
    requests, sessions, placed = week.requests, week.sessions, schedule.placed
    session = schedule.session[placed]

    def patients(visits: Ints) -> dict[str, float]:
        return _about_patients(played, visits)

    def both(visits: Ints, where: Ints) -> dict[str, float]:
        return {"visits": len(visits), **patients(visits), **_about_time(played, where)}

    of_session, of_provider = _members(session, len(sessions)), _members(sessions.provider[session])
    held = _members(sessions.provider, len(sessions.provider_ids))
    nobody = np.empty(0, np.int64)
    where = ["session", "provider", "site", "date", "start", "end"]
    hours = [dict(zip(where, row, strict=True)) for row in plan.sessions[where].itertuples(index=False)]
    members: tuple[Ints, tuple[str, ...]] = (nobody, ())
    if groups is not None:
        members = group_codes(groups[requests.patient_ids[p]] for p in requests.patient[placed].tolist())
    return Simulated(
        played.waits.shape[1], seed, dict(origin),
        _visits(plan, played, patients),
        _table(
            [row | both(of_session(s), np.array([s])) for s, row in enumerate(hours)],
            [*where, *both(nobody, nobody)],
        ),
        _table(
            [
                {"provider": name, "sessions": len(held(code))} | both(of_provider(code), held(code))
                for code, name in enumerate(sessions.provider_ids) if len(held(code))
            ],
            ["provider", "sessions", *both(nobody, nobody)],
        ),
        _by_name("visit_type", requests.visit_type[placed], requests.visit_type_ids, patients),
        _by_name("group", *members, patients),
        pd.DataFrame([{"sessions": len(sessions)} | both(np.arange(len(placed)), np.arange(len(sessions)))]),
        played,
    )  # fmt: skip


def _members(code: Ints, num: int | None = None) -> Callable[[int], Ints]:
    """Positions by code."""
    order = np.argsort(code, kind="stable")
    edges = np.searchsorted(code[order], np.arange((num or int(code.max(initial=-1)) + 1) + 1))

    def members(number: int) -> Ints:
        return order[edges[number] : edges[number + 1]] if number + 1 < len(edges) else order[:0]

    return members


def _about_patients(played: Played, visits: Ints) -> dict[str, float]:
    waits = played.waits[visits]
    missed = float(played.came[visits].sum() - (~np.isnan(waits)).sum()) / played.waits.shape[1]
    return waiting_figures(waits) | {"not_served": missed}


def _about_time(played: Played, sessions: Ints) -> dict[str, float]:
    counted = played.counted[sessions].sum(axis=0)
    minutes = float(played.length[sessions].sum())
    used = counted[:, BUSY] / minutes if minutes else counted[:, BUSY]
    found: dict[str, float] = {}
    for name, key, values in (
        ("idle_minutes", "idle_half", counted[:, IDLE]), ("overtime_minutes", "overtime_half", counted[:, OVERTIME]),
        ("utilisation", "utilisation_half", used),
    ):  # fmt: skip
        found |= {name: float(values.mean()), key: half_width(values)}
    for name, label, column in (("walk_ins", "walk_in", WALK_INS), ("urgent", "urgent", URGENT)):
        mean, half = ratio(counted[:, column + 1], counted[:, column])
        found |= {name: float(counted[:, column].mean()), f"{label}_minutes": mean, f"{label}_half": half}
    return found


def _visits(plan: Plan, played: Played, patients: Callable[[Ints], dict[str, float]]) -> pd.DataFrame:
    names = ["request", "patient", "visit_type", "provider", "site", "session", "date", "arrive", "start"]
    place = {name: number for number, name in enumerate(played.requests)}
    rows = []
    for visit in (place[visit.request] for visit in plan.visits):
        rows.append({"came": float(played.came[visit]) / played.waits.shape[1], **patients(np.array([visit]))})
    found = pd.DataFrame(rows, columns=["came", *patients(np.empty(0, np.int64))])
    return plan.schedule[names].join(found)


def _by_name(
    title: str, code: Ints, names: tuple[str, ...], patients: Callable[[Ints], dict[str, float]]
) -> pd.DataFrame:
    """One row a name that occurs."""
    members = _members(code, len(names))
    rows = [
        {title: name, "visits": len(members(number))} | patients(members(number))
        for number, name in enumerate(names)
        if len(members(number))
    ]
    return _table(rows, [title, "visits", *patients(np.empty(0, np.int64))])


def _table(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> pd.DataFrame:
    """A table with its columns even if it has no rows."""
    return pd.DataFrame(list(rows), columns=list(columns))
