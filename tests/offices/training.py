"""What staff can do and must be able to do, as tables of an office that is drawn."""

from __future__ import annotations

from schedopt.models.tables.fields import Row
from schedopt.operations.training.staff_tables import Competence, Requirement, Staff, StaffCompetence
from tests.offices.drawing import Drawing, Rows

COMPETENCES = ("laser", "lifting")
"""The first is a credential too."""
ROLES, DUTIES = ("doctor", "nurse"), ("first-aid",)


def training(drawn: Drawing, roles: Rows) -> dict[str, tuple[Row, ...]]:
    """Requirements of all kinds, and holders whose competences begin and end within the days planned."""
    if not drawn.chance(40):
        return {}
    found: dict[str, tuple[Row, ...] | None] = {
        "staff": drawn.maybe(75, lambda: _staff(drawn)),
        "competences": tuple(
            Competence(competence=name, levels=2, months=drawn.some(30, (1, 12))) for name in COMPETENCES
        ),
        "requirements": tuple(_requirements(drawn, roles)),
    }
    found["staff_competences"] = drawn.maybe(90, lambda: _held(drawn, found["staff"] or ()))
    return {name: rows for name, rows in found.items() if rows is not None}


def _staff(drawn: Drawing) -> tuple[Row, ...]:
    return tuple(
        Staff(
            staff=f"S-{name}", role=drawn.one(ROLES), provider=name, duties=DUTIES if drawn.chance(50) else (),
            hired=drawn.maybe(20, drawn.near),
        )
        for name in drawn.providers
        if drawn.chance(80)
    )  # fmt: skip


def _held(drawn: Drawing, staff: Rows) -> tuple[Row, ...]:
    ids = {row.provider: row.staff for row in staff}
    rows = {}
    for name in drawn.providers:
        for competence in COMPETENCES:
            for level in (1, 2)[: 1 + drawn.upto(1)] if drawn.chance(85) else ():
                who = ids[name] if name in ids and drawn.chance(50) else name
                days = drawn.validity(35)
                rows[who, competence, level] = StaffCompetence(staff=who, competence=competence, level=level, **days)
    return tuple(rows.values())


def _requirements(drawn: Drawing, roles: Rows) -> list[Row]:
    of: list[dict[str, str]] = [{"visit_type": name} for name in drawn.types]
    of += [{"role": drawn.one(ROLES)}, {"duty": DUTIES[0]}]
    of += [
        {"visit_type": row.visit_type, "visit_role": row.role}
        for row in {(r.visit_type, r.role): r for r in roles}.values()
    ]
    return [
        Requirement(
            competence=drawn.one(COMPETENCES), level=drawn.one((1, 1, 2)), planning=drawn.chance(85), **whose
        )
        for whose in of
        if drawn.chance(35)
    ]  # fmt: skip
