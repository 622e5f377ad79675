"""The table of measures: week by week, or all days together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from schedopt.operations.measures.catalogue import MEASURES
from schedopt.operations.measures.measure import Evidence, Measure
from schedopt.operations.measures.tables import Target

BY = ("provider", "site", "visit_type")
"""What measures can be grouped by, beside groups of patients."""
SMALLEST = 11
"""Groups of fewer patients are not shown, as CMS asks of published cells (fewer than 11)."""
TABLE: Mapping[str, str] = {
    "measure": "str", "week": "datetime64[us]", "group": "str", "numerator": "float64", "denominator": "float64",
    "value": "float64", "unit": "str", "target": "float64", "met": "boolean",
}  # fmt: skip
"""Columns of the table:

- ``measure``: its name; ``week``: Monday of the week, or the first day of all;
- ``group``: empty for all together;
- ``numerator``, ``denominator``: the sums; ``value``: their quotient, in ``unit`` (a share in percent);
- ``target``: NaN where there is none; ``met``: whether the value is as good, NA where there is no target or value.
"""


def weekly(
    evidence: Evidence, measures: Sequence[Measure] = MEASURES, *, by: str = "",
    groups: Mapping[str, str] | None = None, targets: Sequence[Target] = (), whole: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """Measures, week by week and group by group.

    Parameters
    ----------
    evidence : Evidence
        From which they are taken.
    measures : sequence of Measure
        Which.
    by : str
        ``provider``, ``site``, ``visit_type``, or the name of a column of patients; empty: all together.
    groups : mapping of str to str, optional
        By patients' groups: patient to group.
    targets : sequence of Target
        The office's. A standard has its own.
    whole : bool
        All days together in place of weeks.

    Returns
    -------
    pandas.DataFrame
        By measure, week and group, with the columns of :data:`TABLE`. Measures of which nothing is known have no rows.
        Of groups of patients that are fewer than :data:`SMALLEST`, the sums and the value are NaN; where one alone
        would be so, the next smallest is too, or it could be found by subtraction.
    """
    found = [_of(measure, evidence, by, groups, whole) for measure in measures]
    table = pd.concat(found, ignore_index=True)
    if targets or len(table):
        table = _with_targets(table, measures, targets)
    return table.astype(dict(TABLE))[list(TABLE)]


def _of(
    measure: Measure, evidence: Evidence, by: str, groups: Mapping[str, str] | None, whole: bool
) -> pd.DataFrame:  # fmt: skip
    rows = measure.count(evidence)
    week = rows["date"] - pd.to_timedelta(rows["date"].dt.day_of_week, unit="D")
    if whole:
        rows = rows[rows["date"] == rows["date"].max()] if measure.looks_back else rows
        week = pd.Series(pd.Timestamp(evidence.first), index=rows.index)
    group = _group(rows, by, groups)
    rows = rows.assign(week=week.astype("datetime64[us]"), group=group)
    rows = rows[rows["group"].notna()]
    sums = rows.groupby(["week", "group"], as_index=False)[["numerator", "denominator"]].sum()
    sums["value"] = measure.scale * sums["numerator"] / sums["denominator"].where(sums["denominator"] > 0)
    if groups is not None:
        people = rows.groupby(["week", "group"])["patient"].nunique().to_numpy()
        sums.loc[_too_few(sums["week"], people), ["numerator", "denominator", "value"]] = np.nan
    return sums.assign(measure=measure.name, unit=measure.unit)


def _group(rows: pd.DataFrame, by: str, groups: Mapping[str, str] | None) -> pd.Series:
    """The group of each row; NA: it belongs to none."""
    if not by:
        return pd.Series("", index=rows.index, dtype="str")
    if groups is None:
        return rows[by].where(rows[by] != "")
    return rows["patient"].map(dict(groups)).where(rows["patient"] != "").astype("str")


def _too_few(weeks: pd.Series, people: np.ndarray) -> np.ndarray:
    """Which groups are not shown."""
    few = people < SMALLEST
    for week in weeks[few].unique():
        mine = np.flatnonzero((weeks == week).to_numpy())
        if few[mine].sum() == 1 and len(mine) > 1:
            others = mine[~few[mine]]
            few[others[np.argmin(people[others])]] = True
    return few


def _with_targets(table: pd.DataFrame, measures: Sequence[Measure], targets: Sequence[Target]) -> pd.DataFrame:
    known = {measure.name: measure for measure in measures}
    target = pd.Series(np.nan, index=table.index)
    for name, measure in known.items():
        own = table["measure"] == name
        if measure.target is not None:
            target[own] = measure.target
        for row in sorted((t for t in targets if t.measure == name), key=lambda t: str(t.first_day or "")):
            since = pd.Timestamp(row.first_day) if row.first_day is not None else pd.Timestamp.min
            target[own & (table["week"] + pd.Timedelta(days=6) >= since)] = row.target
    low = table["measure"].map({name: measure.better == "lower" for name, measure in known.items()})
    met = pd.Series(np.where(low, table["value"] <= target, table["value"] >= target), index=table.index)
    judged = target.notna() & table["value"].notna() & table["measure"].map(
        {name: measure.better != "" for name, measure in known.items()}
    )  # fmt: skip
    return table.assign(target=target, met=met.astype("boolean").where(judged.astype(bool)))
