"""docs/tables.md says what the models say, and its examples are rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from schedopt.models.tables import Row
from schedopt.office.document import example_rows, tables_document
from schedopt.office.settings import parse_toml
from schedopt.office.sources import HOUSE, all_tables, settings_class

TABLES = all_tables(HOUSE)
COMMITTED = Path(__file__).parents[2] / "docs" / "tables.md"


def test_committed_document_is_the_generated_one() -> None:
    """docs/tables.md is what the models say today; write it anew with tables_document()."""
    assert COMMITTED.read_text(encoding="utf-8") == tables_document()


@pytest.mark.parametrize("row_class", TABLES)
def test_examples_are_rows(row_class: type[Row]) -> None:
    """Every example of a row validates, and together they fill every column."""
    rows = example_rows(row_class)
    for row in rows:
        row_class.model_validate({name: cell for name, cell in row.items() if cell})
    for name in row_class.model_fields:
        assert any(row[name] for row in rows)


@pytest.mark.parametrize("row_class", TABLES)
def test_every_column_is_in_the_document(row_class: type[Row]) -> None:
    """Every table has its section, and every column its line in it."""
    section = tables_document().split(f"## {row_class.table_name}.csv\n")[1].split("\n## ")[0]
    for name in row_class.model_fields:
        assert f"| `{name}` | " in section


def test_the_example_of_settings_reads() -> None:
    """The office.toml of the document is one."""
    text = tables_document().split("```toml\n")[1].split("```")[0]
    settings, faults = parse_toml(settings_class(HOUSE), "office.toml", text.encode())
    assert settings is not None
    assert not faults
