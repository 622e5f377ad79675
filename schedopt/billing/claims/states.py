"""In which state a claim is, by what has happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from schedopt.billing.claims.tables import AnswerOutcome, ClaimState
from schedopt.errors import StoreError

Deed = Literal["edits_open", "edits_met", "send", "replace", "void", "restore"]
"""What the office does: it looks a claim through and sends it. One is replaced or voided once its successor is taken
in, and restored if that is refused after all."""

Decision = Literal["paid", "denied", "reversed"]
"""What remittances come to."""

Event = Deed | AnswerOutcome | Decision

DEEDS: tuple[Deed, ...] = get_args(Deed)
STATES: tuple[ClaimState, ...] = get_args(ClaimState)
OUTCOMES: tuple[AnswerOutcome, ...] = get_args(AnswerOutcome)
DECISIONS: tuple[Decision, ...] = get_args(Decision)

TAKEN_IN: frozenset[ClaimState] = frozenset(["accepted", "pending", "paid", "denied", "reversed"])
"""States of a claim that the payer has, and that stands."""

_DECIDED: Mapping[Event, ClaimState] = {"paid": "paid", "denied": "denied", "reversed": "reversed"}
_ENDED: Mapping[Event, ClaimState] = {"replace": "replaced", "void": "void"}

TRANSITIONS: Mapping[ClaimState, Mapping[Event, ClaimState]] = {
    "draft": {"edits_open": "draft", "edits_met": "ready"},
    "ready": {"edits_open": "draft", "edits_met": "ready", "send": "sent"},
    "sent": {
        "confirmed": "sent", "refused": "rejected", "taken_in": "accepted", "looked_at": "pending",
        "finished": "pending", "unknown": "sent", **_DECIDED,
    },
    "rejected": {"edits_open": "draft", "edits_met": "ready", "refused": "rejected", **_DECIDED},
    "accepted": {
        "confirmed": "accepted", "refused": "rejected", "taken_in": "accepted", "looked_at": "pending",
        "finished": "pending", **_DECIDED, **_ENDED,
    },
    "pending": {
        "confirmed": "pending", "refused": "rejected", "taken_in": "pending", "looked_at": "pending",
        "finished": "pending", **_DECIDED, **_ENDED,
    },
    "paid": {**_DECIDED, **_ENDED},
    "denied": {**_DECIDED, **_ENDED},
    "reversed": {**_DECIDED, **_ENDED},
    "replaced": {"restore": "sent"},
    "void": {"restore": "sent"},
}  # fmt: skip
"""Every state with the events that lead out of it, or leave it as it is. What a payer says and no line names changes
nothing; a deed that no line names cannot be done."""


def after(state: ClaimState, event: Event) -> ClaimState:
    """The state of a claim after an event.

    Parameters
    ----------
    state : ClaimState
        Before it.
    event : Event
        What the office does, or what a payer has said.

    Raises
    ------
    StoreError
        If it is a deed that cannot be done in this state. What a payer says may come at any time, also late.
    """
    follows = TRANSITIONS[state]
    if event in follows:
        return follows[event]
    if event in DEEDS:
        raise StoreError(f"expected a claim that can go on by {event!r}; this one is {state!r}")
    return state
