"""A plan's folder, read back: the value that was written, or what has become of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from schedopt.answers.result import plan_around
from schedopt.errors import Fault, InputError
from schedopt.folders.edited import differences, ids_of
from schedopt.interop.plan_record import PlanRecord, parse_record
from schedopt.models.office import Office
from schedopt.models.problem.changes import taken_up
from schedopt.models.problem.check import check
from schedopt.models.problem.notice import released
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.office import assemble, read_schedule
from schedopt.writing import settle

RECORD, SCHEDULE = "plan.json", "schedule.csv"
WRITTEN = "expected the visits that were written with this plan: adopt these on purpose, or plan again"


@dataclass(frozen=True)
class Folder:
    """A plan's folder as it stands.

    Attributes
    ----------
    plan : Plan
        The plan that was written, where neither the office's data nor the schedule have changed since; otherwise one
        around the schedule as it is, by the rules of the office as it is, with nothing proved about it.
    newer : bool
        The office's data is not what was planned.
    edited : tuple of Fault
        How schedule.csv differs from what was written; empty where it does not.
    found : pandas.DataFrame
        What of schedule.csv the plan cannot hold, as :func:`schedopt.read_schedule` says it.
    """

    plan: Plan
    newer: bool
    edited: tuple[Fault, ...]
    found: pd.DataFrame


def read_plan(folder: str | Path, office: Office, *, adopt: bool = False) -> Plan:
    """Read a plan from its folder: what :func:`schedopt.write_plan` wrote, with everything that has happened to it.

    The folder holds ids, times and changes, and none of the office's data: that comes from the office.

    Parameters
    ----------
    folder : path
        Where the plan was written.
    office : Office
        That was planned. Where its data has changed since, the plan is one around the same schedule, by the rules as
        they are now, and may break some: see :func:`schedopt.check`, and :func:`schedopt.admit` for what to do.
    adopt : bool
        Take ``schedule.csv`` as it is, also where it was edited by hand. The plan may then break rules, and nothing is
        proved about it.

    Returns
    -------
    Plan
        Equal to the one that was written, in its problem with all changes, its schedule, tables and record.

    Raises
    ------
    InputError
        If a file is missing or is none of ours, if ``schedule.csv`` was cut or edited since it was written (with every
        cell and row that differs), or if it holds what no schedule of these days can.
    """
    read = read_folder(folder, office, adopt=adopt)
    if len(read.found):
        file = str(Path(folder) / SCHEDULE)
        rows = zip(read.found["request"], read.found["detail"], strict=True)
        raise InputError([Fault(file, None, "request", str(name), str(detail)) for name, detail in rows])
    return read.plan


def read_folder(folder: str | Path, office: Office, *, adopt: bool = False) -> Folder:
    """The same as :func:`read_plan`, and what has changed since the plan was written."""
    record, problem, edited = read_parts(folder, office, adopt=adopt)
    newer = record.fingerprint != problem.fingerprint
    schedule, found = read_schedule(problem, Path(folder) / SCHEDULE)
    if newer or edited or len(found) or check(problem, schedule).cost != record.cost:
        return Folder(plan_around(problem, schedule, {"read_from": SCHEDULE}), newer, edited, found)
    return Folder(_as_written(problem, schedule, record), newer, edited, found)


def read_parts(
    folder: str | Path, office: Office, *, adopt: bool = False
) -> tuple[PlanRecord, Problem, tuple[Fault, ...]]:  # fmt: skip
    """The record, the problem with all changes, and how schedule.csv differs from what was written, if it may."""
    record = read_record(folder)
    file = Path(folder) / SCHEDULE
    try:
        content = file.read_bytes()
    except OSError as error:
        words = f"expected the schedule of a plan: {(error.strerror or 'no reason given').lower()}"
        raise InputError([Fault(str(file), None, None, None, words)]) from None
    problem = released(assemble(office, record.first, record.now), record.asked)
    edited = differences(str(file), record.visits, content, ids_of(problem.week))
    if edited and not adopt:
        raise InputError([Fault(str(file), None, None, None, WRITTEN), *edited])
    return record, taken_up(problem, (record.booked, record.expected), record.changes), edited


def read_record(folder: str | Path) -> PlanRecord:
    """What plan.json of a plan's folder says.

    Raises
    ------
    InputError
        If there is none, or it is none of ours.
    """
    file = Path(folder) / RECORD
    try:
        settle(Path(folder))
        return parse_record(file.read_bytes())
    except OSError as error:
        words = f"expected the folder of a plan, with this file: {(error.strerror or 'no reason given').lower()}"
    except ValueError:
        words = "expected the record that 'schedopt plan' writes, with first_day, input_hash, changes and visits"
    raise InputError([Fault(str(file), None, None, None, words)])


def _as_written(problem: Problem, schedule: Schedule, record: PlanRecord) -> Plan:
    tables = dict(record.tables)
    told = tables.pop("left_out"), tables.pop("removed")
    return Plan(
        problem=problem, assignment=schedule, audit=check(problem, schedule), status=record.status, bound=record.bound,
        seconds=record.seconds, record=record.record, told=partial(_as_told, *told), **tables,
    )  # fmt: skip


def _as_told(left_out: pd.DataFrame, removed: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return left_out, removed
