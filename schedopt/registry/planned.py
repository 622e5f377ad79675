"""A store's office: brought in from folders, planned from, published to, and written out again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from schedopt.errors import StoreError
from schedopt.models.office import Office
from schedopt.models.problem.plan import Plan
from schedopt.models.problem.problem import Problem
from schedopt.office import assemble, read_office, read_schedule
from schedopt.office.publish import publish_schedule
from schedopt.office.write import office_files
from schedopt.registry import bookings, desk, publishing
from schedopt.registry.asked import Asked
from schedopt.registry.exchange import import_facts
from schedopt.registry.loading import Scope, for_planning, load_office
from schedopt.registry.money.heard import heard
from schedopt.registry.places import free_place
from schedopt.registry.publishing import bring_bookings, settle_cancellations
from schedopt.registry.slots import slots_of
from schedopt.registry.tables import self_paid
from schedopt.store.session import Call
from schedopt.writing import write_folder

_DAYS = dt.timedelta(days=27)
"""From the first day of a plan to the last that it can have."""


class Planned(Asked):
    """What planning asks of a store."""

    def import_folder(self, folder: str | Path) -> pd.DataFrame:
        """Bring the store to what an office's folder says; rows that it does not have any more are ended.

        Parameters
        ----------
        folder : str or Path
            As :func:`schedopt.read_office` takes it.

        Returns
        -------
        pandas.DataFrame
            ``table`` and ``changed`` (rows written, changed or ended).

        Raises
        ------
        InputError
            With every fault of the folder.
        AccessDenied
            If the actor may not.
        """
        return self.import_office(read_office(folder), source=str(Path(folder).name))

    def import_office(self, office: Office, source: str = "office") -> pd.DataFrame:
        """The same, of an office that has been read; it must be whole, with names and birth dates."""

        def body(call: Call) -> dict[str, int]:
            bookings.expire_all(call)
            changed = import_facts(call, office, heard(call))
            count = bring_bookings(call, office, office.appointments or (), {})
            return {**changed, "appointments": count} if count else changed

        changed = self._do("import", body, source=source)
        return pd.DataFrame({"table": list(changed), "changed": list(changed.values())})

    def export(self, folder: str | Path) -> Path:
        """Write all of the office into a folder, as :func:`schedopt.read_office` reads it; all or nothing.

        Parameters
        ----------
        folder : str or Path
            Not there yet, or empty.

        Raises
        ------
        OutputError
            If it holds something, or cannot be written.
        AccessDenied
            If the actor may not read all of it.
        """
        place = free_place(folder, "an office")
        write_folder(place, office_files(self.whole_office()), "an office")
        return Path(folder)

    def whole_office(self) -> Office:
        """All of the office as it is today or will be, with names and birth dates, for who may read all of it."""

        def body(call: Call) -> Office:
            call.may("read", "people", ("name", "birth_date", "group"))
            call.may("read", "cancellations", ("reason",))
            day = call.today if self.moment is None else self.moment[:10]
            return load_office(call, Scope(self._entry(call), day, whole=True))[0]

        return self.session.do("export", body)

    def office(self, first_day: dt.date) -> Office:
        """What the days planned from one on need, as planning may know it.

        Parameters
        ----------
        first_day : datetime.date
            The first day planned.

        Returns
        -------
        Office
            Rows as a folder gives them: without names and birth dates, of which ``age_days`` says all that planning
            needs, and with groups as numbers. Its ``fingerprint`` is that of the rows with them, so that a folder with
            the same rows has the same one. Patients' ids are aliases: those that a folder brought, or random ones.
        """
        return self.session.do("load office", lambda call: self._planning(call, first_day), about=first_day.isoformat())

    def _planning(self, call: Call, first_day: dt.date) -> Office:
        scope = Scope(self._entry(call), first_day.isoformat(), whole=False)
        return for_planning(load_office(call, scope)[0], first_day, self_paid(call))

    def problem(self, first_day: dt.date, now: dt.datetime | None = None) -> Problem:
        """The problem of the days from one on, assembled."""
        return assemble(self.office(first_day), first_day, now)

    def plan(self, first_day: dt.date, now: dt.datetime | None = None) -> Plan:
        """The bookings of these days as a plan, for :func:`schedopt.recommend`, ``fill``, ``replan`` and others."""
        return self._plan(first_day, now, None)

    def _plan(self, first_day: dt.date, now: dt.datetime | None, moving: str | None) -> Plan:
        """The same, as if a request that moves had no booking."""

        def body(call: Call) -> tuple[Office, list[bookings.Row]]:
            office, rows = self._planning(call, first_day), bookings.between(call, first_day, first_day + _DAYS)
            known = {row.request for row in office.requests}
            rows = [row for row in rows if row["request"] in known]  # planning is done with the others
            if moving is None:
                return office, rows
            left = tuple(row for row in office.appointments or () if row.request != moving)
            office = office.model_copy(update={"appointments": left})
            return office, [row for row in rows if row["request"] != moving]

        if self.moment is not None:
            raise StoreError("expected the store as it is now, to plan on")
        office, rows = self.session.do("load plan", body, about=first_day.isoformat())
        problem = assemble(office, first_day, now)
        there = [row for row in rows if problem.calendar.covers(dt.date.fromisoformat(row["date"]))]
        names = ("request", "provider", "date", "start", "steps", "others")
        frame = pd.DataFrame({name: [row[name] for row in there] for name in names}, dtype=object)
        schedule, _ = read_schedule(problem, frame)
        return desk.as_plan(problem, schedule)

    def publish(self, plan: Plan, through: dt.date, *, draft: bool = True) -> pd.DataFrame:
        """Turn a plan's visits into bookings, all in one transaction; see :func:`schedopt.publish` for what changes.

        Parameters
        ----------
        plan : Plan
            A plan of :meth:`office`.
        through : datetime.date
            The last day published; visits of later days are movable.
        draft : bool
            Book the visits of later days too.

        Returns
        -------
        pandas.DataFrame
            ``table`` and ``changed``.

        Raises
        ------
        StoreError
            If bookings have been made, moved or cancelled since the plan's office was loaded that it does not know.
        SlotTaken
            If one of its visits would overlap a booking that it does not know.
        """

        def body(call: Call) -> dict[str, int]:
            first = plan.problem.calendar.first
            scope = Scope(None, first.isoformat(), whole=False)
            bookings.expire_all(call)
            before, _ = load_office(call, scope)
            publishing.expect_as_planned(plan, before, through, draft=draft)
            after = publish_schedule(before, plan.problem, plan.assignment, through, draft=draft)
            known = slots_of(plan.problem, plan.assignment)
            changed = desk.write_changes(call, before, after)
            within = {row.request for row in before.requests}
            rows = after.appointments or ()
            stands = _standing_as(known, rows)
            changed["appointments"] = bring_bookings(
                call, after, rows, stands, within, aware=plan.problem.week.requests.ids
            )
            settle_cancellations(call, after)
            return {name: count for name, count in changed.items() if count}

        changed = self._do("publish", body, about=plan.problem.fingerprint[:16])
        return pd.DataFrame({"table": list(changed), "changed": list(changed.values())})


def _standing_as(known: Mapping[str, Any], rows: Any) -> dict[str, Any]:
    """Slots of those visits that stand where the plan has them."""
    found = {}
    for row in rows:
        slot = known.get(row.request)
        if slot is not None and (slot.provider, slot.date, slot.start) == (row.provider, row.date, row.start):
            found[row.request] = slot
    return found
