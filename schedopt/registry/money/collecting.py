"""What people do to the accounts: payments of patients, write-offs, refunds, and who owes what."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from typing import Literal

import sqlalchemy as sa

from schedopt.billing.accounts.journal import Account, Row
from schedopt.billing.accounts.statements import Open, change_of, open_items
from schedopt.errors import StoreError
from schedopt.models.tables.money import format_money
from schedopt.registry.asked import Asked
from schedopt.registry.money import ledger
from schedopt.registry.money.claim_facts import claims_of, patients_claims
from schedopt.store import facts, schema
from schedopt.store.session import Call
from schedopt.store.words import told

Owing = Literal["insurer", "patient"]


class Collecting(Asked):
    """What is asked of a store by who collects money."""

    def pay(
        self, patient: str, cents: int, day: dt.date, *, claim: str | None = None, key: str | None = None
    ) -> None:  # fmt: skip
        """Write down that a patient has paid: for a claim, or for what is oldest; what is left over stays to the good.

        Parameters
        ----------
        patient : str
            Id.
        cents : int
            How much; more than nothing.
        day : datetime.date
            When.
        claim : str, optional
            For this claim of the patient's first.
        key : str, optional
            Idempotency key: the same payment with the same key counts once.
        """

        def body(call: Call) -> list[Row]:
            _expect_patient(call, patient)
            on, paid = day.isoformat(), _more_than_nothing(cents)
            rows = [Row(on, "cash", "unapplied", paid, None, 0, patient, None, "paid")]
            return rows + _applied(_open_of(call, patient), patient, paid, on, claim)

        self._write("pay", body, patient, key, f"{patient} {cents} {day} {claim}")

    def apply(self, patient: str, day: dt.date) -> None:
        """Use what a patient has paid too much, for a claim or at all, for what is open now."""

        def body(call: Call) -> list[Row]:
            _expect_patient(call, patient)
            items, on = _open_of(call, patient), day.isoformat()
            freed = [
                Row(on, "patient", "unapplied", -item.cents, claim, 0, patient, None, "paid too much")
                for claim, item in items
                if item.cents < 0
            ]
            good = to_the_good(call, patient) + sum(row.cents for row in freed)
            return freed + _applied(items, patient, good, on, None)

        self._write("apply", body, patient)

    def write_off(self, claim: str, cents: int, reason: str, *, of: Owing = "insurer") -> None:
        """Let go of what insurer or patient owe of a claim; a person's decision, with its reason.

        Raises
        ------
        StoreError
            Without a reason, or if less is owed.
        """

        def body(call: Call) -> list[Row]:
            _expect_reason(reason)
            return [
                Row(call.today, "written_off", of, _owed(call, claim, of, cents), claim, 0, None, None, "write-off")
            ]

        self._write("write off", body, claim, reason=reason)

    def bill_patient(self, claim: str, cents: int, reason: str) -> None:
        """Make the patient owe what the insurer owed of a claim, such as where there was no coverage."""

        def body(call: Call) -> list[Row]:
            _expect_reason(reason)
            owed = _owed(call, claim, "insurer", cents)
            return [Row(call.today, "patient", "insurer", owed, claim, 0, None, None, "billed to patient")]

        self._write("bill patient", body, claim, reason=reason)

    def refund(self, party: str, cents: int, day: dt.date, reason: str, *, key: str | None = None) -> None:
        """Pay back to a patient or payer what is to its good.

        Raises
        ------
        StoreError
            Without a reason, or if less is.
        """

        def body(call: Call) -> list[Row]:
            _expect_reason(reason)
            there = to_the_good(call, party)
            if _more_than_nothing(cents) > there:
                raise StoreError(f"expected at most {format_money(there)}, which is to the good of {told(party)}")
            return [Row(day.isoformat(), "unapplied", "cash", cents, None, 0, party, None, "refund")]

        self._write("refund", body, party, key, f"{party} {cents} {day}", reason)

    def charge_patient(self, patient: str, request: str, cents: int, day: dt.date) -> None:
        """Charge a patient for a visit that no insurer is asked to pay; once a request."""

        def body(call: Call) -> list[Row]:
            _expect_patient(call, patient)
            why = f"visit {request}"
            if any(row.why == why for row in ledger.rows_of(call, schema.journal.c.party == patient)):
                raise StoreError(f"expected a request that is not charged, not {told(request)}")
            owed = _more_than_nothing(cents)
            return [Row(day.isoformat(), "patient", "charges", owed, None, 0, patient, None, why)]

        self._write("charge patient", body, patient)

    def _write(
        self, operation: str, body: Callable[[Call], list[Row]], about: str, key: str | None = None, asked: str = "",
        reason: str = "",
    ) -> None:  # fmt: skip
        def whole(call: Call) -> None:
            call.may("add", "journal", ledger.JOURNAL)
            if key is None or _is_new(call, key, operation, asked):
                ledger.write(call, body(call))

        self._do(operation, whole, about=about, reason=reason)


def to_the_good(call: Call, party: str) -> int:
    """Cents that a patient or payer has paid and that are for nothing yet."""
    found = ledger.sums(call, schema.journal.c.party == party)
    return -sum(cents for (account, _, _), cents in found.items() if account == "unapplied")


def _open_of(call: Call, patient: str) -> list[tuple[str | None, Open]]:
    """What is open of a patient's claims, and of what is on no claim."""
    by_claim: dict[str | None, list[Row]] = {}
    by_claim.update(ledger.rows_of_claims(call, patients_claims(call, patient)))
    by_claim[None] = [row for row in ledger.rows_of(call, schema.journal.c.party == patient) if row.claim is None]
    return [(claim, item) for claim, rows in by_claim.items() for item in open_items(rows, "patient")]


def _applied(
    items: Sequence[tuple[str | None, Open]], patient: str, cents: int, day: str, first: str | None
) -> list[Row]:  # fmt: skip
    """Rows that use a patient's money for what is open: for one claim first, then for what is oldest."""
    if first is not None and first not in {claim for claim, _ in items}:
        raise StoreError(f"expected a claim of this patient of which something is open, not {told(first)}")
    made: list[Row] = []
    for claim, item in sorted(items, key=lambda one: (one[0] != first, one[1].day, one[0] or "")):
        used = min(item.cents, cents)
        if used > 0:
            cents -= used
            made.append(Row(day, "unapplied", "patient", used, claim, 0, patient, None, "paid"))
    return made


def _owed(call: Call, claim: str, account: Account, cents: int) -> int:
    if claim not in claims_of(call, [claim]):
        raise StoreError(f"expected the id of a claim, not {told(claim)}")
    owed = sum(change_of(row, account) for row in ledger.rows_of_claims(call, [claim])[claim])
    if _more_than_nothing(cents) > owed:
        raise StoreError(f"expected at most {format_money(max(owed, 0))}, which the {account} owes")
    return cents


def _more_than_nothing(cents: int) -> int:
    if cents <= 0:
        raise StoreError("expected more than nothing")
    return cents


def _expect_reason(reason: str) -> None:
    if not reason.strip():
        raise StoreError("expected a reason")


def _expect_patient(call: Call, patient: str) -> None:
    if not facts.known(call.connection, "patients", by="patient", values=[patient]):
        raise StoreError(f"expected the id of a patient, not {told(patient)}")


def _is_new(call: Call, key: str, operation: str, asked: str) -> bool:
    """Note a key; False where it was used for the same before.

    Raises
    ------
    StoreError
        If it was used for something else.
    """
    digest = hashlib.sha256(f"{operation}\n{asked}".encode()).digest()
    before = call.connection.scalar(sa.select(schema.calls.c.asked).where(schema.calls.c.key == key))
    if before is not None:
        if before != digest:
            raise StoreError("expected a key that was not used for something else")
        return False
    row = {"key": key, "operation": operation, "asked": digest, "answer": "", "number": call.number}
    call.connection.execute(schema.calls.insert(), row)
    return True
