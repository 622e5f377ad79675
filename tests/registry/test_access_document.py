"""docs/access.md says what the grants say, of columns that there are."""

from __future__ import annotations

from pathlib import Path

from schedopt.registry.access_document import access_document, access_table
from schedopt.registry.grants import POLICY, ROLES
from schedopt.registry.kinds import kinds
from schedopt.store import schema
from schedopt.store.trail import ADDED_TO

COMMITTED = Path(__file__).parents[2] / "docs" / "access.md"


def test_committed_document_is_the_generated_one() -> None:
    """docs/access.md is what the grants say today; write it anew with access_document()."""
    assert COMMITTED.read_text(encoding="utf-8") == access_document()


def test_every_grant_is_of_a_column_that_there_is() -> None:
    """No grant names a table or column that no store has."""
    columns = {name: set(kind.columns) for name, kind in kinds().items()}
    columns |= {
        "entries": set(schema.entries.c.keys()),
        **{table.name: set(table.c.keys()) for table in ADDED_TO},
        "settings": {"settings"},
        "overbookings": {"booking"},
        "backups": {"file"},
        "keys": {"master"},
    }
    for grant in POLICY.grants:
        assert set(grant.columns) <= columns[grant.table], grant.table


def test_every_stored_column_is_in_the_table() -> None:
    """The table lists each column of each table once, and for each of them what the policy allows."""
    table = access_table()
    assert not table.duplicated(["table", "column"]).any()
    for row in table.to_dict("records"):
        for role in ROLES:
            for purpose in POLICY.purposes[role]:
                told = str(row[role]).split(", ") if purpose in str(row["purposes"]).split(", ") else []
                allowed = [
                    word
                    for word in ("read", "add", "change", "end")
                    if POLICY.allows([role], purpose, word, str(row["table"]), str(row["column"]))
                ]
                assert sorted(allowed) == sorted(filter(None, told)), row
    listed = set(zip(table["table"], table["column"], strict=True))
    assert {("people", "soc_sec_id"), ("entries", "reason"), ("patients", "language")} <= listed
    assert ("patients", "birth_date") not in listed  # it stands with the person
