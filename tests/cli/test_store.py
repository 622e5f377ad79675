"""Stores on the command line, as people use them: made, filled, planned from, published to, and looked after."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import Result

import schedopt
from schedopt.registry.grants import ROLES
from tests.cli.commands import WEEK, invoke, write_tiny
from tests.effort import BRIEF
from tests.office.folders import SECRET_NAME
from tests.postgres import Server
from tests.registry.test_who_is_who import ANN

THROUGH = "2026-12-01"
STORE = "office.store.toml"
QUICK = ("--time-limit", BRIEF, "--quiet", "--deterministic")


def said(status: int, *words: str | Path) -> str:
    """What a command says that leaves with an exit status; never a name."""
    result = invoke(*words)
    assert result.exit_code == status, result.output
    assert SECRET_NAME not in result.output
    return result.output


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def made(folder: Path, url: str = "sqlite:///office.db") -> Path:
    """A store with the tiny office in it, and the folder that it came from beside it."""
    office = write_tiny(folder / "office")
    store = folder / STORE
    assert "administrator and planner is ann" in said(
        0, "store", "init", store, "--url", url, "--keys", "keys", "--actor", "ann"
    )
    assert "patients" in said(0, "store", "import", store, office)
    return store


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store that others copy, the folder it came from, and a plan of both."""
    folder = tmp_path_factory.mktemp("first")
    store = made(folder)
    for office, plan in ((store, "plan"), (folder / "office", "same")):
        said(0, "plan", office, "--week", WEEK, "--out", folder / plan, *QUICK)
    return folder


@pytest.fixture
def here(first: Path, tmp_path: Path) -> Path:
    """A copy of the same: what a store's file says goes from the folder on in which it is."""
    return Path(shutil.copytree(first, tmp_path / "here"))


def talk(folder: Path, store: Path) -> None:
    """The whole way of an office in a store, from a plan on."""
    plan, office = folder / "plan", folder / "office"
    assert "Breaches: none" in said(0, "check", store, plan)
    assert "Breaches: none" in said(0, "check", store, plan / "schedule.csv", "--week", WEEK)
    assert "conflicts: 0" in said(0, "conflict", store, "--week", WEEK)
    assert "Placed with" in said(0, "explain", store, plan, "R1")
    assert "slots while all others stay" in said(0, "recommend", store, plan, "R1")
    assert "played 20 times" in said(0, "simulate", store, plan, "--replications", 20)
    assert "visits" in said(0, "adopt", store, plan, "--out", folder / "adopted")
    assert "stay" in said(0, "admit", store, plan, "--out", folder / "admitted")
    said(0, "replan", store, plan, "--out", folder / "repaired", "--cancelled", "R4", "--time-limit", 0.3)
    assert "appointments" in said(0, "publish", store, folder / "repaired", "--through", THROUGH)
    assert "Nothing has changed" in said(0, "publish", store, folder / "repaired", "--through", THROUGH)
    assert "Wrote" in said(0, "publish", office, folder / "repaired", "--through", THROUGH)
    assert "Breaches: none" in said(0, "check", store, folder / "repaired")
    said(0, "store", "export", store, folder / "exported")
    ours, theirs = schedopt.read_office(folder / "exported"), schedopt.read_office(office)
    assert (ours.appointments, ours.cancellations) == (theirs.appointments, theirs.cancellations)
    assert "Nothing has changed" in said(0, "store", "import", store, folder / "exported")
    for command in (("store", "check"), ("audit", "verify"), ("audit", "checkpoint"), ("store", "rotate-key")):
        said(0, *command, store)
    assert "bookings booked" in said(0, "store", "status", store)
    assert "publish" in said(0, "audit", "report", store, "--by", "ann")
    assert "proved equal" in said(0, "store", "backup", store, folder / "backup.db")
    assert "nothing to bring" in said(0, "store", "migrate", store, "--backup", folder / "before.db")
    other = folder / "other.store.toml"
    other.write_text(store.read_text().split("\n", 1)[1] + 'url = "other.db"\ncheckpoints = "other.jsonl"\n')
    assert "proved equal" in said(0, "store", "restore", other, folder / "backup.db")
    said(0, "store", "export", other, folder / "again")
    assert files(folder / "again") == files(folder / "exported")
    said(0, "audit", "verify", other)
    assert not any(SECRET_NAME.encode() in content for content in files(plan).values())
    assert not any(SECRET_NAME.encode() in path.read_bytes() for path in folder.glob("*.db*"))


def test_a_conversation(here: Path) -> None:
    """On SQLite every command goes its way, from the plan to the backup, and no name is said, planned or left open."""
    talk(here, here / STORE)


def test_a_conversation_on_postgresql(postgres: Server, tmp_path: Path) -> None:
    """The same on PostgreSQL."""
    store = made(tmp_path, postgres.new_database())
    said(0, "plan", store, "--week", WEEK, "--out", tmp_path / "plan", *QUICK)
    talk(tmp_path, store)


def test_a_store_is_planned_like_its_folder(first: Path) -> None:
    """A plan of a store and one of the folder that it came from have the same files, but for how long they took."""
    plans = [files(first / name) for name in ("plan", "same")]
    assert plans[0].keys() == plans[1].keys()
    for name in ("schedule.csv", "left_out.csv", "costs.csv"):
        assert plans[0][name] == plans[1][name]
    records = [json.loads(plan["plan.json"]) for plan in plans]
    assert len({record["input_hash"] for record in records}) == 1


def test_folders_come_out_as_they_went_in(here: Path) -> None:
    """Exported, imported into another store and exported again, the folder is the same, byte for byte."""
    said(0, "store", "export", here / STORE, here / "once")
    said(0, "store", "init", here / "b.toml", "--url", "b.db", "--keys", "b", "--actor", "ann")
    said(0, "store", "import", here / "b.toml", here / "once")
    said(0, "store", "export", here / "b.toml", here / "twice")
    assert files(here / "once") == files(here / "twice")


def test_nothing_is_written_over(here: Path) -> None:
    """A folder with something in it, a file that is there, or a database with a store is left as it is."""
    before = files(here / "office")
    assert "would be lost" in said(2, "store", "export", here / STORE, here / "office")
    assert "would be lost" in said(2, "store", "records", here / STORE, person(here), "--out", here / "office")
    assert files(here / "office") == before
    again = ("--url", "office.db", "--keys", "keys", "--actor", "ann")
    assert "not there yet" in said(2, "store", "init", here / STORE, *again)
    assert "expected an empty database" in said(2, "store", "init", here / "new.toml", *again)
    assert not (here / "new.toml").exists()
    said(0, "store", "backup", here / STORE, here / "backup.db")
    assert "expected an empty database" in said(2, "store", "restore", here / STORE, here / "backup.db")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ("url: expected the address", "keys: expected the folder")),
        (
            'url = "mysql://x"\nkey = "keys"\nactor = 5\n',
            ("4 errors", "did you mean keys?", "column actor: '5'", "column url: 'my"),
        ),
        ('url = "postgresql://ann:hush@host/x"\nkeys = "keys"\nactor = ""\n', ("(hidden)", "without a password", "''")),
        ('url = "postgresql://host/x?password=hush"\nkeys = "k"\n', ("without a password",)),
        ('url = "sqlite://"\nkeys = "keys"\n', ("expected a file of SQLite",)),
        ("url = ", ("expected TOML",)),
        ('url = "none.db"\nkeys = "keys"\nactor = "ann"\n', ("expected a store in", "none.db", "store init")),
        ('url = "office.db"\nkeys = "none"\nactor = "ann"\n', ("expected the master key in",)),
        ('url = "office.db"\nkeys = "keys"\n', ("column actor: expected who asks: here, with --actor",)),
        ('url = "office/office.toml"\nkeys = "keys"\nactor = "ann"\n', ("the database has refused: DatabaseError",)),
    ],
)
def test_a_stores_file_with_faults(here: Path, text: str, words: tuple[str, ...]) -> None:
    """All faults of the file are listed with their keys, no password is, and the exit status is 2."""
    (here / STORE).write_text(text)
    for command in (("store", "status"), ("conflict", "--week", WEEK)):
        told = said(2, *command, here / STORE)
        assert all(word in told for word in words)
        assert "hush" not in told
        assert "Traceback" not in told
    assert not (here / "none.db").exists()


def test_stores_that_are_not_there(tmp_path: Path) -> None:
    """A file that is not there, keys of another store, and an address with a password are refused."""
    assert "expected the file of a store: no such file" in said(2, "store", "status", tmp_path / STORE)
    assert "expected the file of a store: no such file" in said(2, "check", tmp_path / STORE, "plan", "--week", WEEK)
    made(tmp_path)
    new = ("--url", "postgresql://ann:hush@host/x", "--keys", "b", "--actor", "ann")
    told = said(2, "store", "init", tmp_path / "b.toml", *new)
    assert "without a password" in told
    assert "hush" not in told
    assert not (tmp_path / "b").exists()
    said(0, "store", "init", tmp_path / "b.toml", "--url", "b.db", "--keys", "b", "--actor", "ann")
    (tmp_path / "b.toml").write_text('url = "office.db"\nkeys = "b"\nactor = "ann"\n')
    assert "expected the keys of this store" in said(2, "store", "status", tmp_path / "b.toml")


def test_who_asks(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option says it before the environment, and that before the file; strangers are refused, which is recorded."""
    store, plan = here / STORE, here / "plan"
    said(0, "store", "actor", store, "paul", "planner")
    said(0, "explain", store, plan, "R1", "--actor", "paul")
    assert "eve (no role) may not" in said(2, "explain", store, plan, "R1", "--actor", "eve")
    monkeypatch.setenv("SCHEDOPT_ACTOR", "eve")
    assert "eve (no role) may not" in said(2, "plan", store, "--week", WEEK, "--out", here / "new", *QUICK)
    assert not (here / "new").exists()
    said(0, "explain", store, plan, "R1", "--actor", "paul")
    assert "paul (planner) may not" in said(2, "store", "export", store, here / "new", "--actor", "paul")
    assert "paul (planner) may not" in said(2, "store", "backup", store, here / "new", "--actor", "paul")
    assert "paul (planner) may not" in said(2, "store", "rotate-key", store, "--actor", "paul")
    assert "paul (planner) may not" in said(2, "store", "actor", store, "eve", "planner", "--actor", "paul")
    said(0, "audit", "report", store, "--out", here / "report.csv", "--actor", "ann")
    report = pd.read_csv(here / "report.csv").set_index("actor")
    assert (report.loc["eve", "outcome"] == "refused").all()
    assert report.loc["paul", "outcome"].tolist().count("done") == 2


def test_roles_are_said(here: Path) -> None:
    """Auditors audit, actors go, an administrator stays, and what is no role is refused."""
    store = here / STORE
    assert "aud: auditor, desk" in said(0, "store", "actor", store, "aud", "auditor", "desk")
    assert "Nothing was tampered with" in said(0, "audit", "verify", store, "--actor", "aud")
    assert "expected roles among planner, desk" in said(2, "store", "actor", store, "aud", "king")
    assert "expected either ROLES or --gone" in said(2, "store", "actor", store, "aud")
    assert "no more" in said(0, "store", "actor", store, "aud", "--gone")
    assert "may not read entries" in said(2, "audit", "verify", store, "--actor", "aud")
    assert "expected an administrator to be left" in said(2, "store", "actor", store, "ann", "--gone")
    table = said(0, "store", "access")
    assert all(role in table for role in ROLES)
    assert "Wrote" in said(0, "store", "access", "--out", here / "access.csv")
    assert "soc_sec_id" in (here / "access.csv").read_text()


def person(here: Path, patient: str = "N1") -> str:
    """The id of a patient's person."""
    with sqlite3.connect(here / "office.db") as database:
        query = "SELECT owner FROM facts WHERE kind = 'people' AND patient = ?"
        found: str = database.execute(query, [patient]).fetchone()[0]
    database.close()
    return found


def test_records_of_a_person(here: Path) -> None:
    """A person's records hold everything about one person, as text and as data, and nothing of anybody else."""
    store, who = here / STORE, person(here)
    assert "rows:" in said(0, "store", "records", store, who, "--out", here / "theirs")
    found = files(here / "theirs")
    assert {"records.txt", "records.json", "people.csv", "requests.csv", "coverage.csv"} <= found.keys()
    for name in ("records.txt", "records.json", "people.csv"):
        assert f"{SECRET_NAME} One".encode() in found[name]
    data = json.loads(found["records.json"])
    assert {row["request"] for row in data["requests"]} == {"R1", "R2"}
    assert {row["patient"] for row in data["coverage"]} == {"N1"}
    everything = b"".join(found.values())
    assert not any(word.encode() in everything for word in ("Two", "Three", "Four", "N2", "N3", "N4", "R3", "R6"))
    told = said(0, "audit", "report", store, "--person", who)
    assert "records of a person" in told
    assert "request" in told
    assert "no disclosures" in said(0, "audit", "accounting", store, who)
    assert "expected the id of a person" in said(2, "store", "records", store, "p1", "--out", here / "none")


def test_a_plan_that_no_longer_fits_is_not_published(here: Path) -> None:
    """Where a provider is away by now, the visits are named, the exit status is 1, and no booking changes."""
    store, before = here / STORE, said(0, "store", "status", here / STORE)
    leave = here / "office" / "leave.csv"
    leave.write_text("provider,first_day,last_day\nDR1,2026-11-30,2026-12-06\nDR2,2026-11-30,2026-12-06\n")
    said(0, "store", "import", store, here / "office")
    told = said(1, "publish", store, here / "plan", "--through", THROUGH)
    assert "Nothing is written" in told
    after = said(0, "store", "status", store)
    lines = [[line for line in text.splitlines() if "bookings" in line] for text in (before, after)]
    assert lines[0] == lines[1]


def test_what_is_for_folders_alone(here: Path) -> None:
    """A store has no file to publish into, and planning from it knows no names."""
    out = ("--through", THROUGH, "--out", here / "a.csv")
    assert "expected a folder's office" in said(2, "publish", here / STORE, here / "plan", *out)
    assert "knows no names" in said(2, "plan", here / STORE, "--week", WEEK, "--out", here / "new", "--names")


def changed(here: Path, *statements: str) -> Result:
    """What 'audit verify' says after somebody has written into the database."""
    with sqlite3.connect(here / "office.db") as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            database.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert database.execute(statement).rowcount > 0, statement
    database.close()
    return invoke("audit", "verify", here / STORE)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE entries SET actor = 'eve' WHERE number = 2", "2  the entry is not as it was written"),
        ("DELETE FROM entries WHERE number = 2", "2  the entry is missing"),
        ("DELETE FROM entries WHERE number = (SELECT max(number) FROM entries)", "missing"),
        ("UPDATE facts SET cells = '{}' WHERE kind = 'sites'", "2  the rows that the entry wrote or ended"),
        ("DELETE FROM facts WHERE fact = (SELECT max(fact) FROM facts)", "the rows that the entry wrote or ended"),
        ("UPDATE bookings SET provider = 'DR3' WHERE request = 'R3'", "2  the rows that the entry wrote or ended"),
        ("UPDATE head SET number = number - 1", "the end of the trail is not as it was written"),
        ("DELETE FROM head", "the end of the trail is not written down"),
    ],
)
def test_tampering_is_found(here: Path, statement: str, words: str) -> None:
    """What somebody has changed in the database is listed by entry, and the exit status is 1."""
    result = changed(here, statement)
    assert result.exit_code == 1, result.output
    assert words in result.output
    assert invoke("audit", "verify", here / STORE).exit_code == 1


@pytest.mark.parametrize("calls", [0, 12])
def test_an_old_copy_put_back_is_found(here: Path, calls: int) -> None:
    """A copy of the database from before is found out, also after more calls than it lacks."""
    old = (here / "office.db").read_bytes()
    for _ in range(4):
        said(0, "store", "status", here / STORE)
    (here / "office.db").write_bytes(old)
    for _ in range(calls):
        said(0, "store", "status", here / STORE)
    assert invoke("audit", "verify", here / STORE).exit_code == 1


def test_what_does_not_agree_is_listed(here: Path) -> None:
    """A booking that holds nothing is listed by 'store check', with exit status 1."""
    changed(here, "DELETE FROM holdings")
    assert "a booking holds nothing" in said(1, "store", "check", here / STORE)


@pytest.mark.parametrize("name", ["init", "status", "check", "import", "export", "migrate", "backup", "restore",
                                  "rotate-key", "records", "actor", "access"])  # fmt: skip
def test_help_of_stores(name: str) -> None:
    """The help of every command says what its exit status means."""
    text = " ".join(said(0, "store", name, "--help").split())
    assert "Exit status: 0 " in text
    assert "; 2 the" in text or "; 2 there" in text


@pytest.mark.parametrize("name", ["verify", "report", "accounting", "checkpoint"])
def test_help_of_audits(name: str) -> None:
    """The same of the commands that audit."""
    assert "Exit status: 0 " in " ".join(said(0, "audit", name, "--help").split())


@pytest.mark.parametrize("name", ["duplicates", "decide", "merge", "undo", "consent", "restrict", "dispose"])
def test_help_of_people(name: str) -> None:
    """The same of the commands about persons."""
    assert "Exit status: 0 " in " ".join(said(0, "people", name, "--help").split())


def test_people_are_looked_after(here: Path) -> None:
    """What is missing is listed without names; two persons are merged, taken apart, restricted and disposed of."""
    store = here / STORE
    said(0, "store", "actor", store, "dora", "desk")
    listed = said(1, "worklist", store, "--actor", "dora")
    assert "birth" in listed or "address" in listed
    with open_there(store) as there:
        new = [there.register({**ANN, "surname": SECRET_NAME}) for _ in range(2)]
    first, second = (one.person for one in new)
    assert "100.0 %" in said(1, "people", "duplicates", store, "--actor", "dora")
    said(0, "people", "decide", store, first, second, "different", "--actor", "dora")
    left = invoke("people", "duplicates", store, "--merge-sure", "--actor", "dora").output
    assert "Nobody is surely one." in left
    assert not any(first in line and second in line for line in left.splitlines())
    entry = said(0, "people", "merge", store, first, second, "--reason", "same", "--actor", "dora").split()[-1]
    assert f"merged into {first}" in said(2, "people", "consent", store, second, "messages", "--actor", "dora")
    said(0, "people", "undo", store, entry, "--actor", "dora")
    said(0, "people", "consent", store, second, "messages", "--refused", "--actor", "dora")
    said(0, "people", "restrict", store, second, "legal_hold", "--told", "an order", "--actor", "dora")
    assert "legal hold" in said(2, "people", "dispose", store, second, "--reason", "asked for")
    assert "may not" in said(2, "people", "dispose", store, first, "--reason", "asked for", "--actor", "dora")
    said(0, "people", "dispose", store, first, "--reason", "asked for")
    assert "Nothing was tampered with." in said(0, "audit", "verify", store)


def open_there(store: Path) -> schedopt.Store:
    """The store of a file, opened by its desk."""
    return schedopt.open_store(
        f"sqlite:///{store.parent / 'office.db'}", store.parent / "keys", actor="dora", purpose="treatment"
    )
