"""The commands of stores under three names."""

from __future__ import annotations

from collections.abc import Callable

import typer

from schedopt.cli.store.audit import accounting, checkpoint, report, verify
from schedopt.cli.store.copies import backup, export, import_, migrate, restore
from schedopt.cli.store.making import check, init, rotate_key, status
from schedopt.cli.store.people import access, actor, records
from schedopt.cli.store.persons import consent, decide, dispose, duplicates, merge, restrict, undo

_OF_STORE: dict[str, Callable[..., None]] = {
    "init": init, "status": status, "check": check, "import": import_, "export": export, "migrate": migrate,
    "backup": backup, "restore": restore, "rotate-key": rotate_key, "records": records, "actor": actor,
    "access": access,
}  # fmt: skip
_OF_AUDIT: dict[str, Callable[..., None]] = {
    "verify": verify, "report": report, "accounting": accounting, "checkpoint": checkpoint,
}  # fmt: skip
_OF_PEOPLE: dict[str, Callable[..., None]] = {
    "duplicates": duplicates, "decide": decide, "merge": merge, "undo": undo, "consent": consent,
    "restrict": restrict, "dispose": dispose,
}  # fmt: skip

store_app = typer.Typer(
    name="store", no_args_is_help=True, rich_markup_mode=None,
    help="Keep an office in a store: its tables, people and bookings, sealed where they are private.\n\nSTORE is a "
    "small file such as office.store.toml, which 'init' writes: it says where the database and its keys are. Every "
    "planning command takes it in place of an office's folder. docs/store.md tells how a store is used.",
)  # fmt: skip
for name, command in _OF_STORE.items():
    store_app.command(name)(command)

audit_app = typer.Typer(
    name="audit", no_args_is_help=True, rich_markup_mode=None,
    help="Look into a store's audit trail: whether it was tampered with, and who saw or changed what.",
)  # fmt: skip
for name, command in _OF_AUDIT.items():
    audit_app.command(name)(command)

people_app = typer.Typer(
    name="people", no_args_is_help=True, rich_markup_mode=None,
    help="Persons of a store, by id: two who are one, what they agreed to, what must not be done with their records.",
)  # fmt: skip
for name, command in _OF_PEOPLE.items():
    people_app.command(name)(command)
