"""docs/operations-tables.md, made from the row classes: what stores keep of the office around the schedule."""

from __future__ import annotations

from schedopt.office.document import table_document
from schedopt.operations.tables import KEPT
from schedopt.registry.money_document import linked

_HEAD = """\
# Tables of the office around the schedule

<!-- Written by schedopt.registry.operations_document.operations_document(); do not edit. -->

What an office brings stands in [tables.md](tables.md). These tables are kept by a store alone and written by commands;
they are told by `Store.rows` and `Store.history`. What a column *refers to* is a table here or one of the office's.

"""


def operations_document() -> str:
    """The text of docs/operations-tables.md."""
    parts = [_HEAD, *(linked(table_document(row_class)) for row_class in KEPT)]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)
