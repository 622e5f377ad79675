"""Tables of codes from the files that CMS publishes, tab-separated or CSV, by the names of their columns."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from schedopt.billing.claims.code_tables import AddOn, CodeTables, Most, Pair, gathered
from schedopt.errors import Fault, InputError

_ALWAYS, _EVER = dt.date.min, dt.date.max
_HEAD_ROWS = 30
"""Rows above a header: titles and notices of copyright."""
_MOST_FAULTS = 50
_CODE = re.compile(r"[0-9A-Z]{5}")
_OF_NAME = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{2})-(\d{2})-(\d{4})")

_COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "pairs": {
        "first": ("column1", "col1", "columnonecode", "comprehensivecode"), "second": ("column2", "col2"),
        "indicator": ("modifier",), "begins": ("effective",), "ends": ("deletion",),
    },
    "most": {
        "procedure": ("hcpcscptcode", "cptcode", "hcpcs", "code"), "units": ("practitionerservicesmue", "muevalue"),
        "indicator": ("mueadjudicationindicator", "mai"), "begins": ("effective",), "ends": ("deletion",),
    },
    "add-ons": {
        "procedure": ("addoncode", "aoccode"), "primary": ("primarycode", "primaryprocedure"),
        "kind": ("addoncodetype", "aoctype", "type"), "begins": ("effective", "aoceditefffective", "aocediteff"),
        "ends": ("deletion", "aoceditdel"),
    },
}  # fmt: skip
"""By kind of table: its columns, and how their names begin, in small letters without blanks and signs."""
_NEEDED = {
    "pairs": ("first", "second", "indicator"), "most": ("procedure", "units", "indicator"),
    "add-ons": ("procedure", "kind"),
}  # fmt: skip


def read_code_tables(files: Mapping[str, bytes], codes: Collection[str] | None = None) -> CodeTables:
    """The tables that stand in files.

    Parameters
    ----------
    files : mapping of str to bytes
        File names to contents. A table of units without dates holds from the day in its name on (2026-01-01 or
        01-01-2026), until the day before that of the next.
    codes : collection of str, optional
        Only rows of these procedures are kept; by default all.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    faults = list[Fault]()
    wanted = None if codes is None else frozenset(codes)
    rows = list[Pair | Most | AddOn]()
    for name in sorted(files):
        rows.extend(_rows(name, files[name], wanted, faults))
    if faults:
        raise InputError(faults[:_MOST_FAULTS])
    return gathered(_each_until_the_next(rows))


def _each_until_the_next(rows: list[Pair | Most | AddOn]) -> Iterator[Pair | Most | AddOn]:
    days = sorted({row.begins for row in rows if isinstance(row, Most) and row.ends == _EVER})
    before = {day: after - dt.timedelta(days=1) for day, after in pairwise(days)}
    for row in rows:
        ends = isinstance(row, Most) and row.ends == _EVER
        yield row._replace(ends=before.get(row.begins, _EVER)) if ends else row


def _rows(name: str, data: bytes, wanted: frozenset[str] | None, faults: list[Fault]) -> Iterator[Pair | Most | AddOn]:
    text = data.decode("utf-8-sig", "replace")
    first = text.partition("\n")[0] + text[:20_000]
    table = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ",")
    found: tuple[str, dict[str, int]] | None = None
    for number, cells in enumerate(table, 1):
        if found is None:
            found = _header(cells)
            if found is None and number > _HEAD_ROWS:
                break
            continue
        kind, places = found
        said = {column: cells[place].strip() if place < len(cells) else "" for column, place in places.items()}
        if not any(said.values()):
            continue
        if row := _row(kind, said, _Place(name, number, faults), wanted):
            yield row
    if found is None:
        faults.append(
            Fault(name, None, None, None, "expected a table of pairs, units or add-on codes, with its header")
        )


def _header(cells: Sequence[str]) -> tuple[str, dict[str, int]] | None:
    """Which table a row is the header of, and where its columns are."""
    plain = [re.sub(r"[^a-z0-9]", "", cell.lower()) for cell in cells]
    for kind, columns in _COLUMNS.items():
        places = {
            column: place
            for column, begins in columns.items()
            if (place := next((at for at, cell in enumerate(plain) if cell.startswith(begins)), None)) is not None
        }
        if all(column in places for column in _NEEDED[kind]):
            return kind, places
    return None


class _Place:
    """A row of a file, and where its faults go."""

    def __init__(self, name: str, number: int, faults: list[Fault]) -> None:
        self.name, self.number, self.faults = name, number, faults
        self.is_sound = True

    def fault(self, column: str, value: str, expected: str) -> None:
        self.is_sound = False
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(Fault(self.name, self.number, column, value[:20], expected))

    def code(self, column: str, value: str) -> str:
        if not _CODE.fullmatch(value):
            self.fault(column, value, "expected a code of five letters and digits")
        return value

    def choice(self, column: str, value: str, choices: str) -> str:
        value = value[:1]
        if value not in choices or not value:
            self.fault(column, value, f"expected one of {', '.join(choices)}")
        return value

    def day(self, column: str, value: str, otherwise: dt.date) -> dt.date:
        found = _day(value, otherwise)
        if found is None:
            self.fault(column, value, "expected a date such as 20260101 or 01/01/2026")
        return found or otherwise


def _row(
    kind: str, said: Mapping[str, str], place: _Place, wanted: frozenset[str] | None
) -> Pair | Most | AddOn | None:  # fmt: skip
    own = said.get("procedure", "") or said.get("first", "")
    if wanted is not None and own not in wanted:
        return None
    begins = place.day("begins", said.get("begins", ""), _of_name(place.name) if kind == "most" else _ALWAYS)
    ends = place.day("ends", said.get("ends", ""), _EVER)
    row: Pair | Most | AddOn
    if kind == "pairs":
        if wanted is not None and said["second"] not in wanted:
            return None
        codes = (place.code("first", said["first"]), place.code("second", said["second"]))
        row = Pair(*codes, begins, ends, place.choice("indicator", said["indicator"], "019"))
    elif kind == "most":
        units = said["units"]
        if not (units.isascii() and units.isdigit() and len(units) < 7):
            place.fault("units", units, "expected a whole number")
            return None
        most = (place.code("procedure", said["procedure"]), int(units))
        row = Most(*most, place.choice("indicator", said["indicator"], "123"), begins, ends)
    else:
        primary = said.get("primary", "")
        if primary and _CODE.fullmatch(primary) is None:
            primary = ""  # such as "Contractor defined"
        row = AddOn(
            place.code("procedure", said["procedure"]), primary, place.choice("kind", said["kind"], "123"), begins, ends
        )  # fmt: skip
    return row if place.is_sound else None


def _day(text: str, otherwise: dt.date) -> dt.date | None:
    """A day as CMS writes it: 20260101, 2026001 (the day of the year), 01/01/2026, 2026-01-01; nothing or * is none."""
    if text in ("", "*", "99999999", "9999999", "0"):
        return otherwise
    for form in ("%Y%m%d", "%Y%j", "%m/%d/%Y", "%Y-%m-%d"):
        if form == "%Y%m%d" and len(text) != 8:
            continue
        try:
            return dt.datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def _of_name(name: str) -> dt.date:
    found = _OF_NAME.search(name)
    if found is None:
        return _ALWAYS
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[4], found[5])
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return _ALWAYS
