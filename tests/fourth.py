"""A fourth source, as somebody else would write it: patients who are brought by a van. No module of ours names it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from schedopt.arrays import Flags, Ints
from schedopt.errors import Fault
from schedopt.models.office import Office, Points, Section, price
from schedopt.models.problem.couplings import Coupling, Limit
from schedopt.models.problem.options import Options
from schedopt.models.problem.rules import Forbids, Prices, Rule
from schedopt.models.problem.week import Week
from schedopt.models.reading import Reading
from schedopt.models.source import Source
from schedopt.models.tables.fields import Date, Flag, Id, IdList, Row, Spans, Text, TimeOfDay, column


class Ride(Row):
    """A day on which the van brings a patient. Who has rides comes on such a day only."""

    table_name: ClassVar[str] = "rides"
    key: ClassVar[tuple[str, ...]] = ("patient", "date")

    patient: Id = column("Who is brought.", example="N17", references="patients")
    date: Date = column("The day.", example="2026-12-01")
    arrives: TimeOfDay = column("When the van is there.", example="09:00", unit="HH:MM", on_grid=True, of_day="date")
    pauses: Spans = column("When it stands.", example="12:00-13:00", default=(), unit="HH:MM-HH:MM", on_grid=True)
    with_chair: Flag = column("yes: a wheelchair comes along.", example="no", default=False)
    helpers: IdList = column("Who helps.", example="H1; H2", default=())
    address: Text = column("Where the patient is fetched.", example="1 Main Street", private=True)


class Transport(Section):
    """What rides cost, and how many there are."""

    section_name: ClassVar[str] = "transport"

    most_a_day: Annotated[int, Field(ge=0, le=1000, strict=True)] = Field(9, description="visits a day by van")
    ride: Points = price(0, "a visit by van")


@dataclass(frozen=True)
class RideDay(Forbids):
    """A patient with rides comes on a day on which there is one.

    Attributes
    ----------
    by_van : bool array, shape (requests,)
    there : bool array, shape (requests, days)
    """

    by_van: Flags
    there: Flags

    name = "ride_day"
    source = "transport"
    reason = "the van does not bring the patient on that day"
    relief = "a ride on that day"

    def allows(self, options: Options, week: Week) -> Flags:
        """Look up the day."""
        return self.there[options.request, week.sessions.day[options.session]] | ~self.by_van[options.request]


@dataclass(frozen=True)
class RideCost(Prices):
    """A visit by van costs."""

    by_van: Flags
    points: int

    name = "ride"
    source = "transport"
    reason = "the patient comes by van"

    def price(self, options: Options, week: Week) -> Ints:
        """The same for each."""
        return self.points * self.by_van[options.request].astype(np.int64)


@dataclass(frozen=True)
class VanSeats(Limit):
    """So many visits a day are by van."""

    by_van: Flags
    maximum: int

    name = "van_seats"
    source = "transport"
    reason = "the van is full on that day"

    def groups(self, week: Week, request: Ints, session: Ints) -> tuple[Ints, Ints]:
        """A group is a day."""
        row = np.flatnonzero(self.by_van[request])
        return row, week.sessions.day[session[row]]

    def most(self, week: Week, group: int) -> int:
        """The same on all days."""
        return self.maximum

    def group_words(self, week: Week, group: int) -> str:
        """The day."""
        return f"visits by van on {week.calendar.date(group)}"


def addresses_are_streets(reading: Reading) -> Iterator[Fault]:
    """An address begins with a number."""
    for index, ride in enumerate(reading.office.rows(Ride) or ()):
        if not ride.address[:1].isdigit():
            yield reading.fault("rides", index, "address", ride.address, "expected a number and a street")


def ride_rules(office: Office, week: Week) -> Iterator[Rule]:
    """Rules, where there is a table of rides."""
    rides, settings = office.rows(Ride), office.settings.section(Transport)
    if rides is not None and settings is not None:
        by_van, there = _rides(rides, week)
        yield RideDay(by_van, there)
        yield RideCost(by_van, settings.ride)


def ride_couplings(office: Office, week: Week) -> Iterator[Coupling]:
    """The seats, where there is a table of rides."""
    rides, settings = office.rows(Ride), office.settings.section(Transport)
    if rides is not None and settings is not None:
        yield VanSeats(_rides(rides, week)[0], settings.most_a_day)


def _rides(rides: tuple[Ride, ...], week: Week) -> tuple[Flags, Flags]:
    patients, calendar = week.requests.patient_ids, week.calendar
    there = np.zeros((len(patients), calendar.num_days), bool)
    by_van = np.zeros(len(patients), bool)
    for ride in rides:
        patient = patients.index(ride.patient)
        by_van[patient] = True
        if calendar.covers(ride.date):
            there[patient, calendar.day(ride.date)] = True
    return by_van[week.requests.patient], there[week.requests.patient]


TRANSPORT = Source(
    name="transport",
    about="who is brought",
    room=__name__,
    row_classes=(Ride,),
    sections=(Transport,),
    checks=(addresses_are_streets,),
    rules=ride_rules,
    couplings=ride_couplings,
)


def install(folder: Path, value: str = "tests.fourth:TRANSPORT") -> Path:
    """A place for ``sys.path`` with a distribution that names a source, this one by default."""
    info = folder / "transport-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: transport\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[schedopt.sources]\ntransport = {value}\n")
    return folder
