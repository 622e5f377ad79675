"""``schedopt billing ask``, ``answers``, ``eligibility`` and ``aside``: coverage on the days of visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from schedopt.cli.billing.told import FOR
from schedopt.cli.offices import Actor, first_day_of, opened, read_office_of
from schedopt.cli.planned import read_planned
from schedopt.cli.speech import parse_week, say, speaks_plainly
from schedopt.cli.store.told import OutFile, StorePlace, tell_table, try_out
from schedopt.cli.tables import text_table
from schedopt.writing import write_folder

WHAT = "what is asked of payers"
Week = Annotated[
    dt.date,
    typer.Option("--week", parser=parse_week, metavar="DATE", help="First day, such as 2026-11-30."),
]
Days = Annotated[int, typer.Option("--days", min=1, max=366, metavar="N", help="How many days from then on.")]
OutFolder = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the files; not there yet, or empty.")]
Test = Annotated[bool, typer.Option("--test", help="Mark the files as a test (ISA15 is T).")]
_ASKED = {
    "request": "request", "patient": "patient", "date": "day of the visit", "insurer": "insurer", "outcome": "outcome",
}  # fmt: skip
_ANSWERED = {
    "kind": "kind", "patient": "patient", "insurer": "insurer", "asked": "question", "outcome": "outcome",
    "said": "said", "why": "matched by, or why not",
}  # fmt: skip
_KNOWN = {
    "request": "request", "patient": "patient", "date": "day of the visit", "insurer": "insurer",
    "verified": "verified", "asked_for": "asked for", "asked_on": "asked on", "answered": "answered",
    "age_days": "age (days)", "covered_until": "covered until", "visits_left": "visits left",
    "authorisation": "authorisation asked for",
}  # fmt: skip
_ASIDE = {"answer": "answer", "kind": "kind", "reason": "why", "inquiry": "question", "read_on": "read on"}


@speaks_plainly
def ask(
    store: StorePlace,
    week: Week,
    out: OutFolder,
    days: Days = 7,
    plan: Annotated[
        Path | None, typer.Option(metavar="PLAN", help="Ask about the visits of this plan's folder, not the bookings.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Ask also where it was asked before.")] = False,
    test: Test = False,
    actor: Actor = None,
) -> None:
    """Ask payers whether the patients of a week are covered, each on the day of the visit: a file of 270s a payer.

    A visit is asked about once; --again asks anew. Nothing is asked about visits that the patient pays. Files are
    written, none is sent. docs/eligibility.md tells which tables are needed.

    Exit status: 0 done; 1 some visits could not be asked about (they are listed); 2 the folder cannot be written, the
    store cannot be used, or the actor may not.
    """
    first, last = _span(week, days)
    place = free_folder(out)
    with opened(store, actor, FOR) as there:
        asking = there.ask_eligibility(
            first, last, visits=None if plan is None else _visits(store, plan, actor), again=again, production=not test
        )
    write_files_into(place, asking.files)
    open_ = asking.visits[asking.visits["outcome"].str.startswith("not asked")]
    counts = asking.visits["outcome"].eq("asked").sum()
    say(f"Asked about {counts:,} of {len(asking.visits):,} visits; files: {len(asking.files):,}")
    if len(open_):
        say(text_table(open_, _ASKED))
    if (~open_["outcome"].str.endswith("the patient pays")).any():
        raise typer.Exit(1)


@speaks_plainly
def answers(
    store: StorePlace,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="271s, or answers to 278s.")],
    actor: Actor = None,
) -> None:
    """Take over what payers have answered about coverage (271), authorisations and referrals (278).

    A file is taken over whole or not at all, and once: the same file again changes nothing. What belongs to no question
    of the office, or cannot follow from where something stands, is put aside; 'aside' lists it. Ids are shown, no
    names.

    Exit status: 0 all was taken over; 1 something was put aside; 2 a file cannot be used (files before it are taken
    over), the store cannot be used, or the actor may not.
    """
    import pandas as pd

    contents = [(file, read_bytes(file)) for file in files]
    with opened(store, actor, FOR) as there:
        found = [there.read_coverage(content, str(file)) for file, content in contents]
    told = pd.concat(found, ignore_index=True)
    tell_table(told, _ANSWERED, None, "There are no answers in it.")
    if told["outcome"].eq("put aside").any():
        raise typer.Exit(1)


@speaks_plainly
def eligibility(
    store: StorePlace,
    week: Week,
    days: Days = 7,
    most_days: Annotated[
        int, typer.Option("--most-days", min=0, metavar="N", help="Days after which an answer is too old.")
    ] = 30,
    every: Annotated[bool, typer.Option("--all", help="List also visits that are verified.")] = False,
    out: OutFile = None,
    actor: Actor = None,
) -> None:  # fmt: skip
    """List booked visits whose coverage is not verified: never asked, not answered, refused, too old, not covered.

    Exit status: 0 all are verified; 1 some are not; 2 the store cannot be used, or the actor may not.
    """
    first, last = _span(week, days)
    try_out(out)
    with opened(store, actor, FOR) as there:
        found = there.eligibility(first, last, most_days=most_days)
    open_ = found[~found["verified"].isin(["yes", "patient pays"])]
    tell_table(found if every else open_, _KNOWN, out, "Every visit is verified.")
    if len(open_):
        raise typer.Exit(1)


@speaks_plainly
def aside(
    store: StorePlace,
    settle: Annotated[
        list[str] | None, typer.Option("--settle", metavar="ANSWER", help="Somebody has seen to this one.")
    ] = None,
    belongs: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--belongs",
            metavar="ANSWER QUESTION",
            help="Take an answer over: what it belongs to is an inquiry, or an authorisation or referral asked for.",
        ),
    ] = None,
    out: OutFile = None,
    actor: Actor = None,
) -> None:
    """List answers that were put aside, with why: they belong to no question, or say what cannot be.

    Exit status: 0 there are none; 1 there are some; 2 the store cannot be used, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, FOR) as there:
        for one in settle or ():
            there.settle_answer(one)
        if belongs is not None:
            say(f"Taken over: {there.assign_answer(*belongs)}")
        found = there.open_answers()
    tell_table(found, _ASIDE, out, "Nothing is put aside.")
    if len(found):
        raise typer.Exit(1)


def free_folder(out: Path) -> Path:
    """The folder, if files can be written into it and nothing would be lost."""
    from schedopt.cli.offices import needs_records

    with needs_records():
        from schedopt.registry.places import free_place
    return free_place(out, WHAT)


def write_files_into(place: Path, files: Mapping[str, bytes]) -> None:
    """Write files, if there are any, and say which."""
    if files:
        write_folder(place, files, WHAT)
    for name in files:
        say(f"Wrote {place / name}")


def read_bytes(file: Path) -> bytes:
    """What is in a file.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    from schedopt.errors import Fault, InputError

    try:
        return file.read_bytes()
    except OSError as error:
        words = f"expected a file that can be read ({error.strerror})"
        raise InputError([Fault(str(file), None, None, None, words)]) from None


def _visits(store: Path, plan: Path, actor: str | None) -> dict[str, dt.date]:
    """Days of the visits of a plan, by request."""
    made = read_planned(read_office_of(store, first_day_of(plan), actor), plan)
    return dict(zip(made.schedule["request"], made.schedule["date"], strict=True))


def _span(week: dt.date, days: int) -> tuple[dt.date, dt.date]:
    return week, week + dt.timedelta(days=days - 1)
