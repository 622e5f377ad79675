"""A month of letters at the desk: ``python -m benchmarks.letters [--days N] [--seed N] [--letters N]``.

An office of 40 patients books, moves and cancels visits and misses some, day by day, in New York across a change of
clocks; every evening and morning the mail is sent, twice, to a real server. Then the mail alone is read: where each
patient believes his or her visits to be, what was told twice, and whether any mail came in quiet hours. Last, letters
are printed. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from benchmarks.inbox import Inbox, mail_server
from schedopt.errors import StoreError
from schedopt.models import tables
from schedopt.models.office import Office
from schedopt.office.read import fingerprint
from schedopt.office.sources import settings_class, sources
from schedopt.operations.letters.files import pdfs
from schedopt.operations.letters.letter import rendered
from schedopt.operations.letters.posting import at_server
from schedopt.operations.letters.settings import LetterSettings
from schedopt.registry import Store, create_store

FIRST = dt.date(2026, 10, 12)
ZONE = ZoneInfo("America/New_York")
PATIENTS, REQUESTS, PROVIDERS = 40, 160, 4
LANGUAGES = ("English", "Spanish", "Haitian Creole", "Portuguese", "Vietnamese")
_TOLD = ("REQUEST", "CANCEL")


class Clock:
    """A clock that is set, and goes on by a second each time it is looked at."""

    def __init__(self) -> None:
        self.now = dt.datetime.combine(FIRST, dt.time(8), ZONE).astimezone(dt.UTC)

    def __call__(self) -> dt.datetime:
        """The moment."""
        self.now += dt.timedelta(seconds=1)
        return self.now


def main() -> int:
    """Work a month, read the mail, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--letters", type=int, default=500, help="printed as PDF at the end")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, mail_server() as (inbox, port):
        clock = Clock()
        with create_store(str(Path(folder, "office.db")), Path(folder, "keys"), actor="ada", clock=clock) as store:
            desk = _begun(store, port)
            start = time.perf_counter()
            done, stands, sent = _month(desk, clock, inbox, random.Random(said.seed), said.days)
            found = {"seconds": round(time.perf_counter() - start, 1), **done, **_read(inbox, stands, sent)}
            found["wrong"] += [str(one) for one in store.verify()]
            found |= _printed(desk, said.letters)
    print(json.dumps(found), flush=True)
    return int(bool(found["wrong"]))


def _begun(store: Store, port: int) -> Store:
    rules = LetterSettings(sender="desk@clinic.example", host="127.0.0.1", port=port, security="none")
    shifts = tuple(
        tables.Shift.model_validate(
            {"provider": f"DR{n}", "site": "MAIN", "weekday": day, "start": "08:00", "end": "17:00"}
        )
        for n in range(1, PROVIDERS + 1)
        for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    )
    office = Office(
        settings=settings_class(sources()).model_validate(
            {"name": "Dune Clinic", "time_zone": ZONE.key, "letters": rules.model_dump()}
        ),
        providers=tuple(tables.Provider(provider=f"DR{n}") for n in range(1, PROVIDERS + 1)),
        visit_types=(tables.VisitType(visit_type="visit", minutes=20),),
        patients=tuple(
            tables.Patient(patient=f"N{n}", name=f"Patient {n}", language=LANGUAGES[n % 5]) for n in range(PATIENTS)
        ),
        requests=tuple(
            tables.Request(request=f"R{n}", patient=f"N{n % PATIENTS}", visit_type="visit") for n in range(REQUESTS)
        ),
        shifts=shifts,
    )  # fmt: skip
    store.import_office(office.model_copy(update={"fingerprint": fingerprint(office)}))
    store.set_actor("dora", ["desk"])
    desk = store.by("dora", "treatment")
    for person, patient in desk.rows("people")[["person", "patient"]].itertuples(index=False):
        desk.update(person, {"email": f"{patient.lower()}@mail.example", "street_number": "1", "address_1": "Road",
                             "suburb": "Town"})  # fmt: skip
        desk.consent(person, "messages", given=True)
    return desk


def _month(
    desk: Store, clock: Clock, inbox: Inbox, rng: random.Random, days: int
) -> tuple[dict[str, Any], dict[str, Any], list[dt.datetime]]:  # fmt: skip
    """Work; what was done, where visits stand at the end, and when each mail came."""
    stands: dict[str, Any] = {}
    done, sent = Counter[str](), list[dt.datetime]()
    for place in range(days):
        day = FIRST + dt.timedelta(days=place)
        for hour in (6, 9, 12, 15, 21):
            clock.now = max(clock.now, dt.datetime.combine(day, dt.time(hour), ZONE).astimezone(dt.UTC))
            for _ in range(6 if hour in (9, 12, 15) and day.weekday() < 5 else 0):
                done[_once(desk, rng, day, stands)] += 1
            for _ in range(2):
                desk.update_letters()
                with at_server(desk.letter_settings(), None) as post:
                    desk.send_letters(post)
                sent += [clock.now] * (len(inbox.mails) - len(sent))
    return {"days": days, "done": dict(sorted(done.items()))}, stands, sent


def _once(desk: Store, rng: random.Random, day: dt.date, stands: dict[str, Any]) -> str:
    """Something that happens at the desk."""
    request = f"R{rng.randrange(REQUESTS)}"
    date = day + dt.timedelta(days=rng.randint(1, 20))
    start = dt.datetime.combine(date, dt.time(8)) + rng.randrange(26) * dt.timedelta(minutes=20)
    provider, old = f"DR{rng.randint(1, PROVIDERS)}", stands.get(request)
    try:
        if old is None:
            stands[request] = desk.book(request, provider, start, rules=False)
            return "booked"
        if old.date == day and rng.random() < 0.3:
            desk.no_show(stands.pop(request).booking)
            return "missed"
        if rng.random() < 0.6:
            stands[request] = desk.move(old.booking, provider, start, rules=False)
            return "moved"
        desk.cancel(stands.pop(request).booking, again=True)
        return "cancelled"
    except StoreError:
        return "not possible"


def _read(inbox: Inbox, stands: dict[str, Any], sent: list[dt.datetime]) -> dict[str, Any]:
    """What patients believe who read their mail, and what is wrong with it."""
    calendars: dict[str, tuple[int, str, dt.datetime | None, str]] = {}
    kinds, wrong = Counter[str](), list[str]()
    for mail, when in zip(inbox.mails, sent, strict=True):
        local = when.astimezone(ZONE)
        if not 8 <= local.hour < 20:
            wrong.append(f"sent at {local}")
        kinds[str(mail["Subject"]).partition(": ")[2]] += 1
        for part in mail.walk():
            if part.get_content_type() == "text/calendar":
                content = part.get_content()
                whole = icalendar.Calendar.from_ical(content)
                (event,) = whole.walk("VEVENT")
                uid, number = str(event["UID"]), int(str(event["SEQUENCE"]))
                start = event.decoded("DTSTART") if str(whole["METHOD"]) == "REQUEST" else None
                before = calendars.get(uid, (-1, "", None, ""))
                if number != before[0] + 1:
                    wrong.append(f"{uid}: sequence {number} after {before[0]}")
                calendars[uid] = (number, str(mail["To"]), start, str(mail["Subject"]))
    if len({str(mail["Message-ID"]) for mail in inbox.mails}) != len(inbox.mails):
        wrong.append("a message came twice")
    now = sent[-1] if sent else dt.datetime.min.replace(tzinfo=dt.UTC)
    believed = sorted((to.partition("@")[0].upper(), at) for _, to, at, _ in calendars.values() if at and at > now)
    known = []
    for one in stands.values():
        at = dt.datetime.fromisoformat(f"{one.date}T{one.start}").replace(tzinfo=ZONE)
        if at > now:
            known.append((one.patient, at))
    if believed != sorted(known):
        wrong.append(f"believed are {len(believed)} visits, {len(known)} stand")
    return {"mails": len(inbox.mails), "by_subject": dict(kinds.most_common()), "believed": len(believed),
            "wrong": wrong}  # fmt: skip


def _printed(desk: Store, count: int) -> dict[str, Any]:
    """How long it takes to print letters."""
    names = list(desk.letters(every=True)["message"])
    pages = [rendered(one, FIRST).html for one in _letters(desk, names)]
    pages = (pages * (count // max(1, len(pages)) + 1))[:count]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    made = pdfs(pages)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"pdfs": len(made), "pdf_seconds": round(time.perf_counter() - start, 1), "pdf_cpu_seconds": round(cpu, 1)}


def _letters(desk: Store, names: list[str]) -> list[Any]:
    return desk.take_letters(names, begin=False)


if __name__ == "__main__":
    sys.exit(main())
