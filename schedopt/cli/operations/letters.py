"""``schedopt letters``."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from schedopt.cli.offices import Actor, opened
from schedopt.cli.speech import expect_unasked, say, speaks_plainly
from schedopt.cli.store.told import StorePlace
from schedopt.cli.tables import text_table

if TYPE_CHECKING:
    import pandas as pd

    from schedopt.registry import Store

FOR = ("operations", "treatment", "payment")
PASSWORD = "SCHEDOPT_SMTP_PASSWORD"
_HEADINGS = {
    "message": "message", "patient": "patient", "request": "request", "kind": "letter", "state": "state",
    "channel": "by", "language": "in", "visit": "visit", "due": "due (UTC)", "ready": "now", "answer": "answer",
    "why": "why",
}  # fmt: skip
_NAMED = {"name": "name", "phone": "telephone"}
_LOOK = ("doubtful", "failed")
Form = Literal["pdf", "html", "txt", "eml"]


Send = Annotated[
    bool,
    typer.Option(
        "--send",
        help="Send the mail that is due to the server named in [letters] of office.toml; with --out, letters on "
        "paper count as sent once they are written. Without --send nothing leaves the office.",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would wait and go now, and write nothing into the store.")
]
Names = Annotated[
    bool, typer.Option("--names", help="Show patients' names and telephone numbers too: a list of whom to call.")
]
Every = Annotated[bool, typer.Option("--all", help="List letters that were sent or taken back, too.")]
Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Write the letters on paper that are due into this new folder, a file each."),
]
OfForm = Annotated[
    Form | None,
    typer.Option("--format", help="Of --out: pdf, html or txt for paper; eml for the mail that is due; else pdf."),
]
Known = Annotated[
    bool, typer.Option("--known", help="Take every booked visit as known to its patient: when you begin with letters.")
]
Again = Annotated[
    str | None,
    typer.Option(metavar="MESSAGE", help="A doubtful or failed letter did not arrive: it is to be sent again."),
]
Done = Annotated[
    str | None, typer.Option(metavar="MESSAGE", help="A letter has reached its patient: by telephone, or after all.")
]
Offered = Annotated[
    str | None,
    typer.Option(
        metavar="BOOKING|SLOT",
        help="Offer the place of a booking that was given up, or a slot such as 'DR1 2026-11-30T09:00 "
        "2026-11-30T10:00', to those who would take it, in the order of 'schedopt fill'.",
    ),
]
AtOnce = Annotated[int | None, typer.Option(metavar="N", min=1, help="Of --offer: to how many at a time; else to one.")]
Yes = Annotated[str | None, typer.Option(metavar="MESSAGE", help="The patient takes this offer: book it.")]
No = Annotated[str | None, typer.Option(metavar="MESSAGE", help="The patient does not take this offer.")]


@speaks_plainly
def letters(
    store: StorePlace, send: Send = False, dry_run: DryRun = False, names: Names = False, every: Every = False,
    out: Out = None, form: OfForm = None, known: Known = False, again: Again = None, done: Done = None,
    offer: Offered = None, at_once: AtOnce = None, yes: Yes = None, no: No = None, actor: Actor = None,
) -> None:  # fmt: skip
    """Tell patients what has become of their visits, each once: by mail, on paper, or by telephone.

    Without more, the outbox is brought up to now, and what waits is listed: confirmations, changes, cancellations,
    reminders, recalls, missed visits, lacking authorisations and referrals, balances, and offers of free places.
    Letters are written where office.toml has a section [letters]; docs/letters.md tells how it all works.

    Exit status: 0 all is well; 1 somebody has to look at a letter (doubtful, failed, an offer that came too late); 2
    the store, the server or what was asked for cannot be used.
    """
    if sum((send, dry_run, known, bool(again), bool(done), bool(offer), bool(yes), bool(no))) > 1:
        raise typer.BadParameter(
            "expected one of --send, --dry-run, --known, --again, --done, --offer, --yes and --no at a time"
        )
    if dry_run and (out is not None or every):
        raise typer.BadParameter("expected --dry-run without --out and --all: what would wait is not in the store yet")
    if out is None:
        expect_unasked({"--format": form}, "beside --out alone")
    if offer is None:
        expect_unasked({"--at-once": at_once}, "beside --offer alone")
    with opened(store, actor, FOR) as there:
        if yes or no:
            _answer(there, yes or no or "", yes is not None)
        if known:
            say(f"Visits taken as known: {there.take_as_known():,}")
        if again or done:
            there.settle_letter(again or done or "", "waiting" if again else "sent")
        if offer:
            say(f"Offered: {_offer(there, offer, at_once or 1)}")
        table = there.update_letters(dry=dry_run)
        if out is not None:
            _write(there, out, form or "pdf", count=send)
        if send:
            _send(there)
        if out is not None or send or every:
            table = there.letters(every=every)
        if names and len(table):
            table = there.named_letters(table)
    _tell(table)


def _tell(table: pd.DataFrame) -> None:
    if not len(table):
        say("No letter waits.")
        return
    shown = table.assign(
        due=[f"{moment:%Y-%m-%d %H:%M}" for moment in table["due"]],
        visit=[f"{date or ''} {start}".strip() for date, start in zip(table["date"], table["start"], strict=True)],
    )
    headings = {name: words for name, words in {**_HEADINGS, **_NAMED}.items() if name in shown}
    headings = {name: words for name, words in headings.items() if (shown[name].astype(str) != "").any()}
    say(text_table(shown, headings))
    waiting = table[table["state"] == "waiting"]
    ready = waiting[waiting["ready"] == "yes"]
    counts = {name: int((ready["channel"] == name).sum()) for name in ("mail", "letter", "phone")}
    say(
        f"\nWaiting: {len(waiting):,}; of these due now: {counts['mail']:,} by mail, {counts['letter']:,} on paper, "
        f"{counts['phone']:,} to call."
    )
    if look := int(table["state"].isin(_LOOK).sum()):
        say(f"To be looked at: {look:,} (then --again or --done)")
        raise typer.Exit(1)


def _answer(there: Store, message: str, yes: bool) -> None:
    answered = there.answer_offer(message, yes)
    if answered.outcome == "booked" and answered.booking is not None:
        one = answered.booking
        say(f"Booked: {one.request} with {one.provider}, {one.date} {one.start}")
    elif answered.outcome == "gone":
        say("Too late: somebody else has the place.")
        raise typer.Exit(1)
    else:
        say("Taken down: no.")


def _offer(there: Store, said: str, at_once: int) -> str:
    parts = said.split()
    if len(parts) == 1:
        return there.offer_again(parts[0], at_once=at_once)
    if len(parts) == 3:
        try:
            start, end = (dt.datetime.fromisoformat(part) for part in parts[1:])
        except ValueError:
            start = end = dt.datetime.max.replace(tzinfo=dt.UTC)
        if start.tzinfo is None and end.tzinfo is None:
            return there.offer(parts[0], start, end, at_once=at_once)
    words = "expected a booking, or a provider and two moments such as DR1 2026-11-30T09:00 2026-11-30T10:00"
    raise typer.BadParameter(words)


def _send(there: Store) -> None:
    from schedopt.operations.letters.posting import at_server

    if not there.ready_letters("mail"):
        return
    with at_server(there.letter_settings(), os.environ.get(PASSWORD)) as post:
        became = there.send_letters(post)
    counts = became["outcome"].value_counts().to_dict()
    say("Mail: " + ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items())) + "\n")


def _write(there: Store, out: Path, form: Form, *, count: bool) -> None:
    from schedopt.operations.letters.files import letter_files
    from schedopt.operations.letters.posting import Handed
    from schedopt.registry.places import free_place
    from schedopt.writing import write_folder

    channel: Literal["mail", "letter"] = "mail" if form == "eml" else "letter"
    place = free_place(out, "letters")
    taken = there.take_letters(there.ready_letters(channel), begin=count and channel == "letter")
    if not taken:
        say("No letter is due that would be written to a file.")
        return
    write_folder(place, letter_files(taken, form, dt.datetime.now(dt.UTC)), "letters")
    if count and channel == "letter":
        there.end_letters({one.message.message: Handed("sent") for one in taken})
    say(f"Wrote {out}: letters: {len(taken):,}\n")
