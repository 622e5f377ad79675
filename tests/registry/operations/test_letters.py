"""Letters of a store: written with the change, sent once each to a real server, taken back, offered, and never lost."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.inbox import Inbox, mail_server
from benchmarks.race import DAY
from schedopt.answers.desk.fill import Opening, fill
from schedopt.errors import AccessDenied, NoSuchChange, SlotTaken, StoreError
from schedopt.operations.letters.posting import Handed, at_server
from schedopt.registry import Store, create_store, open_store
from tests.effort import examples
from tests.letters import AT, writing_office, writing_store
from tests.registry.kills import die_at
from tests.stores import START, Clock

LATER = dt.timedelta(minutes=45)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Inbox, int]]:
    """A mail server that all tests of this file share."""
    with mail_server() as made:
        yield made


@pytest.fixture
def inbox(server: tuple[Inbox, int]) -> Inbox:
    """It, empty."""
    server[0].mails.clear()
    server[0].answers.clear()
    return server[0]


def send(desk: Store) -> dict[str, int]:
    """Bring the outbox up, and send; how many mails came to what."""
    desk.update_letters()
    with at_server(desk.letter_settings(), None) as post:
        return dict(desk.send_letters(post)["outcome"].value_counts())


def waiting(desk: Store) -> dict[str, str]:
    """Kinds that wait, with their channel."""
    table = desk.letters()
    return {row.kind: row.channel for row in table.itertuples() if row.state == "waiting"}


class Patient:
    """What a patient believes who reads nothing but the mail."""

    def __init__(self) -> None:
        self.calendar: dict[str, tuple[int, dt.datetime | None]] = {}

    def reads(self, mail: Any) -> bool:
        """Take a mail in; whether it changes where a visit stands."""
        for part in mail.walk():
            if part.get_content_type() != "text/calendar":
                continue
            content = part.get_content()
            found = icalendar.Calendar.from_ical(content)
            (event,) = found.walk("VEVENT")
            before = self.calendar.get(str(event["UID"]), (-1, None))
            assert event["SEQUENCE"] == before[0] + 1
            start = None if found["METHOD"] == "CANCEL" else event.decoded("DTSTART")
            assert start != before[1]
            self.calendar[str(event["UID"])] = (event["SEQUENCE"], start)
            return True
        return False


@given(st.integers(0, 10**6))
@settings(max_examples=examples(2))
def test_a_while_at_the_desk(server: tuple[Inbox, int], seed: int) -> None:
    """Whatever is booked, moved, cancelled and sent: patients who read their mail know where their visits stand, and
    no mail tells what its reader knows already.
    """
    inbox, port = server
    inbox.mails.clear()
    rng = random.Random(seed)
    patients: dict[str, Patient] = {}
    with writing_store(port=port, host="127.0.0.1", quiet_from="00:00", quiet_until="00:00") as desk:
        stands: dict[str, Any] = {}
        for _ in range(30):
            request = f"R{rng.randrange(10)}"
            start = AT + rng.randrange(18) * dt.timedelta(minutes=10)
            doing = rng.choice(["book", "book", "move", "cancel", "send"])
            try:
                if doing == "send":
                    send(desk)
                elif doing == "book":
                    stands[request] = desk.book(request, f"DR{rng.randint(1, 4)}", start, rules=False)
                elif request in stands and doing == "move":
                    stands[request] = desk.move(stands[request].booking, f"DR{rng.randint(1, 4)}", start, rules=False)
                elif request in stands:
                    desk.cancel(stands.pop(request).booking, again=True)
            except (SlotTaken, NoSuchChange, StoreError):
                continue
        send(desk)
        assert send(desk) == {}
        for name, mails in inbox.by_patient().items():
            for mail in mails:
                assert patients.setdefault(name, Patient()).reads(mail), mail["Subject"]
        for name in {one.patient for one in stands.values()} | patients.keys():
            mine = sorted(
                dt.datetime.fromisoformat(f"{one.date}T{one.start}+00:00")
                for one in stands.values() if one.patient == name
            )  # fmt: skip
            told = patients.get(name, Patient()).calendar.values()
            assert sorted(start for _, start in told if start is not None) == mine
        assert len({str(mail["Message-ID"]) for mail in inbox.mails}) == len(inbox.mails)
        ada = desk.by("ada", "operations")
        assert ada.verify() == []
        assert ada.check().empty


def test_an_office_without_the_section_writes_nothing() -> None:
    """No message is there, and asking for letters says what is missing."""
    with writing_store() as desk:
        ada = desk.by("ada", "operations")
        plain = writing_office()
        ada.import_office(plain.model_copy(update={"settings": plain.settings.model_copy(update={"letters": None})}))
        desk.book("R0", "DR1", AT, rules=False)
        assert desk.rows("messages").empty
        with pytest.raises(StoreError, match="section"):
            desk.update_letters()


def test_a_change_and_its_letter_are_one() -> None:
    """What fails writes no letter; what is done has it in the same entry of the trail."""
    with writing_store() as desk:
        made = desk.book("R0", "DR1", AT, rules=False)
        before = len(desk.letters(every=True))
        with pytest.raises(SlotTaken):
            desk.book("R1", "DR1", AT, rules=False)
        assert len(desk.letters(every=True)) == before
        entries = desk.by("ada", "operations").session
        with entries.engine.connect() as connection:
            (told,) = connection.exec_driver_sql(
                "SELECT COUNT(DISTINCT since) FROM facts WHERE kind = 'messages'"
            ).one()  # fmt: skip
        assert told == 1
        desk.cancel(made.booking)
        assert waiting(desk) == {}


def test_what_waits_is_listed_and_dry_runs_write_nothing(server: tuple[Inbox, int], inbox: Inbox) -> None:
    """A dry run lists what an update would, and neither it nor an update sends anything."""
    with writing_store(port=server[1], host="127.0.0.1") as desk:
        desk.book("R0", "DR1", AT, rules=False)
        dry = desk.update_letters(dry=True)
        assert set(dry["kind"]) == {"confirmation", "reminder"}
        rows = len(desk.rows("messages"))
        assert desk.update_letters().drop(columns="ready").equals(dry.drop(columns="ready"))
        assert len(desk.rows("messages")) == rows
        assert inbox.mails == []
        named = desk.named_letters(dry)
        assert set(named["name"]) == {"Ada Canary0"}
        assert set(named["phone"]) == {"+1 928 555 0110"}


def test_refused_and_later(server: tuple[Inbox, int], inbox: Inbox) -> None:
    """What the server refuses for good is for a person; what it puts off is tried again; --again sends it again."""
    with writing_store(port=server[1], host="127.0.0.1") as desk:
        for place in range(3):
            desk.book(f"R{place}", f"DR{place + 1}", AT, rules=False)
        inbox.answers.update({"n0@canary.example": "550 no such mailbox", "n1@canary.example": "451 later"})
        assert send(desk) == {"sent": 1, "failed": 1, "later": 1}
        inbox.answers.clear()
        assert send(desk) == {"sent": 1}
        (failed,) = desk.letters().query("state == 'failed'")["message"]
        desk.settle_letter(failed, "waiting")
        with pytest.raises(StoreError, match="does not follow"):
            desk.settle_letter(failed, "waiting")
        assert send(desk) == {"sent": 1}
        assert send(desk) == {}
        assert len(inbox.mails) == 3


def test_a_lost_connection_is_no_loss() -> None:
    """Without a server nothing is begun; where the connection goes while content is on its way, it is doubtful."""
    with writing_store(port=1, host="127.0.0.1") as desk:
        desk.book("R0", "DR1", AT, rules=False)
        desk.book("R1", "DR2", AT, rules=False)
        with pytest.raises(Exception, match="cannot be used"):
            send(desk)
        assert set(waiting(desk)) == {"confirmation", "reminder"}
        became = desk.send_letters(lambda _: Handed("doubtful", "connection lost"))
        assert list(became["outcome"]) == ["doubtful"]
        desk.update_letters()
        assert sorted(desk.letters().query("kind == 'confirmation'")["state"]) == ["doubtful", "waiting"]


def test_nothing_is_sent_in_quiet_hours(server: tuple[Inbox, int], inbox: Inbox) -> None:
    """By the clocks of the patient's zone, in the nights in which they change too."""
    del inbox
    for change in (dt.datetime(2026, 11, 1, tzinfo=dt.UTC), dt.datetime(2027, 3, 14, tzinfo=dt.UTC)):
        clock = Clock()
        clock.now = change - dt.timedelta(hours=5)
        with writing_store(clock, "America/New_York", port=server[1], host="127.0.0.1") as desk:
            ada, office = desk.by("ada", "operations"), writing_office("America/New_York", port=server[1])
            shifts = tuple(
                row.model_copy(update={"date": change.date() + dt.timedelta(days=9)}) for row in office.shifts
            )
            ada.import_office(office.model_copy(update={"shifts": shifts}))
            day = dt.datetime.combine(change.date() + dt.timedelta(days=9), dt.time(9))
            for hour in range(0, 38, 3):
                clock.now = change + dt.timedelta(hours=hour)
                number = hour // 3
                desk.book(f"R{number}", f"DR{number % 4 + 1}", day + number // 4 * LATER, rules=False)
                desk.update_letters()
                for name in desk.ready_letters("mail"):
                    local = clock.now.astimezone(ZoneInfo("America/New_York"))
                    assert 8 <= local.hour < 20
                    desk.settle_letter(name, "sent")


def test_a_run_that_lasts_into_quiet_hours() -> None:
    """What was due before they began is not sent in them either."""
    clock = Clock()
    with writing_store(clock) as desk:
        desk.book("R0", "DR1", AT, rules=False)
        (name,) = desk.ready_letters("mail")
        clock.now = clock.now.replace(hour=21)
        assert desk.ready_letters("mail") == []
        assert desk.take_letters([name]) == []


def test_channels_of_a_store() -> None:
    """Without consent on paper; by telephone where the channel is confidential; no name but in the letter itself."""
    with writing_store(consent=False) as desk:
        people = desk.rows("people").set_index("patient")["person"]
        desk.consent(people["N1"], "messages", given=True)
        desk.restrict(people["N2"], "confidential_channel", told="ring the sister")
        for place in range(3):
            desk.book(f"R{place}", f"DR{place + 1}", AT, rules=False)
        table = desk.letters().query("kind == 'confirmation'").set_index("request")
        assert dict(table["channel"]) == {"R0": "letter", "R1": "mail", "R2": "phone"}
        assert dict(table["why"]) == {"R0": "no consent to messages", "R1": "", "R2": "confidential channel"}
        (letter,) = desk.take_letters(desk.ready_letters("letter"))
        assert letter.to.lines == ("12 Main Street", "Tuba City")
        assert "Canary" not in repr(letter)
        assert "Canary" not in table.to_csv()
        assert "sister" not in table.to_csv()
        desk.end_letters({letter.message.message: Handed("sent")})
        (called,) = desk.letters().query("channel == 'phone' and kind == 'confirmation'")["message"]
        desk.settle_letter(called, "sent")
        left = desk.update_letters()
        assert set(left["kind"]) - {"reminder"} == {"confirmation"}
        assert set(left["request"]) >= {"R1"}
        report = desk.by("ada", "operations")
        report.set_actor("otto", ["auditor"])
        seen = report.by("otto", "audit").audit_report(people["N0"])
        assert "begin letters" in set(seen["operation"])


def test_who_may_not_read_people_sends_nothing() -> None:
    """A planner's changes write letters; to read or send them takes more."""
    with writing_store() as desk:
        desk.book("R0", "DR1", AT, rules=False)
        ada = desk.by("ada", "operations")
        ada.set_actor("paul", ["planner"])
        paul = desk.by("paul", "operations")
        paul.update_letters()
        with pytest.raises(AccessDenied):
            paul.take_letters(paul.ready_letters("mail"))
        assert set(paul.letters()["why"]) == {""}


def test_visits_that_are_known_are_not_told(server: tuple[Inbox, int], inbox: Inbox) -> None:
    """An office that begins takes what stands as known; what changes afterwards is told as a change."""
    with writing_store(port=server[1], host="127.0.0.1") as desk:
        made = desk.book("R0", "DR1", AT, rules=False)
        assert desk.take_as_known() == 1
        assert send(desk) == {}
        desk.move(made.booking, "DR2", AT, rules=False)
        assert send(desk) == {"sent": 1}
        assert "changed" in str(inbox.mails[0]["Subject"])


def test_offers(server: tuple[Inbox, int], inbox: Inbox) -> None:
    """The desk offers in the order of fill; the first yes books, the rest is told; a no is followed by the next."""
    with writing_store(port=server[1], host="127.0.0.1") as desk:
        monday = DAY - dt.timedelta(days=1)
        end = AT + dt.timedelta(minutes=30)
        order = list(fill(desk.plan(monday), Opening("DR1", AT, end))["request"])
        place = desk.offer("DR1", AT, end, at_once=2)
        offers = desk.letters().query("kind == 'offer'")
        assert list(offers["request"]) == order[:2] or set(offers["request"]) == set(order[:2])
        first, second = (offers.set_index("request")["message"][name] for name in order[:2])
        assert send(desk)["sent"] == 2
        assert desk.answer_offer(first, yes=False).outcome == "declined"
        third = desk.letters().query("kind == 'offer' and state == 'waiting'")
        assert list(third["request"]) == order[2:3]
        assert send(desk)["sent"] == 1
        taken = desk.answer_offer(second, yes=True)
        assert taken.booking is not None
        assert taken.booking.request == order[1]
        assert desk.answer_offer(second, yes=True).outcome == "booked"
        assert desk.answer_offer(third["message"].iloc[0], yes=True).outcome == "gone"
        inbox.mails.clear()
        send(desk)
        said = sorted(str(mail["Message-ID"]) for mail in inbox.mails)
        kinds = desk.letters(every=True).query("state == 'sent'").set_index("message")["kind"]
        assert sorted(kinds[name.strip("<>").partition("@")[0]] for name in said) == ["confirmation", "taken"]
        assert dict(desk.rows("openings").set_index("opening")["state"]) == {place: "filled"}
        with pytest.raises(StoreError, match="free"):
            desk.offer("DR1", AT, end)


def _prepared(folder: Path, port: int) -> None:
    with create_store(str(folder / "office.db"), folder / "keys", actor="ada", clock=Clock()) as store:
        store.import_office(writing_office(port=port, host="127.0.0.1"))
        store.set_actor("dora", ["desk"])
        desk = store.by("dora", "treatment")
        for person, patient in desk.rows("people")[["person", "patient"]].itertuples(index=False):
            if patient in ("N0", "N1"):
                desk.update(person, {"email": f"{patient.lower()}@canary.example"})
                desk.consent(person, "messages", given=True)
        desk.book("R0", "DR1", AT, rules=False)
        desk.book("R1", "DR2", AT, rules=False)


def _opened(folder: Path) -> Store:
    clock = Clock()
    clock.now = START + dt.timedelta(hours=2)
    return open_store(str(folder / "office.db"), folder / "keys", actor="dora", purpose="treatment", clock=clock)


def _killed(folder: Path, step: int) -> int | None:
    """Send in a process that is killed at a step, of which handing a mail over begins one and ends one."""
    child = os.fork()
    if child == 0:
        nothing = os.open(os.devnull, os.O_WRONLY)
        count = die_at(step)
        with _opened(folder) as desk, at_server(desk.letter_settings(), None) as post:

            def handed(mail: Any) -> Handed:
                os.write(nothing, b"x")
                found = post(mail)
                os.write(nothing, b"x")
                return found

            desk.update_letters()
            desk.send_letters(handed)
        (folder / "steps").write_text(str(count["steps"]))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return None if os.WIFSIGNALED(status) else int((folder / "steps").read_text())


def kill_sending(work: Path, inbox: Inbox, port: int, some: int | None = None) -> int:
    """Kill a process that sends two letters at its steps, or at some of them; how many kills there were."""
    ready = work / "ready"
    ready.mkdir()
    _prepared(ready, port)
    shutil.copytree(ready, work / "whole")
    steps = _killed(work / "whole", 0)
    assert steps is not None
    assert len(inbox.mails) == 2
    tried = range(1, steps + 1) if some is None else range(2, steps + 1, max(1, steps // some))
    for step in tried:
        folder = work / f"at-{step}"
        shutil.copytree(ready, folder)
        inbox.mails.clear()
        _killed(folder, step)
        with _opened(folder) as desk:
            send(desk)
            send(desk)
            table = desk.letters(every=True).query("kind == 'confirmation'")
            arrived = [str(mail["Message-ID"]).strip("<>").partition("@")[0] for mail in inbox.mails]
            assert len(arrived) == len(set(arrived)), f"step {step}: twice"
            sent, doubtful = (set(table.query(f"state == '{word}'")["message"]) for word in ("sent", "doubtful"))
            assert sent | doubtful == set(table["message"]), f"step {step}: lost"
            assert sent <= set(arrived) <= sent | doubtful, f"step {step}"
            assert len(doubtful) <= 1
            assert desk.by("ada", "operations").verify() == []
        shutil.rmtree(folder)
    return len(tried)


def test_killed_while_sending(server: tuple[Inbox, int], inbox: Inbox, tmp_path: Path) -> None:
    """Nothing is sent twice and nothing is lost: what was being sent is doubtful, and listed."""
    assert kill_sending(tmp_path, inbox, server[1], some=6) >= 6
