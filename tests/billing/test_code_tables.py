"""Tables of codes in the layouts of CMS; the codes in them are invented."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedopt.billing.claims.code_files import read_code_tables
from schedopt.errors import InputError

PAIRS = (
    '"CPT only copyright"\t\t\t\t\t\t\n"Column1/Column2 Edits"\n'
    'Column 1\tColumn 2\t"*=in existence\nprior to 1996"\t"Effective\nDate"\t"Deletion Date\n*=no data"\t'
    '"Modifier\n0=not allowed\n1=allowed\n9=not applicable"\tPTP Edit Rationale\n'
    "11111\t22222\t\t20200101\t*\t1\tMore extensive procedure\n"
    "11111\t33333\t*\t20200101\t20251231\t0\tMisuse\n"
    "11111\t44444\t\t20200101\t20200101\t9\tGone\n"
)
UNITS = (
    "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n"
    "11111,{most},2 Date of Service Edit: Policy,Code descriptor\n"
    "22222,3,1 Line Edit,Clinical: Data\n"
    "33333,4,3 Date of Service Edit: Clinical,Clinical: Data\n"
)
ADD_ONS = (
    "Add-on Code\tPrimary Code\tAdd-on Code Type\tEffective Date\tDeletion Date\n"
    "55555\t11111\t1\t2020001\t\n55555\t22222\t1\t2020001\t2025365\n66666\tContractor defined\t2\t01/01/2020\t\n"
)
DAY = dt.date(2026, 11, 30)
TABLES = {
    "ptp.txt": PAIRS.encode(), "MUE_Eff_01-01-2025.csv": UNITS.format(most=5).encode(),
    "MUE_Eff_2026-04-01.csv": UNITS.format(most=1).encode(), "aoc.txt": ADD_ONS.encode(),
}  # fmt: skip


def write_codes(folder: Path) -> Path:
    """The tables as files in a folder."""
    folder.mkdir()
    for name, content in TABLES.items():
        (folder / name).write_bytes(content)
    return folder


def test_tables_are_read_by_their_columns() -> None:
    """Titles above headers, blanks in headers, both separators, and three ways to write a day."""
    tables = read_code_tables(TABLES)
    pair = tables.pair("11111", "22222", DAY)
    assert pair is not None
    assert pair.indicator == "1"
    assert tables.pair("11111", "33333", DAY) is None
    assert tables.pair("11111", "33333", dt.date(2025, 12, 31)) is not None
    assert tables.pair("11111", "44444", dt.date(2020, 1, 1)) is None
    assert {one.primary for one in tables.primaries("55555", DAY)} == {"11111"}
    assert len(tables.primaries("55555", dt.date(2025, 12, 31))) == 2
    assert [one.kind for one in tables.primaries("66666", DAY)] == ["2"]


def test_units_hold_until_the_next_table() -> None:
    """A table without dates holds from the day in its name until the day before the next one."""
    tables = read_code_tables(TABLES)
    found = {day: tables.most_of("11111", day) for day in (dt.date(2026, 3, 31), dt.date(2026, 4, 1), DAY)}
    assert [one and one.units for one in found.values()] == [5, 1, 1]
    assert tables.most_of("11111", dt.date(2024, 12, 31)) is None


def test_only_rows_of_codes_that_are_asked_for_are_kept() -> None:
    """What no claim says is left out."""
    tables = read_code_tables(TABLES, {"22222", "33333"})
    assert not tables.pairs
    assert set(tables.most) == {"22222", "33333"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PAIRS + "11111\tabc\t\t20200101\t*\t1\tx\n", "row 7, column second: 'abc'"),
        (PAIRS + "11111\t22222\t\t2020-13-01\t*\t1\tx\n", "row 7, column begins"),
        (UNITS.format(most="many"), "row 2, column units: 'many'"),
        ("a,b\n1,2\n", "expected a table of pairs, units or add-on codes"),
        ("", "expected a table"),
    ],
)
def test_faults_are_named_by_row(content: str, said: str) -> None:
    """What is none of a column's is said with file, row and column."""
    with pytest.raises(InputError, match="1 error") as caught:
        read_code_tables({"file.txt": content.encode()})
    assert said in str(caught.value)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_have_faults(data: bytes) -> None:
    """Nothing raises but what says what is wrong."""
    with pytest.raises(InputError):
        read_code_tables({"file.csv": data})
