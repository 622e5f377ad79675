"""An authorisation goes from state to state by one table, and expires by the day alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.billing.coverage.reviews import ACTIONS, FOLLOWING, Answered, Review, Sent, after
from schedopt.errors import NoSuchChange

DAY = dt.date(2026, 11, 2)
days = st.integers(0, 20).map(lambda number: DAY + dt.timedelta(days=number))
answers = st.builds(
    Answered, days, st.sampled_from([*ACTIONS, "XX"]), st.none() | st.integers(0, 9), st.none() | days,
    st.none() | days, st.sampled_from(["", "N1", "N2"]), st.none() | days,
)  # fmt: skip
events = st.lists(st.builds(Sent, days, st.none() | days) | answers, max_size=8)
NEW = Review(6, DAY, DAY + dt.timedelta(days=60))
WAYS = {
    "needed": "sent", "sent": "sent pending approved partly denied needed",
    "pending": "pending approved partly denied needed", "approved": "approved partly denied needed",
    "partly": "approved partly denied needed", "denied": "sent pending approved partly denied needed",
}  # fmt: skip
"""As in the words of docs/eligibility.md."""


def test_the_table_of_states_is_the_documented_one() -> None:
    """Nothing else may follow."""
    assert {state: " ".join(following) for state, following in FOLLOWING.items()} == WAYS


def _is_unclear(event: Answered) -> bool:
    """An answer in part that says nothing of which, or days of which none is left."""
    if event.action not in ("A1", "A2", "A6", "NA"):
        return False
    silent = event.action == "A2" and (event.visits, event.first, event.last) == (None, None, None)
    return silent or (event.first or NEW.first_asked) > (event.last or NEW.last_asked)


@given(events)
def test_states_follow_the_table(sequence: list[Sent | Answered]) -> None:
    """A model with nothing but the table, the order of days and the last answer says the same after any sequence."""
    review, state, last, sent = NEW, "needed", dt.date.min, dt.date(1, 2, 1)
    for event in sequence:
        wanted = "sent" if isinstance(event, Sent) else ACTIONS.get(event.action, "")
        late = isinstance(event, Answered) and (event.day < last or event.day < sent - dt.timedelta(days=1))
        unclear = isinstance(event, Answered) and _is_unclear(event)
        if wanted and late:
            assert after(review, event) == review
            continue
        if not wanted or wanted not in WAYS[state].split() or unclear:
            with pytest.raises(NoSuchChange):
                after(review, event)
            continue
        review, state = after(review, event), wanted
        last = event.day if isinstance(event, Answered) else last
        sent = event.day if isinstance(event, Sent) else sent
        assert review.state == state
        if isinstance(event, Answered) and state in ("approved", "partly"):
            assert review.visits == (6 if event.visits is None else event.visits)
            assert (review.first, review.last) == (event.first or NEW.first_asked, event.last or NEW.last_asked)
        if state in ("denied", "needed"):
            assert not review.allows(DAY)


@given(events, days)
def test_an_approval_expires_by_the_day_alone(sequence: list[Sent | Answered], day: dt.date) -> None:
    """What is approved has expired on every day after its last one, and on no other; nothing is written for it."""
    review = NEW
    for event in sequence:
        try:
            review = after(review, event)
        except NoSuchChange:
            continue
    over = review.state in ("approved", "partly") and review.last is not None and day > review.last
    assert review.standing(day) == ("expired" if over else review.state)
    if review.allows(day):
        assert review.standing(day) in ("approved", "partly")


@given(answers, st.sampled_from(["sent", "pending", "approved", "partly", "denied"]))
def test_the_same_answer_again_changes_nothing(answer: Answered, state: str) -> None:
    """Twice is once."""
    review = replace(NEW, state=state, sent_on=DAY)
    try:
        once = after(review, answer)
        assert after(once, answer) == once
    except NoSuchChange:
        return
