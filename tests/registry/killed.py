"""Operations of a store that are killed, and how the store looks before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.race import DAY, office
from schedopt.answers.desk import book
from schedopt.registry import Store, create_store, open_store
from schedopt.registry import desk as desks
from schedopt.registry.backup import backup, migrate, restore
from schedopt.registry.exchange import key_of
from schedopt.store import facts
from schedopt.store import migrate as revisions
from schedopt.store.engine import make_engine
from schedopt.store.keys import Keys
from tests.registry.money.ledgers import Said, claim_name, remittance, standing
from tests.stores import START, Clock

AT = dt.datetime.combine(DAY, dt.time(9))
_STATE = (
    "SELECT booking, status, request, patient, provider, start, until FROM bookings",
    "SELECT fact, since, valid_from, valid_until, until, kind, key, patient, cells, owner, sealed IS NULL FROM facts",
    "SELECT number, operation, outcome, about, people FROM entries",
    "SELECT kind, thing, unit, starts, ends, over FROM holdings",
    "SELECT number, day, debit, credit, cents, claim, line, party, why FROM journal",
    "SELECT payer, number, day, cents FROM checks",
    "SELECT adjudication, place, claim, body FROM adjudications",
    "SELECT version_num FROM alembic_version",
)
CLAIM = claim_name(1)
_TRAIL = 2
"""Place of the trail among them."""


@dataclass
class Place:
    """Where a store, its keys and what belongs to them are."""

    folder: Path
    server: str | None = None
    database: str = "grown"
    opened: list[Store] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Of the store."""
        if self.server is None:
            return f"sqlite:///{self.folder / 'office.db'}"
        return str(sa.make_url(self.server).set(database=self.database).render_as_string(hide_password=False))

    @property
    def keys(self) -> Path:
        """Of its keys."""
        return self.folder / "keys"

    @property
    def person(self) -> list[str]:
        """The persons there are."""
        return (self.folder / "persons").read_text().split()

    def open(self) -> Store:
        """The store, asked by its administrator at a moment that is always the same."""
        clock = Clock()
        clock.now = START + dt.timedelta(days=1)
        self.opened.append(open_store(self.url, self.keys, actor="ada", purpose="operations", clock=clock))
        return self.opened[-1]

    def close(self) -> None:
        """Let go of the database."""
        for store in self.opened:
            store.session.engine.dispose()
            store.session.keys.close()
        self.opened.clear()

    def desk(self) -> Store:
        """The store, asked by the desk."""
        return self.open().by("dora", "treatment")


def grown(folder: Path, server: str | None = None) -> Place:
    """A store with an office, two persons who are registered, a booking and a hold."""
    folder.mkdir(parents=True)
    place = Place(folder, server)
    if server is not None:
        engine = make_engine(server)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {place.database}")
        engine.dispose()
    with create_store(place.url, place.keys, actor="ada", clock=Clock()) as store:
        store.import_office(office())
        store.set_actor("dora", ["desk"])
        desk = store.by("dora", "treatment")
        who = [desk.register({"given_name": name, "surname": "Lovelace"}) for name in ("Ada", "Augusta")]
        for number, one in enumerate(who):
            desk.add("requests", {"request": f"Q{number}", "patient": one.patient, "visit_type": "short"})
        desk.book("Q0", "DR1", AT, rules=False)
        desk.hold("R0", "DR2", AT, 60, rules=False)
        (folder / "persons").write_text(" ".join(one.person for one in who))
    return place


def stored(place: Place) -> Any:
    """What stands in a store, but for what is random."""
    engine = make_engine(place.url)
    try:
        with engine.connect() as connection:
            if not sa.inspect(connection).get_table_names():
                return None
            found = [sorted(map(repr, connection.exec_driver_sql(query))) for query in _STATE]
        found[0] = sorted(row.partition(",")[2] for row in found[0])
        return found
    finally:
        engine.dispose()


def sound(place: Place) -> None:
    """The store opens, its trail verifies, and its rows agree."""
    store = place.open()
    assert store.verify() == []
    assert store.check().to_dict("records") == []
    place.close()


def nothing(place: Place) -> None:
    """Nothing is to be done."""


@dataclass(frozen=True)
class Operation:
    """Something that is killed.

    Attributes
    ----------
    name : str
        Of it.
    do : callable
        Does it.
    prepare, settle, expect, again : callable
        Before it is done; after a kill; what must hold then; and that it can be done, or gone on with, after all.
    state : callable
        What it changes, the same whenever it is done.
    on_server : bool
        Whether it is tried on PostgreSQL too.
    """

    name: str
    do: Callable[[Place], None]
    prepare: Callable[[Place], None] = nothing
    settle: Callable[[Place], None] = nothing
    expect: Callable[[Place], None] = sound
    again: Callable[[Place], None] = nothing
    state: Callable[[Place], Any] = stored
    on_server: bool = True


def _book(place: Place) -> None:
    place.desk().book("Q1", "DR2", AT + dt.timedelta(hours=1), rules=False, key="once")


def _book_again(place: Place) -> None:
    _book(place)
    assert len(stored(place)[0]) == 3


def _merge(place: Place) -> None:
    place.desk().merge(*place.person, reason="the same")


def _publish(place: Place) -> None:
    store = place.open()
    plan = desks.sound(store.plan(DAY - dt.timedelta(days=1), START))
    for number in range(1, 5):
        plan = book(plan, f"R{number}", "DR3", AT + (number - 1) * dt.timedelta(minutes=45), now=START)
    store.publish(plan, DAY)


def _published(place: Place) -> Any:
    """All but that the plan was loaded, which is a call of its own."""
    bookings, rows, _, held, *_ = stored(place)
    return bookings, rows, held


def _ends_visits(place: Place) -> None:
    desk = place.desk()
    (name,) = desk.bookings(DAY, DAY).query("request == 'Q0'")["booking"]
    desk.cancel(name, again=True)


def _dispose(place: Place) -> None:
    place.open().dispose(place.person[0], "asked for")


def _disposed(place: Place) -> Any:
    """Whether the person's row says nothing any more, and the key is there."""
    store = place.open()
    with store.session.engine.connect() as connection:
        rows = facts.known(connection, "people", by="key", values=[key_of(place.person[0])])
        return [row.sealed is None for row in rows], store.session.keys.is_destroyed(place.person[0])


def _dispose_settled(place: Place) -> None:
    """Who was killed after the rows and before the key is told to dispose again."""
    found = place.open().check()
    if len(found):
        assert set(found["what"]) == {"the key of who was disposed of is there: dispose again"}
        _dispose(place)


def _dispose_again(place: Place) -> None:
    _dispose(place)
    assert Keys(place.keys).is_destroyed(place.person[0])
    sound(place)


def _rotate(place: Place) -> None:
    for _ in Keys(place.keys).rotate():
        pass


def _masters(place: Place) -> Any:
    """How many keys there are under how many masters, and whether a rotation is under way."""
    engine = make_engine(f"sqlite:///{place.keys / 'ring.db'}")
    with engine.connect() as connection:
        now = {row[0] for row in connection.exec_driver_sql("SELECT DISTINCT master FROM ring")}
    engine.dispose()
    return now == {(place.folder / "master").read_text()}


def _rotate_prepared(place: Place) -> None:
    keys = Keys(place.keys)
    keys.make(f"other{number}" for number in range(1200))
    (place.folder / "master").write_text(keys._newest[0])
    keys.close()


def _rotate_again(place: Place) -> None:
    first = (place.keys / "master.key").read_text()
    _rotate(place)
    assert sorted(file.name for file in place.keys.glob("master*")) == ["master.key"]
    sound(place)
    _rotate(place)
    assert (place.keys / "master.key").read_text() != first
    assert not (place.keys / "master.key.part").exists()
    assert len(Keys(place.keys).of(f"other{number}" for number in range(1200))) == 1200
    sound(place)


def _backup_first(place: Place) -> None:
    store = place.open()
    backup(store, place.folder / "backup.db")
    store.status()
    store.close()
    (place.folder / "office.db").rename(place.folder / "later.db")


def _restore(place: Place) -> None:
    restore(place.folder / "backup.db", place.url, place.keys)


def _restore_sound(place: Place) -> None:
    if stored(place) is not None:
        sound(place)


def _restore_again(place: Place) -> None:
    if stored(place) is None:
        _restore(place)
    sound(place)


def _backup(place: Place) -> None:
    store = place.open()
    backup(store, place.folder / "kept.db")


def _kept(place: Place) -> Any:
    """All but the trail, which says that a backup was begun before one is made."""
    rows = [part for number, part in enumerate(stored(place)) if number != _TRAIL]
    return rows, (place.folder / "kept.db").exists()


def _backup_again(place: Place) -> None:
    _backup(place)
    sound(place)


def _next_revision(place: Place) -> None:
    """A script with one more revision."""
    folder = place.folder / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text("")
    for file in (Path(revisions.__file__).parent / "migrations" / "versions").glob("r*.py"):
        (folder / "versions" / file.name).write_text(file.read_text())
    (folder / "versions" / "r9999_next.py").write_text(_NEXT.format(revisions.newest()))


_NEXT = """\
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{}", None, None


def upgrade():
    op.execute("CREATE TABLE more (one INTEGER PRIMARY KEY, two TEXT)")
    op.execute("INSERT INTO more SELECT number, operation FROM entries")
    op.execute("ALTER TABLE blinds ADD COLUMN more INTEGER")
    op.execute("UPDATE blinds SET more = 7")
    op.execute("CREATE INDEX more_two ON more (two)")
"""


def _with_next(place: Place, do: Callable[[], Any]) -> Any:
    before = revisions._script
    revisions._script = lambda: revisions.script_in(place.folder / "migrations")  # type: ignore[assignment]
    try:
        return do()
    finally:
        revisions._script = before


def _migrate(place: Place) -> None:
    _with_next(place, lambda: migrate(place.url, place.folder / "before.db"))


def _migrate_sound(place: Place) -> None:
    _with_next(place, lambda: sound(place) if "9999" in repr(stored(place)[-1]) else None)


def _migrate_again(place: Place) -> None:
    _migrate(place)
    assert "9999" in repr(stored(place)[-1])
    _migrate_sound(place)


def _claims(place: Place) -> None:
    store = place.open()
    claim = {"claim": CLAIM, "patient": "N1", "provider": "DR1", "insurer": "ACME", "date": DAY, "charge": "120.00"}
    store.add("claims", {**claim, "state": "sent"})
    for line, charge in ((1, "100.00"), (2, "20.00")):
        cells = {"claim": CLAIM, "line": line, "procedure": f"9921{line}", "charge": charge, "diagnoses": "Z00.00"}
        store.add("claim_lines", cells)
    store.charge_claims([CLAIM])


def _post(place: Place) -> None:
    said = Said(CLAIM, ((1, 6000, 3000, 1000, 0), (2, 500, 0, 0, 1500)))
    lost = Said("ELSEWHERE-77", ((1, 100, 0, 0, 0),))
    place.open().post_remittance(remittance("K1", [said, lost], [("FB", "F1", -900)]))


def _post_again(place: Place) -> None:
    _post(place)
    sound(place)
    assert standing(place.open())["cash"] == 7500


OPERATIONS = (
    Operation("post", _post, _claims, again=_post_again),
    Operation("book", _book, again=_book_again),
    Operation("merge", _merge),
    Operation("publish", _publish, state=_published),
    Operation("dispose", _dispose, _ends_visits, _dispose_settled, again=_dispose_again, state=_disposed),
    Operation("rotate", _rotate, _rotate_prepared, again=_rotate_again, state=_masters, on_server=False),
    Operation("backup", _backup, settle=nothing, again=_backup_again, state=_kept, on_server=False),
    Operation("restore", _restore, _backup_first, expect=_restore_sound, again=_restore_again, on_server=False),
    Operation("migrate", _migrate, _next_revision, expect=_migrate_sound, again=_migrate_again),
)
"""What is killed."""
