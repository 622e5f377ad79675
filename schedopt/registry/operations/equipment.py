"""What a store is asked of equipment: what was done and when, and closures of pools."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from schedopt.errors import Fault, InputError
from schedopt.models.tables import PoolClosure
from schedopt.operations.equipment.record import maintenance_record
from schedopt.operations.equipment.tables import Maintenance, MaintenanceDone
from schedopt.registry.asked import Asked
from schedopt.registry.desk import has_table
from schedopt.registry.kinds import kinds
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.registry.tables import checked
from schedopt.store.session import Call
from schedopt.store.words import told


class Equipment(Asked):
    """What a store is asked of equipment."""

    def maintenance_done(
        self, what: str, task: str, done_on: dt.date, *, due: dt.date | None = None
    ) -> MaintenanceDone:  # fmt: skip
        """Write down that something was done to a device or pool.

        Parameters
        ----------
        what : str
            Id of the device, or of the pool.
        task : str
            What was done, as in table ``maintenance``.
        done_on : datetime.date
            The day.
        due : datetime.date, optional
            When it was due, where that was by uses; what is due by days is known.

        Returns
        -------
        MaintenanceDone
            What was written; said twice, it is written once.

        Raises
        ------
        InputError
            If nothing of the kind has to be done there, or the day is to come.
        """

        def body(call: Call) -> MaintenanceDone:
            one = _maintenance(call, what, task)
            if done_on.isoformat() > call.today:
                raise InputError([Fault("DATE", None, None, str(done_on), "expected a day that has come")])
            row = one.row
            by_days = None
            if row.last_done is not None and row.every_days is not None:
                by_days = row.last_done + dt.timedelta(days=row.every_days)
            known = min((day for day in (due, by_days) if day is not None), default=None)
            done = MaintenanceDone(task=task, device=row.device, pool=row.pool, done_on=done_on, due=known)
            call.may("read", MaintenanceDone.table_name, kinds()[MaintenanceDone.table_name].columns)
            before = [old.row for old in kept(call, MaintenanceDone)]
            same = [old for old in before if old.model_copy(update={"due": done.due}) == done]
            if same:
                return same[0]
            changes = Changes()
            changes.add(done)
            if row.last_done is None or row.last_done < done_on:
                changes.change(one.fact, row.model_copy(update={"last_done": done_on}))
            changes.write(call)
            return done

        return self._do("maintenance done", body, about=f"{task} {what}")

    def maintenance_record(self) -> pd.DataFrame:
        """What was done, and what of it late.

        Returns
        -------
        pandas.DataFrame
            Columns as in :func:`~schedopt.operations.equipment.record.maintenance_record`.
        """

        def body(call: Call) -> pd.DataFrame:
            call.may("read", MaintenanceDone.table_name, kinds()[MaintenanceDone.table_name].columns)
            return maintenance_record([one.row for one in kept(call, MaintenanceDone, at=self._entry(call))])

        return self.session.do("list maintenance done", body)

    def close_pools(self, rows: pd.DataFrame) -> int:
        """Close pools, or units of them.

        Parameters
        ----------
        rows : pandas.DataFrame
            Columns of ``pool_closures``, as text.

        Returns
        -------
        int
            How many were written; what is closed already, whatever the reason given, is not written again.

        Raises
        ------
        InputError
            If a row is none of that table, or names a pool that is not there.
        """

        def body(call: Call) -> int:
            kind = kinds()[PoolClosure.table_name]
            call.may("read", kind.name, kind.columns)
            known = {_without_reason(one.row) for one in kept(call, PoolClosure)}
            changes = Changes()
            for cells in rows.astype(str).to_dict("records"):
                row = checked(call, kind, {str(name): value for name, value in cells.items()})
                if isinstance(row, PoolClosure) and _without_reason(row) not in known:
                    known.add(_without_reason(row))
                    changes.add(row)
            if changes.added:
                has_table(call, kind.name)
            changes.write(call)
            return len(changes.added)

        return self._do("close pools", body)


def _maintenance(call: Call, what: str, task: str) -> Kept[Maintenance]:
    call.may("read", Maintenance.table_name, kinds()[Maintenance.table_name].columns)
    for one in kept(call, Maintenance):
        if one.row.task == task and one.row.what == what:
            return one
    words = f"expected a device or pool, and a task, of table maintenance, not {told(what)} and {told(task)}"
    raise InputError([Fault("maintenance", None, None, None, words)])


def _without_reason(row: PoolClosure) -> PoolClosure:
    return row.model_copy(update={"reason": ""})
