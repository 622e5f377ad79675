"""What is said of a provider's day that is not as it has to be, and what of it holds for some groups alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.models.problem.check import check
from schedopt.models.problem.couplings import Coupling, PatientTravel, ProviderDay, ProviderTime, SessionsApart
from tests.effort import examples
from tests.offices import cases
from tests.schedules import schedules
from tests.smallest import SMALLEST, in_turn
from tests.whole import breaches, everybody, fits

DETAILS = {
    "travel": ["R2 DR1 needs 30 minutes from MAIN to WEST, and has 20 minutes after R1"],
    "patient_travel": ["R2 the patient needs 30 minutes from MAIN to WEST, and has 20 minutes after R1"],
    "patient_zone": ["R2 the patient is not seen at WEST (America/Denver) on a day with R1 at MAIN (UTC)"],
    "rest": ["R2 DR1 needs 9 hours of rest before Tue 1 Dec, and has 495 minutes after R1"],
    "moving_break": [
        f"{request} DR1 needs a break of 15 minutes from Mon 30 Nov 08:15 to 08:50" for request in ("R1", "R2")
    ],
    "longest_stretch": [
        f"{request} DR1 has a break of 15 minutes after 35 minutes at most, and from Mon 30 Nov 08:00 to 08:40 "
        "there is none"
        for request in ("R1", "R2")
    ],
    "places_kept": [
        f"{request} DR1 keeps 2 places of 20 minutes from Mon 30 Nov 00:00 to 24:00 for requests of type scan, and 0 "
        "would be left"
        for request in ("R1", "R2")
    ],
    "set_up": ["R2 DR1 needs 15 minutes from talk to scan, and has 10 minutes after R1"],
    "in_a_row": [
        f"{request} DR1 has at most 1 visit of type talk in a row, and 2 follow each other" for request in ("R1", "R2")
    ],
}


@pytest.mark.parametrize("name", DETAILS)
def test_a_breach_says_what_is_asked_for(name: str) -> None:
    """The words of a breach name who, what is asked, and what there is instead."""
    problem = SMALLEST[name].problem()
    found = check(problem, SMALLEST[name].schedule(problem)).breaches
    assert (found["request"] + " " + found["detail"]).tolist() == DETAILS[name]


def test_unlike_visits_at_one_time_are_not_set_up_for() -> None:
    """Of two visits that begin together each is the earlier one, whatever else holds: by the check and the model."""
    problem = replace(SMALLEST["set_up"], placed=in_turn("08:00", "08:00")).problem()
    schedule = replace(SMALLEST["set_up"], placed=in_turn("08:00", "08:00")).schedule(problem)
    alone = replace(problem, couplings=tuple(c for c in problem.couplings if not isinstance(c, ProviderTime)))
    assert breaches(check(alone, schedule)) == {("R2", "set_up")}
    assert not fits(alone, schedule, everybody(alone))


@settings(max_examples=examples(28))
@given(st.data())
def test_what_holds_for_groups_alone_adds_up(data: st.DataObject) -> None:
    """A visit breaks a condition exactly where it breaks it for some of the groups, or for all others."""
    problem = data.draw(cases()).problem
    schedule, week = data.draw(schedules(problem)), problem.week
    for coupling in problem.couplings:
        if isinstance(coupling, SessionsApart | ProviderDay | PatientTravel):
            every = np.unique(coupling.ties(week, problem.options.placements)[1])
            some = np.array([group for group in every.tolist() if data.draw(st.booleans())], np.int64)
            whole = {breach.request for breach in coupling.breaches(week, schedule)}
            parts = set()
            for part in (coupling.only(week, some), coupling.only(week, some, but=True)):
                assert isinstance(part, Coupling)
                parts |= {breach.request for breach in part.breaches(week, schedule)}
            assert parts == whole


@settings(max_examples=examples(28))
@given(st.data())
def test_no_visit_less_breaks_a_day(data: st.DataObject) -> None:
    """Who keeps what is asked of a day keeps it when any visit is taken out."""
    problem = data.draw(cases()).problem
    schedule, week = data.draw(schedules(problem)), problem.week
    for coupling in problem.couplings:
        if isinstance(coupling, SessionsApart | ProviderDay | PatientTravel):
            whole = {breach.request for breach in coupling.breaches(week, schedule)}
            for request in schedule.placed.tolist():
                less = schedule.without(week, np.array([request]))
                assert {breach.request for breach in coupling.breaches(week, less)} <= whole
