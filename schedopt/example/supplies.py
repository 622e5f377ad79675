"""What visits of the invented office use up, what is in stock, and what has been ordered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

_ITEMS = (
    ("item", "name", "unit", "pack", "minimum_order", "price", "order_cost", "fill_rate", "lead_days", "review_days",
     "shelf_days", "supplier", "by_site"),
    ("gloves", "Examination gloves", "pairs", "100", "", "9.00", "12.00", "0.98", "2", "", "", "MEDCO", "no"),
    ("vaccine", "Vaccine, single doses", "doses", "10", "", "180.00", "25.00", "0.98", "4", "7", "180", "VAXCO", "no"),
    ("test-strips", "Test strips", "strips", "25", "50", "30.00", "12.00", "0.97", "3", "", "270", "MEDCO", "no"),
    ("gel", "Ultrasound gel", "ml", "250", "", "6.00", "8.00", "0.95", "3", "", "720", "MEDCO", "no"),
    ("suture-set", "Suture set", "sets", "5", "10", "70.00", "12.00", "0.98", "5", "7", "", "MEDCO", "yes"),
)  # fmt: skip
_USES = (
    ("visit_type", "item", "amount", "chance"),
    ("check-up", "gloves", "1", ""),
    ("injury", "gloves", "2", ""),
    ("procedure", "gloves", "4", ""),
    ("vaccination", "vaccine", "1", ""),
    ("well-child", "vaccine", "1", "0.4"),
    ("long-term", "test-strips", "2", ""),
    ("new-patient", "test-strips", "1", "0.5"),
    ("ultrasound", "gel", "20", ""),
    ("procedure", "suture-set", "1", ""),
    ("injury", "suture-set", "1", "0.3"),
)
_KEEPS = {"vaccine": 120, "test-strips": 200, "gel": 500}
"""Days that what is in stock can still be used."""


def supply_frames(frames: Mapping[str, pd.DataFrame], seed: int, week: dt.date) -> dict[str, pd.DataFrame]:
    """The tables of supplies: enough in stock for some of the requests, and one order on its way.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        The office's other tables: requests and sites are looked at.
    seed : int
        Of the office; random numbers are of their own, so that no other table changes.
    week : datetime.date
        First day planned; stock was counted on the Friday before, or three days before.
    """
    chance = np.random.default_rng([seed, 30])
    asked, sites = frames["requests"]["visit_type"].value_counts(), frames["sites"]["site"].tolist()
    counted = (week - dt.timedelta(days=3)).isoformat()
    lots = []
    for item, *_, by_site in _ITEMS[1:]:
        uses = [row for row in _USES[1:] if row[1] == item]
        week_use = sum(float(amount) * float(share or 1) * int(asked.get(name, 0)) for name, _, amount, share in uses)
        places = sites if by_site == "yes" else [""]
        for site in places:
            amount = str(round(week_use / len(places) * chance.uniform(0.5, 1.5)))
            lot = f"L{chance.integers(100, 1000)}" if item in _KEEPS else ""
            expires = (week + dt.timedelta(days=_KEEPS[item])).isoformat() if item in _KEEPS else ""
            lots.append((item, site, lot, amount, expires, counted))
    due, ordered = ((week + dt.timedelta(days=days)).isoformat() for days in (2, -3))
    orders = [("O1", "vaccine", "", "20", ordered, due, "")]
    named = {
        "stock": ("item", "site", "lot", "amount", "expires", "counted"),
        "supply_orders": ("order", "item", "site", "amount", "ordered", "due", "received"),
    }
    return {
        "supplies": _frame(_ITEMS),
        "supply_uses": _frame(_USES),
        "stock": _frame((named["stock"], *lots)),
        "supply_orders": _frame((named["supply_orders"], *orders)),
    }


def _frame(rows: tuple[tuple[str, ...], ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows[1:]), columns=list(rows[0]), dtype="str")
