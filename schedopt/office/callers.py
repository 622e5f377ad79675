"""An office with callers who want a visit of each type and nothing else: to find out what is free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schedopt.models.office import Office
from schedopt.office.extend import extend_office

_MARK = "~caller"


def with_callers(office: Office, callers: int) -> tuple[Office, Mapping[str, Sequence[str]]]:
    """The office with callers who have no wishes, no age, no insurer and no history, each a patient of his or her own.

    Parameters
    ----------
    office : Office
        As read, or as a store gives it for planning.
    callers : int
        For each visit type.

    Returns
    -------
    office : Office
        With their rows of patients and requests.
    requests : mapping of str to sequence of str
        Visit type to their requests, in the order in which they ask.
    """
    known = {row.patient for row in office.patients} | {row.request for row in office.requests}
    mark = _MARK
    while any(name.startswith(mark) for name in known):
        mark += "~"
    names = {
        row.visit_type: [f"{mark}-{number}-{place}" for place in range(callers)]
        for number, row in enumerate(office.visit_types)
    }
    flat = [(kind, name) for kind, mine in names.items() for name in mine]
    rows = {
        "patients": [{"patient": name, "self_pay": "yes"} for _, name in flat],
        "requests": [
            {"request": name, "patient": name, "visit_type": kind, "self_pay": "yes"} for kind, name in flat
        ],
    }  # fmt: skip
    return extend_office(office, rows), names
