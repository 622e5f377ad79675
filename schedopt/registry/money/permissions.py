"""Authorisations and referrals of a store: asked for, answered, and where they stand on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from schedopt.billing.claims.tables import ProviderNumbers
from schedopt.billing.coverage.reviews import Sent, after
from schedopt.billing.coverage.tables import AskedPermission
from schedopt.billing.shares.benefits import GENERAL
from schedopt.errors import Fault, InputError, StoreError
from schedopt.payers.authorisations import Wish, review_file
from schedopt.registry.asked import Asked
from schedopt.registry.exchange import key_of
from schedopt.registry.kinds import kinds
from schedopt.registry.money.inquiries import FILES_OF_A_CALL, services_of
from schedopt.registry.money.members import asker_of, member_of, memberships_of, payers_of, people_of
from schedopt.registry.money.permitted import review_of, tell_planning, visits_of, with_review, write_reviews
from schedopt.registry.money.rights import PERMISSIONS, REQUESTED, expect
from schedopt.registry.money.rows import Changes, Kept, kept
from schedopt.registry.tables import checked
from schedopt.store.session import Call, random_id
from schedopt.store.words import told

DECISION_DAYS = 7
"""Calendar days in which many payers have to decide since 2026 (42 CFR 422.568 and 438.210)."""


@dataclass(frozen=True)
class Permission:
    """What is to be sent to ask for an authorisation or a referral.

    Attributes
    ----------
    review : str
        Its id; of an authorisation, the same as in that table.
    files : mapping of str to bytes
        Content by name; not shown by ``repr``.
    """

    review: str
    files: Mapping[str, bytes] = field(repr=False)


class Permissions(Asked):
    """What is asked of a store about authorisations and referrals."""

    def need_permission(
        self, patient: str, insurer: str, visit_type: str, *, visits: int, first: dt.date, last: dt.date,
        kind: str = "authorisation", provider: str | None = None, procedure: str | None = None,
    ) -> str:  # fmt: skip
        """Note that an authorisation or a referral is needed; its id.

        Parameters
        ----------
        patient, insurer, visit_type : str
            Ids.
        visits : int
            How many visits.
        first, last : datetime.date
            In which days.
        kind : {"authorisation", "referral"}
            What is needed.
        provider : str, optional
            Who is to do it.
        procedure : str, optional
            CPT or HCPCS code.

        Raises
        ------
        InputError
            If that is no such request, or names what is not there.
        AccessDenied
            If the actor may not.
        """
        cells = {
            "kind": kind, "patient": patient, "insurer": insurer, "visit_type": visit_type, "provider": provider,
            "procedure": procedure, "visits_asked": visits, "first_asked": first, "last_asked": last, "state": "needed",
        }  # fmt: skip

        def body(call: Call) -> str:
            expect(call, PERMISSIONS)
            name = random_id("a" if kind == "authorisation" else "f")
            row = checked(call, kinds()[AskedPermission.table_name], {"review": name, **cells})
            assert isinstance(row, AskedPermission)
            if row.first_asked > row.last_asked:
                words = "expected last_asked on or after first_asked"
                raise InputError([Fault(row.table_name, None, "last_asked", None, words)])
            changes = Changes()
            changes.add(row, row.patient)
            tell_planning(call, [(None, row)], changes)
            changes.write(call)
            return name

        return self._do("need a permission", body, about=patient)

    def request_permission(
        self, review: str, *, diagnoses: Sequence[str] = (), due: dt.date | None = None, control: int | None = None,
        moment: dt.datetime | None = None, production: bool = True,
    ) -> Permission:  # fmt: skip
        """Ask the insurer for what is needed: a file with a 278.

        Parameters
        ----------
        review : str
            Id of what is needed, or was denied and is asked for again.
        diagnoses : sequence of str
            ICD-10 codes, the first one first. They go into the file and are not kept.
        due : datetime.date, optional
            Until when the insurer decides; by default in ``DECISION_DAYS`` days.
        control : int, optional
            Number of the file; by default one that no other call has.
        moment : datetime.datetime, optional
            When the file is made; by default the moment of the call (UTC).
        production : bool
            Whether the file is meant, or is a test.

        Raises
        ------
        NoSuchChange
            If it cannot be asked for as it stands.
        StoreError
            If there is no such review, or the store does not say what the file needs.
        """

        def body(call: Call) -> Permission:
            expect(call, REQUESTED)
            one = _current(call, review)
            today = dt.date.fromisoformat(call.today)
            sent = Sent(today, due or today + dt.timedelta(days=DECISION_DAYS))
            number = call.number * FILES_OF_A_CALL % 10**9 if control is None else control
            when = dt.datetime.fromisoformat(call.at) if moment is None else moment
            new = with_review(one.row, after(review_of(one.row), sent))
            file = review_file(_wish(call, one.row, diagnoses), asker_of(call, production), when, number)
            new = new.model_copy(update={"batch": file.batches[0][0]})
            write_reviews(call, [(one, new)])
            return Permission(review, {file.name: file.content})

        return self._do("ask for a permission", body, about=review)

    def permissions(self, *, on: dt.date | None = None, patient: str | None = None) -> pd.DataFrame:
        """Authorisations and referrals that were asked for, as they stand on a day, today by default.

        Returns
        -------
        pandas.DataFrame
            ``review``, ``kind``, ``patient``, ``insurer``, ``visit_type`` (ids), ``state`` (needed, sent, pending,
            approved, partly, denied, expired), ``visits`` (approved, or asked for), ``first``, ``last`` (days),
            ``decision_due``, ``answered`` (days), ``number`` (the insurer's), by patient and first day.
        """

        def body(call: Call) -> list[AskedPermission]:
            expect(call, [("read", AskedPermission.table_name, ())])
            which: dict[str, Any] = {} if patient is None else {"by": "patient", "values": [patient]}
            return [one.row for one in kept(call, AskedPermission, at=self._entry(call), **which)]

        rows = self.session.do("list permissions", body, about=patient or "")
        day = on or self.session.clock().astimezone(dt.UTC).date()
        rows.sort(key=lambda row: (row.patient, row.first_asked, row.review))
        return pd.DataFrame(
            {
                **{name: [getattr(row, name) for row in rows] for name in ("review", "kind", "patient", "insurer")},
                "visit_type": [row.visit_type for row in rows],
                "state": [review_of(row).standing(day) for row in rows],
                "visits": pd.Series([visits_of(row) for row in rows], dtype="int64"),
                "first": [row.first_day or row.first_asked for row in rows],
                "last": [row.last_day or row.last_asked for row in rows],
                "decision_due": [row.decision_due for row in rows], "answered": [row.answered for row in rows],
                "number": [row.number for row in rows],
            }
        )  # fmt: skip


def _current(call: Call, review: str) -> Kept[AskedPermission]:
    found = kept(call, AskedPermission, by="key", values=[key_of(review)])
    if not found:
        raise StoreError(f"expected the id of what was asked for, not {told(review)}")
    return found[0]


def _wish(call: Call, row: AskedPermission, diagnoses: Sequence[str]) -> Wish:
    payer = payers_of(call).get(row.insurer)
    member = memberships_of(call, [row.patient]).get((row.patient, row.insurer))
    person = people_of(call, [row.patient]).get(row.patient)
    if payer is None or member is None or person is None:
        raise StoreError(f"expected rows of payers and memberships for {told(row.patient)} with {told(row.insurer)}")
    numbers = kept(call, ProviderNumbers, on=call.today, by="key", values=[key_of(row.provider or "")])
    provider = next(((one.row.surname, one.row.given_name, one.row.npi) for one in numbers), None)
    services = services_of(call).get(row.visit_type, (GENERAL,))
    return Wish(
        row.review, row.kind, payer, member_of(member, person), row.visits_asked, row.first_asked, row.last_asked,
        next((one for one in services if one != GENERAL), "3"), tuple(diagnoses), row.procedure or "", provider,
        again=row.sent_on is not None,
    )  # fmt: skip
