"""What is due as one page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pandas as pd

from schedopt.operations.placing import Placed
from schedopt.pages import environment

_STATES = {"overdue": "Overdue", "due": "Due", "later": "Later"}


def _date(value: dt.date | None) -> str:
    return "–" if value is None or pd.isna(value) else f"{value:%a} {value.day} {value:%b %Y}"


def maintenance_html(office: str, day: dt.date, due: pd.DataFrame, placed: Placed | None = None) -> str:
    """What is due, and where it has been placed, as a page that needs nothing else.

    Parameters
    ----------
    office : str
        Its name.
    day : datetime.date
        Today.
    due : pandas.DataFrame
        As :func:`~schedopt.operations.equipment.due.maintenance_due` gives it.
    placed : Placed, optional
        Where what is due has been placed.
    """
    groups = [(words, due[due["state"] == state].to_dict("records")) for state, words in _STATES.items()]
    filters: dict[str, Callable[..., object]] = {"day": _date}
    template = environment("schedopt.operations.equipment", filters).get_template("page.html.j2")
    return template.render(
        office=office, day=day, groups=[(words, rows) for words, rows in groups if rows],
        placements=[] if placed is None else placed.placements.to_dict("records"),
        unplaced=[] if placed is None else placed.unplaced.to_dict("records"), placed=placed is not None,
    )  # fmt: skip
