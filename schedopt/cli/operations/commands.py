"""The commands about the office around the schedule."""

from __future__ import annotations

from collections.abc import Callable

import typer

from schedopt.cli.operations import cases
from schedopt.cli.operations.audit_actions import action, actions, mark
from schedopt.cli.operations.audit_calendar import calendar, fulfil
from schedopt.cli.operations.audit_evidence import check_evidence, evidence
from schedopt.cli.operations.audit_sizes import size
from schedopt.cli.operations.audits import compare, find, findings, list_, redraw, sample, sheet
from schedopt.cli.operations.letters import letters
from schedopt.cli.operations.maintenance import maintenance
from schedopt.cli.operations.material import grade, material
from schedopt.cli.operations.measures import measures
from schedopt.cli.operations.sheets import sheets
from schedopt.cli.operations.supplies import supplies
from schedopt.cli.operations.training import training
from schedopt.cli.store import audit_app

_OF_CASES: dict[str, Callable[..., None]] = {
    "open": cases.open_, "acknowledge": cases.acknowledge, "note": cases.note, "hand-over": cases.hand_over,
    "answer": cases.answer, "close": cases.close, "reopen": cases.reopen, "list": cases.list_, "show": cases.show,
    "trends": cases.trends, "rules": cases.rules, "escalate": cases.escalate, "material": material, "grade": grade,
}  # fmt: skip
cases_app = typer.Typer(
    name="cases", no_args_is_help=True, rich_markup_mode=None,
    help="Inquiries, concerns and complaints of an office that lives in a store, and what patients are given to "
    "read.\n\ndocs/cases.md tells how the steps follow each other.",
)  # fmt: skip
for name, command in _OF_CASES.items():
    cases_app.command(name)(command)

_OF_AUDITS: dict[str, Callable[..., None]] = {
    "size": size, "sample": sample, "sheet": sheet, "find": find, "findings": findings, "list": list_,
    "redraw": redraw, "action": action, "mark": mark, "actions": actions, "compare": compare, "evidence": evidence,
    "check-evidence": check_evidence, "calendar": calendar, "fulfil": fulfil,
}  # fmt: skip


def add_operations(app: typer.Typer) -> None:
    """Add them to all commands."""
    app.command()(letters)
    app.add_typer(cases_app)
    app.command()(measures)
    app.command()(supplies)
    app.command()(training)
    app.command()(maintenance)
    for name, command in _OF_AUDITS.items():
        audit_app.command(name)(command)
    app.command()(sheets)
