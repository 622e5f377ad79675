"""Coverage, authorisations and referrals on the command line: files out, answers in, ids alone on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest

import schedopt
from benchmarks.insured import MONDAY, Payer, fill, member_id
from tests.cli.commands import invoke
from tests.effort import BRIEF
from tests.payers.insured import book_all
from tests.payers.test_permissions import Reply, answer

STORE = "office.store.toml"
PATIENTS = 8
WEEK = MONDAY.isoformat()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that the tests of this file share."""
    return made(tmp_path_factory.mktemp("coverage"))


def made(folder: Path) -> Path:
    """A store's file; its week is booked, and one patient pays."""
    place = folder / STORE
    said(0, "store", "init", place, "--url", "sqlite:///office.db", "--keys", "keys", "--actor", "ann")
    url = f"sqlite:///{folder / 'office.db'}"
    with schedopt.open_store(url, folder / "keys", actor="ann", purpose="operations") as there:
        fill(there, PATIENTS, secret=[5])
        book_all(there, PATIENTS)
    return place


def said(status: int, *words: str | Path) -> str:
    """What a command says that leaves with an exit status; never a name, a number or a day of birth."""
    result = invoke(*words)
    assert result.exit_code == status, result.output
    shown = result.output.lower()
    assert all(word not in shown for word in ("surname", "given0", "elder", "w1000", "1940"))
    return result.output


def test_the_way_of_a_week(store: Path, tmp_path: Path) -> None:
    """Never asked, asked, answered: the list of what is not verified gets shorter with each step."""
    assert "never asked" in said(1, "billing", "eligibility", store, "--week", WEEK)
    out = tmp_path / "out"
    told = said(0, "billing", "ask", store, "--week", WEEK, "--out", out)
    assert f"Asked about {PATIENTS - 1} of {PATIENTS} visits; files: 2" in told
    assert "not asked: the patient pays" in told
    assert "holds" in said(2, "billing", "ask", store, "--week", WEEK, "--out", out)
    assert "files: 0" in said(0, "billing", "ask", store, "--week", WEEK, "--out", tmp_path / "more")
    assert not (tmp_path / "more").exists()
    assert "not answered" in said(1, "billing", "eligibility", store, "--week", WEEK)
    payer, files = Payer({member_id(2): None}), []
    for number, file in enumerate(sorted(out.iterdir())):
        files.append(tmp_path / f"in{number}.x12")
        files[-1].write_bytes(payer.answer(file.read_bytes()))
    assert said(0, "billing", "answers", store, *files).count("taken over") == PATIENTS - 1
    assert said(0, "billing", "answers", store, *files).count("read before") == PATIENTS - 1
    told = said(1, "billing", "eligibility", store, "--week", WEEK)
    assert "R002" in told
    assert "not covered" in told
    assert "R001" not in told
    assert "R001" in said(1, "billing", "eligibility", store, "--week", WEEK, "--all")
    table = tmp_path / "known.csv"
    said(1, "billing", "eligibility", store, "--week", WEEK, "--all", "--out", table)
    assert len(table.read_text().splitlines()) == PATIENTS + 1


def test_a_plan_is_asked_about(tmp_path: Path) -> None:
    """The visits of a plan are asked about as bookings are."""
    store, plan = made(tmp_path), tmp_path / "plan"
    said(0, "plan", store, "--week", WEEK, "--out", plan, "--time-limit", BRIEF, "--quiet", "--deterministic")
    told = said(0, "billing", "ask", store, "--week", WEEK, "--plan", plan, "--out", tmp_path / "out")
    assert f"Asked about {PATIENTS - 1} of {PATIENTS} visits; files: 2" in told


def test_what_cannot_be_read(store: Path, tmp_path: Path) -> None:
    """A file that is none, or is not there, is named with what was expected."""
    bad = tmp_path / "bad.x12"
    bad.write_bytes(b"ISA*nothing")
    assert "bad.x12" in said(2, "billing", "answers", store, bad)
    assert "expected a file that can be read" in said(2, "billing", "answers", store, tmp_path / "none.x12")


def test_an_authorisation(store: Path, tmp_path: Path) -> None:
    """Asked for, answered, and put aside where an answer belongs to nothing."""
    words = ("--first", WEEK, "--last", "2027-01-28", "--visits", "6", "--diagnosis", "M54.5")
    told = said(0, "billing", "authorise", store, "N000", "ACME", "scan", "--out", tmp_path / "out", *words)
    name = told.split("Asked for authorisation ")[1].split(".")[0]
    assert "sent" in said(0, "billing", "permissions", store, "--patient", "N000")
    for reply, status, word in ((name, 0, "approved"), ("a0", 1, "put aside")):
        file = tmp_path / f"{reply}.x12"
        file.write_bytes(answer(reply, Reply(0, "A1", 3, 6, None, "AUTH1")).replace(b"20261126", b"29991231"))
        assert word in said(status, "billing", "answers", store, file)
    assert "AUTH1" in said(0, "billing", "permissions", store, "--patient", "N000")
    assert "expired" in said(0, "billing", "permissions", store, "--on", "2027-01-29")
    aside = said(1, "billing", "aside", store)
    place = next(word for word in aside.split() if word.endswith("-1") and len(word) > 30)
    assert "nothing to do with" not in said(2, "billing", "aside", store, "--belongs", place, "a1")
    assert "Taken over: approved" in said(0, "billing", "aside", store, "--belongs", place, name)
    assert "Nothing is put aside." in said(0, "billing", "aside", store, "--settle", place)
    bad = ("--first", "2027-01-28", "--last", WEEK)
    assert "expected last_asked" in said(
        2, "billing", "authorise", store, "N000", "ACME", "scan", "--out", tmp_path / "no", *bad
    )
