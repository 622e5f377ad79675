"""Stores whose office writes letters."""

from __future__ import annotations

import atexit
import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.race import DAY, PATIENTS, office
from schedopt.models.office import Office
from schedopt.office.read import fingerprint
from schedopt.office.sources import settings_class, sources
from schedopt.operations.letters.settings import LetterSettings
from schedopt.registry import Store, create_store, open_store
from tests.stores import Clock

AT = dt.datetime.combine(DAY, dt.time(9))
LANGUAGES = ("English", "Spanish", "Haitian Creole", "Portuguese", "Vietnamese")


def writing_office(zone: str = "UTC", **rules: Any) -> Office:
    """The office of the race, which writes letters; its patients have names and speak five languages."""
    made = office()
    said = LetterSettings(
        **{"sender": "desk@clinic.example", "phone": "+1 928 555 0100", "security": "none", **rules}
    )  # fmt: skip
    settings = settings_class(sources())(letters=said, name="Dune Clinic", time_zone=zone)
    patients = tuple(
        row.model_copy(update={"name": f"Ada Canary{place}", "language": LANGUAGES[place % len(LANGUAGES)]})
        for place, row in enumerate(made.patients)
    )
    made = made.model_copy(update={"settings": settings, "patients": patients})
    return made.model_copy(update={"fingerprint": fingerprint(made)})


_places: dict[str, str] = {}
"""Folders with stores as they are when made; copied for each test."""


@contextmanager
def writing_store(
    clock: Clock | None = None, zone: str = "UTC", consent: bool = True, **rules: Any
) -> Iterator[Store]:  # fmt: skip
    """A store with that office, asked by the desk; its patients get mail."""
    key = repr((zone, consent, rules))
    if key not in _places:
        _places[key] = tempfile.mkdtemp()
        atexit.register(shutil.rmtree, _places[key])
        _make(Path(_places[key]), zone, consent, rules)
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(_places[key], name, dirs_exist_ok=True)
        with _opened(Path(name), clock or Clock(), "dora", "treatment") as desk:
            yield desk


def _opened(folder: Path, clock: Clock, actor: str, purpose: str) -> Store:
    return open_store(str(folder / "office.db"), folder / "keys", actor=actor, purpose=purpose, clock=clock)


def _make(folder: Path, zone: str, consent: bool, rules: dict[str, Any]) -> None:
    early = Clock()
    early.now -= dt.timedelta(days=60)
    with create_store(str(folder / "office.db"), folder / "keys", actor="ada", clock=early) as store:
        store.import_office(writing_office(zone, **rules))
        store.set_actor("dora", ["desk"])
        desk = store.by("dora", "treatment")
        people = desk.rows("people")
        for person, patient in zip(people["person"], people["patient"], strict=True):
            desk.update(person, {"email": f"{patient.lower()}@canary.example", "address_1": "Main Street",
                                 "street_number": "12", "suburb": "Tuba City", "phone": "+1 928 555 0110"})  # fmt: skip
            if consent:
                desk.consent(person, "messages", given=True)
        assert len(people) == PATIENTS
