"""A table as it was given, before any cell has been read, and what is wrong with its shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from schedopt.errors import Fault
from schedopt.models.tables import Row
from schedopt.office.columns import kinds, private
from schedopt.office.words import HIDDEN, meant, shown


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
    """

    row_class: type[Row]
    file: str
    columns: frozenset[str]
    cells: tuple[Mapping[str, object], ...]
    numbers: tuple[int, ...]
    num_torn: int
    torn_keys: frozenset[str]


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
    faults = list(_header_faults(row_class, file, header))
    names = _known_names(row_class, header)
    if not any(names):
        return None, faults
    end = len(records)
    while end and not any(map(_filled, records[end - 1])):
        end -= 1
    cells: list[Mapping[str, object]] = []
    numbers: list[int] = []
    torn_keys: set[str] = set()
    width = len(names)
    for number, record in enumerate(records[:end], start=2):
        row = {name: cell for name, cell in zip(names, record, strict=False) if name and _filled(cell)}
        if len(record) == width and (row or any(map(_filled, record))):
            cells.append(row)
            numbers.append(number)
        else:
            faults.append(_torn(file, number, width, record))
            torn_keys.update(str(row[name]) for name in row_class.key if len(row_class.key) == 1 and name in row)
    num_torn = end - len(cells)
    sheet = Sheet(
        row_class, file, frozenset(filter(None, names)), tuple(cells), tuple(numbers), num_torn, frozenset(torn_keys)
    )
    return sheet, faults


def _known_names(row_class: type[Row], header: Sequence[str]) -> list[str | None]:
    """The header with None in place of what is unknown or stands there again."""
    first_use = {name: position for position, name in reversed(list(enumerate(header)))}
    return [
        name if name in row_class.model_fields and first_use[name] == position else None
        for position, name in enumerate(header)
    ]


def _filled(cell: object) -> bool:
    return cell is not None and cell != ""


def _torn(file: str, number: int, width: int, record: Sequence[object]) -> Fault:
    if not any(map(_filled, record)):
        return Fault(file, number, None, None, "expected a row, not an empty line")
    hint = " (a comma inside a cell needs quotes around the cell)" if len(record) > width else ""
    words = f"expected {width} cells as in the header, found {len(record)}{hint}"
    return Fault(file, number, None, None, words)


def _header_faults(row_class: type[Row], file: str, header: Sequence[str]) -> Iterator[Fault]:
    known = row_class.model_fields
    if not any(name in known for name in header):
        yield _no_known_column(row_class, file, header)
        return
    seen: set[str] = set()
    for position, name in enumerate(header, start=1):
        if name not in known and row_class.passes_over:
            continue
        if not name:
            yield Fault(file, 1, None, None, f"expected a column name in cell {position} of the header")
        elif name not in known:
            yield _unknown_column(row_class, file, name, position)
        elif name in seen:
            yield Fault(file, 1, name, None, "expected each column once, found it again")
        seen.add(name)
    kind = kinds(row_class)
    for name, field in known.items():
        if field.is_required() and name not in seen:
            yield Fault(file, 1, name, None, f"expected this column, it is required: {kind[name]}")


def _unknown_column(row_class: type[Row], file: str, name: str, position: int) -> Fault:
    """The fault of a header cell: hidden where it may be a patient's data, as when a line break was lost."""
    guess = meant(name.lower(), row_class.model_fields)
    is_a_slip = guess and len(name) <= max(map(len, row_class.model_fields)) + 2
    if private(row_class) and not is_a_slip:
        return Fault(file, 1, None, HIDDEN, f"expected a known column in cell {position} of the header")
    return Fault(file, 1, shown(name), None, f"expected a known column{guess}{_separator_hint(name)}")


def _no_known_column(row_class: type[Row], file: str, header: Sequence[str]) -> Fault:
    """One fault for the header as a whole, which may be a row of data about a patient."""
    text = ", ".join(header)
    words = f"expected a header with the columns {', '.join(row_class.model_fields)}"
    hides = private(row_class) or row_class.passes_over
    return Fault(file, 1, None, HIDDEN if hides else shown(text), words + _separator_hint(text))


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
