"""Published tables of rates as text: header rows of several lines, quoted numbers, compressed or not."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from schedopt.errors import Fault, InputError
from schedopt.models.words import shown

_GZIP = b"\x1f\x8b"
_NUMBER = re.compile(r"\$?([0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})")
_DELIMITERS = ",\t|;"
_SPELLINGS = (
    (re.compile(r"NON[-_ ]?FAC(ILITY|ILTY)?(?![A-Z])"), "NONFAC"),
    (re.compile(r"(?<![A-Z])FAC(ILITY|ILTY)(?![A-Z])"), "FAC"),
)
"""Words of headers that are written in several ways, in the order in which they are put right."""
_ALIKE = {"CONVERSION": "CONV", "MALPRACTICE": "MP", "PLI": "MP"}


@dataclass(frozen=True)
class Sheet:
    """A table of text as it was published.

    Attributes
    ----------
    file : str
        How faults call it.
    titles : tuple of str
        What stands above each column, all rows of the header together; without a header, none.
    rows : tuple of (int, tuple of str)
        Number of each row of data, as a spreadsheet counts, and its cells.
    """

    file: str
    titles: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def column(self, wanted: Sequence[str], without: Sequence[str] = ()) -> int | None:
        """Place of the first column whose title has all of some words and none of others."""
        for place, title in enumerate(self.titles):
            words = words_of(title)
            if words.issuperset(wanted) and words.isdisjoint(without):
                return place
        return None

    def first(self, words: Sequence[str], without: Sequence[str] = ()) -> int | None:
        """Place of the column whose title has the first word that any title has."""
        return next((place for word in words if (place := self.column([word], without)) is not None), None)

    def cell(self, cells: Sequence[str], place: int | None) -> str:
        """A cell without blanks around it; empty where the row or the table has none there."""
        return cells[place].strip() if place is not None and place < len(cells) else ""

    def fault(self, row: int | None, place: int | None, value: str | None, expected: str) -> Fault:
        """What is wrong with a cell."""
        title = self.titles[place] if place is not None and place < len(self.titles) else None
        name = title if title or place is None else str(place + 1)
        return Fault(self.file, row, name, None if value is None else shown(value), expected)


def words_of(title: str) -> frozenset[str]:
    """The words of a title, however they are separated, with one spelling for each."""
    text = title.upper()
    for pattern, word in _SPELLINGS:
        text = pattern.sub(word, text)
    return frozenset(_ALIKE.get(word, word) for word in re.findall(r"[A-Z0-9]+", text))


def read_sheet(path: Path, is_data: Callable[[Sequence[str]], bool]) -> Sheet:
    """A table of a file, compressed by gzip or not.

    Parameters
    ----------
    path : Path
        With cells separated by commas, tabs, bars or semicolons.
    is_data : callable
        Says of a row's cells whether they are data. What stands above the first such row is the header. Below it, rows
        of a single cell are notes, and are left out.

    Raises
    ------
    InputError
        If the file cannot be read or has no data.
    """
    rows = _cells(_text(path), path.name)
    first = next((place for place, (_, cells) in enumerate(rows) if is_data(cells)), None)
    if first is None:
        raise InputError([Fault(path.name, None, None, None, "expected a table with rows of data")])
    data = tuple((number, cells) for number, cells in rows[first:] if sum(map(bool, map(str.strip, cells))) > 1)
    return Sheet(path.name, _titles([cells for _, cells in rows[:first]]), data)


def number_in(text: str) -> Decimal | None:
    """A number that is not below nothing, as it is written in a cell: ``1,234.50``, ``$90.82``; None: it is none."""
    match = _NUMBER.fullmatch(text.strip().replace(",", ""))
    return None if match is None else Decimal(match[1])


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        if data.startswith(_GZIP):
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        words = f"expected a file that can be read ({type(error).__name__})"
        raise InputError([Fault(path.name, None, None, None, words)]) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _cells(text: str, file: str) -> list[tuple[int, tuple[str, ...]]]:
    """Rows with their numbers."""
    head = text[:20_000]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [(number, tuple(cells)) for number, cells in enumerate(reader, start=1)]
    except csv.Error as error:
        raise InputError([Fault(file, None, None, None, f"expected comma-separated values ({error})")]) from None


def _titles(header: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """For each column what its cells of the header say, from top to bottom; cells alone in their row are headlines."""
    lines = [cells for cells in header if sum(map(bool, map(str.strip, cells))) > 1]
    width = max(map(len, lines), default=0)
    return tuple(
        " ".join(" ".join(cells[place].split()) for cells in lines if place < len(cells) and cells[place].strip())
        for place in range(width)
    )
