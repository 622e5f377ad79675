"""What somebody is, by the rows that say so."""

from __future__ import annotations

import json

import sqlalchemy as sa

from schedopt.store import schema

_F = schema.facts.c
_ROLES = sa.select(_F.kind, _F.valid_from, _F.valid_until, _F.cells).where(
    _F.until.is_(None),
    sa.or_(sa.and_(_F.kind == "actors", _F.key == sa.bindparam("key")), _F.kind == "emergencies"),
)


def roles_of(connection: sa.Connection, actor: str, at: str) -> frozenset[str]:
    """What somebody is, at a moment; with what was broken open in an emergency, until that ends."""
    found: set[str] = set()
    key = json.dumps([actor], ensure_ascii=False, separators=(",", ":"))
    for kind, begins, ends, text in connection.execute(_ROLES, {"key": key}):
        cells = json.loads(text)
        if kind == "actors" and begins <= at[:10] <= ends:
            found.update(role.strip() for role in cells.get("roles", "").split(";"))
        elif kind == "emergencies" and cells["actor"] == actor and cells["begins"] <= at < cells["ends"]:
            found.add("emergency")
    return frozenset(found - {""})
