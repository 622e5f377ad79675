"""Tables of equipment: devices, what has to be done to them again and again, and when it was done."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from schedopt.models.tables.fields import Date, Id, Length, Positive, Row, Spans, Text, Whole, column

DeviceState = Literal["in-use", "out-of-use"]


class Device(Row):
    """A device or a room of its own: mostly one of the units of a pool."""

    table_name: ClassVar[str] = "devices"
    key: ClassVar[tuple[str, ...]] = ("device",)

    device: Id = column("Id of the device.", example="US-1")
    pool: Id | None = column(
        "Pool of which it is a unit; empty: no visit is planned on it.", example="MAIN-imaging", default=None,
        references="pools",
    )  # fmt: skip
    kind: Text = column("What it is.", example="ultrasound", default="")
    serial: Text = column("Serial number.", example="SN 4711", default="")
    in_use_from: Date | None = column("First day in use.", example="2024-03-01", default=None)
    in_use_until: Date | None = column("Last day in use.", example="2031-02-28", default=None)
    state: DeviceState = column("in-use or out-of-use.", example="in-use", default="in-use")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.in_use_from and self.in_use_until and self.in_use_from > self.in_use_until:
            raise ValueError("expected in_use_until on or after in_use_from")
        return self


class Maintenance(Row):
    """Something that has to be done to a device, or to a whole pool or room, again and again."""

    table_name: ClassVar[str] = "maintenance"
    key: ClassVar[tuple[str, ...]] = ("task", "device", "pool")

    task: Id = column("What is done.", example="calibration")
    device: Id | None = column("To which device.", example="US-1", default=None, references="devices")
    pool: Id | None = column(
        "Or to which pool, which is closed as a whole then.", example="MAIN-procedure", default=None,
        references="pools", instead_of="device",
    )  # fmt: skip
    every_days: Positive | None = column(
        "Due so many days after it was done.", example="180", default=None, unit="days"
    )
    every_uses: Positive | None = column(
        "Due after so many uses since; whichever comes first.", example="500", default=None, unit="uses"
    )
    last_done: Date | None = column(
        "Day on which it was done; empty: never, and days and uses count from in_use_from.", example="2026-06-15",
        default=None,
    )  # fmt: skip
    minutes: Length = column("How long it takes.", example="60", unit="minutes")
    window_days: Whole = column(
        "It may be done so many days before it is due; where that cannot be, as many days late.", example="14",
        default=14, unit="days",
    )  # fmt: skip
    done_by: Id | None = column(
        "Who does it, such as a technician: nobody has two tasks at once.", example="TECH-1", default=None
    )
    hours: Spans = column(
        "Hours in which it can be done, separated by ;; empty: those of the site.", example="07:00-09:00", default=(),
        unit="HH:MM-HH:MM",
    )  # fmt: skip

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.device is None) == (self.pool is None):
            raise ValueError("expected either a device or a pool")
        if self.every_days is None and self.every_uses is None:
            raise ValueError("expected every_days or every_uses")
        return self

    @property
    def what(self) -> str:
        """Device or pool."""
        return str(self.device or self.pool)


class MaintenanceDone(Row):
    """That something was done to a device or a pool, and when it was due."""

    table_name: ClassVar[str] = "maintenance_done"
    key: ClassVar[tuple[str, ...]] = ("task", "device", "pool", "done_on")

    task: Id = column("What was done.", example="calibration")
    device: Id | None = column("To which device.", example="US-1", default=None)
    pool: Id | None = column("Or to which pool.", example="MAIN-procedure", default=None)
    done_on: Date = column("The day.", example="2026-12-10")
    due: Date | None = column("When it was due, as known then; empty: not yet.", example="2026-12-12", default=None)


EQUIPMENT_GIVEN: tuple[type[Row], ...] = (Device, Maintenance)
"""What an office brings, in a folder or in a store."""

EQUIPMENT_KEPT: tuple[type[Row], ...] = (MaintenanceDone,)
"""What a store alone keeps."""
