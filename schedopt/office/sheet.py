"""A table as it was given, before any cell has been read, and what is wrong with its shape."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from schedopt.errors import Fault
from schedopt.models.tables import Row
from schedopt.models.words import HIDDEN, meant
from schedopt.office.columns import kinds

_BETWEEN = re.compile(r"[\s-]+")
_CLOSE, _LONG = 0.85, 6
"""How much of a long column's name, and what is long, makes a slip of what is nearly it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table's cells that are not empty.

    Attributes
    ----------
    row_class : type of Row
        What its rows should be.
    file : str
        How faults call it.
    columns : frozenset of str
        Known columns that it has.
    cells : tuple of mappings
        For each row of the header's width: column to cell.
    numbers : tuple of int
        For each of them, its number as a spreadsheet counts.
    num_torn : int
        Rows that have too few or too many cells.
    torn_keys : frozenset of str
        Their keys, where the key is one column.
    notes : tuple of str
        What of the header is read although it is not written as it should be, in words.
    """

    row_class: type[Row]
    file: str
    columns: frozenset[str]
    cells: tuple[Mapping[str, object], ...]
    numbers: tuple[int, ...]
    num_torn: int
    torn_keys: frozenset[str]
    notes: tuple[str, ...]


def make_sheet(
    row_class: type[Row], file: str, header: Sequence[str], records: Sequence[Sequence[object]]
) -> tuple[Sheet | None, list[Fault]]:
    """Put cells under their columns.

    Parameters
    ----------
    row_class : type of Row
        What the rows should be.
    file : str
        How faults call the table.
    header : sequence of str
        Column names as given.
    records : sequence of sequences
        Cells of each row; an empty cell is ``""`` or None.

    Returns
    -------
    Sheet or None
        None where no column is known, so that no cell can be placed.
    list of Fault
        All that is wrong with the header and with the number of cells of rows.
    """
    end = len(records)
    while end and not any(map(_filled, records[end - 1])):
        end -= 1
    records, empty = _without_empty_end(header, records[:end])
    names, notes = read_header(row_class, header)
    faults = list(_header_faults(row_class, file, header, names, empty))
    placed = _first_uses(row_class, names)
    if not any(placed):
        return None, faults
    notes += _empty_words(empty) if not row_class.passes_over else ()
    cells: list[Mapping[str, object]] = []
    numbers: list[int] = []
    torn_keys: set[str] = set()
    width = len(names)
    for number, record in enumerate(records, start=2):
        row = {name: cell for name, cell in zip(placed, record, strict=False) if name and _filled(cell)}
        if len(record) == width and (row or any(map(_filled, record))):
            cells.append(row)
            numbers.append(number)
        else:
            faults.append(_torn(file, number, width, record))
            torn_keys.update(str(row[name]) for name in row_class.key if len(row_class.key) == 1 and name in row)
    sheet = Sheet(
        row_class, file, frozenset(filter(None, placed)), tuple(cells), tuple(numbers), end - len(cells),
        frozenset(torn_keys), notes,
    )  # fmt: skip
    return sheet, faults


def _without_empty_end(
    header: Sequence[str], records: Sequence[Sequence[object]]
) -> tuple[Sequence[Sequence[object]], list[int]]:
    """Records without empty cells beyond the header, and the places of columns without a name and without a cell.

    Spreadsheets leave both behind when columns are emptied rather than deleted.
    """
    width = len(header)
    cut = [record[:width] if not any(map(_filled, record[width:])) else record for record in records]
    empty = [
        place for place, name in enumerate(header)
        if not name and not any(_filled(record[place]) for record in cut if place < len(record))
    ]  # fmt: skip
    widest = max(map(len, records), default=width)
    return cut, [*empty, *range(width, widest if widest > max(map(len, cut), default=width) else width)]


def _empty_words(empty: Sequence[int]) -> tuple[str, ...]:
    if not empty:
        return ()
    places = ", ".join(str(place + 1) for place in empty)
    return (f"expected no columns without a name, those in place {places} are empty and not read",)


def read_header(row_class: type[Row], header: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """The header with its column names as they should be written, and what was written otherwise, in words.

    A column is known by its name also with capitals, and with blanks or hyphens in place of ``_``, where no other is
    called exactly so.
    """
    known, names, notes = row_class.model_fields, list(header), list[str]()
    for place, name in enumerate(header):
        plain = _BETWEEN.sub("_", name.strip()).lower()
        if name not in known and plain in known and plain not in names:
            names[place] = plain
            notes.append(plain)
    if not notes:
        return names, ()
    return names, (f"expected column names as in docs/tables.md, read other capitals or blanks as {', '.join(notes)}",)


def _first_uses(row_class: type[Row], names: Sequence[str]) -> list[str | None]:
    """The header with None in place of what is unknown or stands there again."""
    first_use = {name: position for position, name in reversed(list(enumerate(names)))}
    return [
        name if name in row_class.model_fields and first_use[name] == position else None
        for position, name in enumerate(names)
    ]


def _filled(cell: object) -> bool:
    return cell is not None and cell != ""


def _torn(file: str, number: int, width: int, record: Sequence[object]) -> Fault:
    if not any(map(_filled, record)):
        return Fault(file, number, None, None, "expected a row, not an empty line")
    hint = " (a comma inside a cell needs quotes around the cell)" if len(record) > width else ""
    words = f"expected {width} cells as in the header, found {len(record)}{hint}"
    return Fault(file, number, None, None, words)


def _header_faults(
    row_class: type[Row], file: str, header: Sequence[str], names: Sequence[str], empty: Sequence[int]
) -> Iterator[Fault]:
    known = row_class.model_fields
    if not any(name in known for name in names):
        words = f"expected a header with the columns {', '.join(known)}"
        yield Fault(file, 1, None, HIDDEN, words + _separator_hint(", ".join(header)))
        return
    seen: set[str] = set()
    for position, name in enumerate(names):
        if position in empty or (name not in known and row_class.passes_over):
            continue
        if not name:
            yield Fault(file, 1, None, None, f"expected a column name in cell {position + 1} of the header")
        elif name not in known:
            yield _unknown_column(row_class, file, name, position + 1)
        elif name in seen:
            yield Fault(file, 1, name, None, "expected each column once, found it again")
        seen.add(name)
    kind = kinds(row_class)
    for name, field in known.items():
        if field.is_required() and name not in seen:
            yield Fault(file, 1, name, None, f"expected this column, it is required: {kind[name]}")


def _unknown_column(row_class: type[Row], file: str, name: str, position: int) -> Fault:
    """The fault of a header cell: hidden where it may be somebody's name, as of a row in the header's place."""
    guess = meant(name.lower(), row_class.model_fields)
    words = f"expected a known column in cell {position} of the header{guess}{_separator_hint(name)}"
    if _is_slip(name.lower(), row_class.model_fields):
        return Fault(file, 1, name, None, words)
    return Fault(file, 1, None, HIDDEN, words)


def _is_slip(name: str, known: Collection[str]) -> bool:
    """Whether a name can only be meant for a known column: nearly all its letters, or a column's and a sign or two."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=_CLOSE)
    begun = [column for column in known if name.startswith(column) and len(name) <= len(column) + 2]
    return any(len(column) >= _LONG for column in close) or any(
        not name[len(column) :][:1].isalpha() for column in begun
    )


def _separator_hint(text: str) -> str:
    for separator, word in ((";", "semicolons"), ("\t", "tabs")):
        if separator in text:
            return f" (cells seem to be separated by {word}: save the file with commas)"
    return ""


def unknown_table(file: str, known: Sequence[str]) -> Fault:
    """The fault of a file or frame that is no table, given the names that would be one."""
    near = meant(PurePath(file).name.lower(), known)
    printable = file.encode(errors="replace").decode()
    return Fault(printable, None, None, None, f"expected one of the tables{near or ' (see docs/tables.md)'}")
