"""A plan goes on living: in folders, through the commands, as it does in memory."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import schedopt
from schedopt.models.problem.changes import Away, Cancelled, Change, Closed, Urgent
from tests.conversation import Conversation
from tests.effort import examples

STEPS = ("replan", "replan", "book", "fill", "admit", "prepare", "publish", "next week")


@st.composite
def stretches(draw: st.DrawFn, first: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Times around the office's sessions; some reach over midnight, a few lie outside the days planned."""
    day = draw(st.sampled_from((0, 0, 0, 1, 1, 9)))
    start = dt.datetime.combine(first + dt.timedelta(days=day), dt.time(draw(st.sampled_from((0, 9, 9))), 0))
    start += dt.timedelta(minutes=draw(st.sampled_from((0, 20, 30))))
    return start, start + dt.timedelta(minutes=draw(st.sampled_from((30, 60, 1440, 2880))))


@st.composite
def changes(draw: st.DrawFn, talk: Conversation) -> list[Change]:
    """One or two changes, mostly ones that can be used."""
    found: list[Change] = []
    for _ in range(draw(st.sampled_from((1, 1, 2)))):
        kind = draw(st.sampled_from((Away, Away, Cancelled, Cancelled, Closed, Urgent)))
        request = draw(st.sampled_from(talk.plan.problem.week.requests.ids))
        if kind is Cancelled:
            found.append(Cancelled(request))
        elif kind is Urgent:
            found.append(Urgent(request))
        elif kind is Closed:
            found.append(Closed("ROOMS", *draw(stretches(talk.first))))
        else:
            found.append(Away(draw(st.sampled_from(("DR1", "DR2"))), *draw(stretches(talk.first))))
    return found


def say(talk: Conversation, step: str, data: st.DataObject) -> None:
    """One step of a conversation."""
    if step in ("replan", "book") and not talk.plan.problem.week.requests.ids:
        step = "admit"  # nobody is left to plan: somebody calls
    if step == "replan":
        talk.replan(data.draw(changes(talk)))
    elif step == "book":
        request = data.draw(st.sampled_from(talk.plan.problem.week.requests.ids))
        slots = talk.recommend(request)
        if len(slots):
            talk.book(request, slots.iloc[data.draw(st.integers(0, len(slots) - 1))])
    elif step == "fill":
        start, end = data.draw(stretches(talk.first))
        opening = schedopt.Opening(data.draw(st.sampled_from(("DR1", "DR2"))), start, end)
        talk.fill(opening, data.draw(st.none() | st.integers(0, 3)))
    elif step == "admit":
        kind, provider = data.draw(st.sampled_from((("talk", "DR1"), ("talk", ""), ("exam", ""))))
        number = len(talk.office.requests) + 1
        talk.admit({"request": f"X{number}", "patient": "N4", "visit_type": kind, "providers": provider})
    elif step == "prepare":
        talk.prepare(data.draw(st.sampled_from((15, 30))))
    elif step == "publish":
        talk.publish(talk.first + dt.timedelta(days=data.draw(st.integers(-1, 2))))
    else:
        talk.next_week()


@settings(max_examples=examples(6))
@given(st.lists(st.sampled_from(STEPS), min_size=3, max_size=7), st.data())
def test_folders_and_memory_agree(steps: list[str], data: st.DataObject) -> None:
    """Whatever is said about a plan in whatever order, the folder read back equals the value in memory at each step,
    the commands say what the functions say, and nothing cancelled, absent or closed is placed or offered again.
    """
    with tempfile.TemporaryDirectory() as folder:
        talk = Conversation(Path(folder))
        talk.assert_agreed()
        for step in steps:
            say(talk, step, data)
            talk.assert_agreed()
