"""Who pays for what, as tables of an office that is drawn."""

from __future__ import annotations

import datetime as dt
from typing import Any

from schedopt.models import tables
from schedopt.models.office import Billing
from tests.offices.drawing import Drawing, Rows

INSURERS = ("ACME", "ACME", "ACME", "BLUE")
STATUSES = ("approved", "pending", "pending", "pending", "partly", "denied", "expired", "sent", "needed")
ANSWERED = (0, 1, 3, 40)
"""Days before the first one planned."""


def insurance(drawn: Drawing) -> dict[str, Rows | None]:
    if not (drawn.size.insured or drawn.chance(60)):
        return {}
    told = 90 if drawn.size.insured else 45
    return {
        "coverage": tuple(
            tables.Coverage(patient=patient, insurer=drawn.one(INSURERS), **drawn.validity())
            for patient in (*drawn.patients, *drawn.patients)
            if drawn.chance(85)
        ),
        "networks": drawn.maybe(50, lambda: _networks(drawn)), "terms": drawn.maybe(85, lambda: _terms(drawn)),
        "authorisations": drawn.maybe(85, lambda: _authorisations(drawn)),
        "referrals": drawn.maybe(80, lambda: _referrals(drawn)),
        "eligibility": drawn.maybe(told, lambda: _eligibility(drawn)),
        "collection": drawn.maybe(told, lambda: _collection(drawn)),
    }  # fmt: skip


def section(drawn: Drawing) -> Billing:
    """What answers mean, mostly priced."""
    return Billing(
        pending=drawn.one(("forbid", "price")), undecided=drawn.one((100, 7)), verified_days=drawn.one((3, 1, 0, 30)),
        unverified=drawn.one((20, 0, 9)), expected_revenue=drawn.one((0, 1, 2)),
    )  # fmt: skip


def _standing(drawn: Drawing) -> dict[str, Any]:
    """How a permission stands, mostly that it holds."""
    if drawn.chance(30 if drawn.size.insured else 50):
        return {}
    answered = drawn.maybe(50, lambda: drawn.first - dt.timedelta(days=drawn.one(ANSWERED)))
    return {
        "status": drawn.one(STATUSES),
        "decision_due": drawn.maybe(70, drawn.near),
        "answered": answered, "source": drawn.one(("", "278")),
    }  # fmt: skip


def _eligibility(drawn: Drawing) -> Rows:
    rows: dict[tuple[object, ...], tables.Eligibility] = {}
    for patient in (*drawn.patients, *drawn.patients):
        if drawn.chance(75):
            row = tables.Eligibility(
                patient=patient, insurer=drawn.one(INSURERS), visit_type=drawn.some(30, drawn.types),
                asked_for=drawn.maybe(30, drawn.near), answered=drawn.first - dt.timedelta(days=drawn.one(ANSWERED)),
                status=drawn.one(("active", "active", "inactive", "unknown")),
                visits_left=drawn.some(50, (1, 2, 0, 3)), source=drawn.one(("271", "")),
                **drawn.validity(45),
            )  # fmt: skip
            rows.setdefault((row.patient, row.insurer, row.visit_type, row.asked_for, row.answered), row)
    return tuple(rows.values())


def _collection(drawn: Drawing) -> Rows:
    pairs = [(insurer, name) for insurer in (*sorted(set(INSURERS)), None) for name in (*drawn.types, None)]
    return tuple(
        tables.Collection(
            insurer=insurer, visit_type=name, allowed=drawn.some(70, (45.0, 60.25, 100.0)),
            chance=drawn.one((0.5, 0.93, 1.0, 0.0)), bad_debt=drawn.one((0.0, 3.75, 12.0)),
        )
        for insurer, name in pairs
        if drawn.chance(45)
    )  # fmt: skip


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
            insurer=insurer, visit_type=name, authorisation=drawn.chance(65), referral=drawn.chance(50),
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
                    visits_left=drawn.one((1, 2, 1, 2, 1, 3, 0)), **drawn.validity(), **_standing(drawn),
                )  # fmt: skip
                if not any(_clash(row, other) for other in rows):
                    rows.append(row)
    return tuple(rows)


def _referrals(drawn: Drawing) -> Rows:
    pairs = [(patient, name) for patient in drawn.patients for name in drawn.types]
    return tuple(
        tables.Referral(patient=patient, visit_type=name, **drawn.validity(), **_standing(drawn))
        for patient, name in pairs
        if drawn.chance(60)
    )


def _clash(one: tables.Authorisation, other: tables.Authorisation) -> bool:
    """Two authorisations of one patient, insurer and type hold, or are pending, on a common day."""
    if one.holds != other.holds or {one.status, other.status} & {"denied", "expired", "sent", "needed"}:
        return False
    if (one.patient, one.insurer, one.visit_type) != (other.patient, other.insurer, other.visit_type):
        return False
    first = max(one.valid_from or dt.date.min, other.valid_from or dt.date.min)
    return first <= min(one.valid_until or dt.date.max, other.valid_until or dt.date.max)
