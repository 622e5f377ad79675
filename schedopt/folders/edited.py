"""How a schedule.csv differs from the one that was written with its plan: cell by cell and row by row."""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from schedopt.errors import Fault
from schedopt.interop.cells import from_cell, to_csv
from schedopt.models.problem.visits import Visit, schedule_table
from schedopt.models.problem.week import Week
from schedopt.models.words import HIDDEN, shown
from schedopt.office.csv_file import decode

MOST_TOLD = 20
_KEY = "request"
_TIME = r"[0-9]{1,2}[:.][0-9]{2}"
_TIMES = re.compile(rf"(?:{_TIME}(?:; ?{_TIME})*)?")
_COUNTED = {**dict.fromkeys(["arrive", "start", "end", "depart", "steps"], _TIMES), "cost": re.compile(r"[-0-9]{0,7}")}

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row by column, and its number as a spreadsheet counts."""

    number: int
    cells: Cells

    @property
    def key(self) -> str:
        return self.cells[_KEY]

    @property
    def rest(self) -> tuple[str, ...]:
        """All cells but the request's."""
        return tuple(text for name, text in self.cells.items() if name != _KEY)


def differences(file: str, visits: Sequence[Visit], content: bytes, ids: Collection[str]) -> tuple[Fault, ...]:
    """What in a schedule's file is not as it was written.

    Parameters
    ----------
    file : str
        How faults call it.
    visits : sequence of Visit
        The file was written of these.
    content : bytes
        The file as it is.
    ids : collection of str
        Of the office, and the dates planned. What stands in a cell is told if it is one of them, was written, or is a
        time or number in its column; anything else may be somebody's name or birth date.

    Returns
    -------
    tuple of Fault
        Each cell that differs, with what was found and what was written; each row that is missing, new, there again or
        in another place. The first 20 by row, and how many more. Empty where all cells are the same.
    """
    table = to_csv(schedule_table(visits))
    if table.encode() == content:
        return ()
    header, *written = csv.reader(io.StringIO(table, newline=""))
    text = decode(file, content)
    if isinstance(text, Fault):
        return (text,)
    try:
        found = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        return (Fault(file, None, None, None, f"expected CSV: {error}"),)
    told = _Told({*ids, *header, *(from_cell(cell) for row in written for cell in row)})
    faults = _sorted(_faults(file, header, written, found, told))
    if len(faults) <= MOST_TOLD:
        return faults
    more = f"expected no other differences, found {len(faults) - MOST_TOLD:,} more"
    return (*faults[:MOST_TOLD], Fault(file, None, None, None, more))


def ids_of(week: Week) -> set[str]:
    """Every id of a week, and every date, that can stand in a schedule."""
    requests, sessions, calendar = week.requests, week.sessions, week.calendar
    return {
        *requests.ids, *requests.patient_ids, *requests.visit_type_ids, *sessions.ids, *sessions.provider_ids,
        *sessions.site_ids, *(calendar.date(day).isoformat() for day in range(calendar.num_days)),
    }  # fmt: skip


@dataclass(frozen=True)
class _Told:
    """How cells are told: what is not known may be somebody's name."""

    known: Collection[str]

    def cell(self, column: str, text: str) -> str:
        """As it is, or hidden."""
        plain = from_cell(text)
        fine = (
            plain in self.known
            or all(part in self.known for part in plain.split(";") if part)
            or (column in _COUNTED and _COUNTED[column].fullmatch(plain))
        )
        return shown(plain) if fine else HIDDEN


def _sorted(faults: Iterator[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: (fault.row is None, fault.row or 0)))


def _faults(
    file: str, header: Sequence[str], written: Sequence[Sequence[str]], found: Sequence[Sequence[str]], told: _Told
) -> Iterator[Fault]:
    names = _names(header, found[0] if found else ())
    if _KEY not in names:
        words = f"expected a header with the columns {', '.join(header)}"
        yield Fault(file, 1, None, None, words)
        return
    yield from _header_faults(file, header, found[0], names, told)
    columns = [name for name in header if name in names]
    old = [_Row(number, dict(zip(header, row, strict=True))) for number, row in enumerate(written, start=2)]
    old = [_Row(row.number, {name: row.cells[name] for name in columns}) for row in old]
    new = []
    for number, row in enumerate(found[1:], start=2):
        if any(row):
            cells = dict(zip(names, [*row, *[""] * (len(names) - len(row))], strict=False))
            new.append(_Row(number, {name: cells[name] for name in columns}))
        if any(row[len(names) :]):
            yield Fault(file, number, None, None, f"expected {len(names)} cells, found {len(row)}")
    yield from _row_faults(file, old, new, told)


def _names(header: Sequence[str], found: Sequence[str]) -> list[str]:
    """What the columns are called; one that was called otherwise stands for the one in its place."""
    if len(found) != len(header):
        return list(found)
    return [
        mine if theirs not in header and mine not in found else theirs
        for mine, theirs in zip(header, found, strict=True)
    ]


def _header_faults(
    file: str, header: Sequence[str], found: Sequence[str], names: Sequence[str], told: _Told
) -> Iterator[Fault]:
    for name, text in zip(names, found, strict=True):
        if name != text:
            yield Fault(file, 1, name, told.cell("", text), f"expected {name}")
    for place, name in enumerate(names):
        if name not in header:
            yield Fault(file, 1, told.cell("", name), None, "expected no such column")
        elif name in names[:place]:
            yield Fault(file, 1, name, None, "expected this column once")
    for name in header:
        if name not in names:
            yield Fault(file, 1, name, None, "expected this column; it is missing")
    if [name for name in names if name in header] != [name for name in header if name in names]:
        yield Fault(file, 1, None, None, f"expected the columns in this order: {', '.join(header)}")


def _row_faults(file: str, written: Sequence[_Row], found: Sequence[_Row], told: _Told) -> Iterator[Fault]:
    pairs = _paired(written, found)
    place = {id(row): number for number, row in enumerate(written)}
    moved = set(_out_of_order([place[id(pairs[row.number])] for row in found if row.number in pairs]))
    matched = [row for row in found if row.number in pairs]
    at = {pairs[row.number].key: row.number for row in matched}
    for number, row in enumerate(matched):
        other = pairs[row.number]
        for name, text in row.cells.items():
            if text != other.cells[name]:
                value = told.cell(name, text)
                yield Fault(file, row.number, name, value, f"expected {from_cell(other.cells[name]) or 'nothing'}")
        if number in moved:
            words = f"expected in row {other.number}, where it was written"
            yield Fault(file, row.number, _KEY, told.cell(_KEY, row.key), words)
    for row in found:
        if row.number not in pairs:
            again = at.get(row.key)
            words = "expected no such row" if again is None else f"expected once, and it stands in row {again}"
            yield Fault(file, row.number, _KEY, told.cell(_KEY, row.key), words)
    for row in written:
        if row.key not in at:
            yield Fault(file, None, _KEY, from_cell(row.key), f"expected in row {row.number}; the row is missing")


def _paired(written: Sequence[_Row], found: Sequence[_Row]) -> dict[int, _Row]:
    """The row that was written for each that was found, by its number: the same, or else the likest.

    First those that are the same in all cells, then in all but the request, then those of the same request.
    """
    pairs: dict[int, _Row] = {}
    keys: Sequence[Callable[[_Row], Hashable]] = (
        lambda row: (row.key, row.rest), lambda row: row.rest, lambda row: row.key,
    )  # fmt: skip
    for key in keys:
        used = {row.key for row in pairs.values()}
        free = defaultdict(list)
        for place, row in enumerate(found):
            if row.number not in pairs:
                free[key(row)].append(place)
        for place, row in enumerate(written):
            same = free.get(key(row), [])
            if row.key not in used and same:
                best = max(same, key=lambda other: _likeness(written, place, found, other))
                same.remove(best)
                pairs[found[best].number] = row
    return pairs


def _likeness(written: Sequence[_Row], place: int, found: Sequence[_Row], other: int) -> tuple[int, int]:
    """Cells that are the same, and neighbours."""
    cells = sum(found[other].cells[name] == text for name, text in written[place].cells.items())
    beside = 0
    for step in (-1, 1):
        one, two = (
            rows[at + step].key if 0 <= at + step < len(rows) else None
            for rows, at in ((written, place), (found, other))
        )
        beside += one == two
    return cells, beside


def _out_of_order(places: Sequence[int]) -> list[int]:
    """The fewest positions without which the rest is in order; both of two that have changed places."""
    wrong = [number for number, (one, two) in enumerate(zip(places, sorted(places), strict=True)) if one != two]
    if len(wrong) == 2:
        return wrong
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for number, place in enumerate(places):
        length = bisect_left(ends, place)
        ends[length : length + 1] = [place]
        at[length : length + 1] = [number]
        before.append(at[length - 1] if length else -1)
    kept, last = set[int](), at[-1] if at else -1
    while last >= 0:
        kept.add(last)
        last = before[last]
    return [number for number in range(len(places)) if number not in kept]
