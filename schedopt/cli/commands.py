"""All commands under one name."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from io import TextIOWrapper
from typing import Annotated

import typer

from schedopt.cli.admit import admit
from schedopt.cli.adopt import adopt
from schedopt.cli.billing import billing_app
from schedopt.cli.book import book
from schedopt.cli.check import check
from schedopt.cli.conflict import conflict
from schedopt.cli.example import example
from schedopt.cli.explain import explain
from schedopt.cli.fill import fill
from schedopt.cli.operations import add_operations
from schedopt.cli.plan import plan
from schedopt.cli.publish import publish
from schedopt.cli.recommend import recommend
from schedopt.cli.replan import replan
from schedopt.cli.simulate import simulate
from schedopt.cli.speech import say
from schedopt.cli.store import audit_app, people_app, store_app, worklist

app = typer.Typer(
    name="schedopt", no_args_is_help=True, add_completion=False, rich_markup_mode=None,
    pretty_exceptions_enable=False, pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status of every command: 0 all is well; 1 something to look at; 2 the input cannot be used; "
    "130 stopped with Ctrl-C.",
)  # fmt: skip
for command in (
    plan, check, conflict, explain, recommend, book, admit, replan, fill, simulate, adopt, publish, worklist, example,
):  # fmt: skip
    app.command()(command)
app.add_typer(store_app)
app.add_typer(people_app)
app.add_typer(audit_app)
app.add_typer(billing_app)
add_operations(app)


def _show_version(wanted: bool) -> None:
    if not wanted:
        return
    try:
        say(f"schedopt {version('schedopt')}")
    except PackageNotFoundError:
        say("schedopt, not installed as a package: no version")
    raise typer.Exit


@app.callback()
def schedopt(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Plan a medical office's week: who sees whom, when and where.

    An office is a folder with office.toml and tables as CSV files; docs/tables.md says what stands in them.
    Or it is a store, which 'schedopt store init' makes: every command that takes an office's folder takes its file.
    'schedopt example DIR' writes one to try things out with.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # an id that the terminal cannot show is no reason to fail
