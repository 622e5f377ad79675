"""A case is opened, and something is done about it: pure, with the row of its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple, get_args

from schedopt.errors import NoSuchChange
from schedopt.operations.cases.deadlines import deadlines, rule_for
from schedopt.operations.cases.office_days import OfficeDays
from schedopt.operations.cases.states import state_after
from schedopt.operations.cases.tables import Case, CaseEvent, CaseKind, CaseRule, Channel, Deed, Outcome

_ANSWERS = ("acknowledge", "answer", "close")
"""What tells whoever has sent a case that it was received."""


class NewCase(NamedTuple):
    """A case as it comes in.

    Attributes
    ----------
    kind, subject : str
        What it is, and about what; see table ``cases``.
    received_by : str
        How it came.
    words : str
        What was said; private.
    patient, request, site, owner : str or None
        Ids; of a request, patient and site need not be said.
    received : datetime.date or None
        None: today.
    """

    kind: CaseKind
    subject: str
    received_by: Channel
    words: str = ""
    patient: str | None = None
    request: str | None = None
    site: str | None = None
    owner: str | None = None
    received: dt.date | None = None

    def __repr__(self) -> str:
        return f"NewCase(kind={self.kind!r}, subject={self.subject!r})"


class Act(NamedTuple):
    """Something done about a case.

    Attributes
    ----------
    deed : str
        As in :data:`~schedopt.operations.cases.states.FOLLOWING`.
    words : str
        What was said or found; private.
    owner : str or None
        For ``hand-over``: to whom.
    outcome : str or None
        For ``close``: what came of it.
    on : datetime.date or None
        Day on which it was done; None: today.
    """

    deed: Deed
    words: str = ""
    owner: str | None = None
    outcome: Outcome | None = None
    on: dt.date | None = None

    def __repr__(self) -> str:
        return f"Act(deed={self.deed!r})"


class Handling(NamedTuple):
    """By what an office handles cases.

    Attributes
    ----------
    rules : tuple of CaseRule
        The office's own.
    days : OfficeDays
        Its business days.
    today : datetime.date
        By its clocks.
    """

    rules: tuple[CaseRule, ...]
    days: OfficeDays
    today: dt.date


def opened_case(case: str, new: NewCase, handling: Handling, by: str) -> tuple[Case, CaseEvent]:
    """A new case with its days, and the beginning of its history.

    Raises
    ------
    NoSuchChange
        If it would come from the future.
    """
    received = new.received or handling.today
    if received > handling.today:
        raise NoSuchChange(f"expected a case that has been received, by {handling.today} at the latest")
    until = deadlines(received, rule_for(handling.rules, new.kind, new.subject), handling.days)
    row = Case(
        case=case, kind=new.kind, subject=new.subject, site=new.site, patient=new.patient, request=new.request,
        received=received, received_by=new.received_by, acknowledge_by=until.acknowledge_by, due=until.due,
        owner=new.owner, words=new.words,
    )  # fmt: skip
    return row, _event(row, 1, Act("open", on=received), received, by)


def acted(case: Case, history: Iterable[CaseEvent], act: Act, handling: Handling, by: str) -> tuple[Case, CaseEvent]:
    """A case after something was done about it, and the row of its history.

    A case that is opened again is due as if it had been received on that day.

    Raises
    ------
    NoSuchChange
        If that is not done in the case's state, on that day, or without an owner or an outcome.
    """
    events = list(history)
    on = act.on or handling.today
    earliest = max((event.on for event in events), default=case.received)
    if not earliest <= on <= handling.today:
        raise NoSuchChange(f"case {case.case}: expected a day from {earliest} to {handling.today}, not {on}")
    said = _said(case, act, on, handling)
    row = case.model_copy(update={"state": state_after(case.case, case.state, act.deed), **said})
    return row, _event(row, len(events) + 1, act, on, by)


def _said(case: Case, act: Act, on: dt.date, handling: Handling) -> dict[str, object]:
    """What changes of a case beside its state."""
    found: dict[str, object] = {}
    if act.deed == "hand-over":
        if act.owner is None:
            raise NoSuchChange(f"case {case.case}: expected to whom it is handed over")
        found["owner"] = act.owner
    if act.deed == "close":
        if act.outcome not in get_args(Outcome):
            raise NoSuchChange(f"case {case.case}: expected an outcome to close it: {', '.join(get_args(Outcome))}")
        found |= {"outcome": act.outcome, "closed": on}
    if act.deed in _ANSWERS and case.acknowledged is None:
        found["acknowledged"] = on
    if act.deed == "reopen":
        until = deadlines(on, rule_for(handling.rules, case.kind, case.subject), handling.days)
        found |= {"outcome": None, "closed": None, "due": until.due}
    return found


def _event(case: Case, number: int, act: Act, on: dt.date, by: str) -> CaseEvent:
    return CaseEvent(
        case=case.case, number=number, patient=case.patient, on=on, deed=act.deed, by=by, state=case.state,
        owner=case.owner, words=act.words,
    )  # fmt: skip
