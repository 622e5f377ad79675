"""Bookings against a dictionary: whatever is asked, in whatever order, a store says what the dictionary says."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from schedopt.errors import NoSuchChange, SlotTaken, StoreError
from schedopt.models import tables
from schedopt.models.office import Office, Settings
from schedopt.office.read import fingerprint
from schedopt.registry import create_store
from schedopt.registry.desk import Overbooking
from schedopt.registry.statuses import FOLLOWING, HOLDING, STATUSES
from tests.effort import examples
from tests.stores import Clock

DAY = dt.date(2026, 12, 1)
PROVIDERS = ("DR1", "DR2")
LENGTH = {"short": 20, "long": 45, "class": 30}
REQUESTS = 8
PATIENTS = 4
STARTS = st.integers(8 * 6, 10 * 6).map(
    lambda tens: dt.datetime.combine(DAY, dt.time()) + dt.timedelta(minutes=10 * tens)
)


def office() -> Office:
    """Two providers, four patients, eight requests of three types; classes have two seats."""
    kinds = list(LENGTH)
    made = Office(
        settings=Settings(),
        providers=tuple(tables.Provider(provider=name) for name in PROVIDERS),
        visit_types=tuple(
            tables.VisitType(visit_type=kind, minutes=LENGTH[kind], seats=2 if kind == "class" else 1) for kind in kinds
        ),
        patients=tuple(tables.Patient(patient=f"N{n}", name=f"Name {n}") for n in range(PATIENTS)),
        requests=tuple(
            tables.Request(request=f"R{n}", patient=f"N{n % PATIENTS}", visit_type=kinds[n % 3])
            for n in range(REQUESTS)
        ),
        shifts=tuple(
            tables.Shift(provider=name, site="MAIN", date=DAY, start="08:00", end="12:00") for name in PROVIDERS
        ),
    )
    return made.model_copy(update={"fingerprint": fingerprint(made)})


@dataclass(frozen=True)
class Known:
    """A booking as the dictionary has it."""

    status: str
    request: int
    provider: str
    start: dt.datetime
    over: bool = False
    expires: dt.datetime | None = None

    @property
    def kind(self) -> str:
        """Its visit type."""
        return list(LENGTH)[self.request % 3]

    @property
    def end(self) -> dt.datetime:
        """When it ends."""
        return self.start + dt.timedelta(minutes=LENGTH[self.kind])

    def shares(self, other: Known) -> bool:
        """Whether they are one group visit."""
        return self.kind == other.kind == "class" and (self.provider, self.start) == (other.provider, other.start)


class Desk(RuleBasedStateMachine):
    """The desk at work."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        folder, self.clock = Path(self.folder.name), Clock()
        self.store = create_store(str(folder / "office.db"), folder / "keys", actor="ada", clock=self.clock)
        self.store.import_office(office())
        self.store.set_actor("dora", ["desk"])
        self.desk = self.store.by("dora", "treatment")
        self.known: dict[str, Known] = {}
        self.cancelled = set[int]()
        self.patient = {n: n % PATIENTS for n in range(REQUESTS)}

    def teardown(self) -> None:
        """Everything agrees at the end, and nobody has tampered."""
        assert self.store.check().empty
        assert self.store.verify() == []
        self.store.close()
        self.folder.cleanup()

    def living(self, request: int) -> list[str]:
        """Bookings of a request that hold something for as long as they may."""
        mine = {name: one for name, one in self.known.items() if one.request == request and one.status in HOLDING}
        return [name for name, one in mine.items() if not self.is_over(one)]

    def is_over(self, one: Known) -> bool:
        """Whether a pending booking's time is over, a second from now."""
        return one.expires is not None and one.expires < self.clock.now + dt.timedelta(seconds=2)

    def taken(self, wanted: Known, but: str | None = None) -> bool:
        """Whether others are in the way; pending ones whose time is over are given up."""
        blocked = False
        for name, one in self.known.items():
            if name == but or one.status not in HOLDING or not (one.start < wanted.end and wanted.start < one.end):
                continue
            mine = self.patient[one.request] == self.patient[wanted.request]
            if one.provider != wanted.provider and not mine:
                continue
            if self.is_over(one):
                continue
            if one.over or wanted.over or (one.shares(wanted) and not mine):
                continue
            blocked = True
        return blocked

    def given_up(self, wanted: Known, but: str | None = None) -> None:
        """Pending bookings in the way whose time is over are cancelled."""
        for name, one in self.known.items():
            near = one.provider == wanted.provider or self.patient[one.request] == self.patient[wanted.request]
            there = near and one.start < wanted.end and wanted.start < one.end
            there |= but is None and one.request == wanted.request
            if name != but and there and one.expires is not None and one.expires < self.clock.now:
                self.known[name] = replace(one, status="cancelled", expires=None)

    @rule(request=st.integers(0, REQUESTS - 1), provider=st.sampled_from(PROVIDERS), start=STARTS, over=st.booleans())
    def book(self, request: int, provider: str, start: dt.datetime, over: bool) -> None:
        """Book, or be refused for the same reason as the dictionary."""
        wanted = Known("booked", request, provider, start, over)
        asked = Overbooking("asked for", most=9) if over else None
        if self.living(request) or request in self.cancelled:
            with pytest.raises(StoreError):
                self.desk.book(f"R{request}", provider, start, rules=False, over=asked)
        elif self.taken(wanted):
            with pytest.raises(SlotTaken):
                self.desk.book(f"R{request}", provider, start, rules=False, over=asked)
        else:
            made = self.desk.book(f"R{request}", provider, start, rules=False, over=asked)
            self.given_up(wanted)
            self.known[made.booking] = wanted

    @rule(request=st.integers(0, REQUESTS - 1), provider=st.sampled_from(PROVIDERS), start=STARTS)
    def hold(self, request: int, provider: str, start: dt.datetime) -> None:
        """Hold for ten minutes."""
        wanted = Known("pending", request, provider, start)
        if self.living(request) or request in self.cancelled or self.taken(wanted):
            with pytest.raises(StoreError):
                self.desk.hold(f"R{request}", provider, start, 10, rules=False)
        else:
            made = self.desk.hold(f"R{request}", provider, start, 10, rules=False)
            self.given_up(wanted)
            self.known[made.booking] = replace(wanted, expires=self.clock.now + dt.timedelta(minutes=10))

    @rule()
    def time_goes_by(self) -> None:
        """Half an hour passes."""
        self.clock.now += dt.timedelta(minutes=30)

    @precondition(lambda self: self.known)
    @rule(data=st.data(), provider=st.sampled_from(PROVIDERS), start=STARTS)
    def move(self, data: st.DataObject, provider: str, start: dt.datetime) -> None:
        """Move a booking."""
        name = data.draw(st.sampled_from(list(self.known)))
        one = self.known[name]
        wanted = replace(one, provider=provider, start=start, over=False)
        if one.status not in ("booked", "pending"):
            with pytest.raises(NoSuchChange):
                self.desk.move(name, provider, start, rules=False)
        elif self.taken(wanted, name):
            with pytest.raises(SlotTaken):
                self.desk.move(name, provider, start, rules=False)
        else:
            self.desk.move(name, provider, start, rules=False)
            self.given_up(wanted, name)
            self.known[name] = replace(wanted, status="booked", expires=None)

    @precondition(lambda self: self.known)
    @rule(
        data=st.data(),
        status=st.sampled_from(["booked", "arrived", "checked-in", "fulfilled", "no-show", "entered-in-error"]),
    )
    def becomes(self, data: st.DataObject, status: str) -> None:
        """Say what became of a booking."""
        name = data.draw(st.sampled_from(list(self.known)))
        one = self.known[name]
        ask = {
            "booked": self.desk.confirm, "arrived": self.desk.arrive, "checked-in": self.desk.check_in,
            "fulfilled": self.desk.fulfil, "no-show": self.desk.no_show, "entered-in-error": self.desk.enter_in_error,
        }[status]  # fmt: skip
        back = status in HOLDING and one.status not in HOLDING
        if status not in FOLLOWING[one.status] or status == one.status:
            with pytest.raises(NoSuchChange):
                ask(name)
        elif back and (
            self.living(one.request) or one.request in self.cancelled or self.taken(replace(one, over=False))
        ):
            with pytest.raises(StoreError):
                ask(name)
        else:
            ask(name)
            if back:
                self.given_up(one)
            self.known[name] = replace(one, status=status, expires=None, over=one.over and not back)

    @precondition(lambda self: self.known)
    @rule(data=st.data(), again=st.booleans())
    def cancel(self, data: st.DataObject, again: bool) -> None:
        """Cancel a booking."""
        name = data.draw(st.sampled_from(list(self.known)))
        one = self.known[name]
        if "cancelled" not in FOLLOWING[one.status]:
            with pytest.raises(NoSuchChange):
                self.desk.cancel(name, again=again)
        else:
            self.desk.cancel(name, "because", again=again)
            self.cancelled |= set() if again else {one.request}
            self.known[name] = replace(one, status="cancelled", expires=None)

    @invariant()
    def agrees(self) -> None:
        """The store lists what the dictionary has."""
        listed = self.desk.bookings(DAY, DAY)
        found = {row.booking: (row.status, row.request, row.provider, row.start) for row in listed.itertuples()}
        said = {n: (k.status, f"R{k.request}", k.provider, f"{k.start:%H:%M}") for n, k in self.known.items()}
        assert found == said


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=examples(10), stateful_step_count=20)


def test_every_status_is_reached_and_left() -> None:
    """The table of statuses knows no other ones, and all can be reached."""
    assert set(FOLLOWING) == {"", *STATUSES}
    reached, coming = set[str](), {""}
    while coming := coming - reached:
        reached |= coming
        coming = {after for status in coming for after in FOLLOWING[status]}
    assert reached == set(FOLLOWING)
