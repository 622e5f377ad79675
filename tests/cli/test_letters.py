"""``schedopt letters``: lists, sends only where asked to, prints, and says what has to be looked at."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.inbox import mail_server
from schedopt.cli import app
from schedopt.registry import create_store
from tests.letters import writing_office
from tests.stores import Clock

FAR = dt.datetime(2150, 1, 2, 9)


def _run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["letters", *words])
    return done.exit_code, done.output


def _store(folder: Path, port: int) -> str:
    """A store with a visit on paper and one by mail, both far ahead; its file."""
    with create_store(str(folder / "office.db"), folder / "keys", actor="ada", clock=Clock()) as store:
        store.import_office(
            writing_office(port=port, host="127.0.0.1", quiet_from="00:00", quiet_until="00:00")
        )  # fmt: skip
        store.set_actor("dora", ["desk"])
        desk = store.by("dora", "treatment")
        people = desk.rows("people").set_index("patient")["person"]
        desk.update(people["N0"], {"email": "n0@canary.example"})
        desk.consent(people["N0"], "messages", given=True)
        desk.update(people["N1"], {"street_number": "1", "address_1": "Road", "suburb": "Town"})
        for place in range(2):
            desk.book(f"R{place}", f"DR{place + 1}", FAR, rules=False)
    file = folder / "office.store.toml"
    words = {"url": f"sqlite:///{folder / 'office.db'}", "keys": str(folder / "keys"), "actor": "dora"}
    file.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in words.items()))
    return str(file)


def test_from_list_to_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listed by ids, printed, sent once, and nothing is due afterwards."""
    monkeypatch.delenv("SCHEDOPT_ACTOR", raising=False)
    with mail_server() as (inbox, port):
        store = _store(tmp_path, port)
        for words in (["--dry-run"], []):
            code, said = _run(store, *words)
            assert code == 0
            assert "of these due now: 1 by mail, 1 on paper, 0 to call" in said
            assert "Canary" not in said
        assert "Ada Canary0" in _run(store, "--dry-run", "--names")[1]
        code, said = _run(store, "--out", str(tmp_path / "paper"), "--format", "txt")
        assert code == 0
        (letter,) = (tmp_path / "paper").iterdir()
        assert "Ada Canary1" in letter.read_text("utf-8")
        assert inbox.mails == []
        code, said = _run(store, "--send", "--out", str(tmp_path / "more"), "--format", "html")
        assert code == 0
        assert "Mail: 1 sent" in said
        assert [str(mail["To"]) for mail in inbox.mails] == ["n0@canary.example"]
        assert "due now: 0 by mail, 0 on paper" in _run(store, "--send")[1]
        assert len(inbox.mails) == 1


def test_what_is_asked_wrongly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two things at once, ids that are none, and a server that is not there: status 2, and nothing is begun."""
    monkeypatch.delenv("SCHEDOPT_ACTOR", raising=False)
    store = _store(tmp_path, 1)
    for words in (["--send", "--dry-run"], ["--again", "m1"], ["--yes", "m1"], ["--offer", "DR1 soon"], ["--send"]):
        code, said = _run(store, *words)
        assert code == 2, said
    assert "due now: 1 by mail" in _run(store)[1]
