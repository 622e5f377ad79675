"""States of claims: what a payer says leads to one state, in whatever order it is heard."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.billing.claims.filing import filing_ends
from schedopt.billing.claims.numbers import claim_and_line, is_npi, line_control, npi_of
from schedopt.billing.claims.states import DECISIONS, DEEDS, OUTCOMES, STATES, TAKEN_IN, TRANSITIONS, after
from schedopt.errors import StoreError


def test_the_table_names_states_and_events_that_there_are() -> None:
    """Every state has its line, every event leads to a state, and every state but the first can be reached."""
    assert set(TRANSITIONS) == set(STATES)
    assert {event for follows in TRANSITIONS.values() for event in follows} <= {*DEEDS, *OUTCOMES, *DECISIONS}
    reached = {"draft"}
    for _ in STATES:
        reached |= {state for one in reached for state in TRANSITIONS[one].values()}  # type: ignore[index]
    assert reached == set(STATES)


@pytest.mark.parametrize("state", STATES)
def test_what_a_payer_says_may_come_at_any_time(state: str) -> None:
    """No answer is refused in any state; what the office cannot do is."""
    for outcome in (*OUTCOMES, *DECISIONS):
        assert after(state, outcome) in STATES  # type: ignore[arg-type]
    for deed in DEEDS:
        if deed not in TRANSITIONS[state]:  # type: ignore[index]
            with pytest.raises(StoreError):
                after(state, deed)  # type: ignore[arg-type]


@given(st.lists(st.sampled_from(OUTCOMES), max_size=5))
def test_answers_to_a_sending_lead_to_one_state_in_any_order(said: list[str]) -> None:
    """A claim that was sent is where it is whatever is heard first, and hearing it again changes nothing."""
    ends = set[str]()
    for order in permutations(said):
        state = "sent"
        for outcome in (*order, *order):
            state = after(state, outcome)  # type: ignore[arg-type]
        ends.add(state)
    assert len(ends) == 1


def test_a_claim_that_ended_is_none_that_stands() -> None:
    """Replaced and voided claims are not taken in any more."""
    assert not TAKEN_IN & {"replaced", "void", "rejected", "sent"}


@given(st.dates(dt.date(1950, 1, 1), dt.date(2150, 1, 1)), st.none() | st.integers(1, 1000))
def test_filing_ends_days_after_the_visit(visit: dt.date, days: int | None) -> None:
    """Days are counted from the visit; a calendar year ends on the same day, or on 28 February."""
    last = filing_ends(visit, days)
    if days is not None:
        assert (last - visit).days == days
    else:
        assert (last.year, last.month) == (visit.year + 1, visit.month)
        assert last.day == (28 if (visit.month, visit.day) == (2, 29) else visit.day)


@given(st.from_regex(r"[12][0-9]{8}", fullmatch=True), st.integers(0, 9), st.integers(1, 9))
def test_a_provider_number_with_a_wrong_digit_is_none(nine: str, place: int, other: int) -> None:
    """The check digit finds every single digit that is wrong."""
    npi = npi_of(nine)
    assert is_npi(npi)
    wrong = npi[:place] + str((int(npi[place]) + other) % 10) + npi[place + 1 :]
    assert not is_npi(wrong)
    assert not is_npi(npi + "0")


def test_a_published_provider_number() -> None:
    """The example of the standard for these numbers (CMS: 1234567893)."""
    assert is_npi("1234567893")
    assert not is_npi("1234567890")


@given(st.from_regex(r"c[0-9a-f]{19}", fullmatch=True), st.integers(1, 50))
def test_a_line_is_known_by_its_number(claim: str, line: int) -> None:
    """The control number of a line gives claim and line back, and fits into a reference."""
    control = line_control(claim, line)
    assert claim_and_line(control) == (claim, line)
    assert len(control) <= 30
    assert claim_and_line("X7") is None
