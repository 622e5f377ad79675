"""Relative values of the physician fee schedule, from the files that CMS publishes (PPRRVU)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from schedopt.billing.fees.sheets import Sheet, number_in, read_sheet
from schedopt.errors import Fault, InputError

_CODE = re.compile(r"[A-Z0-9][0-9]{3}[A-Z0-9]")
_MODIFIER = re.compile(r"[A-Z0-9]{2}|")
_CODES = (("procedure", "HCPCS"), ("modifier", "MOD MODIFIER"), ("status", "STATUS"))
"""Columns with codes: attribute, and words of which the title has one."""
_NUMBERS = (
    ("work", "WORK RVU", ""),
    ("office_practice", "NONFAC PE", "OPPS FULLY"),
    ("facility_practice", "FAC PE", "OPPS FULLY"),
    ("malpractice", "MP RVU", "OPPS"),
    ("factor", "CONV FACTOR", ""),
    ("office_cap", "NONFAC PE OPPS", ""),
    ("facility_cap", "FAC PE OPPS", ""),
    ("malpractice_cap", "MP OPPS", ""),
)
"""Columns with numbers: attribute, words of the title, words that it does not have. Years in which practice expense
changed over have two sets of it, of which ``FULLY IMPLEMENTED`` was not paid."""
_OPTIONAL = frozenset({"office_cap", "facility_cap", "malpractice_cap"})
"""Columns that files from before the cap of 2007 do not have."""


@dataclass(frozen=True)
class RelativeValue:
    """What a service takes, in relative units, and what one unit is worth.

    Attributes
    ----------
    procedure, modifier : str
        CPT or HCPCS code; ``26`` professional part, ``TC`` technical part, ``53`` broken off, empty: the whole.
    status : str
        CMS's code: A, R and T are paid by relative values, C is priced by the contractor, others are not paid so.
    work, malpractice : Decimal
        Units of the physician's work and of malpractice insurance.
    office_practice, facility_practice : Decimal
        Units of practice expense where the office bears it, and where a facility does.
    factor : Decimal
        Dollars for a unit.
    office_cap, facility_cap, malpractice_cap : Decimal
        Units to which practice expense and malpractice are capped by what hospitals are paid; 0: no cap.
    """

    procedure: str
    modifier: str
    status: str
    work: Decimal
    office_practice: Decimal
    facility_practice: Decimal
    malpractice: Decimal
    factor: Decimal
    office_cap: Decimal = Decimal(0)
    facility_cap: Decimal = Decimal(0)
    malpractice_cap: Decimal = Decimal(0)


RelativeValues = Mapping[tuple[str, str], RelativeValue]
"""By procedure and modifier."""


def is_procedure(text: str) -> bool:
    """Whether a text is a CPT or HCPCS code."""
    return _CODE.fullmatch(text) is not None


def read_relative_values(path: Path) -> RelativeValues:
    """Relative values of a file as CMS publishes it, of any year: columns are found by their titles.

    Parameters
    ----------
    path : Path
        Comma-separated values, compressed by gzip or not; descriptions are not looked at.

    Raises
    ------
    InputError
        With every fault.
    """
    sheet = read_sheet(path, _is_data)
    places = {name: sheet.first(words.split()) for name, words in _CODES}
    places |= {name: sheet.column(words.split(), without.split()) for name, words, without in _NUMBERS}
    titles = {name: words for name, words, *_ in (*_CODES, *_NUMBERS) if name not in _OPTIONAL}
    if missing := [title for name, title in titles.items() if places[name] is None]:
        raise InputError(
            [Fault(path.name, None, title, None, "expected a column with this title") for title in missing]
        )
    values, faults = dict[tuple[str, str], RelativeValue](), list[Fault]()
    for number, cells in sheet.rows:
        said = {name: sheet.cell(cells, place) for name, place in places.items()}
        procedure, modifier, status = (said[name].upper() for name, _ in _CODES)
        if found := list(_faults(sheet, number, said, places)):
            faults.extend(found)
        elif (procedure, modifier) in values:
            code = f"{procedure} {modifier}".strip()
            faults.append(sheet.fault(number, places["procedure"], code, "expected each code and modifier once"))
        else:
            numbers = {name: number_in(said[name]) or Decimal(0) for name, *_ in _NUMBERS}
            values[procedure, modifier] = RelativeValue(
                procedure=procedure, modifier=modifier, status=status, **numbers
            )  # fmt: skip
    if faults:
        raise InputError(faults)
    return values


def _is_data(cells: Sequence[str]) -> bool:
    return bool(cells) and is_procedure(cells[0].strip().upper())


def _faults(
    sheet: Sheet, row: int, said: Mapping[str, str], places: Mapping[str, int | None]
) -> Iterator[Fault]:  # fmt: skip
    if not is_procedure(said["procedure"].upper()):
        yield sheet.fault(row, places["procedure"], said["procedure"], "expected a CPT or HCPCS code")
    if not _MODIFIER.fullmatch(said["modifier"].upper()):
        yield sheet.fault(row, places["modifier"], said["modifier"], "expected a modifier of two characters, or none")
    for name, *_ in _NUMBERS:
        text = said[name]
        if text and number_in(text) is None:
            yield sheet.fault(row, places[name], text, "expected a number not below 0")
        elif name == "factor" and not number_in(text):
            yield sheet.fault(row, places[name], text, "expected a number above 0")
