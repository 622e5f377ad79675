"""Claims on the command line: coded, made, sent, answered; nobody is named."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from schedopt.registry import open_store
from tests.billing.test_code_tables import write_codes
from tests.cli.commands import invoke
from tests.payers.simulated_payer import Paid, Payer, read_837
from tests.registry.money.clinic import PATIENTS, money_tables, open_clinic

DAY = dt.date(2025, 12, 2)
"""Long ago, as commands ask the clock of the machine."""
CODED = ("R0", "R1", "R2", "R5")


def said(status: int, *words: object) -> str:
    """What a command says that leaves with an exit status; never a name, a member's number or a diagnosis."""
    result = invoke("billing", *map(str, words))
    assert result.exit_code == status, result.output
    private = [f"Surname{n}" for n in range(PATIENTS)] + [f"W{n:09d}" for n in range(PATIENTS)] + ["E11.9", "E119"]
    assert not any(word.lower() in result.output.lower() for word in private)
    return result.output


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A store's file."""
    file = tmp_path / "office.store.toml"
    words = ("store", "init", file, "--url", "sqlite:///office.db", "--keys", "keys", "--actor", "ann")
    assert invoke(*words).exit_code == 0
    with open_store(str(tmp_path / "office.db"), tmp_path / "keys", actor="ann", purpose="operations") as store:
        open_clinic(store, CODED, DAY)
    return file


def test_from_codes_to_the_last_answer(place: Path, tmp_path: Path) -> None:
    """Every command goes its way: what is wrong is listed, what is ready is sent, what comes back is taken in."""
    files = money_tables(CODED)
    coded = tmp_path / "coded.csv"
    coded.write_text(files["encounters"].replace("99213", "11111").replace("85025", "33333"), "utf-8")
    assert "Rows changed: 8" in said(0, "code", place, coded)
    codes = write_codes(tmp_path / "codes")
    told = said(1, "claims", place, "--codes", codes)
    assert "not beside 11111" in told
    assert "patient pays" in told
    coded.write_text(files["encounters"], "utf-8")
    assert "Rows changed: 8" in said(0, "code", place, coded)
    assert "Rows changed: 0" in said(0, "code", place, coded)
    assert "200.00" in said(0, "claims", place, "--codes", codes)
    out = tmp_path / "out"
    assert "claims: 2" in said(0, "send", place, "--out", out)
    assert "No claim is ready" in said(0, "send", place, "--out", out)
    sent = [read_837(path.read_bytes()) for path in sorted(out.glob("*.837"))]
    payer, answers = Payer(3, DAY + dt.timedelta(days=9)), list[Path]()
    refused = sent[0].claims[0].control
    for file, some in zip(sent, (frozenset([refused]), frozenset[str]()), strict=True):
        paid = [Paid(one, "1", [(line, line.cents, []) for line in one.lines]) for one in file.claims]
        contents = (payer.ack_999(file), *payer.ack_277ca(file, some), payer.ta1(file))
        if not some:
            contents = (*contents, payer.pay(paid))
        for content in contents:
            answers.append(tmp_path / f"{len(answers)}.edi")
            answers[-1].write_bytes(content)
    assert "277CA" in said(1, "read", place, *answers)  # one was refused
    assert "claims: 1" in said(0, "status", place, "--out", out)
    assert refused in said(1, "filing", place, "--days", 400)
    assert "ready" in said(0, "claims", place, "--again", refused)
    assert "claims: 1" in said(0, "send", place, "--out", out, "--test")
    said(0, "read", place, answers[0])  # what was taken in before changes nothing
    stands = next(one.control for one in sent[1].claims)
    assert "is replaced by" in said(0, "claims", place, "--replace", stands)
    other = next(one.control for one in sent[0].claims if one.control != refused)
    assert "is taken back by" in said(0, "claims", place, "--void", other)
    assert "claims: 1" in said(0, "send", place, "--out", out)


def test_a_file_that_is_none_is_refused(place: Path, tmp_path: Path) -> None:
    """Words, and exit status 2."""
    bad = tmp_path / "bad.edi"
    for content in (b"", b"nothing", Payer(1, DAY).pay([]).replace(b"835", b"834")):
        bad.write_bytes(content)
        assert "expected" in said(2, "read", place, bad)
    assert "expected" in said(2, "read", place, tmp_path / "missing.edi")
    assert "expected" in said(2, "code", place, tmp_path / "missing.csv")
    assert "expected" in said(2, "claims", place, "--codes", tmp_path / "missing")
    assert "expected" in said(2, "claims", place, "--void", "Surname1x"[:7])
