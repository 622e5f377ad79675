"""``schedopt audit sample``, ``sheet``, ``find``, ``findings``, ``list``, ``compare`` and ``redraw``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from schedopt.cli.offices import Actor, needs_records, opened
from schedopt.cli.operations.audit_actions import ALL
from schedopt.cli.operations.audit_samples import (
    Divide,
    drawn_from,
    evaluated,
    expect_file,
    seed_or_new,
    tell_evaluation,
    tell_sample,
)
from schedopt.cli.operations.auditing import FOR, AuditId, Confidence, Tolerable, read_table
from schedopt.cli.speech import parse_week, say, speaks_plainly
from schedopt.cli.store.told import OutFile, StorePlace, tell_table, try_out

if TYPE_CHECKING:
    from schedopt.registry.operations.audit_samples import NewAudit

_SHEET = {"place": "place", "item": "item", "stratum": "stratum", "amount": "amount", "result": "result"}
_LIST = {
    "audit": "audit", "source": "source", "first_day": "from", "last_day": "to", "population": "population",
    "items": "items", "looked_at": "looked at", "deviate": "deviate", "about": "about",
}  # fmt: skip
Place = Annotated[
    Path, typer.Argument(metavar="STORE|FILE", help="A store's file, or a CSV file with one row an item.")
]
Items = Annotated[int, typer.Option("--items", min=1, metavar="N", help="How many; 'schedopt audit size' says it.")]


Source = Literal["visits", "claims", "entries"]
Seed = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Draws the same sample again; by default a new one, which is said.")
]
Method = Annotated[
    Literal["random", "systematic", "money"],
    typer.Option(help="random, by stratum; systematic: every so manyth; money: by amount, every so manyth unit."),
]
By = Annotated[
    str | None,
    typer.Option(metavar="COLUMN", help="Divides the items into strata; of a store, such as provider or insurer."),
]
Divided = Annotated[
    Divide, typer.Option(help="How the sample is divided among strata; neyman: by how much amounts vary.")
]
Item = Annotated[str, typer.Option(metavar="COLUMN", help="Of a file: where the items' ids stand.")]
Amount = Annotated[str | None, typer.Option(metavar="COLUMN", help="Of a file: where book amounts stand.")]
Of = Annotated[Source, typer.Option(help="Of a store: bookings, claims, or entries of the audit trail.")]
First = Annotated[
    dt.date | None, typer.Option("--from", parser=parse_week, metavar="DATE", help="Of a store: first day.")
]
Last = Annotated[dt.date | None, typer.Option("--to", parser=parse_week, metavar="DATE", help="Of a store: last day.")]
About = Annotated[str, typer.Option(metavar="TEXT", help="Of a store: what is looked for; it is sealed.")]
Follows = Annotated[str | None, typer.Option(metavar="AUDIT", help="Of a store: earlier audit with which to compare.")]


@speaks_plainly
def sample(
    place: Place, items: Items, seed: Seed = None, method: Method = "random", by: By = None,
    divide: Divided = "proportional", item: Item = "item", amount: Amount = None, of: Of = "visits",
    first: First = None, last: Last = None, about: About = "", tolerable: Tolerable = None,
    confidence: Confidence = None, follows: Follows = None, out: OutFile = None, actor: Actor = None,
) -> None:  # fmt: skip
    """Draw a sample that can be drawn again: of the same items the same seed gives the same ones.

    Of a store it is kept as an audit. A file written with --out has empty columns 'result' (ok, deviates, missing) and
    'audited' (what the amount should have been). When they are filled in, 'schedopt audit findings FILE' says what they
    mean, and 'schedopt audit find STORE AUDIT --results FILE' keeps them.

    Exit status: 0 drawn; 2 the items cannot be read, there are not so many, or the actor may not.
    """
    try_out(out)
    chosen = seed_or_new(seed)
    if _is_store(place):
        if first is None or last is None:
            raise typer.BadParameter("expected --from DATE and --to DATE: the days of what is drawn from")
        with needs_records():
            from schedopt.registry.operations.audit_samples import NewAudit
        new = NewAudit(
            about, of, first, last, items, chosen, method, by or "", divide, tolerable, confidence, follows
        )  # fmt: skip
        _draw(place, new, out, actor)
        return
    from schedopt.operations.audits.frames import frame_of

    expect_file(place)
    frame = frame_of(read_table(place), item=item, by=by, amount=amount, file=place.name)
    tell_sample(frame, drawn_from(frame, items, chosen, method, divide), chosen, out)


@speaks_plainly
def sheet(store: StorePlace, audit: AuditId, out: OutFile = None, actor: Actor = None) -> None:
    """Show the items of an audit, with what was found so far, or write them to a file to fill in.

    Exit status: 0 told; 2 there is no such audit, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, ALL) as there:
        found = there.audit_sheet(audit)
    tell_table(found, _SHEET, out, "")


@speaks_plainly
def find(
    store: StorePlace,
    audit: AuditId,
    item: Annotated[str | None, typer.Argument(metavar="ITEM", help="Which item; or --results.")] = None,
    result: Annotated[
        Literal["ok", "deviates", "missing"] | None,
        typer.Argument(metavar="RESULT", help="ok, deviates, or missing: it cannot be looked at."),
    ] = None,
    audited: Annotated[str, typer.Option(metavar="AMOUNT", help="What its amount should have been.")] = "",
    note: Annotated[str, typer.Option(metavar="TEXT", help="What was seen; it is sealed.")] = "",
    results: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV file with item, result, audited and note, many at once.")
    ] = None,
    actor: Actor = None,
) -> None:
    """Write down what was found of an item of an audit, or of many.

    Exit status: 0 written; 2 an item is none of the audit, a result is none, or the actor may not.
    """
    import pandas as pd

    if (results is None) == (item is None or result is None):
        raise typer.BadParameter("expected either ITEM and RESULT, or --results FILE")
    if results is None:
        table = pd.DataFrame({"item": [item], "result": [result], "audited": [audited], "note": [note]})
    else:
        table = read_table(results)
    with opened(store, actor, ALL) as there:
        count = there.find_in_audit(audit, table)
    say(f"Findings written down: {count:,}")


@speaks_plainly
def findings(
    place: Place,
    audit: Annotated[str | None, typer.Argument(metavar="AUDIT", help="Of a store: which audit.")] = None,
    tolerable: Tolerable = None,
    confidence: Confidence = None,
    out: OutFile = None,
    actor: Actor = None,
) -> None:
    """Say what the items looked at mean for all: how many deviate, with limits, and how much too much was asked for.

    Exit status: 0 told, and no more deviate than is tolerable where that was said; 1 more do, the sample does not show
    it, or items are still to be looked at; 2 the results cannot be read.
    """
    try_out(out)
    if _is_store(place):
        if audit is None:
            raise typer.BadParameter("expected AUDIT; 'schedopt audit list' has them")
        with opened(place, actor, FOR) as there:
            found = there.audit_findings(audit, confidence=confidence, tolerable=tolerable)
    else:
        expect_file(place)
        found = evaluated(place, confidence, tolerable)
    tell_evaluation(found, out)


@speaks_plainly
def list_(store: StorePlace, out: OutFile = None, actor: Actor = None) -> None:
    """List audits: what was drawn from what, and how much of it was looked at.

    Exit status: 0 told; 2 the store cannot be used, or the actor may not.
    """
    try_out(out)
    with opened(store, actor, FOR) as there:
        found = there.audits()
    days = {name: found[name].dt.strftime("%Y-%m-%d") for name in ("first_day", "last_day", "drawn_on")}
    tell_table(found.assign(**days), _LIST, out, "There are no audits.")


@speaks_plainly
def compare(store: StorePlace, audit: AuditId, confidence: Confidence = None, actor: Actor = None) -> None:
    """Say whether fewer deviate than in the audit that this one follows ('sample --follows').

    Exit status: 0 fewer do; 1 that is not shown; 2 the audit follows none, or was not looked at.
    """
    with opened(store, actor, FOR) as there:
        effect = there.audit_effect(audit, confidence=confidence or 0.95)
    say(effect.words)
    raise typer.Exit(0 if effect.helped else 1)


@speaks_plainly
def redraw(store: StorePlace, audit: AuditId, actor: Actor = None) -> None:
    """Draw the sample of an audit again, from what the store knew then, and say whether it is the same.

    Exit status: 0 it is; 1 it is not; 2 there is no such audit, or the actor may not.
    """
    with opened(store, actor, FOR) as there:
        same = there.drawn_again(audit)
    say("The same sample." if same else "Another sample, or another population.")
    raise typer.Exit(0 if same else 1)


def _draw(place: Path, new: NewAudit, out: Path | None, actor: str | None) -> None:
    with opened(place, actor, FOR) as there:
        name = there.draw_audit(new)
        found, listed = there.audit_sheet(name), there.audits()
    tell_table(found, _SHEET, out, "")
    population = int(listed.loc[listed["audit"] == name, "population"].iloc[0])
    say(f"Audit {name}: {len(found):,} of {population:,} {new.source}. Seed {new.seed}.")


def _is_store(place: Path) -> bool:
    return place.suffix == ".toml"
