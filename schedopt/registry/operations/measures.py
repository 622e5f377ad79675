"""What a store is asked of measures."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from schedopt.answers.desk import admit
from schedopt.office import assemble
from schedopt.office.callers import with_callers
from schedopt.operations.measures.known import measurements_of
from schedopt.operations.measures.measure import Evidence
from schedopt.operations.measures.report import Charting, Measured, measure
from schedopt.operations.measures.tables import MeasureChange, Measurement, Target
from schedopt.operations.measures.third_next import CALLERS, Free, next_places, third_next
from schedopt.operations.measures.weekly import BY
from schedopt.registry import desk
from schedopt.registry.kinds import kinds
from schedopt.registry.loading import load_settings
from schedopt.registry.money.rows import Changes, kept
from schedopt.registry.operations.evidence import evidence_of, groups_of
from schedopt.registry.operations.visits import visit_events
from schedopt.registry.planned import Planned
from schedopt.store.session import Call

_STRETCHES = 8
"""As many times the days of a plan are looked at for free places, at most."""


class Measures(Planned):
    """What a store is asked of measures."""

    def visit_events(self, first_day: dt.date, last_day: dt.date) -> pd.DataFrame:
        """The bookings of some days, with what became of each and when.

        Parameters
        ----------
        first_day, last_day : datetime.date
            The days, by the last version of each booking.

        Returns
        -------
        pandas.DataFrame
            One row a booking, by date, start and id: ``booking``, ``request``, ``patient``, ``provider``, ``site``,
            ``visit_type`` (ids), ``new`` (bool), ``status``, ``date`` (datetime64), ``start`` (HH:MM, the site's
            clocks), ``minutes``, ``starts_at`` (UTC), ``booked_on``, ``first_date`` (datetime64), ``moves`` (number),
            ``booked_at``, ``placed_at``, ``arrived_at``, ``checked_in_at``, ``fulfilled_at``, ``no_show_at``,
            ``cancelled_at`` (UTC; NaT where it was not so), ``ready``, ``due`` (datetime64, NaT) and ``urgency`` (NaN)
            of the request.
        """
        return self.session.do(
            "list visits",
            lambda call: visit_events(call, first_day, last_day, self._entry(call)),
            about=f"{first_day} {last_day}",
        )

    def measure_evidence(self, first_day: dt.date, last_day: dt.date) -> Evidence:
        """From which the measures of some days are taken; money only where the actor may read it."""
        return self.session.do(
            "read for measures",
            lambda call: evidence_of(call, first_day, last_day, self._entry(call)),
            about=f"{first_day} {last_day}",
        )

    def measures(
        self, first_day: dt.date, last_day: dt.date, *, by: str = "", charting: Charting | None = None
    ) -> Measured:  # fmt: skip
        """Take all measures of some days of which something is known.

        Parameters
        ----------
        first_day, last_day : datetime.date
            The days.
        by : str
            ``provider``, ``site``, ``visit_type`` or a column of patients that makes groups; empty: all together.
        charting : Charting, optional
            How charts are made.

        Raises
        ------
        StoreError
            If there is nothing of the name to group by.
        AccessDenied
            If the actor may not.
        """

        def body(call: Call) -> Measured:
            entry = self._entry(call)
            groups = groups_of(call, by, entry) if by and by not in BY else None
            for row_class in (Target, MeasureChange):
                call.may("read", row_class.table_name, kinds()[row_class.table_name].columns)
            return measure(
                evidence_of(call, first_day, last_day, entry), office=load_settings(call, entry)[0].name, by=by,
                groups=groups, charting=charting, targets=[one.row for one in kept(call, Target, at=entry)],
                changes=[one.row for one in kept(call, MeasureChange, at=entry)],
            )  # fmt: skip

        return self.session.do("measure", body, about=f"{first_day} {last_day}")

    def third_next_available(self, asked: dt.date, *, keep: bool = False) -> pd.DataFrame:
        """Days to the third free place, of every provider and visit type.

        Parameters
        ----------
        asked : datetime.date
            The day of asking, from which on places are looked for: in eight times the days of a plan, at most.
        keep : bool
            Keep the figures in the store, for the charts of later weeks; nobody can say afterwards what was free.

        Returns
        -------
        pandas.DataFrame
            ``asked``, ``provider``, ``visit_type``, ``days``, ``beyond`` (bool: there are fewer than three places in
            the days looked at, and ``days`` is the fewest that it can be).
        """
        found, first = list[Free](), asked
        for _ in range(_STRETCHES):
            plan = desk.sound(self._plan(first, None, None))
            office, callers = with_callers(self.office(first), CALLERS)
            found.append(next_places(admit(plan, assemble(office, first)), callers))
            first += dt.timedelta(days=plan.problem.calendar.num_days)
            table = third_next(pd.Timestamp(asked), pd.Timestamp(first - dt.timedelta(days=1)), found)
            if not table["beyond"].any():
                break
        if keep:
            self._do("keep measurements", lambda call: _keep(call, table), about=asked.isoformat())
        return table


def _keep(call: Call, table: pd.DataFrame) -> None:
    """Keep figures, in place of those that are there of the same day."""
    kind = kinds()[Measurement.table_name]
    for what in ("read", "add", "change"):
        call.may(what, kind.name, kind.columns)
    before = {(one.row.day, one.row.provider, one.row.visit_type): one for one in kept(call, Measurement)}
    changes = Changes()
    for row in measurements_of(table):
        old = before.get((row.day, row.provider, row.visit_type))
        if old is None:
            changes.add(row, None, None)
        elif old.row != row:
            changes.change(old.fact, row)
    changes.write(call)
