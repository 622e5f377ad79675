"""What a store is asked of cases: opened, seen to, closed, listed, and how many there are."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import sqlalchemy as sa

from schedopt.errors import StoreError
from schedopt.operations.cases.acting import Act, Handling, NewCase, acted, opened_case
from schedopt.operations.cases.deadlines import DEFAULT_RULES, rule_for
from schedopt.operations.cases.tables import Case
from schedopt.operations.cases.trends import By, months_until, trends
from schedopt.operations.cases.work import next_step, work_list
from schedopt.registry.asked import Asked
from schedopt.registry.bookings import rows_of
from schedopt.registry.kinds import kinds
from schedopt.registry.money.rows import Changes, kept
from schedopt.registry.operations.case_files import (
    HELD,
    CaseFile,
    case_file,
    case_named,
    expect_actor,
    handling_of,
    history_of,
    may,
)
from schedopt.registry.operations.visits import visit_events
from schedopt.registry.tables import checked
from schedopt.store import facts
from schedopt.store.schema import bookings
from schedopt.store.session import Call, random_id

_OPEN = [name for name in Case.model_fields if name != "words"]


class Cases(Asked):
    """What a store is asked of cases."""

    def open_case(self, new: NewCase) -> str:
        """Open a case, with the days by which it is to be acknowledged and closed; its id.

        Parameters
        ----------
        new : NewCase
            What came in. Of a visit, the patient is known; its site too, where it is booked.

        Raises
        ------
        InputError
            If it names what is not there, or a word that the table does not know.
        NoSuchChange
            If it would come from the future.
        """

        def body(call: Call) -> str:
            handling = handling_of(call)
            known = _placed(call, new)
            name = random_id("c")
            said = {name: value for name, value in known._asdict().items() if name != "words"}
            today = handling.today
            checked(
                call, kinds()[Case.table_name],
                {**said, "case": name, "received": known.received or today, "acknowledge_by": today, "due": today},
            )  # fmt: skip
            if known.owner is not None:
                expect_actor(call, known.owner)
            row, event = opened_case(name, known, handling, call.actor)
            changes = Changes()
            changes.add(row, row.patient, row.request)
            changes.add(event, row.patient)
            changes.write(call)
            _note_person(call, row.patient)
            return name

        return self._do("open case", body)

    def act_on_case(self, case: str, act: Act) -> str:
        """Do something about a case; where it stands then.

        Parameters
        ----------
        case : str
            Its id.
        act : Act
            What is done: acknowledge, note, hand-over, answer, close or reopen.

        Raises
        ------
        NoSuchChange
            If that is not done in the state of the case.
        StoreError
            If there is no such case, or no such actor to hand it over to.
        """

        def body(call: Call) -> str:
            return _acted(call, case, act, handling_of(call))

        return self._do("act on case", body, about=case)

    def escalate_cases(self) -> pd.DataFrame:
        """Hand over what is overdue to whom the office's rules say, where it is not theirs yet.

        Returns
        -------
        pandas.DataFrame
            ``case``, ``owner``.
        """

        def body(call: Call) -> pd.DataFrame:
            handling, moved = handling_of(call), list[tuple[str, str]]()
            for case, _ in kept(call, Case):
                to = rule_for(handling.rules, case.kind, case.subject).escalate_to
                late = case.state != "closed" and next_step(case)[1] < handling.today
                if late and to is not None and case.owner != to:
                    _acted(call, case.case, Act("hand-over", "overdue", owner=to), handling)
                    moved.append((case.case, to))
            return pd.DataFrame(moved, columns=["case", "owner"])

        return self._do("escalate cases", body)

    def cases(self, *, owner: str | None = None) -> pd.DataFrame:
        """The work list: cases that are not closed, what is overdue first.

        Parameters
        ----------
        owner : str, optional
            Those of this actor alone; by default all.

        Returns
        -------
        pandas.DataFrame
            Columns as in :data:`~schedopt.operations.cases.work.WORK_COLUMNS`; ids and days, no words.
        """

        def body(call: Call) -> pd.DataFrame:
            call.may("read", Case.table_name, _OPEN)
            entry = self._entry(call)
            rows = [one.row for one in kept(call, Case, at=entry)]
            return work_list([row for row in rows if owner in (None, row.owner)], handling_of(call))

        return self.session.do("list cases", body, about=owner or "")

    def case(self, case: str) -> CaseFile:
        """A case with its history, and the patient's visits around it.

        Raises
        ------
        StoreError
            If there is no such case.
        AccessDenied
            If the actor may not read what was said.
        """
        return self.session.do("read case", lambda call: case_file(call, case), about=case)

    def case_rules(self) -> pd.DataFrame:
        """By when cases are to be acknowledged and closed here: the office's rules, then those that hold without.

        Returns
        -------
        pandas.DataFrame
            Columns of table ``case_rules``, and ``whose``: the office's, or by default.
        """

        def body(call: Call) -> pd.DataFrame:
            mine = handling_of(call).rules
            whole = {rule.kind for rule in mine if rule.subject is None}
            rows = [{**rule.model_dump(), "whose": "office"} for rule in mine]
            rows += [{**rule.model_dump(), "whose": "default"} for rule in DEFAULT_RULES if rule.kind not in whole]
            return pd.DataFrame(rows, dtype=object).fillna("")

        return self.session.do("list case rules", body)

    def case_trends(self, by: By = "all", *, months: int = 13, last: dt.date | None = None) -> pd.DataFrame:
        """Cases by month, with rates for 1,000 visits held, and whether a change is more than noise.

        Parameters
        ----------
        by : str
            ``all``, ``kind``, ``subject`` or ``site``.
        months : int
            How many, with the last.
        last : datetime.date, optional
            A day of the last month; by default today.

        Returns
        -------
        pandas.DataFrame
            Columns as in :data:`~schedopt.operations.cases.trends.TREND_COLUMNS`.
        """

        def body(call: Call) -> pd.DataFrame:
            call.may("read", Case.table_name, _OPEN)
            today = handling_of(call).today
            wanted = months_until(last or today, months)
            visits = visit_events(call, wanted[0], today)
            rows = [one.row.model_dump(exclude={"words"}) for one in kept(call, Case)]
            cases = pd.DataFrame(rows, columns=_OPEN)
            return trends(cases.assign(site=cases["site"].fillna("")), visits[visits["status"].isin(HELD)], wanted, by)

        return self.session.do("case trends", body)


def _acted(call: Call, case: str, act: Act, handling: Handling) -> str:
    may(call, "change")
    if act.owner is not None:
        expect_actor(call, act.owner)
    one = case_named(call, case)
    row, event = acted(one.row, history_of(call, case), act, handling, call.actor)
    changes = Changes()
    changes.change(one.fact, row)
    changes.add(event, row.patient)
    changes.write(call)
    _note_person(call, row.patient)
    return row.state


def _placed(call: Call, new: NewCase) -> NewCase:
    """A case with what its visit says of patient and site."""
    if new.request is None:
        return new
    call.may("read", "requests", ("request", "patient"))
    found = facts.known(call.connection, "requests", by="request", values=[new.request])
    if not found:
        return new  # whoever checks the row says so
    patient = found[-1].patient
    if new.patient not in (None, patient):
        raise StoreError("expected a visit of the patient whom the case is about")
    mine = rows_of(
        call, sa.select(bookings.c.site).where(bookings.c.until.is_(None), bookings.c.request == new.request)
    )
    site = new.site or next((row["site"] for row in mine if row["site"]), None)
    return new._replace(patient=patient, site=site)


def _note_person(call: Call, patient: str | None) -> None:
    """Have the audit trail say whom the call is about."""
    if patient is not None:
        people = facts.known(call.connection, "people", by="patient", values=[patient])
        call.people.update(str(fact.owner) for fact in people if fact.owner is not None)
