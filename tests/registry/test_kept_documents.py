"""docs/billing-tables.md and docs/operations-tables.md say what the row classes say."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from schedopt.registry.money_document import money_document
from schedopt.registry.operations_document import operations_document

DOCS = Path(__file__).parents[2] / "docs"
DOCUMENTS = {"billing-tables.md": money_document, "operations-tables.md": operations_document}


@pytest.mark.parametrize(("name", "text"), DOCUMENTS.items(), ids=DOCUMENTS)
def test_committed_document_is_the_generated_one(name: str, text: Callable[[], str]) -> None:
    """The committed documents are what the row classes say today; write them anew with their functions."""
    assert (DOCS / name).read_text(encoding="utf-8") == text()


@pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS)
def test_its_links_lead_somewhere(text: Callable[[], str]) -> None:
    """Every reference leads to a table of this document or of the office's."""
    ours = _tables(text())
    theirs = _tables((DOCS / "tables.md").read_text("utf-8"))
    for file, place in re.findall(r"\]\((\w+\.md)?(#\w+)\)", text()):
        assert place in (theirs if file == "tables.md" else ours), place


def _tables(text: str) -> set[str]:
    return {f"#{name}csv" for name in re.findall(r"^## (\w+)\.csv$", text, re.M)}
