"""Planned visits for which something will be missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from schedopt.models.office import Office
from schedopt.operations.supplies.held import NEVER, Held, Lot, Place, places_of, sites_of, used_up
from schedopt.operations.supplies.ordering import arrives
from schedopt.operations.supplies.tables import SupplyUse
from schedopt.operations.supplies.words import units

COLUMNS = ("request", "date", "start", "visit_type", "item", "site", "missing", "unit", "delivery", "detail")
_DAY = dt.timedelta(days=1)


def missing_visits(
    office: Office, planned: pd.DataFrame, held: Mapping[tuple[str, str | None], Held], day: dt.date
) -> pd.DataFrame:  # fmt: skip
    """Visits for which not enough is there, if all before them use what their types use, the soonest to expire first.

    Parameters
    ----------
    office : Office
        Its items, uses and sites.
    planned : pandas.DataFrame
        As :func:`~schedopt.operations.supplies.demand.planned_of` makes it.
    held : mapping of (item, site) to Held
        What there is in the morning of the day.
    day : datetime.date
        The first day of the visits.

    Returns
    -------
    pandas.DataFrame
        By date and start: ``request``, ``date`` (datetime.date), ``start``, ``visit_type``, ``item``, ``site`` (empty:
        one stock is for all), ``missing`` (units that are not there for this visit), ``unit``, ``delivery``
        (datetime.date: the first order that comes after it; missing: none has been made), ``detail`` (words).
    """
    rows = list[dict[str, Any]]()
    for place in places_of(office, sites_of(office)):
        rows += _of(office, place, planned, held[place.row.item, place.site], day)
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    return found.sort_values(["date", "start", "request", "item"], kind="stable").reset_index(drop=True)


def _of(office: Office, place: Place, planned: pd.DataFrame, held: Held, day: dt.date) -> list[dict[str, Any]]:
    uses = {row.visit_type: row for row in office.rows(SupplyUse) or () if row.item == place.row.item}
    mine = planned[planned["visit_type"].isin(uses.keys())]
    if place.site is not None:
        mine = mine[mine["site"] == place.site]
    lots, waiting, rows = list(held.lots), list(held.orders), list[dict[str, Any]]()
    columns = (mine[name].tolist() for name in ("request", "date", "start", "visit_type"))
    for request, date, start, visit_type in zip(*columns, strict=True):
        while waiting and arrives(waiting[0].due, day) <= date:
            lots.append(Lot(waiting.pop(0).amount, NEVER))
        use = uses[visit_type]
        lots, short = used_up(lots, date, use.amount * use.chance)
        if short > 1e-9 and use.chance == 1:
            delivery = arrives(waiting[0].due, day) if waiting else None
            rows.append(
                {
                    "request": request, "date": date, "start": start, "visit_type": visit_type,
                    "item": place.row.item, "site": place.site or "", "missing": round(short, 3),
                    "unit": place.row.unit, "delivery": delivery, "detail": _words(place, short, delivery),
                }
            )  # fmt: skip
    return rows


def _words(place: Place, short: float, delivery: dt.date | None) -> str:
    until = "and no order has been made" if delivery is None else f"before its delivery on {delivery}"
    return f"the office has no more {place.words} {until}: {units(short, place.row.unit)} missing"


def summary(missing: pd.DataFrame) -> Sequence[str]:
    """A sentence for each item: how many visits lack it, and from when on."""
    return [
        f"{item}: {len(rows)} planned visit{'' if len(rows) == 1 else 's'} without, the first on {rows['date'].iloc[0]}"
        for item, rows in missing.groupby("item", sort=False)
    ]
