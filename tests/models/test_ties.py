"""Ties and needs: what bears on a visit is tied to it, and it says whom it cannot do without."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schedopt.arrays import Ints
from schedopt.models.problem.couplings import Coupling, DayGap
from schedopt.models.problem.schedule import Schedule, nothing_placed, place_at
from schedopt.models.problem.week import Week
from tests.effort import examples
from tests.offices import Case, cases
from tests.schedules import schedules


@settings(max_examples=examples(42))
@given(st.data())
def test_only_what_is_tied_bears_on_a_visit(data: st.DataObject) -> None:
    """A visit breaks a coupling exactly where it breaks it beside those alone that the coupling ties to it; of those,
    beside those of its own day, where the coupling says that days do not bear on each other, and no visit goes on into
    the next day.
    """
    problem = data.draw(cases()).problem
    schedule, week = data.draw(schedules(problem)), problem.week
    day, cells = np.append(week.sessions.day, -1)[schedule.session], week.calendar.cells_per_day
    within = all((at[schedule.placed] // cells == day[schedule.placed]).all() for at in _ends(week, schedule))
    for coupling in problem.couplings:
        whole = _broken_by(coupling, week, schedule)
        row, group = coupling.ties(week, schedule.placements)
        for request in schedule.placed.tolist():
            near = np.isin(np.arange(len(schedule.session)), row[np.isin(group, group[row == request])])
            near &= (day == day[request]) | (not coupling.within_day) | (not within)
            near[request] = True
            alone = schedule.without(week, np.flatnonzero(~near))
            assert (request in _broken_by(coupling, week, alone)) == (request in whole)


def _ends(week: Week, schedule: Schedule) -> tuple[Ints, Ints]:
    """First and last cell of each visit."""
    first, after = schedule.span(week)
    return first, after - 1


def _broken_by(coupling: Coupling, week: Week, schedule: Schedule) -> set[int]:
    return {breach.request for breach in coupling.breaches(week, schedule)}


@settings(max_examples=examples(36))
@given(cases())
def test_who_needs_somebody_breaks_a_coupling_alone(case: Case) -> None:
    """A visit without what it needs breaks the coupling that says so; with days between visits, nobody else does."""
    week = case.problem.week
    assume(len(week.sessions))
    for coupling in case.problem.couplings:
        alone = {r for r in range(len(week.requests)) if r in _broken_by(coupling, week, _alone(week, r))}
        first, second, group = coupling.needs()
        assert set(second.tolist()) <= alone
        if isinstance(coupling, DayGap):
            assert set(second.tolist()) == alone
        for one, other, pair in zip(first.tolist(), second.tolist(), group.tolist(), strict=True):
            part = coupling.only(week, np.array([pair]))
            assert part is not None
            assert _broken_by(part, week, _alone(week, other)) == {other}
            assert not _broken_by(part, week, _alone(week, one))


def _alone(week: Week, request: int) -> Schedule:
    """One visit in the first session, and nobody else."""
    return place_at(week, nothing_placed(week), request, 0, int(week.sessions.start[0]))
