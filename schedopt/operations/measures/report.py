"""All measures of an office: the tables, a chart of each, and what the charts say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from schedopt.operations.measures.catalogue import BY_NAME, MEASURES
from schedopt.operations.measures.charts.chart import ControlChart, xmr
from schedopt.operations.measures.charts.drawing import Subject, day
from schedopt.operations.measures.measure import Evidence, Measure
from schedopt.operations.measures.tables import MeasureChange, Target
from schedopt.operations.measures.weekly import BY, weekly

FEWEST = 6
"""Known weeks without which a series has no limits: they would say more than the figures do."""
_WEEK = pd.Timedelta(days=7)
SIGNALS = ("measure", "week", "value", "rule", "words")


@dataclass(frozen=True)
class Charting:
    """How charts are made.

    Attributes
    ----------
    baseline : int or None
        Limits come from so many first weeks of each stretch; None: from all.
    medians, screened : bool
        As in :func:`~schedopt.operations.measures.charts.chart.xmr`.
    """

    baseline: int | None = None
    medians: bool = False
    screened: bool = False


@dataclass(frozen=True)
class Measured:
    """How an office does.

    Attributes
    ----------
    office : str
        Its name, for people.
    first, last : datetime.date
        The days measured.
    table : pandas.DataFrame
        Week by week, all together; columns as in :func:`~schedopt.operations.measures.weekly.weekly`.
    summary : pandas.DataFrame
        The same of all days together.
    by : str
        By what `groups` are; empty: none were asked for.
    groups : pandas.DataFrame
        Week by week and group by group.
    group_summary : pandas.DataFrame
        The same of all days together.
    charts : mapping of str to (ControlChart, Subject)
        By measure: those with figures of two weeks or more.
    signals : pandas.DataFrame
        Where rules fire: ``measure``, ``week`` (Monday), ``value``, ``rule``, ``words``.
    """

    office: str
    first: dt.date
    last: dt.date
    table: pd.DataFrame = field(repr=False)
    summary: pd.DataFrame = field(repr=False)
    by: str
    groups: pd.DataFrame = field(repr=False)
    group_summary: pd.DataFrame = field(repr=False)
    charts: Mapping[str, tuple[ControlChart, Subject]] = field(repr=False)
    signals: pd.DataFrame = field(repr=False)


def measure(
    evidence: Evidence, *, office: str = "", by: str = "", groups: Mapping[str, str] | None = None,
    targets: Sequence[Target] = (), changes: Sequence[MeasureChange] = (), charting: Charting | None = None,
    measures: Sequence[Measure] = MEASURES,
) -> Measured:  # fmt: skip
    """Take all measures of which something is known, with a control chart of each.

    Parameters
    ----------
    evidence : Evidence
        From which they are taken.
    office : str
        Name, for people.
    by : str
        ``provider``, ``site``, ``visit_type``, or the name of a column of patients; empty: all together alone.
    groups : mapping of str to str, optional
        By a column of patients: patient to group.
    targets, changes : sequence of Target, of MeasureChange
        The office's; a known change gives its charts new limits.
    charting : Charting, optional
        How charts are made.
    measures : sequence of Measure
        Which.

    Raises
    ------
    ValueError
        If `by` is none of these, or patients' groups are not given.
    """
    if by and groups is None and by not in BY:
        raise ValueError(f"expected one of {', '.join(BY)}, or a column of patients with groups, not {by!r}")
    measures = [replace(one, count=_known(one.count(evidence))) for one in measures]
    table = weekly(evidence, measures, targets=targets)
    drawn = _charts(table, evidence, changes, charting or Charting())
    grouped = [
        weekly(evidence, measures, by=by, groups=groups, targets=targets, whole=whole) if by else table[:0]
        for whole in (False, True)
    ]
    return Measured(
        office, evidence.first, evidence.last, table, weekly(evidence, measures, targets=targets, whole=True), by,
        grouped[0], grouped[1], drawn, _signals(drawn),
    )  # fmt: skip


def _known(rows: pd.DataFrame) -> Callable[[Evidence], pd.DataFrame]:
    """Counts, with what has been counted already."""
    return lambda _: rows


def _charts(
    table: pd.DataFrame, evidence: Evidence, changes: Sequence[MeasureChange], charting: Charting
) -> dict[str, tuple[ControlChart, Subject]]:
    """A chart of each measure with figures of two weeks or more; all over the same weeks.

    Where each week's figure looks back over a year, weeks share most of what they count: limits from the differences
    between them would be far too narrow, and there are none.
    """
    monday = pd.Timestamp(evidence.first) - pd.Timedelta(days=evidence.first.weekday())
    weeks = pd.date_range(monday, pd.Timestamp(evidence.last), freq="7D")
    drawn = {}
    for name, rows in table.groupby("measure", sort=False):
        known = rows.set_index("week").reindex(weeks)
        values = known["value"].to_numpy(float)
        if (~np.isnan(values)).sum() < 2:
            continue
        is_of = BY_NAME.get(str(name))
        mine = sorted(
            (int((pd.Timestamp(row.date) - monday) // _WEEK), row.what)
            for row in changes
            if row.measure in (None, name)
        )
        mine = [(at, what) for at, what in mine if 0 < at < len(weeks)]
        chart = xmr(
            values, baseline=charting.baseline, changes=[at for at, _ in mine], medians=charting.medians,
            screened=charting.screened, fewest=len(weeks) + 1 if is_of is not None and is_of.looks_back else FEWEST,
        )  # fmt: skip
        title, unit = (str(name), "") if is_of is None else (is_of.title, is_of.unit)
        target = known["target"].ffill().bfill().to_numpy(float)
        drawn[str(name)] = chart, Subject(str(name), title, unit, list(weeks), target.tolist(), mine)
    return drawn


def _signals(drawn: Mapping[str, tuple[ControlChart, Subject]]) -> pd.DataFrame:
    found = [
        (name, subject.weeks[at], chart.values[at], chart.rules[rule].name, chart.rules[rule].words)
        for name, (chart, subject) in drawn.items()
        for at, rule in zip(*(column.tolist() for column in np.nonzero(chart.signals.T)), strict=True)
    ]
    return pd.DataFrame(found, columns=list(SIGNALS))


def signal_words(measured: Measured, name: str) -> list[str]:
    """Where rules fire in a measure's chart, in words."""
    mine = measured.signals[measured.signals["measure"] == name]
    return [f"week of {day(week)}: {words}" for week, words in zip(mine["week"], mine["words"], strict=True)]
