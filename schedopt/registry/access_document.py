"""docs/access.md, made from the grants and the tables: who may do what in a store."""

from __future__ import annotations

import pandas as pd

from schedopt.registry.grants import POLICY, PURPOSES, ROLES
from schedopt.registry.kinds import OF_PERSON, kinds
from schedopt.store.access import Grant

_HEAD = """\
# Who may do what in a store

<!-- Written by schedopt.registry.access_document.access_document(); do not edit. -->

Whatever is not said here is denied. A call is made by an actor, who has roles, for a purpose, which a role must work
for; it may then **r**ead, **a**dd, **c**hange or **e**nd what stands here of its role, where the purpose is one of
those of the line. A column that is new in schedopt is denied to everybody until a line says otherwise. `emergency` is
nobody's role for longer than 24 hours: `store.break_glass(reason)` takes it, and the audit trail says so.

"""
_LETTERS = {"read": "r", "add": "a", "change": "c", "end": "e"}


def access_table() -> pd.DataFrame:
    """Who may do what, one row a table and column.

    Returns
    -------
    pandas.DataFrame
        ``table``, ``column``, ``purposes``, and a column for each role with the operations it may do.
    """
    columns = {name: _stored(name, kind.columns) for name, kind in kinds().items()}
    for grant in POLICY.grants:
        if grant.table not in kinds():
            columns[grant.table] = tuple(dict.fromkeys((*columns.get(grant.table, ()), *grant.columns)))
    return POLICY.table(columns)


def _stored(name: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Columns of a table that stand in it in a store: what a patient's person says stands with the person alone."""
    return tuple(column for column in columns if name != "patients" or column not in OF_PERSON)


def access_document() -> str:
    """The text of docs/access.md."""
    lines = [_HEAD, "## For what roles work\n\n", "| role | purposes |\n| --- | --- |\n"]
    lines += [f"| {role} | {', '.join(PURPOSES[role])} |\n" for role in ROLES]
    lines += ["\n## Tables and columns\n\n", f"| table | columns | purposes | {' | '.join(ROLES)} |\n"]
    lines.append("| --- " * (3 + len(ROLES)) + "|\n")
    lines += [_line(grant) for grant in sorted(POLICY.grants, key=lambda grant: grant.table)]
    denied = access_table().query("purposes == ''")
    if len(denied):
        names = ", ".join(f"`{row.table}.{row.column}`" for row in denied.itertuples())
        lines.append(f"\nDenied to everybody: {names}.\n")
    return "".join(lines)


def _line(grant: Grant) -> str:
    rights = ["".join(_LETTERS[word] for word in grant.allowed.get(role, ())) or "–" for role in ROLES]
    columns = ", ".join(f"`{name}`" for name in grant.columns)
    return f"| `{grant.table}` | {columns} | {', '.join(grant.purposes)} | {' | '.join(rights)} |\n"
