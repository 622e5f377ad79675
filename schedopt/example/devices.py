"""Devices of an invented office, and what has to be done to them."""

from __future__ import annotations

import datetime as dt

import pandas as pd

_Task = tuple[str, str, str, int, int, int]
_PER_KIND: dict[str, tuple[str, tuple[_Task, ...]]] = {
    "imaging": ("ultrasound", (("calibration", "180", "", 60, 14, 175), ("probe check", "", "60", 30, 7, 12))),
    "procedure": ("autoclave", (("spore test", "30", "", 45, 5, 26),)),
}
"""By kind of pool: device, and of each task its days or uses, minutes, window, and how many days ago it was done."""
_TECHNICIAN = "TECH-1"


def device_frames(pools: pd.DataFrame, week: dt.date) -> dict[str, pd.DataFrame]:
    """Tables ``devices`` and ``maintenance``: a device for each unit of imaging and procedure pools.

    Parameters
    ----------
    pools : pandas.DataFrame
        The table of pools.
    week : datetime.date
        First day planned; what was done was done before it.
    """
    devices, tasks = list[tuple[str, ...]](), list[tuple[str, ...]]()
    for pool, kind, capacity in pools[["pool", "kind", "capacity"]].itertuples(index=False):
        name, needs = _PER_KIND.get(kind, ("", ()))
        for number in range(1, int(capacity) + 1 if name else 1):
            device = f"{pool}-{number}"
            devices.append((device, str(pool), name, "2024-03-01"))
            for task, days, uses, minutes, window, ago in needs:
                done = (week - dt.timedelta(days=ago)).isoformat()
                tasks.append((task, device, days, uses, done, str(minutes), str(window), _TECHNICIAN))
    return {
        "devices": pd.DataFrame(devices, columns=["device", "pool", "kind", "in_use_from"], dtype="str"),
        "maintenance": pd.DataFrame(
            tasks, dtype="str",
            columns=["task", "device", "every_days", "every_uses", "last_done", "minutes", "window_days", "done_by"],
        ),
    }  # fmt: skip
