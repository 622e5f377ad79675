"""docs/billing-tables.md says what the row classes say."""

from __future__ import annotations

import re
from pathlib import Path

from schedopt.registry.money_document import money_document

COMMITTED = Path(__file__).parents[2] / "docs" / "billing-tables.md"
TABLES = COMMITTED.with_name("tables.md")


def test_committed_document_is_the_generated_one() -> None:
    """docs/billing-tables.md is what the row classes say today; write it anew with money_document()."""
    assert COMMITTED.read_text(encoding="utf-8") == money_document()


def test_its_links_lead_somewhere() -> None:
    """Every reference leads to a table of this document or of the office's."""
    text = money_document()
    ours = {f"#{name}csv" for name in re.findall(r"^## (\w+)\.csv$", text, re.M)}
    theirs = {f"#{name}csv" for name in re.findall(r"^## (\w+)\.csv$", TABLES.read_text("utf-8"), re.M)}
    for file, place in re.findall(r"\]\((\w+\.md)?(#\w+)\)", text):
        assert place in (theirs if file == "tables.md" else ours), place
