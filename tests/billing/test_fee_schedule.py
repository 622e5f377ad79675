"""The physician fee schedule: published amounts to the cent, whatever the file looks like."""

from __future__ import annotations

import gzip
import subprocess
import sys
import tempfile
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.fees import read_published
from schedopt.billing.fees.localities import NATION, Localities, Locality, read_localities
from schedopt.billing.fees.relative_values import RelativeValue, read_relative_values
from schedopt.billing.fees.schedule import FeeSchedule, Setting
from schedopt.errors import Fault, InputError

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
OF_2025, OF_2023 = DATA / "cms_pfs_2025", DATA / "cms_pprrvu_2023"
needs_data = pytest.mark.skipif(not OF_2025.is_dir(), reason="the files of CMS are not next to this repository")

ORIGINAL = """\
,,2031 Relative Value File,,,,,,,,,,,,
,,"Released in December, or later",,,,,,,,,,,,
,,,,NOT USED,,,,,,,,,PE USED,PE USED,MP USED
,,,,FOR,,,NON-FAC,,FACILITY ,,,,FOR OPPS,FOR OPPS,FOR OPPS
,,,STATUS,MEDICARE ,WORK,NON-FAC,NA,FACILITY,NA,MP,NON-FACILITY,CONV,NON-FACILITY,FACILITY,PAYMENT
HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,FACTOR,AMOUNT,AMOUNT,AMOUNT
G9001,,"Visit, long",A,,1.30,1.28,,0.55,,0.10,2.68,33.8872,0.00,0.00,0.00
G9002,,Picture,A,,0.50,"1,000.00",,3.00,NA,0.10,3.60,33.8872,2.00,2.00,0.05
G9002,TC,Picture,A,,0.00,2.50,,2.50,NA,0.05,2.55,33.8872,1.50,1.50,0.01
G9003,,Priced,C,,0.00,0.00,,0.00,,0.00,0.00,33.8872,7.57,7.57,0.03
G9003,26,Priced,A,,0.30,0.11,,0.11,,0.02,0.43,33.8872,0.00,0.00,0.00
"""
REDUCED = """\
hcpcs,mod,status,work_rvu,nonfac_pe_rvu,nonfac_na,fac_pe_rvu,mp_rvu,nonfac_total,conv_factor
HCPCS,MOD,CODE,RVU,PE RVU,INDICATOR,PE RVU,RVU,TOTAL,FACTOR
G9001,,A,1.30,1.28,,0.55,0.10,2.68,33.8872
"""
INDICES = """\
ADDENDUM E. INDICES OF 2031,,,,,,,
,,,,,,,
Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,2031 PW GPCI (without 1.0 Floor),\
2031 PW GPCI (with 1.0 Floor),2031 PE GPCI,2031 MP GPCI
01112,CA,05,SAN FRANCISCO*,1.088,1.088,1.419,0.445
1182,CA,17,OXNARD,0.99,1,1.183,0.651
"*The floor, for Alaska alone",,,,,,,
"""
amounts = st.decimals(0, 400, places=2)
indices = st.decimals("0.3", "2", places=3)


def _written(folder: Path, text: str, name: str = "file.csv") -> Path:
    (folder / name).write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    return folder / name


@needs_data
@pytest.mark.parametrize("name", ["pfrev_2025c_published.csv", "oppscap_2025_oct_published.csv.gz"])
def test_published_amounts_are_equal_to_the_cent(name: str) -> None:
    """Every amount that CMS has published for 2025 and that is here is worked out again."""
    files = ["--rvu", str(OF_2025 / "pprrvu25_oct_numbers_no_descriptors.csv.gz"), "--gpci"]
    command = [sys.executable, "-m", "benchmarks.fees", str(OF_2025 / name), *files, str(OF_2025 / "gpci_2025.csv")]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout.count("\n"), told.stderr) == (0, 1, "")


@needs_data
@pytest.mark.parametrize(
    ("code", "office", "facility"), [("99213", 9082, 6608), ("99214", 12843, 9760), ("99203", 11284, 8302)]
)
def test_published_amounts_of_2023(code: str, office: int, facility: int) -> None:
    """What CMS's search of the schedule says of visits in 2023, for the nation."""
    values = read_relative_values(OF_2023 / "pprrvu23_jan_numbers_no_descriptors.csv.gz")
    there = FeeSchedule(values, NATION, 2023)
    assert (there.payment(code), there.payment(code, setting="facility")) == (office, facility)


@pytest.mark.parametrize("text", [ORIGINAL, REDUCED, "\ufeff" + ORIGINAL, REDUCED.replace(",", "\t")])
@pytest.mark.parametrize("name", ["file.csv", "file.csv.gz"])
def test_columns_are_found_by_their_titles(text: str, name: str, tmp_path: Path) -> None:
    """Headers of one row or of six, descriptions or none, commas or tabs, compressed or not: the same values."""
    value = read_relative_values(_written(tmp_path, text, name))["G9001", ""]
    said = (value.status, value.work, value.office_practice, value.facility_practice, value.malpractice, value.factor)
    assert said == ("A", *map(Decimal, ("1.30", "1.28", "0.55", "0.10", "33.8872")))


def test_the_lower_of_schedule_and_cap_is_paid(tmp_path: Path) -> None:
    """Imaging is paid as hospitals are, where that is less; a whole that the contractor prices has no payment."""
    there = FeeSchedule(read_relative_values(_written(tmp_path, ORIGINAL)), NATION)
    for modifier in ("", "TC"):
        cap, amount = there.cap("G9002", modifier), there.amount("G9002", modifier)
        assert cap is not None
        assert amount is not None
        assert there.payment("G9002", modifier) == min(cap, amount) == cap
    assert there.payment("G9001") == there.amount("G9001") == 9082
    assert there.payment("G9003") is there.amount("G9003") is there.payment("G0000") is None
    assert there.cap("G9003") == _rounded(Decimal("7.90") * Decimal("33.8872"))  # the work of its professional part


def test_places_are_found_by_number_or_by_their_state(tmp_path: Path) -> None:
    """A file may name a place under another contractor of its state; the index with its floor holds."""
    places = read_localities(_written(tmp_path, INDICES))
    oxnard = places.find("01182", "17")
    assert oxnard == places.find("01112", "17") == places.find("1182", "17")
    assert oxnard == Locality("01182", "17", "CA", "OXNARD", Decimal(1), Decimal("1.183"), Decimal("0.651"))
    assert places.find("01112", "99") is places.find("09999", "05") is None


@pytest.mark.parametrize(
    ("old", "new", "row", "words"),
    [
        ("1.30,", "1.3O,", 7, "expected a number not below 0"), ("1.30,", "-1.30,", 7, "expected a number not below 0"),
        ("G9002,TC", "G9002,", 9, "expected each code and modifier once"),
        ("G9002,TC", "GG,TC", 9, "expected a CPT or HCPCS code"), ("G9002,TC", "G9002,T", 9, "expected a modifier"),
        ("2.55,33.8872", "2.55,0", 9, "expected a number above 0"), ("MP,NON", "XX,NON", None, "expected a column"),
    ],
)  # fmt: skip
def test_every_fault_has_its_place(old: str, new: str, row: int | None, words: str, tmp_path: Path) -> None:
    """A file that is damaged is refused with file, row and column, all of it at once."""
    text = ORIGINAL.replace(old, new).replace("0.43,33.8872", "0.43,none")
    with pytest.raises(InputError) as caught:
        read_relative_values(_written(tmp_path, text))
    assert caught.value.faults[0].file == "file.csv"
    assert caught.value.faults[0].row == row
    assert caught.value.faults[0].expected.startswith(words)
    assert row is None or caught.value.faults[-1].row == 11


@pytest.mark.parametrize("data", [b"", b"\x1f\x8b\x00", b"a,b\n1,2\n", b"\xff\xfe\x00"])
def test_what_is_no_table_is_refused(data: bytes, tmp_path: Path) -> None:
    """No traceback for bytes of any kind."""
    (tmp_path / "file.csv").write_bytes(data)
    for read in (read_relative_values, read_localities):
        with pytest.raises(InputError):
            read(tmp_path / "file.csv")
        with pytest.raises(InputError):
            read(tmp_path / "absent.csv")


cells = st.sampled_from(
    ["G9001", "01112", "05", "1.30", "1e9", "\u00b2", '"', ",", "\n", "\t", "HCPCS", "GPCI", "WORK RVU", "x"]
)


@given(st.one_of(st.binary(max_size=60), st.lists(cells, max_size=40).map(lambda some: ",".join(some).encode())))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """No file ends in another error than one with its faults."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "file.csv"
        for content in (data, ORIGINAL.encode() + data, INDICES.encode() + data, AS_CMS_WRITES.encode() + data):
            path.write_bytes(content)
            for read in (read_relative_values, read_localities, partial(read_published, year=None)):
                faults = _faults(read, path)
                assert faults is None or {fault.file for fault in faults} == {path.name}


def _faults(read: Callable[[Path], object], path: Path) -> tuple[Fault, ...] | None:
    """What is wrong with a file; None where it is read."""
    try:
        read(path)
    except InputError as refused:
        return tuple(refused.faults)
    return None


def test_faults_of_indices_have_their_place(tmp_path: Path) -> None:
    """The same for cost indices."""
    text = INDICES.replace("01112,CA,05", "01112,CA,5x").replace("0.99,1,", "0.99,0,")
    with pytest.raises(InputError) as caught:
        read_localities(_written(tmp_path, text))
    assert [fault.row for fault in caught.value.faults] == [4, 5]


def _rounded(dollars: Decimal) -> int:
    return int((dollars * 100).to_integral_value(ROUND_HALF_UP))


@given(
    st.lists(amounts, min_size=4, max_size=4), st.lists(indices, min_size=3, max_size=3),
    st.decimals("20", "60", places=4), st.sampled_from(["office", "facility"]),
)  # fmt: skip
def test_an_amount_is_rounded_once(
    units: list[Decimal], place: list[Decimal], factor: Decimal, setting: Setting
) -> None:
    """Each amount is within half a cent of the exact product, and half a cent goes up."""
    value = RelativeValue("G9001", "", "A", *units, factor)
    where = Locality("01112", "05", "CA", "", *place)
    amount = FeeSchedule({("G9001", ""): value}, where).amount("G9001", setting=setting)
    practice = units[1] if setting == "office" else units[2]
    exact = sum((a * b for a, b in zip((units[0], practice, units[3]), place, strict=True)), Decimal(0)) * factor * 100
    assert amount is None if not exact else amount is not None and Decimal("-0.5") < amount - exact <= Decimal("0.5")


def test_work_of_years_with_budget_neutrality_is_rounded_first() -> None:
    """In 2007 and 2008 work was multiplied by a factor of the year, and rounded to hundredths."""
    value = RelativeValue("G9001", "", "A", Decimal("1.30"), *[Decimal(0)] * 3, Decimal("37.8975"))
    worth = {year: FeeSchedule({("G9001", ""): value}, NATION, year).amount("G9001") for year in (2006, 2007, 2008)}
    assert worth == {year: _rounded(work * Decimal("37.8975")) for year, work in
                     ((2006, Decimal("1.30")), (2007, Decimal("1.17")), (2008, Decimal("1.14")))}  # fmt: skip


def test_an_ambiguous_place_is_none() -> None:
    """A contractor of two states does not say which place of one number is meant."""
    places = [Locality(*key, "", Decimal(1), Decimal(1), Decimal(1)) for key in
              (("00001", "01", "A"), ("00001", "02", "B"), ("00002", "09", "A"), ("00003", "09", "B"))]  # fmt: skip
    found = Localities({(place.contractor, place.number): place for place in places})
    assert found.find("00001", "09") is None


AS_CMS_WRITES = """\
"2031","01112","05","G9001","  ","0000090.82","0000066.08"," ","0","A","0","0000000.00","0000000.00","9","0.00","0"
"2031","01112","05","G9002","TC","0000090.82","0000066.08"," ","1","A","0","0000000.00","0000000.00","1","12.34","12.35"
"TRL- NOTES OF THE COPYRIGHT, AND OTHERS"
"""
WITH_HEADER = "year,carrier,locality,hcpcs,mod,nonfacility_amount,facility_amount\n2031,01112,05,G9001,,90.82,66.08\n"
OF_CAPS = "HCPCS,MOD,PROCSTAT,CARRIER,LOCALITY,FACILITY PRICE,NON-FACILTY PRICE\nG9002,TC,A,01112,05,12.35,12.34\n"


def test_published_files_are_read_in_each_layout(tmp_path: Path) -> None:
    """With a header and as CMS writes them, the schedule's own amounts and those of the cap."""
    whole = read_published(_written(tmp_path, AS_CMS_WRITES), None)
    assert [(one.kind, one.procedure, one.modifier, one.setting, one.year, one.cents) for one in whole] == [
        ("fee", "G9001", "", "office", 2031, 9082), ("fee", "G9001", "", "facility", 2031, 6608),
        ("fee", "G9002", "TC", "office", 2031, 9082), ("fee", "G9002", "TC", "facility", 2031, 6608),
        ("cap", "G9002", "TC", "office", 2031, 1234), ("cap", "G9002", "TC", "facility", 2031, 1235),
    ]  # fmt: skip
    assert {(one.kind, one.setting, one.cents) for one in read_published(_written(tmp_path, WITH_HEADER), None)} == {
        ("fee", "office", 9082), ("fee", "facility", 6608),
    }  # fmt: skip
    assert {(one.kind, one.setting, one.cents) for one in read_published(_written(tmp_path, OF_CAPS), None)} == {
        ("cap", "office", 1234), ("cap", "facility", 1235),
    }  # fmt: skip


OF_A_CHANGING_YEAR = """\
,,,FULLY IMPLEMENTED,TRANSITIONED,FULLY IMPLEMENTED,TRANSITIONED,,
HCPCS,MODIFIER,STATUS CODE,NON-FAC PE RVU,NON-FAC PE RVU,FACILITY PE RVU,FACILITY PE RVU,WORK RVU,MALPRACTICE RVU,\
CONVERSION FACTOR
G9001,,A,9.99,1.28,8.88,0.55,1.30,0.10,33.8872
"""


def test_a_year_that_changes_over_pays_what_is_transitioned(tmp_path: Path) -> None:
    """Of two sets of practice expense, the one that was paid is read; titles of other spellings are known."""
    value = read_relative_values(_written(tmp_path, OF_A_CHANGING_YEAR))["G9001", ""]
    assert (value.office_practice, value.facility_practice) == (Decimal("1.28"), Decimal("0.55"))
    assert (value.malpractice, value.factor, value.office_cap) == (Decimal("0.10"), Decimal("33.8872"), 0)


def test_an_index_without_a_floor_is_read_where_there_is_no_other(tmp_path: Path) -> None:
    """In years in which the law had no floor."""
    text = INDICES.replace("2031 PW GPCI (with 1.0 Floor),", "Note,").replace(",1.088,1.088,", ",1.088,x,")
    place = read_localities(_written(tmp_path, text.replace("0.99,1,", "0.99,x,"))).find("01182", "17")
    assert place is not None
    assert place.work == Decimal("0.99")
