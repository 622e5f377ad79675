"""Nothing that people may be known by stands in a file, a log, a message or a traceback of a store's."""

from __future__ import annotations

import datetime as dt
import logging
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.race import DAY, office
from schedopt.errors import SchedoptError
from schedopt.models.tables import Cancellation, Leave
from schedopt.office.read import fingerprint
from schedopt.office.sources import settings_class, sources
from schedopt.operations.letters.posting import Handed
from schedopt.operations.letters.settings import LetterSettings
from schedopt.registry import Store, create_store
from schedopt.registry import desk as desks
from schedopt.registry.backup import backup
from schedopt.registry.desk import Overbooking
from schedopt.registry.exchange import Wanted
from schedopt.report import write_plan
from schedopt.store import facts, schema
from schedopt.store.session import Call
from tests.postgres import LACKING, Server, is_here
from tests.registry.planted import Canaries, files_below
from tests.stores import START, Clock

AT = dt.datetime.combine(DAY, dt.time(9))
AT_ANY_HOUR: dict[str, Any] = {"quiet_from": "00:00", "quiet_until": "00:00"}


class Said(logging.Handler):
    """All that is logged, as text."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(self.format(record))


def named_office(canaries: Canaries) -> Any:
    """An office with names, birth dates, groups and reasons."""
    made = office()
    rows = tuple(
        row.model_copy(
            update={
                "name": f"{canaries.word()} {canaries.word()}", "group": canaries.word(),
                "birth_date": dt.date.fromisoformat(canaries.birth_date()),
            }
        )
        for row in made.patients
    )  # fmt: skip
    made = made.model_copy(
        update={
            "patients": rows, "cancellations": (Cancellation(request="R31", reason=canaries.word()),),
            "leave": (Leave(provider="DR4", first_day=DAY, last_day=DAY, reason=canaries.word()),),
            "settings": settings_class(sources())(letters=LetterSettings(sender="desk@clinic.example", **AT_ANY_HOUR)),
        }
    )  # fmt: skip
    return made.model_copy(update={"fingerprint": fingerprint(made)})


def live(store: Store, canaries: Canaries, folder: Path) -> list[str]:
    """Have the office at work for a while; what was said about it."""
    word, said = canaries.word, list[str]()
    store.import_office(named_office(canaries))
    store.set_actor("dora", ["desk"])
    store.set_actor("cleo", ["clinician"])
    desk = store.by("dora", "treatment")
    people = [desk.register(canaries.person()) for _ in range(8)]
    said.append(repr(people))
    for number, one in enumerate(people):
        desk.add("requests", {"request": f"Q{number}", "patient": one.patient, "visit_type": "short"})
        desk.update(one.person, {"note": word(), "phone": canaries.number()}, valid_from=dt.date(2027, 1, 1))
    desk.find({"surname": word(), "phone": canaries.number()})
    desk.restrict(people[2].person, "confidential_channel", told=word())
    store.by("cleo", "treatment").break_glass(word(), 1)
    made = desk.book("Q0", "DR1", AT, rules=False, key="first")
    desk.book("Q1", "DR1", AT, over=Overbooking(word()))
    desk.cancel(made.booking, word())
    said.extend(written(desk, people[6].person))
    merged = desk.merge(people[3].person, people[4].person, reason=word())
    desk.undo(merged.entry)
    store.dispose(people[5].person, word())
    store.import_office(store.whole_office())
    plan = desks.sound(store.plan(dt.date(2026, 11, 30), START))
    write_plan(plan, folder / "plan")
    backup(store, folder / "backup.db")
    said.extend(map(repr, (store, store.session, store.session.keys, plan.problem)))
    store.session.do("look", lambda call: said.append(f"{call!r} {facts.known(call.connection, 'people')!r}"))
    said.append(repr(Wanted("k", {}, {"surname": word()}, None, None, None)))
    return said


def written(desk: Store, person: str) -> list[str]:
    """Have letters be written, begun, refused, looked at and offered; what was said about it."""
    desk.consent(person, "messages", given=True)
    desk.book("Q6", "DR2", AT, rules=False)
    said = [desk.update_letters().to_csv()]
    letters = desk.take_letters([*desk.ready_letters("mail"), *desk.ready_letters("letter")])
    assert {one.message.channel for one in letters} == {"mail", "letter"}
    desk.end_letters({one.message.message: Handed("failed", "550") for one in letters})
    desk.settle_letter(letters[0].message.message, "waiting")
    desk.offer("DR1", AT + dt.timedelta(hours=1), AT + dt.timedelta(hours=2))
    return [*said, *map(repr, letters), desk.letters(every=True).to_csv(), desk.rows("messages").to_csv()]


def wrong(store: Store, canaries: Canaries) -> list[Callable[[], object]]:
    """What should not be asked: bad values, ids that are none, rows twice, statements that fail."""
    word, desk = canaries.word, store.by("dora", "treatment")
    person = desk.register({"surname": word()})
    calls: list[Callable[[], object]] = [
        lambda bad=bad: desk.register(bad)
        for bad in (
            {"birth_date": word()}, {"sex": word()}, {word(): "x"}, {"nonsense": word()}, {"surname": [word()]},
            {"surname": {word(): 1}}, {"surname": word().encode()}, {"note": word() + "\ud800"}, {"email": 7j},
            {"given_name": word(), "birth_date": f"31.31.{canaries.number()}"},
        )
    ]  # fmt: skip
    a, b, c, d, e, f, g, h, i, j, k, m, n = (word() for _ in range(13))
    calls += [
        lambda: desk.register({"surname": "x"}, {"own_provider": a}),
        lambda: desk.update(person.person, {"birth_date": b}),
        lambda: desk.update(c, {"note": c}),
        lambda: desk.person(d),
        lambda: desk.merge(e, e + "x"),
        lambda: desk.add("requests", {"request": "Z1", "patient": f, "visit_type": "short"}),
        lambda: desk.add("requests", {"request": "R0", "patient": "N0", "visit_type": g}),
        lambda: desk.change("requests", h, {"visit_type": h}),
        lambda: desk.add(i, {"x": i}),
        lambda: desk.book(j, "DR1", AT, rules=False),
        lambda: desk.book("R3", j, AT),
        lambda: desk.cancel(k, k),
        lambda: desk.restrict(m, "legal_hold", told=m),
        lambda: desk.decide(n, person.person, "same"),
        lambda: store.restrict(person.person, n),
        lambda: store.by("cleo", "treatment").break_glass("", 1),
        lambda: store.by("nobody", "treatment").break_glass(a, 1),
        lambda: store.by("cleo", "treatment").update(person.person, {"note": b}),
    ]

    def twice(call: Call) -> None:
        row = facts.known(call.connection, "people", by="patient", values=[person.patient])[0]
        call.insert([row.sealed_with(call.keys.one(str(row.owner)), {"surname": word()})])

    def empty(call: Call) -> None:
        call.connection.execute(schema.blinds.insert(), {"person": None, "field": "surname", "value": b"x"})

    def no_such(call: Call) -> None:
        call.connection.execute(sa.text("SELECT nothing FROM facts WHERE key = :key"), {"key": word()})

    calls += [lambda body=body: desk.session.do("wrong", body) for body in (twice, empty, no_such)]
    return calls


def told_by(error: BaseException | None) -> str:
    """All that an error says: its words, itself, its traceback, and those of the errors behind it."""
    said = ""
    while error is not None:
        said += f"{error} {error!r} {''.join(traceback.format_exception(error))}"
        error = error.__cause__ if error.__suppress_context__ else (error.__cause__ or error.__context__)
    return said


def look(url: str, folder: Path, more: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Live, do what is wrong, and look everywhere."""
    canaries, log = Canaries(), Said()
    (folder / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(folder / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    root = logging.getLogger()
    level = root.level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    names = ("sqlalchemy.engine", "sqlalchemy.pool", "alembic", "psycopg")
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        with create_store(url, folder / "keys", actor="ada", clock=Clock()) as store:
            said = live(store, canaries, folder)
            refused = 0
            for call in wrong(store, canaries):
                try:
                    call()
                except (SchedoptError, sa.exc.SQLAlchemyError, TypeError, ValueError) as error:
                    said.append(told_by(error))
                    refused += 1
            assert refused >= 25
            said.extend(store.check().to_dict("records"))
            assert store.verify() == []
            for path in files_below([folder, *more]):
                found = canaries.found_in(path.read_bytes())
                assert found == [], path
    finally:
        root.removeHandler(log)
        root.setLevel(level)
        for name, old in before.items():
            logging.getLogger(name).setLevel(old)
    assert len(set(canaries.planted)) >= 200
    assert len(log.lines) > 1000
    told = [*map(str, said), *log.lines]
    found = canaries.found_in("\n".join(told).encode(errors="replace"))
    assert found == [], [text[-3000:] for text in told if canaries.found_in(text.encode(errors="replace"))]


def test_nothing_is_found_on_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the database, its log of writes, keys, temporary files, backups, plans, messages, tracebacks, debug logs."""
    look(str(tmp_path / "office.db"), tmp_path, [], monkeypatch)


@pytest.mark.skipif(not is_here(), reason=LACKING)
def test_nothing_is_found_on_postgresql(postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, and in the server's data folder and log, after statements that it has refused."""
    look(postgres.new_database(), tmp_path, [postgres.folder], monkeypatch)
    assert "ERROR" in postgres.log.read_text()


@given(st.lists(st.binary(max_size=4) | st.integers(0, 15), max_size=8), st.sampled_from(("utf-8", "utf-16-le")))
def test_what_is_planted_is_found(pieces: list[bytes | int], encoding: str) -> None:
    """Whatever bytes it stands between, in lower or upper case; and nothing is found that is not there."""
    canaries = Canaries()
    canaries.person()
    words = canaries.planted
    forms = [word.upper() if number % 2 else word.lower() for number, word in enumerate(words)]
    content = b"".join(piece if isinstance(piece, bytes) else forms[piece].encode(encoding) for piece in pieces)
    low = content.lower()
    there = [
        word for word in words if any(word.lower().encode(form) in low for form in ("utf-8", "utf-16-le"))
    ]  # fmt: skip
    assert canaries.found_in(content) == there
    assert {words[piece] for piece in pieces if isinstance(piece, int)} <= set(there)
