"""Fees and estimates on the command line: from the files of CMS to what a patient will owe."""

from __future__ import annotations

from pathlib import Path

from tests.billing.test_fee_schedule import INDICES, ORIGINAL
from tests.cli.test_store import made, said

PAYERS = "insurer,payer_id,name\nACME,1,Acme\n"


def test_from_files_of_cms_to_what_a_patient_owes(tmp_path: Path) -> None:
    """A schedule, a contract of it, an estimate with a range, a good-faith estimate with its due day."""
    store = made(tmp_path)
    files = {"rvu.csv": ORIGINAL, "gpci.csv": INDICES}
    given = tmp_path / "given"
    given.mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    for name, text in {
        "payers": PAYERS, "contract_shares": "insurer,schedule,share\nACME,medicare,100\n",
        "services": "visit_type,procedure\ncheck-up,G9001\n", "charges": "procedure,amount\nG9001,300\n",
    }.items():  # fmt: skip
        (given / f"{name}.csv").write_text(text, "utf-8")
    assert "charges" in said(0, "billing", "import", store, given)
    place = ("--rvu", tmp_path / "rvu.csv", "--gpci", tmp_path / "gpci.csv", "--year", "2026")
    assert "such as 01112-05" in said(2, "billing", "schedule", store, *place, "--locality", "nowhere")
    assert "4 rows" in said(0, "billing", "schedule", store, *place, "--locality", "01112-05")
    prices = said(0, "billing", "prices", store, "--day", "2026-11-30")
    assert "100 % of schedule medicare" in prices
    out = tmp_path / "for_the_patient.txt"
    told = said(0, "billing", "good-faith", store, "R4", "--out", out, "--on-request", "--asked", "2026-11-30")
    assert "300.00 dollars" in told
    assert "Thursday 3 December 2026" in told
    assert "$300.00" in out.read_text("utf-8")
    assert "good-faith" in said(2, "billing", "estimate", store, "R4", "--day", "2026-11-30")
    owed = said(1, "billing", "estimate", store, "R1", "--day", "2026-11-30")
    assert "With ACME" in owed
    assert "Not known:" in owed
    assert "No bill" in said(0, "billing", "over-estimates", store)
