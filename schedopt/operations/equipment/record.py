"""What was done to devices, and what of it late."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from schedopt.operations.equipment.tables import MaintenanceDone

COLUMNS = ("task", "device", "pool", "done_on", "due", "days_late", "state")


def maintenance_record(done: Sequence[MaintenanceDone]) -> pd.DataFrame:
    """What was done, the newest first.

    Parameters
    ----------
    done : sequence of MaintenanceDone
        As the store keeps them.

    Returns
    -------
    pandas.DataFrame
        ``task``, ``device``, ``pool`` (ids, or empty), ``done_on``, ``due`` (datetime.date; None: nothing was known),
        ``days_late`` (0 where it was in time), ``state`` (``in time``, ``late`` or ``not known``).
    """
    rows = []
    for row in sorted(done, key=lambda one: (one.done_on, one.task, one.device or one.pool or ""), reverse=True):
        late = 0 if row.due is None else max(0, (row.done_on - row.due).days)
        state = "not known" if row.due is None else ("late" if late else "in time")
        rows.append((row.task, row.device or "", row.pool or "", row.done_on, row.due, late, state))
    return pd.DataFrame(rows, columns=list(COLUMNS))
