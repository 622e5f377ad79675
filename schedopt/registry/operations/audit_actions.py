"""What a store is asked of corrective actions: opened with a day by which they are due, done, verified, listed."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from schedopt.errors import StoreError
from schedopt.operations.audits.actions import moved, work_list
from schedopt.operations.audits.tables import ActionState, Audit, CorrectiveAction
from schedopt.operations.cases.office_days import OfficeDays
from schedopt.records.people import Actor
from schedopt.registry.asked import Asked
from schedopt.registry.exchange import key_of
from schedopt.registry.loading import load_settings
from schedopt.registry.money.rows import Changes, kept
from schedopt.registry.operations.audit_files import action_named, audit_file, may_read
from schedopt.store import facts
from schedopt.store.session import Call, random_id

BUSINESS_DAYS = 10
"""Until an action is due, where nothing else is said."""


class AuditActions(Asked):
    """Corrective actions."""

    def open_action(
        self, audit: str, what: str, owner: str, *, due: dt.date | None = None, days: int = BUSINESS_DAYS,
        item: str | None = None,
    ) -> str:  # fmt: skip
        """Open a corrective action; its id.

        Parameters
        ----------
        audit : str
            After which audit.
        what : str
            What is to be done.
        owner : str
            Who does it: an actor of the store.
        due : datetime.date, optional
            By when; by default so many business days from today: no weekend, no public holiday of the office.
        days : int
            Business days, 10 by default.
        item : str, optional
            About which item.

        Raises
        ------
        StoreError
            If there is no such audit, item or actor, nothing is to be done, or it would be due in the past.
        """

        def body(call: Call) -> str:
            file, today = audit_file(call, audit), dt.date.fromisoformat(call.today)
            if item is not None and item not in {one.item for one in file.items}:
                raise StoreError("expected an item of the audit")
            call.may("read", Actor.table_name, ("actor",))
            if not facts.known(call.connection, Actor.table_name, by="key", values=[key_of(owner)]):
                raise StoreError("expected its owner to be an actor of the store")
            if not what.strip():
                raise StoreError("expected what is to be done")
            day = due or _business_day(call, today, days)
            if day < today:
                raise StoreError("expected a day to come by which it is due")
            name, changes = random_id("x"), Changes()
            changes.add(
                CorrectiveAction(
                    action=name, audit=audit, item=item, what=what.strip(), owner=owner, opened_on=today, due=day
                )
            )
            changes.write(call)
            return name

        return self._do("open action", body, about=audit)

    def move_action(self, action: str, state: ActionState, evidence: str = "") -> None:
        """Say that an action is done, verified, dropped, or open again.

        Raises
        ------
        NoSuchChange
            If that does not follow.
        StoreError
            If there is no such action, no evidence, or who has done it would verify it.
        """

        def body(call: Call) -> None:
            old = action_named(call, action)
            new = moved(old.row, state, call.actor, dt.date.fromisoformat(call.today), evidence)
            changes = Changes()
            changes.change(old.fact, new)
            changes.write(call)

        self._do("move action", body, about=action)

    def actions(self, *, owner: str | None = None) -> pd.DataFrame:
        """Corrective actions that are not verified yet, what is due first comes first.

        Returns
        -------
        pandas.DataFrame
            As of :func:`~schedopt.operations.audits.actions.work_list`, and ``what``.
        """

        def body(call: Call) -> pd.DataFrame:
            may_read(call, Audit, CorrectiveAction)
            rows = [one.row for one in kept(call, CorrectiveAction)]
            listed = work_list(rows, dt.date.fromisoformat(call.today), owner=owner)
            return listed.assign(what=listed["action"].map({row.action: row.what for row in rows}))

        return self.session.do("list actions", body)


def _business_day(call: Call, today: dt.date, days: int) -> dt.date:
    if days < 0:
        raise StoreError("expected business days from 0 on")
    settings, _ = load_settings(call, None)
    holidays = settings.holidays
    office = OfficeDays() if holidays is None else OfficeDays(holidays.country, holidays.subdivision)
    return office.after(today, days)
