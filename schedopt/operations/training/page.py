"""The page of training: what is to be seen to, the matrix, who is new, and who works under supervision."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from schedopt.models.office import Office
from schedopt.operations.training.matrix import BELOW, EXPIRED, EXPIRES, MISSING, OK, competence_matrix, expiries
from schedopt.operations.training.onboarding import DONE, FITS, Completed, onboarding
from schedopt.operations.training.people import DAY
from schedopt.operations.training.staff_tables import Competence
from schedopt.operations.training.supervision import COVERED, supervision
from schedopt.pages import environment

SUPERVISED_DAYS = 7
"""Days of supervision that the page shows."""
_ORDER = (EXPIRED, MISSING, BELOW, EXPIRES)


def training_page(office: Office, day: dt.date, within: int, completed: Completed | None = None) -> str:
    """A page with all of it, HTML that needs nothing else. Ids alone stand on it, and names of competences.

    Parameters
    ----------
    office : Office
        As read.
    day : datetime.date
        The day asked about.
    within : int
        Days ahead that are looked at.
    completed : mapping, optional
        Steps of onboarding that are done, by staff and step.
    """
    cells, new = competence_matrix(office, day, within), onboarding(office, day, completed)
    ends = expiries(office, day, day + within * DAY)
    watched = supervision(office, day, day + (SUPERVISED_DAYS - 1) * DAY)
    names = {row.competence: row.name or row.competence for row in office.rows(Competence) or ()}
    required = cells[cells["required"] > 0]
    counts = {state: int((required["state"] == state).sum()) for state in (OK, *_ORDER)}
    poor = required[required["state"] != OK]
    rank = poor["state"].map({state: number for number, state in enumerate(_ORDER)})
    poor = poor.assign(rank=rank).sort_values(["rank", "days", "staff"], kind="stable")
    return (
        environment("schedopt.operations.training")
        .get_template("training.html.j2")
        .render(
            office=office.settings.name, day=day, within=within, last=day + within * DAY, counts=counts, names=names,
            poor=poor.to_dict("records"), columns=_columns(cells), people=_people(cells), ends=ends.to_dict("records"),
            steps=new.steps.to_dict("records"), mentors=new.mentors.to_dict("records"), fine=(DONE, FITS),
            watched=watched.to_dict("records"), covered=COVERED, supervised_days=SUPERVISED_DAYS,
        )
    )  # fmt: skip


def _columns(cells: pd.DataFrame) -> list[str]:
    """Competences and credentials that somebody holds or must hold, in order."""
    return sorted(set(cells["what"]))


def _people(cells: pd.DataFrame) -> list[tuple[str, str, dict[str, dict[str, object]]]]:
    """Everybody with the cells of the matrix by competence: the worse one where a credential is a competence too."""
    found: dict[tuple[str, str], dict[str, dict[str, object]]] = {}
    for row in cells.to_dict("records"):
        mine = found.setdefault((row["staff"], row["role"]), {})
        if row["what"] not in mine or row["state"] != OK:
            mine[row["what"]] = {str(name): value for name, value in row.items()}
    return [(staff, role, mine) for (staff, role), mine in found.items()]
