"""docs/billing-tables.md, made from the row classes: tables about money that stores keep beside those of planning."""

from __future__ import annotations

from schedopt.billing.money_tables import GIVEN, MADE
from schedopt.office.document import table_document
from schedopt.registry.kinds import office_tables

_HEAD = """\
# Tables about money

<!-- Written by schedopt.registry.money_document.money_document(); do not edit. -->

`schedopt billing import STORE FOLDER` reads the tables of the first part from CSV files of a folder, as
[tables.md](tables.md) says of an office's; each that is there becomes what its file says. The tables of the second part
are written by commands ([billing.md](billing.md)); they are told by `Store.rows` and `Store.history`. Amounts are
written as `95.00`. What a column *refers to* is a table here or one of the office's.

"""


def money_document() -> str:
    """The text of docs/billing-tables.md."""
    parts = [_HEAD]
    for title, row_classes in (("Tables that an office brings", GIVEN), ("Tables that commands write", MADE)):
        parts.append(f"# {title}\n\n")
        parts += [linked(table_document(row_class)) for row_class in row_classes]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def linked(text: str) -> str:
    """References to tables of an office lead to the document that they are in."""
    for row_class in office_tables():
        text = text.replace(f"(#{row_class.table_name}csv)", f"(tables.md#{row_class.table_name}csv)")
    return text
