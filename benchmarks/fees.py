"""``python -m benchmarks.fees PUBLISHED.csv --rvu FILE --gpci FILE``: are published amounts equal to the cent?

PUBLISHED.csv has amounts that CMS has published, by contractor and locality: of the fee schedule (PFREV, PFALL and a
contractor's own, with a header or as CMS writes them), or of the cap on imaging (OPPSCAP). Each is worked out anew from
relative values and cost indices. The first line printed is a JSON object with how many amounts there are and how many
of them are equal; a line follows for each that is not, with its row and both amounts in dollars. Exit status: 1 if any
is not equal, 2 if a file cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from schedopt.billing.fees.localities import Localities, read_localities
from schedopt.billing.fees.relative_values import RelativeValues, is_procedure, read_relative_values
from schedopt.billing.fees.schedule import FeeSchedule, Setting
from schedopt.billing.fees.sheets import Sheet, number_in, read_sheet
from schedopt.errors import Fault, InputError
from schedopt.models.tables.money import format_money

_Kind = Literal["fee", "cap"]
_AMOUNT = ("AMOUNT", "PRICE", "FEE")
_CARRIER_FILE = {"year": 0, "contractor": 1, "locality": 2, "procedure": 3, "modifier": 4}
"""Columns of files without a header, such as PFREV25C.txt."""
_CARRIER_AMOUNTS: tuple[tuple[_Kind, Setting, int], ...] = (
    ("fee", "office", 5), ("fee", "facility", 6), ("cap", "office", 14), ("cap", "facility", 15),
)  # fmt: skip
_CAPPED, _CAPPED_PLACE = "1", 13


@dataclass(frozen=True)
class Published:
    """An amount that was published.

    Attributes
    ----------
    row : int
        Of the file.
    kind : {"fee", "cap"}
        Whether it is of the schedule, or what imaging is capped to.
    contractor, locality, procedure, modifier, setting, year
        Of what.
    cents : int
        The amount.
    """

    row: int
    kind: _Kind
    contractor: str
    locality: str
    procedure: str
    modifier: str
    setting: Setting
    year: int | None
    cents: int


def read_published(path: Path, year: int | None) -> list[Published]:
    """Amounts of a published file."""
    sheet = read_sheet(path, _is_data)
    places, amounts = (_CARRIER_FILE, list(_CARRIER_AMOUNTS)) if not sheet.titles else _titled(sheet)
    found, faults = list[Published](), list[Fault]()
    for row, cells in sheet.rows:
        said = {name: sheet.cell(cells, place) for name, place in places.items()}
        for kind, setting, place in amounts:
            if not sheet.titles and kind == "cap" and sheet.cell(cells, _CAPPED_PLACE) != _CAPPED:
                continue
            text = sheet.cell(cells, place)
            value = number_in(text)
            if value is None or value * 100 % 1 or not is_procedure(said["procedure"]):
                faults.append(sheet.fault(row, place, text, "expected an amount in dollars and cents, of a code"))
                continue
            of_year = int(said["year"]) if said.get("year", "").isdecimal() else year
            key = said["contractor"], said["locality"], said["procedure"].upper(), said["modifier"].upper()
            found.append(Published(row, kind, *key, setting, of_year, int(value * 100)))
    if faults:
        raise InputError(faults)
    return found


def _is_data(cells: Sequence[str]) -> bool:
    return any(is_procedure(cell.strip()) and not cell.strip().isdigit() for cell in cells[:5]) or (
        sum(number_in(cell.strip()) is not None for cell in cells) > 3
    )


def _titled(sheet: Sheet) -> tuple[dict[str, int], list[tuple[_Kind, Setting, int]]]:
    """Columns of a file with a header."""
    titles = {
        "contractor": ("CARRIER", "CONTRACTOR", "MAC"), "locality": ("LOCALITY",), "procedure": ("HCPCS",),
        "modifier": ("MOD", "MODIFIER"), "year": ("YEAR",),
    }  # fmt: skip
    places = {name: place for name, words in titles.items() if (place := sheet.first(words, ["NAME"])) is not None}
    kind: _Kind = "cap" if sheet.first(["PROCSTAT", "OPPS"]) is not None else "fee"
    settings: tuple[tuple[Setting, str], ...] = (("office", "NONFAC"), ("facility", "FAC"))
    amounts = [
        (kind, setting, place)
        for setting, word in settings
        if (place := next((one for end in _AMOUNT if (one := sheet.column([word, end])) is not None), None)) is not None
    ]
    missing = [name for name in titles if name not in places and name != "year"]
    if missing or len(amounts) < 2:
        missing += ["amounts of office and facility"] if len(amounts) < 2 else []
        raise InputError([Fault(sheet.file, None, name, None, "expected a column of this kind") for name in missing])
    return places, amounts


def compared(published: Sequence[Published], values: RelativeValues, places: Localities) -> Iterator[dict[str, Any]]:
    """Each published amount that is not equal, with what was worked out or why nothing was."""

    @lru_cache(None)
    def schedule(contractor: str, locality: str, year: int | None) -> FeeSchedule | None:
        place = places.find(contractor, locality)
        return None if place is None else FeeSchedule(values, place, year)

    for one in published:
        there = schedule(one.contractor, one.locality, one.year)
        amount: int | None = None
        if there is not None:
            work_out = there.cap if one.kind == "cap" else there.amount
            amount = work_out(one.procedure, one.modifier, one.setting)
        if amount is None and there is not None and not one.cents and (one.procedure, one.modifier) in values:
            continue  # no relative values, and no amount
        if amount != one.cents:
            if there is None:
                why = "no such locality"
            elif (one.procedure, one.modifier) not in values:
                why = "no such code and modifier"
            else:
                why = "no relative values" if amount is None else "another amount"
            yield {
                "row": one.row, "contractor": one.contractor, "locality": one.locality, "procedure": one.procedure,
                "modifier": one.modifier, "setting": one.setting, "kind": one.kind,
                "published_dollars": format_money(one.cents),
                "computed_dollars": None if amount is None else format_money(amount), "why": why,
            }  # fmt: skip


def main() -> None:
    """Compare, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("published", type=Path)
    parser.add_argument("--rvu", type=Path, required=True, help="relative values as CMS publishes them (PPRRVU)")
    parser.add_argument("--gpci", type=Path, required=True, help="cost indices as CMS publishes them (GPCI)")
    parser.add_argument("--year", type=int, help="of the amounts, where the file does not say it")
    said = parser.parse_args()
    start = time.perf_counter()
    try:
        values, places = read_relative_values(said.rvu), read_localities(said.gpci)
        published = read_published(said.published, said.year)
    except InputError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
    unequal = list(compared(published, values, places))
    found = {
        "name": said.published.name, "published_amounts": len(published), "equal": len(published) - len(unequal),
        "not_equal": len(unequal), "rows": len({one.row for one in published}),
        "localities": len({(one.contractor, one.locality) for one in published}),
        "seconds": round(time.perf_counter() - start, 2),
    }  # fmt: skip
    print(json.dumps(found))
    for one in unequal:
        print(json.dumps(one))
    raise SystemExit(1 if unequal else 0)


if __name__ == "__main__":
    main()
