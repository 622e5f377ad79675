"""``schedopt cases``: inquiries, concerns and complaints of an office that lives in a store."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

import typer

from schedopt.cli.offices import Actor, opened
from schedopt.cli.speech import parse_week, say, speaks_plainly
from schedopt.cli.store.told import OutFile, StorePlace, tell_table, try_out

DESK = ("operations", "treatment")
"""What cases are read and written for: the first for which the actor works."""
_WORK = {
    "case": "case", "kind": "kind", "subject": "subject", "patient": "patient", "state": "state", "owner": "owner",
    "step": "to do", "by": "by", "days_left": "business days left", "escalate_to": "overdue: goes to",
}  # fmt: skip
_HISTORY = {
    "number": "no.",
    "on": "day",
    "deed": "done",
    "by": "by",
    "state": "then",
    "owner": "owner",
    "words": "words",
}
_VISITS = {
    "when": "when", "request": "request", "date": "date", "start": "start", "provider": "provider", "site": "site",
    "status": "status",
}  # fmt: skip
_TRENDS = {
    "group": "group", "month": "month", "cases": "cases", "visits": "visits held", "rate": "for 1,000 visits",
    "low": "95 % from", "high": "to", "expected": "expected", "closed": "closed", "in_time": "in time, %",
    "median_days": "days to close", "change": "change",
}  # fmt: skip
_RULES = {
    "kind": "kind", "subject": "subject", "acknowledge_within": "acknowledge within", "close_within": "close within",
    "counted": "days", "escalate_to": "overdue: goes to", "whose": "whose rule",
}  # fmt: skip

Case = Annotated[str, typer.Argument(metavar="CASE", help="Id of the case, as 'open' and 'list' show it.")]
Words = Annotated[str, typer.Option("--words", metavar="TEXT", help="What was said or found; sealed in the store.")]
On = Annotated[
    dt.date | None,
    typer.Option("--on", parser=parse_week, metavar="DATE", help="Day on which it was done; by default today."),
]


@speaks_plainly
def open_(
    store: StorePlace,
    kind: Annotated[
        Literal["inquiry", "concern", "complaint"],
        typer.Argument(metavar="KIND", help="inquiry, concern or complaint."),
    ],
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help="A word of your own list, such as waiting-time or billing.")
    ],
    words: Words = "",
    by: Annotated[
        Literal["phone", "in-person", "letter", "e-mail", "portal", "survey", "payer", "other"],
        typer.Option("--by", metavar="HOW", help="phone, in-person, letter, e-mail, portal, survey, payer or other."),
    ] = "phone",
    patient: Annotated[str | None, typer.Option(metavar="PATIENT", help="Id of the patient whom it is about.")] = None,
    request: Annotated[str | None, typer.Option(metavar="REQUEST", help="Visit that it is about.")] = None,
    site: Annotated[str | None, typer.Option(metavar="SITE", help="Site that it is about.")] = None,
    owner: Annotated[str | None, typer.Option(metavar="ACTOR", help="Who sees to it.")] = None,
    received: Annotated[
        dt.date | None,
        typer.Option(parser=parse_week, metavar="DATE", help="Day on which it came; by default today."),
    ] = None,
    actor: Actor = None,
) -> None:  # fmt: skip
    """Open a case. The days by which it is to be acknowledged and closed come from the office's rules.

    Exit status: 0 opened; 2 it names what is not there, the store cannot be used, or the actor may not.
    """
    from schedopt.operations.cases.acting import NewCase

    with opened(store, actor, DESK) as there:
        case = there.open_case(NewCase(kind, subject, by, words, patient, request, site, owner, received))
        row = there.case(case).case
    say(f"{case}: acknowledge by {row.acknowledge_by}, close by {row.due}")


@speaks_plainly
def acknowledge(store: StorePlace, case: Case, words: Words = "", on: On = None, actor: Actor = None) -> None:
    """Say that whoever sent a case was told that it has been received.

    Exit status: 0 written; 2 that is not done in the case's state, there is no such case, or the actor may not.
    """
    _act(store, actor, case, "acknowledge", words=words, on=on)


@speaks_plainly
def note(store: StorePlace, case: Case, words: Words, on: On = None, actor: Actor = None) -> None:
    """Add a note to the history of a case.

    Exit status: 0 written; 2 that is not done in the case's state, there is no such case, or the actor may not.
    """
    _act(store, actor, case, "note", words=words, on=on)


@speaks_plainly
def hand_over(
    store: StorePlace,
    case: Case,
    owner: Annotated[str, typer.Argument(metavar="ACTOR", help="Who sees to it from now on.")],
    words: Words = "",
    on: On = None,
    actor: Actor = None,
) -> None:
    """Hand a case over to somebody else.

    Exit status: 0 written; 2 there is no such case or actor, the case is closed, or the actor may not.
    """
    _act(store, actor, case, "hand-over", words=words, on=on, owner=owner)


@speaks_plainly
def answer(store: StorePlace, case: Case, words: Words = "", on: On = None, actor: Actor = None) -> None:
    """Say that whoever sent a case was told what the office says to it.

    Exit status: 0 written; 2 that is not done in the case's state, there is no such case, or the actor may not.
    """
    _act(store, actor, case, "answer", words=words, on=on)


@speaks_plainly
def close(
    store: StorePlace,
    case: Case,
    outcome: Annotated[
        Literal["resolved", "partly-resolved", "not-upheld", "withdrawn", "passed-on"],
        typer.Argument(metavar="OUTCOME", help="resolved, partly-resolved, not-upheld, withdrawn or passed-on."),
    ],
    words: Words = "",
    on: On = None,
    actor: Actor = None,
) -> None:
    """Close a case with its outcome.

    Exit status: 0 closed; 2 it is closed already, there is no such case, or the actor may not.
    """
    _act(store, actor, case, "close", words=words, on=on, outcome=outcome)


@speaks_plainly
def reopen(store: StorePlace, case: Case, words: Words = "", on: On = None, actor: Actor = None) -> None:
    """Open an answered or closed case again; it is due as if it had come on this day.

    Exit status: 0 open again; 2 it is open, there is no such case, or the actor may not.
    """
    _act(store, actor, case, "reopen", words=words, on=on)


@speaks_plainly
def list_(
    store: StorePlace,
    owner: Annotated[str | None, typer.Option(metavar="ACTOR", help="Only those of this actor.")] = None,
    out: OutFile = None,
    actor: Actor = None,
) -> None:
    """List what is to be done about cases, by day: what is overdue comes first. Ids are shown, no words.

    Business days left are below 0 where a day has passed.

    Exit status: 0 nothing is overdue; 1 something is; 2 the store cannot be used, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, DESK) as there:
        found = there.cases(owner=owner)
    tell_table(found, _WORK, out, "No case is open.")
    if found["overdue"].any():
        raise typer.Exit(1)


@speaks_plainly
def show(store: StorePlace, case: Case, actor: Actor = None) -> None:
    """Show a case with what was said, its history, and the patient's visits before and after it.

    Exit status: 0 shown; 2 there is no such case, the store cannot be used, or the actor may not.
    """
    with opened(store, actor, DESK) as there:
        found = there.case(case)
    row = found.case
    about = [f"patient {row.patient}"] if row.patient else []
    about += [f"visit {row.request}"] if row.request else []
    about += [f"site {row.site}"] if row.site else []
    say(f"{row.kind.capitalize()} about {row.subject}{', ' if about else ''}{', '.join(about)}")
    say(f"Received {row.received} by {row.received_by}; {row.state}{f': {row.outcome}' if row.outcome else ''}")
    say(f"Acknowledge by {row.acknowledge_by}, close by {row.due}; owner: {row.owner or 'nobody yet'}")
    if row.words:
        say(f"\n{row.words}")
    say("")
    tell_table(found.history, _HISTORY, None, "")
    say("")
    tell_table(found.visits, _VISITS, None, "No visits.")


@speaks_plainly
def trends(
    store: StorePlace,
    by: Annotated[
        Literal["all", "kind", "subject", "site"],
        typer.Option("--by", metavar="GROUP", help="all, kind, subject or site."),
    ] = "all",
    months: Annotated[int, typer.Option(min=1, max=120, metavar="N", help="How many months, with this one.")] = 13,
    out: OutFile = None,
    actor: Actor = None,
) -> None:  # fmt: skip
    """Count cases by month, with rates for 1,000 visits, and say where a month is more than chance makes of it.

    A month is compared with those before it; docs/cases.md says how.

    Exit status: 0 nothing unusual; 1 a month is; 2 the store cannot be used, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, DESK) as there:
        found = there.case_trends(by, months=months)
    shown = found.assign(in_time=(100 * found["in_time"]).round(0)).round(
        {"rate": 1, "low": 1, "high": 1, "expected": 1, "median_days": 1}
    )
    tell_table(found if out is not None else shown, _TRENDS, out, "There are no cases.")
    if found["change"].ne("").any():
        raise typer.Exit(1)


@speaks_plainly
def rules(store: StorePlace, out: OutFile = None, actor: Actor = None) -> None:
    """Show by when cases are to be acknowledged and closed; case_rules.csv of the office says it.

    Exit status: 0 shown; 2 the store cannot be used, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, DESK) as there:
        tell_table(there.case_rules(), _RULES, out, "")


@speaks_plainly
def escalate(store: StorePlace, out: OutFile = None, actor: Actor = None) -> None:
    """Hand over what is overdue to whom the office's rules name (column escalate_to).

    Exit status: 0 nothing had to be; 1 some were handed over (they are listed); 2 the store cannot be used, a rule
    names nobody who works with it, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, DESK) as there:
        found = there.escalate_cases()
    tell_table(found, {"case": "case", "owner": "handed over to"}, out, "Nothing to hand over.")
    if len(found):
        raise typer.Exit(1)


def _act(store: Path, actor: str | None, case: str, deed: str, **said: object) -> None:
    from schedopt.operations.cases.acting import Act

    with opened(store, actor, DESK) as there:
        state = there.act_on_case(case, Act(deed, **said))  # type: ignore[arg-type]
    say(f"{case}: {state}")
