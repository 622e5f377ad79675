"""A plan as one page for people: to print, to pin up, to look at on a phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from schedopt.models.problem.calendar import clock
from schedopt.models.problem.plan import Plan
from schedopt.pages import environment
from schedopt.report.figures import (
    STATUS_WORDS,
    closed_words,
    date_words,
    distance_words,
    duration_words,
    figures,
    horizon_words,
    main_reasons,
    rows,
    share_words,
)
from schedopt.report.load import pool_load, session_load
from schedopt.report.timetable import colours, timetables, weeks
from schedopt.report.waiting import P90, chart_minutes, figures_by_request, waiting_charts

PROMISES = {
    "fixed": ("●", "promised, stays as it was"),
    "kept": ("○", "promised, kept although it could have moved"),
    "moved": ("◆", "promised for another time: tell the patient"),
}
"""Mark and meaning of what became of a promise."""

_RECORD = (
    ("Solved", ("solved", "solved_at")),
    ("Seed", ("seed",)),
    ("Versions", ("versions",)),
    ("Hash of the input", ("input_hash", "fingerprint", "input")),
)
"""What the colophon says, and under which key of the decision record it stands."""

_FILTERS: dict[str, Callable[..., object]] = {"clock": clock, "date": date_words, "duration": duration_words}


def report_html(plan: Plan, *, names: Mapping[str, str] | None = None, played: pd.DataFrame | None = None) -> str:
    """The plan as one HTML page that needs nothing else: no script, no other file, no network.

    Parameters
    ----------
    plan : Plan
        What is shown.
    names : mapping, optional
        Names of patients by id. Without it, or for ids that it lacks, the id is shown.
    played : pandas.DataFrame, optional
        What the visits turned out to be in simulated weeks: ``visits`` of what :func:`schedopt.simulate` finds for
        this plan. With it the page shows the expected waiting.

    Returns
    -------
    str
        The page. Whatever comes from the office stands in it as text.

    Raises
    ------
    ValueError
        If `played` lacks a column or is of another plan.
    """
    shown = names or {}
    blocks = weeks(plan)
    loads = [table(plan, dates) for dates in blocks for table in (session_load, pool_load)]
    return environment("schedopt.report", _FILTERS).get_template("page.html.j2").render(
        plan=plan,
        figures=figures(plan),
        horizon=horizon_words(plan),
        status=STATUS_WORDS[plan.status],
        distance=distance_words(plan),
        promises=PROMISES,
        moved=[
            *(visit for visit in plan.visits if visit.promise == "moved"),
            *(row for row in rows(plan.left_out) if row["promised"]),
        ],
        conflicts=rows(plan.conflicts),
        weeks=[(_week_words(dates, len(blocks)), timetables(plan, dates, shown)) for dates in blocks],
        colours=colours(plan),
        closed=closed_words(plan),
        waiting=None if played is None else _waiting(plan, played, blocks),
        left_out=rows(plan.left_out),
        not_due=rows(plan.not_due),
        reasons=main_reasons(plan)[:3],
        loads=[table for table in loads if table.rows],
        costs=sorted(rows(plan.costs), key=lambda row: -row["points"]),
        record=_colophon(plan.record),
        share=share_words,
        place=plan.problem.calendar.place_words,
        zones=plan.problem.calendar.zones,
        name=lambda patient: shown.get(patient, patient),
    )  # fmt: skip


def _waiting(plan: Plan, played: pd.DataFrame, blocks: Sequence[Sequence[dt.date]]) -> dict[str, object]:
    """Minutes that a chart is high, whether a mark is beyond that, and the charts of each week that has visits."""
    of_request = figures_by_request(plan, played)
    top = chart_minutes(of_request)
    charts = [(_week_words(dates, len(blocks)), waiting_charts(plan, of_request, dates)) for dates in blocks]
    return {
        "top": top,
        "beyond": any(row[P90] > top for row in of_request.values()),
        "weeks": [(title, found) for title, found in charts if found],
    }


def _week_words(dates: Sequence[dt.date], num_weeks: int) -> str:
    return f"{date_words(dates[0])} to {date_words(dates[-1])}" if num_weeks > 1 else ""


def _colophon(record: Mapping[str, object]) -> list[tuple[str, str]]:
    lines = []
    for label, keys in _RECORD:
        value = next((record[key] for key in keys if record.get(key) is not None), None)
        if isinstance(value, Mapping):
            value = ", ".join(f"{part} {value[part]}" for part in sorted(value))
        if value is not None:
            lines.append((label, str(value)))
    return lines
