"""What a store is asked of the day's sheets: what it knows beside the office's tables, and what was received."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from schedopt.billing.accounts.journal import Account
from schedopt.errors import StoreError
from schedopt.operations.cases.tables import Case
from schedopt.operations.sheets.lines import Noted
from schedopt.operations.sheets.tables import Received
from schedopt.registry.asked import Asked
from schedopt.registry.desk import has_table
from schedopt.registry.kinds import kinds
from schedopt.registry.looked_over import found_gaps, may_see_gaps
from schedopt.registry.money import ledger
from schedopt.registry.money.collecting import to_the_good
from schedopt.registry.money.rows import Changes, kept, owners_of
from schedopt.registry.operations.case_files import handling_of
from schedopt.registry.persons import current_person
from schedopt.registry.tables import checked, opened
from schedopt.store import facts, schema
from schedopt.store.session import Call
from schedopt.store.words import told

_NAMES = ("person", "patient", "name", "given_name", "surname")
_PATIENT: Account = "patient"
_INSURANCE = ("coverage", "referral", "authorisation", "out_of_network", "visit_type", "request")
"""What checks of the work list begin with that sheets find out by the office's tables."""


class Sheets(Asked):
    """What a store is asked of the day's sheets."""

    def sheet_notes(self, patients: Collection[str], *, names: bool = False) -> Noted:
        """What a day's sheets tell of some patients beside the office's tables.

        What whoever asks may not see is left out, and ``untold`` says so. Names are shown where they are asked for; the
        audit trail then says whose.

        Parameters
        ----------
        patients : collection of str
            Ids of those who come.
        names : bool
            Tell their names.

        Raises
        ------
        AccessDenied
            If names are asked for, and the actor may not see them for this purpose.
        """
        wanted, untold = frozenset(patients), list[str]()

        def body(call: Call) -> Noted:
            return Noted(
                _details(call, wanted, untold), _cases(call, wanted, untold), _balances(call, wanted, untold),
                _names(call, wanted) if names else {}, tuple(untold),
            )  # fmt: skip

        return self.session.do("make day's sheets" if not names else "make day's sheets with names", body)

    def receive(self, request: str, need: str, on: dt.date | None = None, *, every_visit: bool = False) -> None:
        """Write down that something a visit needs is there: a form, a result, a signature, an interpreter.

        Parameters
        ----------
        request : str
            The visit.
        need : str
            A need of table ``needs``, a material that is signed, or ``interpreter``.
        on : datetime.date, optional
            Day on which it came; by default today.
        every_visit : bool
            It serves all visits of the patient.

        Raises
        ------
        StoreError
            If there is no such request.
        InputError
            If it is there already.
        """

        def body(call: Call) -> None:
            kind = kinds()[Received.table_name]
            call.may("add", kind.name, kind.columns)
            found = facts.known(call.connection, "requests", by="request", values=[request])
            if not found:
                raise StoreError(f"expected the id of a request, not {told(request)}")
            patient = str(found[-1].patient)
            day = on or handling_of(call).today
            cells = {"patient": patient, "need": need, "on": day, "request": None if every_visit else request}
            row = checked(call, kind, cells)
            if facts.known(call.connection, kind.name, by="key", values=[kind.key(kind.cells(row)[0])]):
                return
            changes = Changes()
            changes.add(row, patient, None if every_visit else request)
            changes.write(call)
            has_table(call, kind.name)
            call.people.update(owners_of(call, [patient]).values())

        self._do("receive", body, about=request)


def _details(call: Call, wanted: Collection[str], untold: list[str]) -> dict[str, tuple[str, ...]]:
    """What of each person's records is lacking or wrong, by the work list; what the office keeps of nobody is not."""
    if not may_see_gaps(call):
        untold.append("what is missing of people's records: the actor may not read it")
        return {}
    found = defaultdict[str, list[str]](list)
    for row in found_gaps(call, of_all=False).itertuples():
        if row.about in wanted and not str(row.check).startswith(_INSURANCE):
            found[str(row.about)].append(str(row.detail))
    return {patient: tuple(words) for patient, words in found.items()}


def _cases(call: Call, wanted: Collection[str], untold: list[str]) -> dict[str, tuple[str, ...]]:
    """Open cases by patient."""
    if not _allowed(call, Case.table_name, ("case", "patient", "state")):
        untold.append("open cases: the actor may not read them")
        return {}
    found = defaultdict[str, list[str]](list)
    for one in kept(call, Case, by="patient", values=wanted):
        if one.row.state != "closed" and one.row.patient is not None:
            found[one.row.patient].append(one.row.case)
    return {patient: tuple(sorted(cases)) for patient, cases in found.items()}


def _balances(call: Call, wanted: Collection[str], untold: list[str]) -> dict[str, int]:
    """Cents that patients owe."""
    if not _allowed(call, "journal", ledger.JOURNAL):
        untold.append("balances: the actor may not read the journal")
        return {}
    mine = {fact.cells["claim"]: str(fact.patient) for fact in facts.known(call.connection, "claims", by="patient",
                                                                          values=wanted)}  # fmt: skip
    found, j = defaultdict[str, int](int), schema.journal.c
    for (account, claim, party), cents in ledger.sums(call, sa.or_(j.debit == _PATIENT, j.credit == _PATIENT)).items():
        patient = party if claim is None else mine.get(claim)
        if account == _PATIENT and patient in wanted and patient is not None:
            found[patient] += cents
    left = {patient: cents - to_the_good(call, patient) for patient, cents in found.items() if cents > 0}
    return {patient: cents for patient, cents in left.items() if cents > 0}


def _names(call: Call, wanted: Collection[str]) -> dict[str, str]:
    """Names of patients; whose, the audit trail says."""
    call.may("read", "people", _NAMES)
    owners = owners_of(call, wanted)
    found = dict[str, str]()
    for patient, owner in sorted(owners.items()):
        said = opened(call, current_person(call, owner)) if not call.keys.is_destroyed(owner) else {}
        name = said.get("name") or " ".join(filter(None, (said.get("given_name"), said.get("surname"))))
        if name:
            found[patient] = name
            call.people.add(owner)
    return found


def _allowed(call: Call, table: str, columns: Sequence[str]) -> bool:
    return all(call.policy.allows(call.roles, call.purpose, "read", table, one) for one in columns)
