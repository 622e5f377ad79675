"""What a store is asked of its compliance calendar: what is due, and what was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import pandas as pd

from schedopt.errors import StoreError
from schedopt.models.office import Office
from schedopt.models.tables import Credential
from schedopt.operations.audits.due import Due, compliance_calendar
from schedopt.operations.audits.obligations import DEFAULTS
from schedopt.operations.audits.tables import CorrectiveAction, Obligation, ObligationDone
from schedopt.registry.asked import Asked
from schedopt.registry.loading import load_settings
from schedopt.registry.money.rows import Changes, kept
from schedopt.registry.operations.audit_files import may_read
from schedopt.store.session import Call
from schedopt.store.words import told


class Compliance(Asked):
    """The compliance calendar."""

    def compliance(
        self, first: dt.date, last: dt.date, *, more: Sequence[Due] = ()
    ) -> pd.DataFrame:  # fmt: skip
        """What is due in some days by law, contract and the office's rules, and what is overdue.

        Obligations of the office (or the usual ones), credentials that expire, corrective actions, and what else is
        given.

        Parameters
        ----------
        first, last : datetime.date
            The days.
        more : sequence of Due
            What else is due: expiries of staff, maintenance, what may be disposed of
            (:mod:`schedopt.operations.audits.due` has functions for these).

        Returns
        -------
        pandas.DataFrame
            As of :func:`~schedopt.operations.audits.due.compliance_calendar`.

        Raises
        ------
        StoreError
            If the last day is before the first.
        """

        def body(call: Call) -> pd.DataFrame:
            settings, tables = load_settings(call, None)
            may_read(call, Obligation, ObligationDone, CorrectiveAction, Credential)
            rows = {
                row_class.table_name: tuple(one.row for one in kept(call, row_class, on=call.today))
                for row_class in (Obligation, Credential)
                if row_class.table_name in tables
            }
            office = Office(settings=settings, **rows)
            done = dict[str, dt.date]()
            for one in kept(call, ObligationDone):
                done[one.row.obligation] = max(one.row.done_on, done.get(one.row.obligation, dt.date.min))
            try:
                return compliance_calendar(office, first, last, done=done, more=[*_actions(call), *more])
            except ValueError as error:
                raise StoreError(str(error)) from None

        return self.session.do("compliance calendar", body, about=f"{first} {last}")

    def obligation_done(self, obligation: str, done_on: dt.date, evidence: str) -> None:
        """Write down that an obligation was met.

        Raises
        ------
        StoreError
            If there is no such obligation, no evidence, or it would be done in the future.
        """

        def body(call: Call) -> None:
            may_read(call, Obligation, ObligationDone)
            known = {one.row.obligation for one in kept(call, Obligation)} or {row.obligation for row in DEFAULTS}
            if obligation not in known:
                raise StoreError(f"expected the id of an obligation, not {told(obligation)}")
            if not evidence.strip():
                raise StoreError("expected evidence: where it can be seen")
            if done_on.isoformat() > call.today:
                raise StoreError("expected a day that has come")
            row = ObligationDone(obligation=obligation, done_on=done_on, evidence=evidence.strip())
            changes = Changes()
            for one in kept(call, ObligationDone):
                if (one.row.obligation, one.row.done_on) == (obligation, done_on):
                    changes.change(one.fact, row)
                    break
            else:
                changes.add(row)
            changes.write(call)

        self._do("obligation done", body, about=obligation)


def _actions(call: Call) -> Iterator[Due]:
    for one in kept(call, CorrectiveAction):
        if one.row.state in ("open", "done"):
            what = "Finish a corrective action" if one.row.state == "open" else "Verify a corrective action"
            yield Due(one.row.due, "action", one.row.action, what, one.row.owner, lead_days=7)
