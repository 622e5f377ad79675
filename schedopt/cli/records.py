"""What a plan's folder says about the plan: which week, of which data."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import schedopt
from schedopt.cli.speech import say
from schedopt.errors import Fault, InputError
from schedopt.models.lengths import with_lengths

RECORD, SCHEDULE = "plan.json", "schedule.csv"


@dataclass(frozen=True, slots=True)
class Record:
    """The parts of plan.json that commands need.

    Attributes
    ----------
    first : datetime.date
        The first day planned.
    fingerprint : str
        Of the office's data that was planned.
    booked, expected : mapping of str to int
        Minutes by request, where start times have been set: of appointments that are shorter than their visits, and
        that visits are expected to take.
    cost : int
        Points.
    reasons : mapping of str to str
        Why each request that was left out was, by its id.
    """

    first: dt.date
    fingerprint: str
    booked: Mapping[str, int]
    expected: Mapping[str, int]
    cost: int
    reasons: Mapping[str, str]


def read_record(folder: Path) -> Record:
    """Read plan.json of a plan's folder.

    Raises
    ------
    InputError
        If there is none, or it is none of ours.
    """
    try:
        content = json.loads((folder / RECORD).read_bytes())
        booked, expected = (
            {str(name): int(minutes) for name, minutes in content.get("lengths", {}).get(key, {}).items()}
            for key in ("booked", "expected")
        )
        reasons = {str(row["request"]): str(row["reason"]) for row in content.get("unplaced", ())}
        return Record(
            dt.date.fromisoformat(content["first_day"]), str(content["input_hash"]), booked, expected,
            int(content.get("cost", 0)), reasons,
        )  # fmt: skip
    except OSError as error:
        words = f"expected the folder of a plan, with this file: {(error.strerror or 'no reason given').lower()}"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        words = "expected the record that 'schedopt plan' writes, with first_day and input_hash"
    raise InputError([Fault(str(folder / RECORD), None, None, None, words)])


def as_planned(record: Record, problem: schedopt.Problem) -> schedopt.Problem:
    """The problem with the plan's lengths of appointments; says so where the office's data is not what was planned."""
    if record.fingerprint != problem.fingerprint:
        say("Note: the office's data has changed since this was planned.", error=True)
    grid, known = problem.calendar.grid, problem.week.request_code
    fit = [
        {name: minutes for name, minutes in lengths.items() if name in known and minutes > 0 and minutes % grid == 0}
        for lengths in (record.booked, record.expected)
    ]
    return with_lengths(problem, *fit)
