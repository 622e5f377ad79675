"""Bytes of a CSV file to header and records."""

from __future__ import annotations

import csv
import io

from schedopt.errors import Fault
from schedopt.models.tables import Row
from schedopt.office.sheet import Sheet, make_sheet


def parse_csv(row_class: type[Row], file: str, content: bytes) -> tuple[Sheet | None, list[Fault]]:
    """Read a table's file up to its cells, as text without blanks around it.

    Parameters
    ----------
    row_class : type of Row
        What the rows should be.
    file : str
        File name.
    content : bytes
        What stands in the file.

    Returns
    -------
    Sheet or None
        None where the file cannot be read as rows of cells.
    list of Fault
        All that is wrong with the file's shape.
    """
    text = decode(file, content)
    if isinstance(text, Fault):
        return None, [text]
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            records.append([cell.strip() for cell in record])
    except csv.Error as error:
        return None, [Fault(file, len(records) + 1, None, None, _quote_words(str(error)))]
    if not records or not any(records[0]):
        return None, [Fault(file, 1, None, None, f"expected a header with the columns {_columns(row_class)}")]
    if any("\0" in name for name in records[0]):
        return None, [Fault(file, 1, None, None, "expected UTF-8 text, found NUL bytes (is the file UTF-16?)")]
    return make_sheet(row_class, file, records[0], records[1:])


def decode(file: str, content: bytes) -> str | Fault:
    """Text of UTF-8 bytes, with or without a byte order mark, or the fault that names the first wrong byte."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = error.start + content.startswith(b"\xef\xbb\xbf") * 3
        row = len(list(csv.reader(io.StringIO(content[:start].decode("utf-8-sig") + "x", newline=""))))
        hint = " (is the file UTF-16?)" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        words = f"expected UTF-8 text, the byte at offset {start} is not{hint}"
        return Fault(file, row, None, None, words)


def _columns(row_class: type[Row]) -> str:
    return ", ".join(row_class.model_fields)


def _quote_words(said: str) -> str:
    if "unexpected end" in said:
        return "expected a closing quote before the end of the file"
    if "limit" in said:
        return f"expected cells of at most {csv.field_size_limit()} characters (is a closing quote missing?)"
    return "expected a comma or the end of the line after a closing quote (double the quotes inside a cell)"
