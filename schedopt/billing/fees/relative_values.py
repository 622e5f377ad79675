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
_NUMBERS = (
    ("work", ("WORK", "RVU"), ()),
    ("office_practice", ("NONFAC", "PE"), ("OPPS", "FULLY")),
    ("facility_practice", ("FAC", "PE"), ("OPPS", "FULLY")),
    ("malpractice", ("MP", "RVU"), ("OPPS",)),
    ("factor", ("CONV",), ()),
    ("office_cap", ("NONFAC", "PE", "OPPS"), ()),
    ("facility_cap", ("FAC", "PE", "OPPS"), ()),
    ("malpractice_cap", ("MP", "OPPS"), ()),
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
    places = {name: sheet.column(words, without) for name, words, without in _NUMBERS}
    code, modifier, status = (sheet.column([word]) for word in ("HCPCS", "MOD", "STATUS"))
    named = {"HCPCS": code, "MOD": modifier, "STATUS": status}
    named |= {" ".join(words): places[name] for name, words, _ in _NUMBERS if name not in _OPTIONAL}
    if missing := [title for title, place in named.items() if place is None]:
        raise InputError(
            [Fault(path.name, None, title, None, "expected a column with this title") for title in missing]
        )
    values, faults = dict[tuple[str, str], RelativeValue](), list[Fault]()
    for number, cells in sheet.rows:
        key = sheet.cell(cells, code).upper(), sheet.cell(cells, modifier).upper()
        said = {name: sheet.cell(cells, place) for name, place in places.items()}
        if found := list(_faults(sheet, number, (key, (code, modifier)), (said, places))):
            faults.extend(found)
        elif key in values:
            faults.append(sheet.fault(number, code, " ".join(key).strip(), "expected each code and modifier once"))
        else:
            numbers = {name: number_in(text) or Decimal(0) for name, text in said.items()}
            values[key] = RelativeValue(
                procedure=key[0], modifier=key[1], status=sheet.cell(cells, status).upper(), **numbers
            )
    if faults:
        raise InputError(faults)
    return values


def _is_data(cells: Sequence[str]) -> bool:
    return bool(cells) and is_procedure(cells[0].strip().upper())


def _faults(
    sheet: Sheet, row: int, key: tuple[tuple[str, str], tuple[int | None, int | None]],
    numbers: tuple[Mapping[str, str], Mapping[str, int | None]],
) -> Iterator[Fault]:  # fmt: skip
    (procedure, modifier), (code_place, modifier_place) = key
    if not is_procedure(procedure):
        yield sheet.fault(row, code_place, procedure, "expected a CPT or HCPCS code")
    if not _MODIFIER.fullmatch(modifier):
        yield sheet.fault(row, modifier_place, modifier, "expected a modifier of two characters, or none")
    said, places = numbers
    for name, text in said.items():
        if text and number_in(text) is None:
            yield sheet.fault(row, places[name], text, "expected a number not below 0")
        elif name == "factor" and not number_in(text):
            yield sheet.fault(row, places[name], text, "expected a number above 0")
