"""``schedopt explain``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import schedopt
from schedopt.cli.offices import Actor, first_day_of, read_office_of
from schedopt.cli.planned import PLAN, read_planned
from schedopt.cli.speech import OfficeFolder, say, speaks_plainly
from schedopt.cli.tables import GIVES, text_table
from schedopt.errors import Fault, InputError

_MOST_ALTERNATIVES = 8


@speaks_plainly
def explain(
    office: OfficeFolder,
    plan: Annotated[Path, PLAN],
    request: Annotated[str, typer.Argument(metavar="REQUEST", help="Id of the request, as in requests.csv.")],
    actor: Actor = None,
) -> None:
    """Say why a request is where it is, or left out and what would have to give.

    Shows which rules removed sessions, the best other ways to place the request, and for one left out what would give
    it a place: another visit that moves, a provider who works longer, or a rule set aside for once; the check finds
    nothing else broken by any of these. Changes of cost are in points; the weights in office.toml say how many each
    thing costs.

    Exit status: 0 explained; 2 the office's data or the plan cannot be read, or has no such request.
    """
    planned = read_planned(read_office_of(office, first_day_of(plan), actor), plan)
    requests = planned.problem.week.requests
    if request not in {*requests.ids, *(later.request for later in requests.not_due)}:
        raise InputError([_unknown(planned.problem, request)])
    told = schedopt.explain(planned, request)
    say("\n".join([f"Request {told.request}", *told.sentences]))
    if len(told.rules):
        headings = {
            "rule": "rule", "source": "from", "sessions": "sessions removed", "opens": "alone removes", "reason": "why",
        }  # fmt: skip
        say(f"\nWhat ruled sessions out:\n\n{text_table(told.rules, headings)}")
    if len(told.gives):
        say(f"\nIt would have a place with one of these:\n\n{text_table(told.gives, GIVES)}")
    if request not in requests.ids:
        return
    if not len(told.alternatives):
        say("\nThere is no other session for it.")
        return
    best = told.alternatives.head(_MOST_ALTERNATIVES)
    headings = {
        "session": "session",
        "start": "start",
        "change": "cost would change by (points)",
        "parts": "made up of",
        "breaks": "would break",
    }
    more = "" if len(best) == len(told.alternatives) else f", the best {len(best)} of {len(told.alternatives)}"
    say(f"\nIn other sessions{more}:\n\n{text_table(best, headings)}")


def _unknown(problem: schedopt.Problem, request: str) -> Fault:
    from schedopt.models.words import meant, shown

    words = f"expected the id of a request planned in these days{meant(request, problem.week.requests.ids)}"
    return Fault("REQUEST", None, None, shown(request), words)
