"""Places of the physician fee schedule and their cost indices, from the files that CMS publishes (GPCI)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from schedopt.billing.fees.sheets import Sheet, number_in, read_sheet
from schedopt.errors import Fault, InputError

_NUMBERS = (("work", "PW WORK"), ("practice", "PE"), ("malpractice", "MP"))
"""Columns with indices: attribute, and words of which the title has one."""


@dataclass(frozen=True)
class Locality:
    """A place, and how costs there compare with the nation's.

    Attributes
    ----------
    contractor, number : str
        Of Medicare's contractor (five digits), and of its locality (two).
    state, name : str
        Where it is.
    work, practice, malpractice : Decimal
        Indices; 1 is the nation.
    """

    contractor: str
    number: str
    state: str
    name: str
    work: Decimal
    practice: Decimal
    malpractice: Decimal


NATION = Locality("", "", "", "national", Decimal(1), Decimal(1), Decimal(1))
"""The nation as a whole: every index is 1."""


@dataclass(frozen=True)
class Localities:
    """All places of a year.

    Attributes
    ----------
    by_number : mapping of (str, str) to Locality
        By contractor and number.
    """

    by_number: Mapping[tuple[str, str], Locality]

    def find(self, contractor: str, number: str) -> Locality | None:
        """A place by its contractor and number.

        Some published files name a place under another contractor of the same state. Numbers are the state's, so the
        place is then found by its state.
        """
        contractor, number = contractor.zfill(5), number.zfill(2)
        if found := self.by_number.get((contractor, number)):
            return found
        states = {place.state for place in self.by_number.values() if place.contractor == contractor}
        same = [place for place in self.by_number.values() if place.state in states and place.number == number]
        return same[0] if len(same) == 1 else None


def read_localities(path: Path) -> Localities:
    """Places of a file as CMS publishes it, of any year: columns are found by their titles.

    Where a year has the work index with and without its floor, the one with the floor is read.

    Parameters
    ----------
    path : Path
        Comma-separated values, compressed by gzip or not.

    Raises
    ------
    InputError
        With every fault.
    """
    sheet = read_sheet(path, _is_data)
    places = _places(sheet)
    if missing := [name for name, place in places.items() if place is None]:
        raise InputError([Fault(path.name, None, name, None, "expected a column of this kind") for name in missing])
    found, faults = dict[tuple[str, str], Locality](), list[Fault]()
    for number, cells in sheet.rows:
        said = {name: sheet.cell(cells, place) for name, place in places.items()}
        if wrong := list(_faults(sheet, number, said, places)):
            faults.extend(wrong)
            continue
        key = said["contractor"].zfill(5), said["number"].zfill(2)
        if key in found:
            faults.append(sheet.fault(number, places["number"], " ".join(key), "expected each locality once"))
        indices = {name: number_in(said[name]) or Decimal(0) for name, _ in _NUMBERS}
        found[key] = Locality(
            contractor=key[0], number=key[1], state=said["state"].upper(), name=said["name"].rstrip("* "), **indices
        )
    if faults:
        raise InputError(faults)
    return Localities(found)


def _places(sheet: Sheet) -> dict[str, int | None]:
    """Which column is what."""
    found = {
        "contractor": sheet.first(["CONTRACTOR", "MAC", "CARRIER"]),
        "number": sheet.column(["LOCALITY"], ["NAME"]),
        "state": sheet.column(["STATE"]),
        "name": sheet.column(["LOCALITY", "NAME"]),
    }
    for name, words in _NUMBERS:
        floored = sheet.first(words.split(), ["WITHOUT"])
        found[name] = sheet.first(words.split()) if floored is None else floored
    return found


def _is_data(cells: Sequence[str]) -> bool:
    return len(cells) > 4 and cells[0].strip().isdigit() and sum(number_in(cell) is not None for cell in cells) > 3


def _faults(
    sheet: Sheet, row: int, said: Mapping[str, str], places: Mapping[str, int | None]
) -> Iterator[Fault]:  # fmt: skip
    for name, width in (("contractor", 5), ("number", 2)):
        if not said[name].isdecimal() or len(said[name]) > width:
            yield sheet.fault(row, places[name], said[name], f"expected a number of {width} digits")
    for name, _ in _NUMBERS:
        if not number_in(said[name]):
            yield sheet.fault(row, places[name], said[name], "expected an index above 0")
