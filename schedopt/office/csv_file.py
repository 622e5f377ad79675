"""Bytes of a CSV file to header and records."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from schedopt.errors import Fault, InputError
from schedopt.models.tables import Row
from schedopt.office.sheet import Sheet, make_sheet

_UTF_16 = "expected UTF-8 text, found NUL bytes (is the file UTF-16?)"


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
    try:
        header, *records = csv_records(row_class, file, content)
    except InputError as error:
        return None, list(error.faults)
    return make_sheet(row_class, file, header, records)


def csv_records(row_class: type[Row], file: str, content: bytes) -> Iterator[list[str]]:
    """Header and records of a table's file, one after the other, as text without blanks around it.

    Raises
    ------
    InputError
        With one fault: the file cannot be read as rows of cells.
    """
    text = decode(file, content)
    if isinstance(text, Fault):
        raise InputError([text])
    del text  # lines are decoded again, one by one: all of them at once take many times the file's size
    lines, number = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline=""), 0
    try:
        for number, record in enumerate(csv.reader(lines, strict=True), start=1):
            cells = list(map(str.strip, record))
            if number == 1 and (wrong := _no_header(row_class, cells)):
                raise InputError([Fault(file, 1, None, None, wrong)])
            yield cells
    except csv.Error as error:
        raise InputError([Fault(file, number + 1, None, None, _quote_words(str(error)))]) from None
    if not number:
        raise InputError([Fault(file, 1, None, None, _no_header(row_class, []))])


def _no_header(row_class: type[Row], cells: Sequence[str]) -> str:
    """What is wrong with cells that should be a header, whatever the columns are; nothing: empty."""
    if not any(cells):
        return f"expected a header with the columns {', '.join(row_class.model_fields)}"
    return _UTF_16 if any("\0" in name for name in cells) else ""


def decode(file: str, content: bytes) -> str | Fault:
    """Text of UTF-8 bytes, with or without a byte order mark, or the fault that names the first wrong byte."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in content[: error.start]:
            return Fault(file, 1, None, None, _UTF_16)
        start = error.start + content.startswith(b"\xef\xbb\xbf") * 3
        row = len(list(csv.reader(io.StringIO(content[:start].decode("utf-8-sig") + "x", newline=""))))
        hint = " (is the file UTF-16?)" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        words = f"expected UTF-8 text, the byte at offset {start} is not{hint}"
        return Fault(file, row, None, None, words)


def _quote_words(said: str) -> str:
    if "unexpected end" in said:
        return "expected a closing quote before the end of the file"
    if "limit" in said:
        return f"expected cells of at most {csv.field_size_limit()} characters (is a closing quote missing?)"
    return "expected a comma or the end of the line after a closing quote (double the quotes inside a cell)"
