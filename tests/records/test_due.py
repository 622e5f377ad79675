"""What is not due yet is a state of its own: outside cost, share and search, and said with its first day."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import event, given, settings

import schedopt
from schedopt.models import tables
from schedopt.models.problem.check import check
from schedopt.models.problem.due import NOT_DUE
from schedopt.models.problem.schedule import nothing_placed
from schedopt.models.tables import Request
from tests.effort import BRIEF, examples
from tests.offices import Case, cases
from tests.reference import Judge
from tests.smallest import FIRST, Smallest

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not next to this repository (../shared)")
LATER = dt.date(2027, 1, 10)


def office_with(*requests: dict[str, Any], appointments: tuple[tables.Appointment, ...] | None = None) -> Smallest:
    """The smallest office with these requests of its patient."""
    rows = tuple(Request(**{"patient": "N1", "visit_type": "v"} | row) for row in requests)
    base = Smallest().office
    rows = tuple(row.model_copy(update={"visit_type": base.visit_types[0].visit_type}) for row in rows)
    rows = tuple(row.model_copy(update={"patient": base.patients[0].patient}) for row in rows)
    return Smallest(changes={"requests": rows, "appointments": appointments}, placed=())


def days_of(smallest: Smallest) -> dict[str, dt.date]:
    """First day of each request that is not due."""
    return {later.request: later.due_from for later in smallest.problem().week.requests.not_due}


def promise(request: str, day: int, mark: str) -> tables.Appointment:
    """An appointment so many days after the first one planned."""
    date = FIRST + dt.timedelta(days=day)
    return tables.Appointment(request=request, provider="DR1", date=date, start="08:00", mark=mark)


@settings(max_examples=examples(96))
@given(cases())
def test_those_not_due_are_those_of_a_reading_by_hand(case: Case) -> None:
    """Due are the requests that the reference plans; all others are promised elsewhere, or said to be due later."""
    requests, reference = case.problem.week.requests, Judge(case.office, case.first)
    event(f"some not due: {bool(requests.not_due)}")
    assert list(requests.ids) == list(reference.requests)
    later = {one.request for one in requests.not_due}
    assert later == {row.request for row in case.office.requests} - set(requests.ids) - set(reference.elsewhere)
    assert all(one.due_from > reference.days[-1] for one in requests.not_due)


@settings(max_examples=examples(48))
@given(cases())
def test_what_is_not_due_makes_no_difference(case: Case) -> None:
    """The week costs what it costs in an office without those requests."""
    later = {one.request for one in case.problem.week.requests.not_due}
    names = {row.request for row in case.office.requests} - later
    if any(row.after in later or row.same_day_as in later for row in case.office.requests if row.request in names):
        return
    without = {
        name: tuple(row for row in rows if getattr(row, "request", None) not in later)
        for name in ("requests", "availability", "preferences", "appointments", "cancellations", "authorisations")
        if (rows := getattr(case.office, name)) is not None
    }
    problem = schedopt.assemble(case.office.model_copy(update=without), case.first)
    ours, theirs = (check(p, nothing_placed(p.week)).cost for p in (case.problem, problem))
    assert ours == theirs
    assert case.problem.left_out.tolist() == problem.left_out.tolist()


def test_days_of_a_series_add_up() -> None:
    """A chain is due from the day on that its distances add up to; a day less, and it is due in these days."""
    chain = [
        {"request": "A"},
        {"request": "B", "after": "A", "after_min_days": 1},
        {"request": "C", "after": "B", "after_min_days": 1},
        {"request": "D", "after": "C"},
    ]
    assert days_of(office_with(*chain)) == {
        "C": FIRST + dt.timedelta(days=2),
        "D": FIRST + dt.timedelta(days=3),
    }
    assert days_of(office_with(*chain[:2])) == {}


def test_the_day_after_the_last_is_too_late() -> None:
    """Ready on the last day planned is due, on the next day is not."""
    last = FIRST + dt.timedelta(days=1)
    next_day = last + dt.timedelta(days=1)
    assert days_of(office_with({"request": "A", "ready": last}, {"request": "B", "ready": next_day})) == {"B": next_day}


def test_what_is_promised_in_these_days_is_due() -> None:
    """So is what a promised visit follows, whose promise would else be kept without it."""
    rows = [{"request": "A", "ready": LATER}, {"request": "B", "after": "A"}]
    assert set(days_of(office_with(*rows))) == {"A", "B"}
    for mark in ("fixed", "movable"):
        assert days_of(office_with(*rows, appointments=(promise("B", 1, mark),))) == {}
        assert set(days_of(office_with(*rows, appointments=(promise("A", 0, mark),)))) in (set(), {"B"})


def test_when_a_visit_of_these_days_is_promised_makes_no_difference() -> None:
    """So a plan that is published costs what it cost: nobody left out is due later only because of it."""
    rows = [{"request": "A"}, {"request": "B", "after": "A"}]
    for mark in ("fixed", "movable"):
        assert days_of(office_with(*rows, appointments=(promise("A", 1, mark),))) == {}


def test_what_can_be_on_no_day_at_all_is_left_out() -> None:
    """A visit that the patient is ready for only after its series is over is not due later: it is never possible."""
    rows = [{"request": "A"}, {"request": "B", "after": "A", "after_max_days": 3, "ready": LATER}]
    assert days_of(office_with(*rows, appointments=(promise("A", -1, "fixed"),))) == {}
    rows[1] |= {"after_max_days": 60}
    assert days_of(office_with(*rows, appointments=(promise("A", -1, "fixed"),))) == {"B": LATER}


def test_a_visit_that_is_not_due_is_a_breach_of_a_typed_schedule() -> None:
    """The rest of the schedule is read, and the visit is said to be too early."""
    problem = office_with({"request": "A"}, {"request": "B", "ready": LATER}).problem()
    rows = [("A", "DR1", FIRST, "08:00"), ("B", "DR1", FIRST, "09:00")]
    schedule, found = schedopt.read_schedule(
        problem, pd.DataFrame(rows, columns=["request", "provider", "date", "start"])
    )
    assert len(schedule.placed) == 1
    assert found[["request", "rule"]].to_numpy().tolist() == [["B", NOT_DUE]]
    assert "Sun 10 Jan 2027" in found["detail"].iloc[0]


def test_questions_about_a_request_that_is_not_due_are_answered() -> None:
    """Explain says from when, recommend and an urgent wish are refused with the day, and it may be cancelled."""
    problem = office_with({"request": "A"}, {"request": "B", "ready": LATER}).problem()
    plan = schedopt.plan(problem, time_limit=BRIEF, progress=False, deterministic=True)
    told = schedopt.explain(plan, "B")
    assert "10 Jan 2027" in told.sentences[0]
    assert not len(told.gives)
    assert not told.placed
    with pytest.raises(ValueError, match="10 Jan 2027"):
        schedopt.recommend(plan, "B")
    with pytest.raises(ValueError, match="10 Jan 2027"):
        schedopt.replan(plan, [schedopt.Urgent("B")])
    after = schedopt.replan(plan, [schedopt.Cancelled("B")]).plan
    assert after.problem.week.requests.not_due == ()
    assert after.problem.changes == (schedopt.Cancelled("B"),)
    assert after.cost == plan.cost


def test_a_plan_written_before_there_was_this_state_is_read(tmp_path: Path) -> None:
    """Its figures count what is not due as left out; it is read as a plan around its schedule, with nothing proved."""
    smallest = office_with({"request": "A"}, {"request": "B", "ready": LATER})
    plan = schedopt.plan(smallest.problem(), time_limit=BRIEF, progress=False, deterministic=True)
    folder = schedopt.write_plan(plan, tmp_path / "plan")
    assert (folder / "not_due.csv").read_text().count("\n") == 2
    read = schedopt.read_plan(folder, smallest.office)
    assert read.not_due.equals(plan.not_due)
    assert read.status == plan.status
    content = json.loads((folder / "plan.json").read_text())
    assert [row["request"] for row in content.pop("not_due")] == ["B"]
    content["cost"] += 400
    content["bound"] += 400
    (folder / "plan.json").write_text(json.dumps(content))
    old = schedopt.read_plan(folder, smallest.office)
    assert (old.cost, old.bound) == (plan.cost, 0)


@needs_cases
@pytest.mark.parametrize(
    ("case", "later", "cost"),
    [("27-future-request", {"R1": "2027-01-10"}, 450), ("08b-series-tail", {"R2": "2027-01-25"}, 0)],
)
@pytest.mark.filterwarnings("ignore::schedopt.errors.InputWarning")
def test_cases_have_their_days(case: str, later: dict[str, str], cost: int) -> None:
    """Who is due later is named with the day, costs nothing, and counts neither as placed nor as left out."""
    problem = schedopt.assemble(schedopt.read_office(CASES / case), FIRST)
    plan = schedopt.plan(problem, time_limit=BRIEF, progress=False, deterministic=True)
    assert dict(zip(plan.not_due["request"], plan.not_due["due_from"].astype(str), strict=True)) == later
    assert plan.cost == cost
    assert not np.isin(plan.left_out["request"], list(later)).any()
    assert "Not due yet  1 more request" in schedopt.summary(plan)
    assert "Not due yet" in schedopt.report_html(plan)
