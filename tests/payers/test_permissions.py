"""Authorisations and referrals in a store: what it says is what a plain model in memory says, after any sequence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.insured import MONDAY
from schedopt.errors import InputError, NoSuchChange, StoreError
from schedopt.interop.x12.judge import judge
from schedopt.registry import Store
from tests.effort import examples
from tests.payers.insured import insured_store
from tests.stores import START

LAST = MONDAY + dt.timedelta(days=59)
TODAY = dt.date(2026, 11, 23)
STATES = {
    "A1": "approved",
    "A2": "partly",
    "A3": "denied",
    "A4": "pending",
    "A6": "partly",
    "C": "needed",
    "CT": "pending",
}
WAYS = {
    "sent": "sent pending approved partly denied needed", "pending": "pending approved partly denied needed",
    "approved": "approved partly denied needed", "partly": "approved partly denied needed", "needed": "sent",
    "denied": "sent pending approved partly denied needed",
}  # fmt: skip


class Model(NamedTuple):
    """What is known of a review."""

    state: str = "needed"
    visits: int = 6
    first: dt.date = MONDAY
    last: dt.date = LAST
    answered: dt.date = TODAY - dt.timedelta(days=9)
    sent: bool = False
    number: str = ""


class Reply(NamedTuple):
    """An answer to be made."""

    review: int
    action: str
    day: int
    visits: int | None
    length: int | None
    number: str


replies = st.builds(
    Reply, st.integers(0, 1), st.sampled_from(list(STATES)), st.integers(-3, 0), st.none() | st.integers(0, 9),
    st.none() | st.integers(0, 30), st.sampled_from(["", "AUTH1", "AUTH2"]),
)  # fmt: skip
steps = st.lists(st.integers(0, 1) | replies, min_size=6, max_size=14)


def answer(review: str, reply: Reply) -> bytes:
    """A file with the answer to a request."""
    day = TODAY + dt.timedelta(days=reply.day)
    said = [f"HCR*{reply.action}" + (f"*{reply.number}" if reply.number else "")]
    if reply.length is not None:
        last = MONDAY + dt.timedelta(days=reply.length)
        said.append(f"DTP*AAH*RD8*{MONDAY:%Y%m%d}-{last:%Y%m%d}")
    if reply.visits is not None:
        said.append(f"HSD*VS*{reply.visits}")
    body = [
        "ST*278*0001*005010X217", f"BHT*0007*11*R1*{day:%Y%m%d}*0900*18", "HL*1**20*1", "NM1*X3*2*ACME*****PI*87726",
        "HL*2*1*21*1", "NM1*1P*2*HILL CLINIC*****XX*1234567893", "HL*3*2*22*1", "NM1*IL*1*SURNAME*****MI*W100000",
        "HL*4*3*EV*0", f"TRN*2*{review}*1123456789", "UM*HS*I*3*11:B", *said,
    ]  # fmt: skip
    head = "ISA*00*          *00*          *ZZ*87726          *ZZ*HILL1          *261123*0900*^*00501*000000001*0*T*:"
    lines = [head, f"GS*HI*87726*HILL1*{day:%Y%m%d}*0900*1*X*005010X217", *body, f"SE*{len(body) + 1}*0001"]
    return "".join(f"{line}~" for line in [*lines, "GE*1*1", "IEA*1*000000001"]).encode()


def after(model: Model, reply: Reply) -> Model | None:
    """What the model says after an answer; None where it cannot be."""
    state, day = STATES[reply.action], TODAY + dt.timedelta(days=reply.day)
    if day < model.answered or (model.sent and day < TODAY - dt.timedelta(days=1)):
        return model
    unclear = reply.action == "A2" and reply.visits is None and reply.length is None
    if state not in WAYS[model.state].split() or unclear:
        return None
    number = reply.number or model.number
    if state not in ("approved", "partly"):
        return (
            Model(state, answered=day, number=number, sent=model.sent)
            if state != "pending"
            else model._replace(state=state, answered=day, number=number)
        )
    last = LAST if reply.length is None else MONDAY + dt.timedelta(days=reply.length)
    return Model(state, 6 if reply.visits is None else reply.visits, MONDAY, last, day, model.sent, number)


def compare(store: Store, names: list[str], models: list[Model], day: dt.date) -> None:
    """The store says what the models say, also to planning."""
    found = store.permissions(on=day).set_index("review")
    for name, model in zip(names, models, strict=True):
        over = model.state in ("approved", "partly") and model.last < day
        assert found["state"][name] == ("expired" if over else model.state)
        assert (found["first"][name], found["last"][name]) == (model.first, model.last)
        assert (found["visits"][name], found["number"][name]) == (model.visits, model.number)
    told = store.rows("authorisations").set_index("authorisation")
    name, model = names[0], models[0]
    assert told["status"].replace("", "approved")[name] == model.state
    assert told["valid_until"][name] == model.last.isoformat()
    referrals = store.rows("referrals")
    assert list(referrals["status"].replace("", "approved")) == [models[1].state]
    assert list(referrals["valid_until"]) == [models[1].last.isoformat()]


@settings(max_examples=examples(4))
@given(steps, st.integers(0, 70))
def test_the_store_says_what_a_model_says(sequence: list[int | Reply], later: int) -> None:
    """An authorisation and a referral go through sendings and answers, allowed and not, in any order of days."""
    with insured_store(2) as made:
        store = made.by("bill", "payment")
        names = [
            store.need_permission("N000", "ACME", "scan", visits=6, first=MONDAY, last=LAST, kind=kind)
            for kind in ("authorisation", "referral")
        ]
        models = [Model(), Model()]
        aside = 0
        for step in sequence:
            if isinstance(step, int):
                if "sent" in WAYS[models[step].state].split():
                    (content,) = store.request_permission(names[step]).files.values()
                    assert judge(content).accepted
                    models[step] = models[step]._replace(state="sent", sent=True)
                else:
                    with pytest.raises(NoSuchChange):
                        store.request_permission(names[step])
                continue
            wanted = after(models[step.review], step)
            told = store.read_coverage(answer(names[step.review], step))
            if told["outcome"][0] == "read before":
                continue
            aside += wanted is None
            same = wanted is None or wanted == models[step.review]
            assert told["outcome"][0] == "put aside" if wanted is None else same or told["outcome"][0] == "taken over"
            models[step.review] = models[step.review] if wanted is None else wanted
            compare(store, names, models, TODAY)
        compare(store, names, models, MONDAY + dt.timedelta(days=later))
        assert len(store.open_answers()) == aside
        assert made.verify() == []


def test_visits_that_were_used_stay_used() -> None:
    """Where an approval changes its number of visits, those left change by as many, and end at none."""
    with insured_store(1) as made:
        store = made.by("bill", "payment")
        name = store.need_permission("N000", "ACME", "scan", visits=6, first=MONDAY, last=LAST)
        store.request_permission(name)
        store.read_coverage(answer(name, Reply(0, "A1", -1, 6, None, "X")))
        made.change("authorisations", name, {"visits_left": 2})
        store.read_coverage(answer(name, Reply(0, "A6", -1, 5, None, "X")))
        assert list(store.rows("authorisations")["visits_left"]) == ["1"]
        store.read_coverage(answer(name, Reply(0, "A6", 0, 2, None, "X")))
        assert list(store.rows("authorisations")["visits_left"]) == ["0"]
        assert list(store.at(START).permissions()["review"]) == []
        with pytest.raises(StoreError):
            store.at(START).eligibility(MONDAY, LAST)
        history = store.history("reviews", name)
        assert list(history["state"])[-3:] == ["approved", "partly", "partly"]
        assert isinstance(history, pd.DataFrame)


def test_two_approvals_of_one_day_are_put_aside(tmp_path: Path) -> None:
    """What planning reads stays an office that can be written and read again: one authorisation holds on a day."""
    with insured_store(1) as made:
        store = made.by("bill", "payment")
        names = [
            store.need_permission("N000", "ACME", "scan", visits=1, first=MONDAY, last=last)
            for last in (LAST, LAST, MONDAY)
        ]
        for name in names:
            store.request_permission(name)
        answers = [answer(name, Reply(0, "A1", 0, 1, None, "X")) for name in names]
        outcomes = [store.read_coverage(content)["outcome"][0] for content in answers]
        assert outcomes == ["taken over", "put aside", "put aside"]
        made.export(tmp_path / "office")
        made.import_folder(tmp_path / "office")
        made.change("authorisations", names[0], {"status": "expired"})
        (second, third) = (name for name in store.open_answers()["answer"])
        asked = dict(zip(store.open_answers()["answer"], store.open_answers()["inquiry"], strict=True))
        assert store.assign_answer(second, asked[second]) == "approved"
        with pytest.raises(StoreError, match="same days"):
            store.assign_answer(third, asked[third])


def test_what_cannot_be_asked_for() -> None:
    """Days in the wrong order, no visits, and patients who are not there are refused; so is what was never needed."""
    with insured_store(1) as made:
        store = made.by("bill", "payment")
        for bad in ({"visits": 0}, {"first": LAST, "last": MONDAY}, {"patient": "N9"}, {"kind": "wish"}):
            cells = {"patient": "N000", "visits": 1, "first": MONDAY, "last": LAST, **bad}
            with pytest.raises(InputError):
                store.need_permission(insurer="ACME", visit_type="scan", **cells)  # type: ignore[arg-type]
