"""What is due: by what was told and what stands alone, once each, and never what is not so any more."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from schedopt.operations.letters.due import of_request
from schedopt.operations.letters.kinds import OF_VISIT
from schedopt.operations.letters.matters import Change, Matter, Reach, Visit, visit_in
from schedopt.operations.letters.settings import LetterSettings
from schedopt.operations.letters.settling import quiet_of, settled
from schedopt.operations.letters.tables import Message
from tests.effort import examples

RULES = LetterSettings(sender="desk@clinic.example")
KINDS = ("confirmation", "moved", "cancelled", "reminder", "missed", "lacking")
NOW = dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC)
ZONE = "America/New_York"
MAIL = Reach("mail", "", "en", "12h", 48, 20 * 60, 8 * 60)


def visit(day: int, start: int = 600) -> Visit:
    """A visit on a day of March 2026."""
    return Visit("DR1", "MAIN", dt.date(2026, 3, day), start, 20, ZONE)


class Desk:
    """A request at a desk that writes letters: what stands, what was written, and what its patient has read."""

    def __init__(self, reach: Reach = MAIL) -> None:
        self.now, self.reach, self.ids = NOW, reach, count()
        self.log: list[Message] = []
        self.read: list[Message] = []
        self.stands: Visit | None = None
        self.missed: tuple[Visit, ...] = ()
        self.attended = False
        self.lacks: tuple[str, ...] | None = None

    @property
    def matter(self) -> Matter:
        """It, as of now."""
        return Matter(
            "N1", self.reach, ZONE, tuple(self.log), "R1", "check-up", self.stands, True, self.attended, self.missed,
            self.lacks,
        )  # fmt: skip

    def look(self) -> list[Change]:
        """Write what is due; what has changed."""
        wanted = of_request(self.matter, self.now, RULES)
        found = settled(self.matter, wanted, self.now, lambda: f"m{next(self.ids)}", KINDS)
        for before, after in found:
            if before is None:
                self.log.append(after)
            else:
                self.log[self.log.index(before)] = after
        return found

    def send(self, state: str = "sent") -> list[Message]:
        """Send what may be sent now."""
        quiet = quiet_of(self.reach, ZONE)
        gone = []
        for place, one in enumerate(self.log):
            due = dt.datetime.fromisoformat(one.due)
            if one.state == "waiting" and due <= self.now and not (quiet and quiet.holds(self.now)):
                told = self.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
                self.log[place] = one.model_copy(update={"state": state, "told": told})
                gone.append(self.log[place])
        self.read += gone
        return gone

    @property
    def waiting(self) -> list[str]:
        """Kinds that wait."""
        return sorted(one.kind for one in self.log if one.state == "waiting")


places = st.one_of(st.none(), st.builds(visit, st.integers(3, 20), st.sampled_from((540, 600, 660))))
steps = st.lists(
    st.one_of(st.tuples(st.just("stand"), places), st.tuples(st.just("send"), st.none()),
              st.tuples(st.just("wait"), st.integers(1, 60))), max_size=16,
)  # fmt: skip


@given(steps)
@settings(max_examples=examples(48))
def test_each_change_is_told_once(said: list[tuple[str, object]]) -> None:
    """Sent letters follow each other as what stood did; asked twice, nothing is new; at most one of them waits."""
    desk, believed = Desk(), None
    for what, value in [*said, ("send", None)]:
        if what == "stand":
            assert value is None or isinstance(value, Visit)
            desk.stands = value
        elif what == "wait":
            assert isinstance(value, int)
            desk.now += dt.timedelta(hours=value)
        desk.look()
        assert desk.look() == []
        assert sum(kind in OF_VISIT for kind in desk.waiting) <= 1
        for one in desk.send() if what == "send" else ():
            place = visit_in(one)
            assert place is not None
            if one.kind == "reminder":
                assert place.is_as(desk.stands)
                assert desk.now < place.begins
                continue
            assert one.kind == ("cancelled" if desk.stands is None else "moved" if believed else "confirmation")
            assert place.is_as(believed if one.kind == "cancelled" else desk.stands)
            believed = None if one.kind == "cancelled" else place
            assert one.kind != "moved" or (one.was_date, one.was_start) != (place.date, place.start)
        if what == "send" and desk.stands and desk.stands.begins > desk.now and not _quiet(desk.now):
            assert believed is not None
            assert believed.is_as(desk.stands)
    told = [(one.kind, visit_in(one)) for one in desk.read if one.kind in ("reminder",)]
    assert len(told) == len(set(told))
    told_of = [one.sequence for one in desk.read if one.kind in OF_VISIT]
    assert told_of == list(range(len(told_of)))


def _quiet(now: dt.datetime) -> bool:
    quiet = quiet_of(MAIL, ZONE)
    return quiet is not None and quiet.holds(now)


@given(st.permutations([visit(10), visit(11), None, visit(12)]), st.booleans())
def test_only_the_end_is_told(stood: list[Visit | None], told: bool) -> None:
    """However often a visit moves before anything is sent, it is one letter, or none where it came back."""
    desk = Desk()
    desk.stands = visit(10)
    desk.look()
    if told:
        desk.send()
    for one in stood:
        desk.stands = one
        desk.look()
    kinds = [kind for kind in desk.waiting if kind != "reminder"]
    last = stood[-1]
    if told:
        assert kinds == ([] if last == visit(10) else ["cancelled"] if last is None else ["moved"])
    else:
        assert kinds == ([] if last is None else ["confirmation"])


def test_a_reminder_has_its_lead() -> None:
    """It is due so long before the visit; not at all where the patient hears of the visit later than that."""
    desk = Desk()
    desk.stands = visit(10)
    desk.look()
    (reminder,) = [one for one in desk.log if one.kind == "reminder"]
    assert reminder.due == "2026-03-08T14:00:00.000000Z"  # 48 hours before 10:00 by clocks that have jumped
    soon = Desk()
    soon.stands = visit(4, 600)
    soon.look()
    assert soon.waiting == ["confirmation"]
    none = Desk(replace(MAIL, lead_hours=0))
    none.stands = visit(10)
    none.look()
    assert none.waiting == ["confirmation"]


def test_a_reminder_out_of_quiet_hours() -> None:
    """Due in quiet hours it goes at their end; where that is after the visit, before they begin."""
    desk = Desk(replace(MAIL, lead_hours=2))
    desk.stands = visit(10, 570)
    desk.look()
    assert [one.due for one in desk.log if one.kind == "reminder"] == ["2026-03-10T12:00:00.000000Z"]  # 08:00
    early = Desk(replace(MAIL, lead_hours=2))
    early.stands = visit(10, 450)
    early.look()
    (due,) = [one.due for one in early.log if one.kind == "reminder"]
    assert "2026-03-09T22:00" <= due < "2026-03-10T00:00:00.000000Z"  # in the evening, before 20:00
    early.send()
    early.now = dt.datetime(2026, 3, 10, 11, tzinfo=dt.UTC)  # 07:00, quiet until after the visit
    early.look()
    assert early.waiting == []


def test_too_late_to_write() -> None:
    """What could only be sent after the visit, or would be on its way then, is for somebody to call."""
    desk = Desk()
    desk.now = dt.datetime(2026, 3, 10, 2, tzinfo=dt.UTC)  # 22:00
    desk.stands = visit(10, 420)
    desk.look()
    assert [(one.kind, one.channel, one.why) for one in desk.log] == [("confirmation", "phone", "too late to write")]
    paper = Desk(replace(MAIL, channel="letter", days_on_way=3))
    paper.stands = visit(4)
    paper.look()
    assert [(one.kind, one.channel) for one in paper.log] == [("confirmation", "phone")]
    paper.stands = visit(20)
    paper.look()
    waits = {one.kind: one for one in paper.log if one.state == "waiting"}
    assert waits["confirmation"].channel == "letter"
    assert waits["reminder"].due == "2026-03-15T14:00:00.000000Z"  # 48 hours and three days before


def test_what_is_over_is_not_told() -> None:
    """A visit that has begun is neither confirmed, nor cancelled, nor reminded of."""
    desk = Desk()
    desk.stands = visit(3)
    desk.look()
    desk.send()
    desk.now = dt.datetime(2026, 3, 3, 20, tzinfo=dt.UTC)
    desk.stands = None
    assert desk.look() == []
    late = Desk()
    late.now, late.stands = desk.now, visit(3)
    assert late.look() == []


def test_missed_visits() -> None:
    """Who has not come is told once; who has another visit already, or comes late after all, is not."""
    desk = Desk()
    desk.stands = visit(3)
    desk.look()
    desk.send()
    desk.now = dt.datetime(2026, 3, 3, 20, tzinfo=dt.UTC)
    desk.stands, desk.missed = None, (visit(3),)
    desk.look()
    assert desk.waiting == ["missed"]
    late = Desk()
    late.log, late.now, late.stands, late.attended = list(desk.log), desk.now, visit(3), True
    late.look()
    assert late.waiting == []
    desk.send()
    desk.look()
    assert desk.waiting == []
    desk.stands = visit(12)
    desk.look()
    assert desk.waiting == ["confirmation", "reminder"]


def test_doubtful_letters_are_taken_to_have_arrived() -> None:
    """Nobody is written to a second time by itself; what changes later is told as a change."""
    desk = Desk()
    desk.stands = visit(10)
    desk.look()
    desk.send("doubtful")
    desk.look()
    assert desk.waiting == ["reminder"]
    desk.stands = visit(11)
    desk.look()
    assert desk.waiting == ["moved", "reminder"]


def test_failed_letters_wait_for_a_person() -> None:
    """What was refused is not written again, and goes when it is not so any more."""
    desk = Desk()
    desk.stands = visit(10)
    desk.look()
    desk.send("failed")
    assert desk.look() == []
    desk.stands = visit(11)
    desk.look()
    assert [one.state for one in desk.log if one.kind == "confirmation"] == ["withdrawn", "waiting"]


def test_drafts_are_nobodys_business() -> None:
    """Of a visit that may still move nobody is told, unless the patient was told of the request before."""
    desk = Desk()
    desk.stands = visit(10)
    matter = replace(desk.matter, promised=False)
    assert of_request(matter, desk.now, RULES) == []
    desk.look()
    desk.send()
    desk.stands = visit(11)
    found = of_request(replace(desk.matter, promised=False), desk.now, RULES)
    assert [one.kind for one in found] == ["moved", "reminder"]


def test_what_an_insurer_asks_for() -> None:
    """It is told once for each visit, some days before; it goes with the visit, or when it is there."""
    desk = Desk()
    desk.stands, desk.lacks = visit(10), ("referral",)
    desk.look()
    assert desk.waiting == ["confirmation", "lacking", "reminder"]
    desk.lacks = None  # not looked at: it stays
    assert desk.look() == []
    desk.lacks = ()
    desk.look()
    assert desk.waiting == ["confirmation", "reminder"]
    desk.lacks = ("referral",)
    desk.look()
    desk.send()
    desk.look()
    assert desk.waiting == ["reminder"]
    desk.stands, desk.lacks = visit(11), None
    desk.look()
    assert desk.waiting == ["moved", "reminder"]


def test_nobody_is_told_who_does_not_wish_it() -> None:
    """With channel none nothing is written, and what waits goes."""
    desk = Desk()
    desk.stands = visit(10)
    desk.look()
    desk.reach = replace(MAIL, channel="none")
    desk.look()
    assert desk.waiting == []
