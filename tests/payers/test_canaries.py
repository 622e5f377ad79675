"""Nothing that members may be known by stands in a file, a log, a message or a traceback of their coverage."""

from __future__ import annotations

import datetime as dt
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.insured import MONDAY, Payer, fill
from schedopt.errors import SchedoptError
from schedopt.registry import Store, create_store
from tests.payers.insured import book_all
from tests.payers.test_permissions import Reply, answer
from tests.registry.planted import Canaries, files_below
from tests.registry.test_canaries import Said, told_by
from tests.stores import Clock

SUNDAY = MONDAY + dt.timedelta(days=6)
PATIENTS = 6


def planted(store: Store, canaries: Canaries) -> None:
    """Give members, their holders and the persons themselves names and numbers that are nowhere else."""
    numbers = range(PATIENTS)
    frame = pd.DataFrame(
        {
            "patient": [f"N{number:03d}" for number in numbers],
            "insurer": [("ACME", "BLUE")[number % 2] for number in numbers],
            "member_id": [canaries.number() for _ in numbers],
            "group_number": [canaries.number() for _ in numbers],
            "relation": [("self", "child")[number % 2] for number in numbers],
            "holder_given_name": [canaries.word() if number % 2 else "" for number in numbers],
            "holder_surname": [canaries.word() if number % 2 else "" for number in numbers],
            "holder_birth_date": [canaries.birth_date() if number % 2 else "" for number in numbers],
        }
    )
    with tempfile.TemporaryDirectory() as name:
        frame.to_csv(Path(name) / "memberships.csv", index=False)
        store.import_money(name)
    office = store.whole_office()
    rows = []
    for row in office.patients:
        born = dt.date.fromisoformat(canaries.birth_date())
        rows.append(row.model_copy(update={"name": f"{canaries.word()} {canaries.word()}", "birth_date": born}))
    store.import_office(office.model_copy(update={"patients": tuple(rows)}))


def live(store: Store, canaries: Canaries) -> tuple[list[str], list[Callable[[], object]]]:
    """Ask, answer and put aside for a while: what was said about it, and what should not be asked."""
    asking = store.ask_eligibility(MONDAY, SUNDAY)
    said = [repr(asking), asking.visits.to_string()]
    payer, wrong = Payer(), list[Callable[[], object]]()
    for content in asking.files.values():
        good = payer.answer(content).replace(b"EB*1**30^98~", f"EB*1**30^98~\nMSG*{canaries.word()}~".encode())
        good = _counted(good)
        lost = good.replace(b"TRN*2*", b"TRN*2*other").replace(b"*MI*7", b"*MI*8")
        told = [store.read_coverage(one) for one in (good, lost)]
        assert [set(one["outcome"]) for one in told] == [{"taken over"}, {"put aside"}]
        said += [one.to_string() for one in told]
        said += [repr(store.benefits(f"N{number:03d}", insurer)) for number in (0, 1) for insurer in ("ACME", "BLUE")]
        for old, new in (
            (b"NM1*IL*1*", b"NM1*IL*9*"),
            (b"DMG*D8*19", b"DMG*D8*9"),
            (b"*MI*", b"*XXX*"),
            (b"EB*1", b"EB*%"),
        ):
            bad = good.replace(old, new)
            wrong.append(lambda bad=bad: store.read_coverage(bad, "in.x12"))
    said.append(store.eligibility(MONDAY, SUNDAY).to_string())
    said.append(store.open_answers().to_string())
    name = store.need_permission("N000", "ACME", "scan", visits=6, first=MONDAY, last=SUNDAY)
    permission = store.request_permission(name, diagnoses=[canaries.word()])
    said += [repr(permission), store.read_coverage(answer(name, Reply(0, "A1", 0, 6, None, "X"))).to_string()]
    said.append(store.permissions().to_string())
    word = canaries.word()
    wrong += [
        lambda: store.read_coverage(word.encode(), "in.x12"),
        lambda: store.need_permission(word, "ACME", "scan", visits=1, first=MONDAY, last=SUNDAY),
        lambda: store.need_permission(
            "N000", "ACME", "scan", visits=1, first=MONDAY, last=SUNDAY, procedure=word + ";"
        ),
        lambda: store.request_permission(word),
        lambda: store.open_answer(word),
        lambda: store.settle_answer(word),
        lambda: store.by("dora", "treatment").read_coverage(answer(name, Reply(0, "A2", 0, 6, None, word))),
    ]
    return said, wrong


def _counted(content: bytes) -> bytes:
    """The file with SE01 as it should be, after segments were put in."""
    lines, begin = content.decode().split("~\n"), 0
    for at, line in enumerate(lines):
        if line.startswith("ST*"):
            begin = at
        elif line.startswith("SE*"):
            lines[at] = f"SE*{at - begin + 1}*{line.split('*')[2]}"
    return "~\n".join(lines).encode()


def test_nothing_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the database, keys, temporary files, messages, tracebacks, tables for the screen and debug logs."""
    canaries, log = Canaries(), Said()
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    root, names = logging.getLogger(), ("sqlalchemy.engine", "sqlalchemy.pool")
    before = {name: logging.getLogger(name).level for name in ("", *names)}
    root.addHandler(log)
    for name in before:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        with create_store(str(tmp_path / "office.db"), tmp_path / "keys", actor="ada", clock=Clock()) as store:
            fill(store, PATIENTS)
            store.set_actor("dora", ["desk"])
            planted(store, canaries)
            book_all(store, PATIENTS)
            said, wrong = live(store, canaries)
            for call in wrong:
                with pytest.raises(SchedoptError) as found:
                    call()
                said.append(told_by(found.value))
            assert store.verify() == []
            for path in files_below([tmp_path]):
                assert canaries.found_in(path.read_bytes()) == [], path
    finally:
        root.removeHandler(log)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
    assert len(set(canaries.planted)) > 30
    assert len(log.lines) > 500
    for text in (*said, *log.lines):
        assert canaries.found_in(text.encode(errors="replace")) == [], text[-2000:]
