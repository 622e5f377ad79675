"""A plan read back from its folder is the plan that was written."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.folders import admit_folder
from schedopt.interop.plan_record import parse_record, record_text
from schedopt.models.problem.changes import faults_of
from schedopt.models.problem.lengths import with_lengths
from tests.answers.test_replan import TINY, changes_of
from tests.conversation import assert_same_plan
from tests.desk import crowded, planned
from tests.effort import examples
from tests.offices import Case, cases


def written_and_read(office: schedopt.Office, plan: schedopt.Plan) -> schedopt.Plan:
    """What comes back of a plan; written once more, it has the same record, trace and seconds included."""
    with tempfile.TemporaryDirectory() as folder:
        read = schedopt.read_plan(schedopt.write_plan(plan, Path(folder) / "plan"), office)
    assert record_text(read, ()) == record_text(plan, ())
    return read


def with_fingerprint(case: Case) -> tuple[schedopt.Office, schedopt.Problem]:
    """The office as a reader would give it, and its problem."""
    office = schedopt.extend_office(case.office, {})
    return office, schedopt.assemble(office, case.first)


@settings(max_examples=examples(12))
@given(cases(TINY))
def test_a_plan_is_read_as_it_was_written(case: Case) -> None:
    """A fresh plan of any small week, conflicts and levels included, comes back with all its tables and its record."""
    office, problem = with_fingerprint(case)
    plan = schedopt.plan(problem, 0.2, 1, progress=False, deterministic=True, lexicographic=[("unscheduled",)])
    assert_same_plan(written_and_read(office, plan), plan)


@settings(max_examples=examples(13))
@given(st.one_of(crowded(), planned(TINY)), st.data())
def test_a_repaired_plan_is_read_as_it_was_written(drawn: tuple[Case, schedopt.Plan], data: st.DataObject) -> None:
    """After changes, twice, and with appointments cut short or expected to last longer, a plan comes back with
    promises, sessions, pools, lengths and options as they were; and repaired again, both are the same.
    """
    case, first = drawn
    office, problem = with_fingerprint(case)
    plan = schedopt.admit(first, problem)
    assume(plan.status != "conflict")
    for _ in range(2):
        changes = data.draw(changes_of(case, plan))
        assume(not faults_of(plan.problem, changes))
        plan = schedopt.replan(plan, changes, 0.2).plan
        read = written_and_read(office, plan)
        assert_same_plan(read, plan)
        plan = read


@settings(max_examples=examples(12))
@given(crowded())
def test_lengths_are_read_as_they_were_written(drawn: tuple[Case, schedopt.Plan]) -> None:
    """Appointments that are shorter than their visits stay so."""
    case, plan = drawn
    office, problem = with_fingerprint(case)
    expected = dict.fromkeys(problem.week.requests.ids, 30)
    problem = with_lengths(problem, {problem.week.requests.ids[0]: 15}, expected)
    plan = schedopt.plan(problem, 0.1, 1, progress=False, deterministic=True)
    assert_same_plan(written_and_read(office, plan), plan)


@settings(max_examples=examples(13))
@given(crowded(), st.sampled_from((15, 30)), st.sampled_from((0, 15, 30)))
def test_a_folder_is_admitted_as_the_plan_in_memory(
    drawn: tuple[Case, schedopt.Plan], minutes: int, wait: int
) -> None:  # fmt: skip
    """Whatever the steps beside the provider's last by now, and wherever they were, both give the same plan."""
    case, plan = drawn
    steps = tuple(row.model_copy(update={"minutes": minutes, "max_wait": wait}) for row in case.office.steps or ())
    newer = schedopt.extend_office(case.office.model_copy(update={"steps": steps}), {})
    with tempfile.TemporaryDirectory() as folder:
        read = admit_folder(schedopt.write_plan(plan, Path(folder) / "plan"), newer)
    admitted = schedopt.admit(plan, schedopt.assemble(newer, case.first))
    assert_same_plan(read, admitted)
    assert read.visits == admitted.visits


@settings(max_examples=examples(3))
@given(crowded())
def test_what_is_no_record(drawn: tuple[Case, schedopt.Plan]) -> None:
    """A record with any part missing, or of another kind, is none; the whole one is read."""
    content = json.loads(record_text(drawn[1], ()))
    assert parse_record(json.dumps(content).encode()).visits == drawn[1].visits
    missing = [
        {name: value for name, value in content.items() if name != key}
        for key in ("first_day", "input_hash", "changes", "visits", "status", "bound", "left_out", "trace", "levels")
    ]
    odd = [content | {key: 5.5} for key in ("first_day", "changes", "visits", "status", "left_out", "trace")]
    change = {"change": "away", "provider": "DR1", "start": "soon", "end": "later"}
    changed = [content | {"changes": [wire]} for wire in ({"change": "moved"}, change, 3)]
    for broken in (*missing, *odd, *changed):
        with pytest.raises(ValueError, match=r"record|status|isoformat"):
            parse_record(json.dumps(broken).encode())


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    """A folder without plan.json, or without schedule.csv, is an error that names the file."""
    office = schedopt.Office()
    with pytest.raises(schedopt.InputError, match=r"plan\.json: expected the folder of a plan"):
        schedopt.read_plan(tmp_path, office)
