"""A plan in a few lines of plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from schedopt.models.problem.plan import Plan
from schedopt.report.figures import (
    STATUS_WORDS,
    Figures,
    closed_words,
    date_words,
    distance_words,
    duration_words,
    figures,
    horizon_words,
    main_reasons,
    nearest_words,
    share_words,
    solved_for,
)

_LABEL = 13
_WIDTH = 120


def summary(plan: Plan) -> str:
    """A plan's key figures for the terminal, one a line with its unit.

    Parameters
    ----------
    plan : Plan
        The plan.

    Returns
    -------
    str
        About twenty lines without escape codes; ids and names of patients are not among them.
    """
    known = figures(plan)
    cost, bound, then = solved_for(plan)
    lines = [
        ("Status", STATUS_WORDS[plan.status]),
        ("Cost", f"{plan.cost:,} points"),
        ("Bound", f"{bound:,} points; no schedule costs less{then and ' with appointments as long as their visits'}"),
        ("Gap", f"{100 * (cost - bound) / max(cost, 1):.1f} % of the cost; {distance_words(plan)}"),
        ("Visits", f"{known.visits:,} of {known.requested:,} requested ({share_words(known.visits, known.requested)})"),
        ("Left out", _left_out(plan, known)),
        *_reasons(plan),
        *_not_due(known),
        *(("" if number else "Closed", words) for number, words in enumerate(closed_words(plan))),
        *_minutes(known),
        ("Solved in", f"{plan.seconds:,.1f} seconds"),
    ]
    if len(plan.conflicts):
        lines.insert(1, ("Conflicts", f"{len(plan.conflicts):,} among the fixed appointments"))
    head = f"{plan.problem.office_name}, {horizon_words(plan)}"
    return "\n".join([head, *(_line(label, text) for label, text in lines)])


def _left_out(plan: Plan, known: Figures) -> str:
    reasons = len(main_reasons(plan))
    if not known.left_out:
        return "none"
    more = ", for the most part because" if reasons > 3 else ", because"
    return f"{known.left_out:,} {'request' if known.left_out == 1 else 'requests'}{more}"


def _reasons(plan: Plan) -> Iterator[tuple[str, str]]:
    """The commonest causes, each with the cheapest change that would give one of its requests a place."""
    for reason, number in main_reasons(plan)[:3]:
        yield "", f"{number:,} × {reason}"
        if words := nearest_words(plan, reason):
            yield from (
                ("", line) for line in textwrap.wrap(words, _WIDTH, initial_indent="  ", subsequent_indent="  ")
            )


def _not_due(known: Figures) -> list[tuple[str, str]]:
    if not known.not_due:
        return []
    number = "1 more request" if known.not_due == 1 else f"{known.not_due:,} more requests"
    first = f"from {date_words(known.next_due)} {known.next_due.year} on" if known.next_due else ""
    return [("Not due yet", f"{number}, due {first}; in neither cost nor percentage")]


def _minutes(known: Figures) -> list[tuple[str, str]]:
    idle = share_words(known.idle_minutes, known.regular_minutes)
    lines = [
        ("Idle", f"{duration_words(known.idle_minutes)} ({idle} of sessions)"),
        ("Overtime", duration_words(known.overtime_minutes)),
    ]
    if known.office_wait_minutes is not None:
        lines.append(("Office wait", f"{duration_words(known.office_wait_minutes)} between steps"))
    if known.access_wait_days is not None:
        lines.append(("Access wait", f"{known.access_wait_days:.1f} days from ready day to visit, on average"))
    if known.promises:
        lines.append(("Promises", ", ".join(f"{known.promises[kind]:,} {kind}" for kind in sorted(known.promises))))
    return lines


def _line(label: str, text: str) -> str:
    return f"{label:<{_LABEL}}{_short(text)}"


def _short(text: str) -> str:
    """A line's text, cut at its width; what it is indented by stays."""
    indent = text[: len(text) - len(text.lstrip())]
    return indent + textwrap.shorten(text, _WIDTH, placeholder=" …")
