"""What a plan's patients get by group is what its schedule says."""

from __future__ import annotations

import datetime as dt
from math import ceil, isclose, isnan

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.answers.result import tables_of
from schedopt.models.problem.check import check
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.models.problem.schedule import Schedule
from schedopt.models.tables.fields import parse_time
from tests.effort import examples
from tests.offices import COLUMNS, Case, cases
from tests.schedules import sound


def plan_of(problem: Problem, schedule: Schedule) -> Plan:
    """A plan around a schedule."""
    nothing = pd.DataFrame()
    return tables_of(
        problem, problem, schedule, status="feasible", bound=0, conflicts=nothing, seconds=0.0, trace=nothing, record={}
    )  # fmt: skip


@st.composite
def plans(draw: st.DrawFn) -> tuple[Case, Plan]:
    """An office and a plan of its week."""
    case = draw(cases())
    return case, plan_of(case.problem, draw(sound(case.problem)))


@settings(max_examples=examples(20))
@given(plans(), st.sampled_from(COLUMNS))
def test_groups_get_what_the_schedule_says(drawn: tuple[Case, Plan], column: str) -> None:
    """Numbers and means of each group are those counted by hand from the tables of office and plan."""
    case, plan = drawn
    found = schedopt.equity(plan, case.office, column).set_index("group")
    wanted = _by_hand(case, plan, column)
    assert [name.casefold() for name in found.index] == sorted(wanted)
    for name, row in found.iterrows():
        requests, waits, through, minutes = wanted[str(name).casefold()]
        assert (row["requests"], row["visits"], row["left_out"]) == (requests, len(waits), requests - len(waits))
        assert isclose(row["share_left_out"], 1 - len(waits) / requests, abs_tol=1e-9)
        assert isclose(row["access_wait_all_days"], through / requests, abs_tol=1e-9)
        for figure, amounts in (("access_wait_days", waits), ("office_wait_minutes", minutes)):
            assert isclose(row[figure], sum(amounts) / len(amounts)) if amounts else isnan(row[figure])


def _by_hand(case: Case, plan: Plan, column: str) -> dict[str, tuple[int, list[int], int, list[int]]]:
    """Requests, days waited by visit, days waited by all, and office wait by visit, for each group."""
    patients = {row.patient: row for row in case.office.patients}
    visits = {row.request: row for row in plan.schedule.itertuples()}
    after = case.first + dt.timedelta(days=case.office.settings.days)
    groups: dict[str, tuple[int, list[int], int, list[int]]] = {}
    for request in case.office.requests:
        if request.request not in plan.problem.week.requests.ids:
            continue
        value, ready = getattr(patients[request.patient], column), request.ready or case.first
        name = {True: "yes", False: "no", None: "(empty)", "": "(empty)"}.get(value, value).casefold()
        number, waits, through, minutes = groups.setdefault(name, (0, [], 0, []))
        visit = visits.get(request.request)
        if visit:
            waits.append(max(0, (visit.date - ready).days))
            week = plan.problem.week
            code = week.request_code[request.request]
            cells = int(week.step_lengths(code, int(plan.assignment.session[code])).sum())
            minutes.append(parse_time(visit.depart) - parse_time(visit.arrive) - cells * plan.problem.calendar.grid)
        through += waits[-1] if visit else max(0, (after - ready).days)
        groups[name] = (number + 1, waits, through, minutes)
    return groups


@settings(max_examples=examples(20))
@given(plans())
def test_the_price_of_unfairness_follows_from_the_table(drawn: tuple[Case, Plan]) -> None:
    """The days that the rule prices are those by which, in the table, groups wait longer than all, rounded up."""
    case, plan = drawn
    column, most = case.office.settings.fairness.column, case.office.settings.fairness.most_days
    if column is None:
        return
    table = schedopt.equity(plan, case.office, column)
    days = table["access_wait_all_days"] * table["requests"]
    over = days - table["requests"] * (days.sum() / table["requests"].sum() + most) if len(table) else days
    (part,) = (part for part in check(plan.problem, plan.assignment).parts if part.name == "fair_access")
    assert part.quantity == sum(max(0, ceil(beyond - 1e-9)) for beyond in over)


@settings(max_examples=examples(24))
@given(plans(), st.sampled_from(COLUMNS))
def test_groups_come_as_office_table_or_mapping(drawn: tuple[Case, Plan], column: str) -> None:
    """The office, its table as a DataFrame, and groups by id, as a mapping or Series, say the same."""
    case, plan = drawn
    frame = pd.DataFrame([row.model_dump() for row in case.office.patients])
    found = schedopt.equity(plan, case.office, column)
    groups = frame.set_index("patient")[column]
    for other in (
        schedopt.equity(plan, frame, column), schedopt.equity(plan, groups), schedopt.equity(plan, dict(groups)),
    ):  # fmt: skip
        pd.testing.assert_frame_equal(found, other)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A plan of one patient."""
    frames = {
        "providers": [{"provider": "D"}], "visit_types": [{"visit_type": "v", "minutes": 20}],
        "patients": [{"patient": "N1"}], "requests": [{"request": "R1", "patient": "N1", "visit_type": "v"}],
        "shifts": [{"provider": "D", "site": "S", "date": "2026-11-30", "start": "08:00", "end": "09:00"}],
    }  # fmt: skip
    office = schedopt.office_from_frames({name: pd.DataFrame(rows) for name, rows in frames.items()})
    return schedopt.plan(schedopt.assemble(office, dt.date(2026, 11, 30)), time_limit=1, progress=False)


@pytest.mark.parametrize(
    ("patients", "words"),
    [
        (pd.DataFrame({"patient": ["N1"]}), "a column 'district'"),
        (pd.DataFrame({"district": ["north"]}), "a column 'patient'"),
        (pd.DataFrame({"patient": ["N1", "N1"], "district": ["north", "south"]}), "again in row 2"),
        ({"N2": "north"}, "not found: N1"),
        (schedopt.Office(), "not 'district'"),
    ],
)
def test_wrong_tables_are_refused_in_words(plan: Plan, patients: object, words: str) -> None:
    """A column or patient that is missing, or a patient given twice, is an error that names it."""
    with pytest.raises(ValueError, match=words):
        schedopt.equity(plan, patients, "district")


@pytest.mark.parametrize("column", ["patient", "name", "birth_date"])
def test_who_somebody_is_makes_no_group(plan: Plan, column: str) -> None:
    """A column that tells one patient from another is refused, of an office as of a table."""
    table = pd.DataFrame({"patient": ["N1"], "name": ["Ada Byron"], "birth_date": ["1984-02-29"]})
    for patients in (schedopt.Office(), table):
        with pytest.raises(ValueError, match=f"into groups, not '{column}'"):
            schedopt.equity(plan, patients, column)
