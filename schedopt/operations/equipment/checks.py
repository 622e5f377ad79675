"""What mostly holds of devices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from schedopt.errors import Fault
from schedopt.models.reading import Reading
from schedopt.models.source import Check
from schedopt.operations.equipment.tables import Device, Maintenance


def devices_are_units(reading: Reading) -> Iterator[Fault]:
    """A pool has no more devices in use than units."""
    rows = reading.office.rows(Device) or ()
    units = {pool.pool: pool.capacity for pool in reading.office.pools or ()}
    counts = Counter[str]()
    for index, row in enumerate(rows):
        if row.state == "in-use" and row.in_use_until is None and row.in_use_from is None and row.pool in units:
            counts[row.pool] += 1
            if counts[row.pool] == units[row.pool] + 1:
                words = f"expected no more devices in use than the pool has units ({units[row.pool]})"
                yield reading.fault("devices", index, "pool", row.pool, words)


def uses_are_counted(reading: Reading) -> Iterator[Fault]:
    """What is due by uses is about a pool, or a device of one: uses are counted from visits."""
    pools = {row.device: row.pool for row in reading.office.rows(Device) or ()}
    for index, row in enumerate(reading.office.rows(Maintenance) or ()):
        if row.every_uses is not None and row.device in pools and pools[row.device] is None:
            words = "expected a device of a pool; no visit counts as a use of it"
            yield reading.fault("maintenance", index, "every_uses", row.every_uses, words)


EQUIPMENT_DOUBTS: tuple[Check, ...] = (devices_are_units, uses_are_counted)
