"""``schedopt maintenance --out-of-order``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import typer

import schedopt
from schedopt.cli.offices import first_day_of, opened, read_office_of
from schedopt.cli.planned import errors_of_input, parse_moment, read_planned
from schedopt.cli.speech import say, typed_as
from schedopt.cli.tables import text_table
from schedopt.errors import Fault, InputError
from schedopt.models.problem.changes import faults_of
from schedopt.writing import write_files

_AFFECTED = {
    "request": "request", "patient": "patient", "what": "what", "old_time": "was", "old_provider": "with",
    "new_time": "is now", "new_provider": "with", "other_times": "cheapest other times", "reason": "why",
}  # fmt: skip


def parse_device(text: str) -> tuple[str, dt.datetime, dt.datetime]:
    """``US-1@2026-12-01T09:00..2026-12-03``: id, start and end; a day alone is that whole day, as an end too."""
    name, _, when = text.rpartition("@")
    first, dots, last = when.partition("..")
    if not name or not when:
        raise typer.BadParameter(f"expected such as US-1@2026-12-01T09:00..2026-12-03, not {text!r}")
    start, end = parse_moment(first), parse_moment(last if dots else first)
    if "T" not in (last if dots else first) and " " not in (last if dots else first):
        end += dt.timedelta(days=1)
    return name, start, end


def tell_out_of_order(
    place: Path, plan: Path, said: str, out: Path, closures: Path | None, *, close: bool, actor: str | None
) -> None:  # fmt: skip
    """Say whom it meets, and write the repaired plan, and the closure where asked."""
    from schedopt.interop.cells import to_csv
    from schedopt.operations.equipment.broken import closing, out_of_order

    with typed_as("--out-of-order"):
        device, start, end = parse_device(said)
    office = read_office_of(place, first_day_of(plan), actor)
    planned = read_planned(office, plan)
    if faults := faults_of(planned.problem, [closing(office, device, start, end)]):
        raise InputError([Fault("--out-of-order", None, None, None, fault) for fault in faults])
    with errors_of_input("PLAN"):
        found = out_of_order(office, planned, device, start, end)
    schedopt.write_plan(found.after.plan, out)
    lost = found.after.lost
    say(f"{device} out of order from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}")
    say(f"Visits that use {found.change.pool} then: {found.using:,}, moved: {found.after.moved:,}, lost: {lost:,}")
    say(f"Cost: {planned.cost:,} points before, {found.after.plan.cost:,} after")
    if len(found.affected):
        say(f"\nWhom to call:\n\n{text_table(found.affected, _AFFECTED)}")
    if closures is not None:
        write_files({closures: to_csv(found.closures).encode()})
        say(f"Wrote {closures}: rows: {len(found.closures):,}")
    if close:
        with opened(place, actor) as store:
            say(f"Closures written into the store: {store.close_pools(found.closures):,}")
    if lost:
        raise typer.Exit(1)
