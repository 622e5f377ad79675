"""The page of measures."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

import markupsafe
import numpy as np
import pandas as pd

from schedopt.operations.measures.catalogue import BY_NAME
from schedopt.operations.measures.charts.drawing import NARROW, WIDE, day, draw, number
from schedopt.operations.measures.report import Measured, signal_words
from schedopt.operations.measures.weekly import SMALLEST
from schedopt.pages import environment

_NOTHING = "–"
_BETTER = {"lower": "lower is better", "higher": "higher is better", "": ""}


def measures_page(measured: Measured) -> str:
    """All measures on one page: readable on screens, phones and paper, with nothing from elsewhere.

    Parameters
    ----------
    measured : Measured
        How the office does.
    """
    names = list(dict.fromkeys(measured.summary["measure"]))
    return (
        environment(__package__)
        .get_template("measures.html.j2")
        .render(
            office=measured.office,
            days=f"{_date(measured.first)} to {_date(measured.last)}",
            rows=[_row(measured, name) for name in names],
            sections=[_section(measured, name) for name in names],
            by=measured.by.replace("_", " "),
            smallest=SMALLEST,
        )
    )


def glance(measured: Measured) -> pd.DataFrame:
    """The first table of the page, for a terminal.

    Returns
    -------
    pandas.DataFrame
        One row a measure: ``measure`` (name), ``title``, ``unit``, ``whole`` (value over all days), ``last`` (in the
        last week of which something is known), ``week`` (that week), ``target``, ``met`` (``met``, ``not met`` or
        empty), ``signal`` (words: what the chart says), ``now`` (bool: a rule fires in the last week); all but ``now``
        as text.
    """
    rows = [_row(measured, name) for name in dict.fromkeys(measured.summary["measure"])]
    names = ("title", "unit", "whole", "last", "week", "target", "met", "signal")
    columns = {name: [row[name] for row in rows] for name in names}
    now = [_fires_now(measured, row["name"]) for row in rows]
    return pd.DataFrame({"measure": [row["name"] for row in rows], **columns, "now": now})


def _says(measured: Measured, name: str, signals: int) -> str:
    """What the chart says, in words."""
    if name not in measured.charts:
        return _NOTHING
    if np.isnan(measured.charts[name][0].centre).all():
        return "no limits"
    return f"{signals} signal{'s' * (signals > 1)}" if signals else "no signal"


def _fires_now(measured: Measured, name: str) -> bool:
    """Whether a rule fires in the last week of which something is known."""
    weeks = measured.table[(measured.table["measure"] == name) & measured.table["value"].notna()]["week"]
    fired = measured.signals[measured.signals["measure"] == name]["week"]
    return len(weeks) > 0 and bool((fired == weeks.max()).any())


def _date(date: dt.date) -> str:
    return day(pd.Timestamp(date))


def _row(measured: Measured, name: str) -> dict[str, Any]:
    """A line of the first table."""
    weeks = measured.table[(measured.table["measure"] == name) & measured.table["value"].notna()]
    whole = measured.summary[measured.summary["measure"] == name].iloc[0].to_dict()
    last: Mapping[Any, Any] = weeks.iloc[-1].to_dict() if len(weeks) else whole
    signals = measured.signals[measured.signals["measure"] == name]["week"].nunique()
    return {
        "name": name, "title": BY_NAME[name].title, "unit": whole["unit"], "whole": figure(whole["value"]),
        "last": figure(last["value"]), "week": day(last["week"]), "target": figure(last["target"]),
        "met": "" if pd.isna(last["met"]) else "met" if last["met"] else "not met",
        "signal": _says(measured, name, signals),
    }  # fmt: skip


def _section(measured: Measured, name: str) -> dict[str, Any]:
    """What is told of a measure."""
    weeks = measured.table[measured.table["measure"] == name]
    grouped = measured.group_summary[measured.group_summary["measure"] == name]
    charts = {
        kind: markupsafe.Markup(draw(*measured.charts[name], width))
        for kind, width in (("wide", WIDE), ("narrow", NARROW))
        if name in measured.charts
    }
    return {
        "measure": BY_NAME[name], "better": _BETTER[BY_NAME[name].better], "charts": charts,
        "signals": signal_words(measured, name), "weeks": [_cells(row) for row in weeks.to_dict("records")],
        "groups": [_cells(row) for row in grouped.to_dict("records")],
    }  # fmt: skip


def _cells(row: Mapping[Any, Any]) -> dict[str, str]:
    met = row["met"]
    return {
        "week": day(row["week"]), "group": row["group"] or "(not said)",
        **{name: figure(row[name]) for name in ("numerator", "denominator", "value", "target")},
        "met": "" if pd.isna(met) else "met" if met else "not met",
    }  # fmt: skip


def figure(value: float) -> str:
    """A figure for people; a dash where there is none."""
    return _NOTHING if math.isnan(value) else number(value)
