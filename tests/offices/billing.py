"""Who pays for what, as tables of an office that is drawn."""

from __future__ import annotations

import datetime as dt

from schedopt.models import tables
from tests.offices.drawing import Drawing, Rows

INSURERS = ("ACME", "ACME", "ACME", "BLUE")


def insurance(drawn: Drawing) -> dict[str, Rows | None]:
    if not drawn.chance(60):
        return {}
    return {
        "coverage": tuple(
            tables.Coverage(patient=patient, insurer=drawn.one(INSURERS), **drawn.validity())
            for patient in (*drawn.patients, *drawn.patients)
            if drawn.chance(85)
        ),
        "networks": drawn.maybe(50, lambda: _networks(drawn)), "terms": drawn.maybe(85, lambda: _terms(drawn)),
        "authorisations": drawn.maybe(85, lambda: _authorisations(drawn)),
        "referrals": drawn.maybe(80, lambda: _referrals(drawn)),
    }  # fmt: skip


def _networks(drawn: Drawing) -> Rows:
    pairs = [(insurer, name) for insurer in sorted(set(INSURERS)) for name in drawn.providers]
    return tuple(
        tables.Network(insurer=insurer, provider=name, **drawn.validity())
        for insurer, name in pairs
        if drawn.chance(75)
    )


def _terms(drawn: Drawing) -> Rows:
    pairs = [(insurer, name) for insurer in sorted(set(INSURERS)) for name in drawn.types if drawn.chance(70)]
    return tuple(
        tables.Terms(
            insurer=insurer, visit_type=name, authorisation=drawn.chance(65), referral=drawn.chance(35),
            fee=drawn.some(50, (0, 15, 60)),
        )
        for insurer, name in pairs
    )  # fmt: skip


def _authorisations(drawn: Drawing) -> Rows:
    rows: list[tables.Authorisation] = []
    for patient in (*drawn.patients, *drawn.patients):
        for name in drawn.types:
            if drawn.chance(80):
                row = tables.Authorisation(
                    authorisation=f"A{len(rows)}", patient=patient, insurer=drawn.one(INSURERS), visit_type=name,
                    visits_left=drawn.one((1, 2, 1, 2, 1, 3, 0)), **drawn.validity(),
                )  # fmt: skip
                if not any(_clash(row, other) for other in rows):
                    rows.append(row)
    return tuple(rows)


def _referrals(drawn: Drawing) -> Rows:
    pairs = [(patient, name) for patient in drawn.patients for name in drawn.types]
    return tuple(
        tables.Referral(patient=patient, visit_type=name, **drawn.validity())
        for patient, name in pairs
        if drawn.chance(60)
    )


def _clash(one: tables.Authorisation, other: tables.Authorisation) -> bool:
    """Two authorisations of one patient, insurer and type hold on a common day."""
    if (one.patient, one.insurer, one.visit_type) != (other.patient, other.insurer, other.visit_type):
        return False
    first = max(one.valid_from or dt.date.min, other.valid_from or dt.date.min)
    return first <= min(one.valid_until or dt.date.max, other.valid_until or dt.date.max)
